// The faces of deployments: the gate's route, its answers from memory, and a release's standing for
// lists and pages.
#pragma once

#include <memory>

#include "certification/edge/certification_queries.hpp"
#include "deployments/deployments.hpp"
#include "deployments/edge/gate_cache.hpp"
#include "engine/edge/api.hpp"
#include "policy/edge/policy_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::deployments {

class Gate {
 public:
  Gate(engine::Engine& engine, std::shared_ptr<policy::CriteriaLibrary> library)
      : engine_(engine), library_(std::move(library)), cache_(engine) {}

  /// From memory, without blocking; nullopt when it has to be worked out. The caller MUST already
  /// be known to have the permission gate.check in the workspace.
  std::optional<http::Response> answer_at_once(const http::Request& request,
                                               std::string_view workspace);
  http::Response answer(const http::Request& request);

 private:
  /// An answer that depends on time holds for no later moment and is not remembered.
  enum class Held : std::uint8_t { until_changed, now_only };
  /// Puts the policies of the gate into the facts, and the record when one of them asks for it.
  Held gather_policies(engine::Connection& tables, std::string_view workspace, GateFacts& facts);
  /// Judges the facts of a standing certification at this moment, when its criteria depend on time.
  Held judge_now(engine::Connection& tables, std::string_view workspace,
                 const catalog::Application& application, const certification::Certification& found,
                 Instant now, GateFacts::Standing& standing);

  engine::Engine& engine_;
  std::shared_ptr<policy::CriteriaLibrary> library_;
  GateCache cache_;
};

std::vector<http::Route> routes(std::shared_ptr<Gate> gate);

/// Adds `readiness` (ready, needs_attention, blocked, not_started) and `certification` to a
/// release's document.
void add_standing(engine::Connection& tables, std::string_view workspace,
                  const releases::Release& release, json::object& document);

}  // namespace holdpoint::deployments
