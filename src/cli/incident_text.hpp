// How an incident is shown to people.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {

/// "production, staging"; `nothing` when the list is empty or not there.
std::string names_text(const json::object& holder, std::string_view list, std::string_view nothing);

/// The severity, red when what it affects is paused.
Cell severity_cell(const json::object& incident);

/// Shows the answer of a question for an incident, or of a decision about it. An answer without an
/// id and a state is none.
Exit show_incident(const Answer& answer, Session& session);

}  // namespace holdpoint::cli
