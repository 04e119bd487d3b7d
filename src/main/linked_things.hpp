// What links lead to. Work items are linked with releases, changes, incidents, deployments and
// more, which stand above them and do not know each other: their ends are found where all are
// known. A link to a version that nobody has opened yet becomes one to the release when it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/links.hpp"
#include "workitems/edge/workitems_edge.hpp"

namespace holdpoint::main {

/// Where a link to that thing ends; nullopt when there is none, or none of that kind is known.
std::optional<engine::LinkEnd> find_end(engine::Connection& tables, std::string_view workspace,
                                        const workitems::Reference& reference);

/// What people call the thing; its id when they call it nothing else.
std::string name_of_end(engine::Connection& tables, std::string_view workspace,
                        const engine::LinkEnd& end);

/// Moves the links of a planned version to its release, in the commit that opens it.
engine::Module planned_links();

}  // namespace holdpoint::main
