// How a deployment does after it ended (D2, D7, K3): values that programs report, alerts that a
// monitoring system sends, and the watch over it, which ends only when somebody who did not deploy
// it clears it, or when it was taken back for good.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rollback/decide.hpp"
#include "rollback/rollback.hpp"

namespace holdpoint::rollback {

struct AlertTag {
  static constexpr std::string_view prefix = "alr";
};
using AlertId = Id<AlertTag>;

inline constexpr std::size_t values_max = policy::health_items_max;
inline constexpr std::size_t value_text_bytes_max = policy::health_text_bytes_max;
/// Alerts of one message; those after them are counted.
inline constexpr std::size_t alerts_max = 200;
inline constexpr std::size_t labels_max = 64;
inline constexpr std::size_t label_bytes_max = 500;

struct ReportHealth {
  std::vector<Measured> values;
};
HP_DESCRIBE(ReportHealth, values)

/// Since a rollback took effect the values are of what it went back to.
struct HealthReported {
  static constexpr std::string_view event_type = "health.reported";
  static constexpr int event_version = 1;
  std::string deployment;
  std::string application;
  std::string environment;
  std::vector<Measured> values;
  std::optional<RollbackId> after;  // the rollback that took effect before
};
HP_DESCRIBE(HealthReported, deployment, application, environment, values, after)

/// `kept` are the names that are known of the deployment; they and the new ones are bounded.
Decided<HealthReported> report(const ReportHealth& command, HealthReported facts,
                               std::span<const std::string> kept);

enum class AlertStatus : std::uint8_t { firing, resolved };
HP_DESCRIBE_ENUM(AlertStatus, firing, resolved)

/// An alert as a monitoring system tells of it.
struct TakenAlert {
  std::string fingerprint;
  AlertStatus status{};
  std::string name;
  std::map<std::string, std::string> labels;
  Instant starts_at;
  std::optional<Instant> ends_at;
};

/// What cannot be put down to an application and an environment is kept without them.
struct AlertReceived {
  static constexpr std::string_view event_type = "alert.received";
  static constexpr int event_version = 1;
  AlertId id;
  std::string system;  // "alertmanager"
  std::string fingerprint;
  AlertStatus status{};
  std::string name;
  std::map<std::string, std::string> labels;
  Instant starts_at;
  std::optional<Instant> ends_at;
  std::optional<std::string> application;
  std::optional<std::string> environment;
};
HP_DESCRIBE(AlertReceived, id, system, fingerprint, status, name, labels, starts_at, ends_at,
            application, environment)

/// An alert, and the place that its labels name.
struct PlacedAlert {
  TakenAlert alert;
  std::optional<std::string> application;
  std::optional<std::string> environment;
};
struct AlertBatch {
  std::string system;
  std::vector<PlacedAlert> alerts;
  std::int64_t omitted = 0;  // that the message held, or its sender left out, beyond the bound
};

/// An alert as it stands: one of a fingerprint and a start.
struct Alert {
  AlertId id;
  std::string system;
  std::string fingerprint;
  AlertStatus status{};
  std::string name;
  std::map<std::string, std::string> labels;
  Instant starts_at;
  std::optional<Instant> ends_at;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  Instant received_at;
};
HP_DESCRIBE(Alert, id, system, fingerprint, status, name, labels, starts_at, ends_at, application,
            environment, received_at)

/// The alert as it is kept: with its labels cut to their bounds.
AlertReceived received(AlertId id, std::string system, TakenAlert alert);

/// The last value that was reported under a name by a source.
struct HealthValue {
  std::string deployment;
  std::string name;
  std::string source;
  bool healthy = false;
  std::optional<std::int64_t> measured;
  std::optional<std::int64_t> allowed;
  Instant reported_at;
  std::optional<std::string> after;  // the rollback that took effect before
};
HP_DESCRIBE(HealthValue, deployment, name, source, healthy, measured, allowed, reported_at, after)

Measured measured_of(const HealthValue& value);

/// The facts that rules judge. What nothing was reported of stays absent.
policy::HealthFacts health_facts(std::span<const HealthValue> values, std::span<const Alert> alerts,
                                 std::int64_t incidents_open);

/// Seals "/reason" under the key of who clears it.
struct MonitoringCleared {
  static constexpr std::string_view event_type = "monitoring.cleared";
  static constexpr int event_version = 1;
  std::string deployment;
  std::string application;
  std::string environment;
  std::vector<Measured> values;
  bool unmeasured = false;
};
HP_DESCRIBE(MonitoringCleared, deployment, application, environment, values, unmeasured)

enum class WatchEnd : std::uint8_t { cleared, taken_back };
HP_DESCRIBE_ENUM(WatchEnd, cleared, taken_back)

/// Refuses like the clearance of a rollback does.
struct WatchFacts {
  std::string actor_kind;
  std::string actor;
  std::vector<std::string> deployers;
  std::vector<Measured> values;
  std::vector<std::string> firing;
  std::optional<Decision> rollback;  // the last that was not declined
  std::optional<WatchEnd> ended;
  bool is_over = false;  // the deployment has ended with success
};
Decided<MonitoringCleared> clear_watch(MonitoringCleared event, const ClearRollback& command,
                                       const WatchFacts& facts);

Refusal invalid_health(JsonIssues issues);
Refusal too_many_values();
Refusal watch_ended(std::string_view deployment, WatchEnd how);
Refusal not_watched(std::string_view deployment);

}  // namespace holdpoint::rollback
