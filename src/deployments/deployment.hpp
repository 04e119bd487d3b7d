// A deployment as a process (D1, first form): started through the gate, which uses up the approval
// in the same transaction; finished with an outcome; verified by somebody who had no part in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/refusal.hpp"
#include "deployments/deployments.hpp"
#include "policy/past_decisions.hpp"

namespace holdpoint::deployments {

struct DeploymentTag {
  static constexpr std::string_view prefix = "dpl";
};
using DeploymentId = Id<DeploymentTag>;

inline constexpr std::size_t note_bytes_max = 2'000;

enum class DeploymentState : std::uint8_t { running, succeeded, failed, cancelled };
HP_DESCRIBE_ENUM(DeploymentState, running, succeeded, failed, cancelled)

enum class DeploymentOutcome : std::uint8_t { succeeded, failed, cancelled };
HP_DESCRIBE_ENUM(DeploymentOutcome, succeeded, failed, cancelled)

/// The first form, which is read and not written any more.
struct DeploymentStartedV1 {
  static constexpr std::string_view event_type = "deployment.started";
  static constexpr int event_version = 1;
  DeploymentId id;
  std::string application;
  std::string version;
  std::string release;
  std::string environment;
  std::optional<Digest> artifact;
  std::optional<std::string> certification;
  std::optional<std::string> approval;
  std::optional<Digest> configuration;
};
HP_DESCRIBE(DeploymentStartedV1, id, application, version, release, environment, artifact,
            certification, approval, configuration)

/// The second form, which is read and not written any more.
struct DeploymentStartedV2 {
  static constexpr std::string_view event_type = "deployment.started";
  static constexpr int event_version = 2;
  DeploymentId id;
  std::string application;
  std::string version;
  std::string release;
  std::string environment;
  std::optional<Digest> artifact;
  std::optional<std::string> certification;
  std::optional<std::string> approval;
  std::optional<Digest> configuration;
  std::optional<policy::DecisionGrounds> gate;
};
HP_DESCRIBE(DeploymentStartedV2, id, application, version, release, environment, artifact,
            certification, approval, configuration, gate)

/// Somebody said that the deployment goes back, so that a newer release does not stand in its way.
struct Rollback {
  /// Id of the newest release that was started there, when it is newer; absent when none is.
  std::optional<std::string> from;
};
HP_DESCRIBE(Rollback, from)

/// Of a rollback, seals "/reason" under the key of whoever starts it, when there is one.
struct DeploymentStarted {
  static constexpr std::string_view event_type = "deployment.started";
  static constexpr int event_version = 3;
  DeploymentId id;
  std::string application;
  std::string version;
  std::string release;
  std::string environment;
  std::optional<Digest> artifact;
  std::optional<std::string> certification;  // the gate was open on
  std::optional<std::string> approval;       // that was used up
  std::optional<Digest> configuration;       // of the environment, as it was then
  /// On which the policies of the gate let it through; absent in the first form only.
  std::optional<policy::DecisionGrounds> gate;
  /// The entry of the ledger that proposed the release: releases are in that order. Absent in
  /// earlier forms.
  std::optional<std::int64_t> release_entry;
  std::optional<std::int64_t> attempt;  // with this approval: 1 for the first
  std::optional<Rollback> rollback;
};
HP_DESCRIBE(DeploymentStarted, id, application, version, release, environment, artifact,
            certification, approval, configuration, gate, release_entry, attempt, rollback)

DeploymentStarted upcast(const DeploymentStartedV1& old);
DeploymentStarted upcast(const DeploymentStartedV2& old);

struct DeploymentFinished {
  static constexpr std::string_view event_type = "deployment.finished";
  static constexpr int event_version = 1;
  DeploymentId id;
  DeploymentOutcome outcome{};
  std::string note;
};
HP_DESCRIBE(DeploymentFinished, id, outcome, note)

struct DeploymentVerified {
  static constexpr std::string_view event_type = "deployment.verified";
  static constexpr int event_version = 1;
  DeploymentId id;
  std::string note;
};
HP_DESCRIBE(DeploymentVerified, id, note)

/// A major incident touched what was deployed, while the deployment ran or soon after it: it counts
/// as a failed change, whatever its outcome was.
struct DeploymentImplicated {
  static constexpr std::string_view event_type = "deployment.implicated";
  static constexpr int event_version = 1;
  DeploymentId id;
  std::string incident;
};
HP_DESCRIBE(DeploymentImplicated, id, incident)

/// A deployment as it stands.
struct Deployment {
  DeploymentId id;
  DeploymentState state = DeploymentState::running;
  std::string application;
  std::string version;
  std::string release;
  std::string environment;
  std::optional<Digest> artifact;
  std::optional<std::string> certification;
  std::optional<std::string> approval;
  std::optional<Digest> configuration;
  std::string started_by_kind;
  std::string started_by;
  Instant started_at;
  std::optional<std::string> finished_by;
  std::optional<Instant> finished_at;
  std::optional<std::string> note;
  std::optional<std::string> verified_by;
  std::optional<Instant> verified_at;
  std::optional<std::string> verification_note;
  std::optional<std::string> implicated_by;  // the incident
  std::optional<std::int64_t> release_entry;
  std::optional<std::int64_t> attempt;
  std::optional<Rollback> rollback;
  std::optional<std::string> rollback_reason;  // when it was read from where it is sealed
  std::optional<std::int64_t> reason_seq;      // of the entry that it is sealed beside
};
HP_DESCRIBE(Deployment, id, state, application, version, release, environment, artifact,
            certification, approval, configuration, started_by_kind, started_by, started_at,
            finished_by, finished_at, note, verified_by, verified_at, verification_note,
            implicated_by, release_entry, attempt, rollback, rollback_reason, reason_seq)

/// Why a deployment may not start: the gate is not open, or another one runs there.
std::optional<Refusal> why_not_start(const GateQuestion& question, const GateVerdict& gate,
                                     const std::optional<Deployment>& running);

Decided<DeploymentFinished> finish(const Deployment& deployment, DeploymentOutcome outcome,
                                   std::string note);

/// Who verifies: a person, and none of those who deployed it, themselves or through an account.
struct Verifier {
  std::string kind;
  std::string id;
};
Decided<DeploymentVerified> verify(const Deployment& deployment, const Verifier& verifier,
                                   std::span<const std::string> deployers, std::string note);

/// How long after a deployment ended a major incident still is put down to it.
inline constexpr Duration implication_window = Duration::hours(24);

/// Whether the incident makes the deployment a failed change; nullopt when it does not, or another
/// incident has already. Only an incident that names the application does: one that affects all of
/// them does not tell whose change it was.
std::optional<DeploymentImplicated> implicate(const Deployment& deployment,
                                              const incidents::Incident& incident);

Refusal deployment_not_found(std::string_view id);

}  // namespace holdpoint::deployments
