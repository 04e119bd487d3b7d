// The faces of releases: the module for the engine and the HTTP routes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/edge/api.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::releases {

/// What releases need of other capabilities; given by main.
struct ReleaseNeeds {
  /// The id of the person behind a stated contributor; records a new one when unknown.
  std::function<std::string(engine::Unit&, const Contributor&)> resolve_contributor;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
  /// Adds what higher tiers know (readiness, certification) to a release's document.
  std::function<void(engine::Connection&, std::string_view workspace, const Release&,
                     json::object& document)>
      add_standing;
};

engine::Module module();
std::vector<http::Route> routes(engine::Engine& engine, ReleaseNeeds needs);

}  // namespace holdpoint::releases
