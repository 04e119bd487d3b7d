// A start that was refused (D1, B5): who tried to deploy what where, and what kept it from
// starting. Nothing was deployed; that somebody tried is evidence that the gate holds, and what it
// was judged on is kept as that of a deployment is, so that other policies can be tried on it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deployments/deployment.hpp"

namespace holdpoint::deployments {

/// Reasons that one record names; the verdict that it refers to holds all of them.
inline constexpr std::size_t refused_reasons_max = 50;
/// Kinds of refusals that are recorded of one actor, for one release in one environment, since the
/// release was started there.
inline constexpr std::size_t refused_kinds_max = 50;
/// Of the event: an entry of the ledger holds it with its envelope.
inline constexpr std::size_t refused_start_bytes_max = 60'000;

/// Why the gate was closed, in what a reader can count: sentences are in the verdict.
struct RefusedBecause {
  ReasonCode code{};
  std::optional<std::string> criteria;
  std::optional<std::string> criterion;
  std::optional<std::string> result;
  bool operator==(const RefusedBecause&) const = default;
};
HP_DESCRIBE(RefusedBecause, code, criteria, criterion, result)

struct DeploymentRefused {
  static constexpr std::string_view event_type = "deployment.refused";
  static constexpr int event_version = 1;
  DeploymentId id;  // of the deployment that did not begin
  std::string application;
  std::string version;
  std::string release;
  std::string environment;
  std::optional<Digest> artifact;
  std::string code;     // of the refusal
  Decision decision{};  // of the gate
  std::vector<RefusedBecause> reasons;
  std::int64_t reasons_omitted = 0;
  /// As of a deployment that started. Absent when a policy of the gate could not be read, or there
  /// are more of them than an entry holds: then it cannot be taken again.
  std::optional<policy::DecisionGrounds> gate;
};
HP_DESCRIBE(DeploymentRefused, id, application, version, release, environment, artifact, code,
            decision, reasons, reasons_omitted, gate)

/// A refused start as it is read.
struct RefusedStart {
  DeploymentId id;
  std::string application;
  std::string version;
  std::string release;
  std::string environment;
  std::optional<Digest> artifact;
  std::string code;
  Decision decision{};
  std::vector<RefusedBecause> reasons;
  std::int64_t reasons_omitted = 0;
  std::optional<Digest> facts;
  std::optional<Digest> verdict;
  std::string actor_kind;
  std::string actor;
  Instant at;
};
HP_DESCRIBE(RefusedStart, id, application, version, release, environment, artifact, code, decision,
            reasons, reasons_omitted, facts, verdict, actor_kind, actor, at)

/// Whether such a refusal says something of a gate or of people who have to be apart, so that it is
/// worth keeping; that another deployment runs does not.
bool is_kept(const Refusal& refusal);

/// What is recorded of it, still without an id and what it was judged on.
DeploymentRefused refused_start(const GateQuestion& question, const std::string& release,
                                const GateVerdict& gate, const Refusal& refusal);

/// Whether there is nothing new in it: the same actor was refused for the same reasons before, or
/// so often that no more is kept. `earlier` are those of the actor, for the release in the
/// environment, since it was started there.
bool is_known(const DeploymentRefused& refused, std::span<const RefusedStart> earlier);

/// Whether something that no policy of the gate speaks of kept it from starting, and would again.
bool is_hindered(const DeploymentRefused& refused);

}  // namespace holdpoint::deployments
