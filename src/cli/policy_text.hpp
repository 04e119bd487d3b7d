// How changes of policies and their proposals are shown to people.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {

/// "changed GatePolicy window (shadow → enforce)", one for each change, joined by "; ".
std::string policy_changes_text(const json::object& holder);

/// Shows the answer of a decision on a proposal: in force, rejected, or what it still waits for.
Exit show_proposal(const Answer& answer, Session& session);

}  // namespace holdpoint::cli
