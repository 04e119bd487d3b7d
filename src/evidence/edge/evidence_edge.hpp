// The faces of evidence: the module for the engine and the HTTP routes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "engine/edge/api.hpp"
#include "evidence/edge/evidence_queries.hpp"

namespace holdpoint::evidence {

/// What evidence needs of others; given by main.
struct EvidenceNeeds {
  /// The violations of the release that waivers in force cover.
  std::function<std::set<std::string, std::less<>>(engine::Connection&, std::string_view workspace,
                                                   std::string_view application,
                                                   std::string_view release, Instant now)>
      waived;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
};

engine::Module module();
std::vector<http::Route> routes(engine::Engine& engine);
std::vector<http::Route> triage_routes(engine::Engine& engine, EvidenceNeeds needs);

}  // namespace holdpoint::evidence
