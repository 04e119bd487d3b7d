// Requests for approval as people read them: what waits, for whom, and who may not sign and why.
#pragma once

#include "base/json.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {

/// A request in full, from GET approvals/{id} or a decision's answer.
void show_approval(const json::object& view, Session& session);
Exit show_approvals(const Answer& answer, Session& session);
Exit show_inbox(const Answer& answer, Session& session);

}  // namespace holdpoint::cli
