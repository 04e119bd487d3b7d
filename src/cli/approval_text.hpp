// Requests for approval as people read them: what waits, for whom, and who may not sign and why.
#pragma once

#include "base/json.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {

/// A request in full, from GET approvals/{id}.
void show_approval(const json::object& view, Session& session);
/// After a command that changed it: read again, since people are shown by their names.
Exit show_decided(const Answer& answer, const std::string& id, Session& session);
Exit show_approvals(const Answer& answer, Session& session);
Exit show_inbox(const Answer& answer, Session& session);

}  // namespace holdpoint::cli
