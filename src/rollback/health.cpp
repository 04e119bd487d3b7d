// See health.hpp.
#include "rollback/health.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace holdpoint::rollback {
namespace {

/// One line that can be shown in a list and on a terminal.
bool is_line(std::string_view text) {
  return is_stated(text, value_text_bytes_max) && is_one_line(text);
}

std::string key_of(const Measured& value) { return value.name + "\n" + value.source; }

JsonIssues issues_of(const std::vector<Measured>& values) {
  JsonIssues issues;
  if (values.empty() || values.size() > values_max) {
    issues.push_back({"/values", "expected 1 to " + std::to_string(values_max) + " values", 0});
    return issues;
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string at = "/values/" + std::to_string(i);
    if (!is_line(values[i].name)) issues.push_back({at + "/name", "expected 1 to 200 bytes", 0});
    if (!is_line(values[i].source)) {
      issues.push_back({at + "/source", "expected 1 to 200 bytes", 0});
    }
    if (!seen.insert(key_of(values[i])).second) issues.push_back({at, "stands twice", 0});
  }
  return issues;
}

}  // namespace

Decided<HealthReported> report(const ReportHealth& command, HealthReported facts,
                               std::span<const std::string> kept) {
  if (auto issues = issues_of(command.values); !issues.empty()) {
    return refuse(invalid_health(std::move(issues)));
  }
  std::set<std::string> names(kept.begin(), kept.end());
  for (const Measured& value : command.values) names.insert(key_of(value));
  if (names.size() > values_max) return refuse(too_many_values());
  facts.values = command.values;
  return facts;
}

AlertReceived received(AlertId id, std::string system, TakenAlert alert) {
  AlertReceived event;
  event.id = std::move(id);
  event.system = std::move(system);
  event.fingerprint = std::string(cut_text(alert.fingerprint, value_text_bytes_max));
  event.status = alert.status;
  event.name = std::string(cut_text(alert.name, value_text_bytes_max));
  event.starts_at = alert.starts_at;
  event.ends_at = alert.ends_at;
  for (const auto& [name, value] : alert.labels) {
    if (event.labels.size() == labels_max) break;
    event.labels.emplace(std::string(cut_text(name, value_text_bytes_max)),
                         std::string(cut_text(value, label_bytes_max)));
  }
  return event;
}

Measured measured_of(const HealthValue& value) {
  return {value.name, value.healthy, value.measured, value.allowed, value.source};
}

policy::HealthFacts health_facts(std::span<const HealthValue> values, std::span<const Alert> alerts,
                                 std::int64_t incidents_open) {
  policy::HealthFacts facts;
  facts.incidents_open = incidents_open;
  // Of several sources the worst counts.
  const auto worst = [](std::optional<std::int64_t>& fact, std::optional<std::int64_t> measured) {
    if (measured) fact = std::max(fact.value_or(*measured), *measured);
  };
  for (const HealthValue& one : values) {
    if (one.name == "error_rate_bp") worst(facts.error_rate_bp, one.measured);
    if (one.name == "latency_p95_ms") worst(facts.latency_p95_ms, one.measured);
    facts.checks.push_back({one.name, one.source, one.healthy, one.measured, one.allowed});
  }
  for (const Alert& one : alerts) {
    if (facts.alerts.size() == policy::health_items_max) break;
    facts.alerts.push_back({one.name, one.labels, {one.starts_at}});
  }
  return facts;
}

Decided<MonitoringCleared> clear_watch(MonitoringCleared event, const ClearRollback& command,
                                       const WatchFacts& facts) {
  if (facts.ended) return refuse(watch_ended(event.deployment, *facts.ended));
  if (facts.rollback) return refuse(rollback_under_way(*facts.rollback));
  if (!facts.is_over) return refuse(not_watched(event.deployment));
  if (facts.actor_kind != "person" || facts.actor.empty()) return refuse(not_a_person("cleared"));
  if (facts.deployers.empty()) return refuse(deployer_unknown());
  if (std::ranges::find(facts.deployers, facts.actor) != facts.deployers.end()) {
    return refuse(own_deployment());
  }
  if (!is_stated(command.reason, reason_bytes_max)) {
    return refuse(invalid_rollback({{"/reason", "expected 1 to 2000 bytes", 0}}));
  }
  if (auto refusal =
          why_not_clear(facts.values, facts.firing, command.unmeasured.value_or(false))) {
    return refuse(std::move(*refusal));
  }
  event.values = facts.values;
  event.unmeasured = facts.values.empty();
  return event;
}

Refusal invalid_health(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_health", "The report is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal too_many_values() {
  return {RefusalKind::exhausted, "too_many_values",
          "A deployment has at most " + std::to_string(values_max) +
              " values by name and source; report under names that are known."};
}

Refusal watch_ended(std::string_view deployment, WatchEnd how) {
  const std::string end = how == WatchEnd::cleared ? "was cleared" : "was taken back";
  return {RefusalKind::conflict, "watch_ended",
          "The deployment " + std::string(deployment) + " " + end + " already."};
}

Refusal not_watched(std::string_view deployment) {
  return {RefusalKind::conflict, "not_watched",
          "The deployment " + std::string(deployment) +
              " has not ended with success, so nobody watches it."};
}

}  // namespace holdpoint::rollback
