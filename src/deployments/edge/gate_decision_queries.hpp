// The read model of what the gate let start, and of what it did not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deployments/deployment.hpp"
#include "engine/columns.hpp"
#include "engine/sql.hpp"

namespace holdpoint::deployments {

/// Of the start of a deployment, or of one that was refused; the digests are absent in those from
/// before they were recorded.
struct GateDecision {
  DeploymentId id;
  std::string release;
  std::string application;
  std::string version;
  std::string environment;
  Instant at;
  std::optional<Digest> facts_digest;
  std::optional<Digest> verdict_digest;
  std::optional<Digest> policies_digest;
  std::vector<policy::JudgedDocument> judged_by;
  /// By a later start of the release in the environment; of a refused one also by a later refusal.
  std::optional<DeploymentId> superseded_by;
  bool refused = false;
  bool hindered = false;  // by something that no policy of the gate speaks of
};
HP_DESCRIBE(GateDecision, id, release, application, version, environment, at, facts_digest,
            verdict_digest, policies_digest, judged_by, superseded_by, refused, hindered)

/// The newest first, as decisions that can be taken again.
std::vector<policy::RecordedDecision> past_deployments(engine::Connection& tables,
                                                       std::string_view workspace,
                                                       const policy::DecisionPage& page);

}  // namespace holdpoint::deployments
