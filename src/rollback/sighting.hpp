// What really runs somewhere (D1): a program says which artifact it saw in an environment. One that
// no deployment brought there through the gate is recorded and raised, and stays until somebody
// answers for it; the answer does not take it off the record.
#pragma once

#include <optional>
#include <string>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/refusal.hpp"

namespace holdpoint::rollback {

struct SightingTag {
  static constexpr std::string_view prefix = "una";
};
using SightingId = Id<SightingTag>;

inline constexpr std::size_t sighting_reason_bytes_max = 2'000;
inline constexpr std::size_t sighting_source_bytes_max = 200;
/// In one workspace, without an answer.
inline constexpr std::int64_t open_sightings_max = 1'000;

struct ReportRunning {
  std::string application;
  std::string environment;
  Digest artifact;
  std::string source;  // what saw it: "cluster agent"
};
HP_DESCRIBE(ReportRunning, application, environment, artifact, source)

/// Why it is not authorised.
enum class Unauthorised : std::uint8_t {
  unknown_artifact,  // of no release of the application
  never_deployed,    // of a release that was not deployed there
  not_current,       // of one that was, and something else should run there now
};
HP_DESCRIBE_ENUM(Unauthorised, unknown_artifact, never_deployed, not_current)

struct DeploymentUnauthorised {
  static constexpr std::string_view event_type = "deployment.unauthorised";
  static constexpr int event_version = 1;
  SightingId id;
  std::string application;
  std::string environment;
  Digest artifact;
  std::string source;
  Unauthorised because{};
  std::optional<std::string> release;  // the artifact is of
  std::optional<std::string> version;
};
HP_DESCRIBE(DeploymentUnauthorised, id, application, environment, artifact, source, because,
            release, version)

/// Seals "/reason" under the key of who answers.
struct UnauthorisedAcknowledged {
  static constexpr std::string_view event_type = "deployment.unauthorised_acknowledged";
  static constexpr int event_version = 1;
  SightingId id;
};
HP_DESCRIBE(UnauthorisedAcknowledged, id)

struct Sighting {
  SightingId id;
  std::string application;
  std::string environment;
  Digest artifact;
  std::string source;
  Unauthorised because{};
  std::optional<std::string> release;
  std::optional<std::string> version;
  std::string seen_by;
  Instant seen_at;
  std::optional<std::string> acknowledged_by;
  std::optional<Instant> acknowledged_at;
  std::optional<std::int64_t> reason_seq;
};
HP_DESCRIBE(Sighting, id, application, environment, artifact, source, because, release, version,
            seen_by, seen_at, acknowledged_by, acknowledged_at, reason_seq)

/// What the place and the artifact are known to be.
struct Running {
  std::optional<std::string> release;  // the artifact is of
  std::optional<std::string> version;
  bool was_deployed = false;     // there, with success, at some time
  bool is_current = false;       // it is what runs there by the deployments and rollbacks
  std::int64_t open = 0;         // sightings in the workspace that nobody answered
  std::optional<Sighting> last;  // of the same artifact in the same place
  /// Whether a deployment began there since the last sighting was answered.
  bool moved_since = false;
};

/// nullopt: it is authorised, or is known already.
Decided<std::optional<DeploymentUnauthorised>> see(const ReportRunning& command, SightingId id,
                                                   const Running& facts);

/// A person answers, once.
Decided<UnauthorisedAcknowledged> acknowledge(const Sighting& sighting, std::string_view actor_kind,
                                              std::string_view reason);

Refusal sighting_not_found(std::string_view id);

}  // namespace holdpoint::rollback
