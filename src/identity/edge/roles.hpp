// Assigning a role inside a unit of work, for the route, for new workspaces and for the first
// start.
#pragma once

#include "engine/unit.hpp"
#include "identity/commands.hpp"

namespace holdpoint::identity {

/// Assigns in the unit's workspace; answers 201 with the assignment.
engine::Outcome assign_role(engine::Unit& unit, const AssignRole& command);

}  // namespace holdpoint::identity
