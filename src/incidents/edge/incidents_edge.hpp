// The faces of incidents: the module for the engine and the HTTP routes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/edge/api.hpp"
#include "incidents/edge/incident_queries.hpp"

namespace holdpoint::incidents {

/// What incidents need of identity; given by main.
struct IncidentNeeds {
  /// Whether that is the id of a person who can sign in.
  std::function<bool(engine::Connection&, std::string_view person)> is_active_person;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
};

engine::Module module();
std::vector<http::Route> routes(engine::Engine& engine, IncidentNeeds needs);

}  // namespace holdpoint::incidents
