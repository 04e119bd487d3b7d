// The faces of work items: the modules for the engine and the HTTP routes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/edge/api.hpp"
#include "engine/links.hpp"
#include "workitems/edge/workitem_queries.hpp"

namespace holdpoint::workitems {

/// What work items need of the rest; given by main.
struct WorkItemNeeds {
  /// The id of the person who can sign in and is named so, by id, name or mail address.
  std::function<std::optional<std::string>(engine::Unit&, std::string_view reference)> person;
  /// Whether there is an application of that name.
  std::function<bool(engine::Connection&, std::string_view workspace, std::string_view name)>
      is_application;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
  /// Where a link to that thing ends, for the kinds of higher tiers; nullopt when there is no such
  /// thing. A version of an application that is not opened yet ends at planned_release.
  std::function<std::optional<engine::LinkEnd>(engine::Connection&, std::string_view workspace,
                                               const Reference&)>
      find_end;
  /// What people call that thing; its id when they call it nothing else.
  std::function<std::string(engine::Connection&, std::string_view workspace,
                            const engine::LinkEnd&)>
      name_of_end;
};

std::vector<engine::Module> modules();
std::vector<http::Route> routes(engine::Engine& engine, WorkItemNeeds needs);

/// Where a link to that thing ends: a work item is looked up here, anything else by the needs.
std::optional<engine::LinkEnd> find_end(engine::Connection& tables, std::string_view workspace,
                                        const Reference& reference, const WorkItemNeeds& needs);

}  // namespace holdpoint::workitems
