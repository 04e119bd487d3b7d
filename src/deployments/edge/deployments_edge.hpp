// The faces of deployments: the gate's route, its answers from memory, and a release's standing for
// lists and pages.
#pragma once

#include <map>
#include <memory>

#include "certification/edge/certification_queries.hpp"
#include "deployments/deployments.hpp"
#include "deployments/edge/gate_cache.hpp"
#include "deployments/edge/gate_source.hpp"
#include "engine/edge/api.hpp"
#include "policy/edge/policy_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::deployments {

class Gate {
 public:
  Gate(engine::Engine& engine, std::shared_ptr<GateSource> source)
      : engine_(engine), source_(std::move(source)), cache_(engine) {}

  /// From memory, without blocking; nullopt when it has to be worked out. The caller MUST already
  /// be known to have the permission gate.check in the workspace.
  std::optional<http::Response> answer_at_once(const http::Request& request,
                                               std::string_view workspace);
  http::Response answer(const http::Request& request);

 private:
  /// Of the people whom the reasons name, by id.
  [[nodiscard]] std::map<std::string, std::string> names_in(
      engine::Connection& tables, std::string_view workspace,
      const std::vector<Reason>& reasons) const;

  engine::Engine& engine_;
  std::shared_ptr<GateSource> source_;
  GateCache cache_;
};

engine::Module module();
std::vector<http::Route> routes(std::shared_ptr<Gate> gate);
std::vector<http::Route> deployment_routes(engine::Engine& engine,
                                           std::shared_ptr<GateSource> source);

/// Adds `readiness` (ready, needs_attention, blocked, not_started) and `certification` to a
/// release's document.
void add_standing(engine::Connection& tables, std::string_view workspace,
                  const releases::Release& release, json::object& document);

}  // namespace holdpoint::deployments
