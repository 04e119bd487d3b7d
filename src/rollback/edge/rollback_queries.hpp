// The read model of rollbacks, of what was measured, and of what runs unauthorised.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/records.hpp"
#include "engine/sql.hpp"
#include "rollback/executor.hpp"
#include "rollback/health.hpp"
#include "rollback/rollback.hpp"
#include "rollback/sighting.hpp"

namespace holdpoint::rollback {

using Executors = engine::Records<RollbackExecutor>;

std::optional<Decision> find_rollback(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id);
/// Of one deployment, the newest first; at most rollbacks_of_deployment_max.
inline constexpr std::size_t rollbacks_of_deployment_max = 100;
std::vector<Decision> rollbacks_of(engine::Connection& tables, std::string_view workspace,
                                   std::string_view deployment);
/// Decided but not at its end yet, or in effect: what should run in the place instead.
std::vector<Decision> rollbacks_in_effect(engine::Connection& tables, std::string_view workspace,
                                          std::string_view application,
                                          std::string_view environment);
/// How many rules decided by themselves in the place since then.
std::int64_t automatic_since(engine::Connection& tables, std::string_view workspace,
                             std::string_view application, std::string_view environment,
                             Instant since);

struct RollbackFilter {
  std::optional<State> state;
  std::optional<Origin> origin;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::int64_t before = INT64_MAX;  // the entry that proposed the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<Decision>> list_rollbacks(engine::Connection& tables,
                                                                 std::string_view workspace,
                                                                 const RollbackFilter& filter);
/// The last one of the rule that was carried out, in a drill or in earnest.
std::optional<Decision> last_tried(engine::Connection& tables, std::string_view workspace,
                                   std::string_view policy);

/// By name and source.
std::vector<HealthValue> health_values(engine::Connection& tables, std::string_view workspace,
                                       std::string_view deployment);
std::optional<Alert> find_alert(engine::Connection& tables, std::string_view workspace,
                                std::string_view fingerprint, Instant starts_at);
/// Those of the place that began at that instant or later, the newest first.
std::vector<Alert> firing_alerts(engine::Connection& tables, std::string_view workspace,
                                 std::string_view application, std::string_view environment,
                                 Instant since);
/// Newest first.
std::vector<engine::columns::Sequenced<Alert>> list_alerts(engine::Connection& tables,
                                                           std::string_view workspace,
                                                           std::int64_t before, std::size_t limit);

struct EndedWatch {
  std::string deployment;
  WatchEnd how{};
  std::string ended_by;
  Instant ended_at;
  std::optional<std::string> rollback;
  std::int64_t ended_seq = 0;
};
HP_DESCRIBE(EndedWatch, deployment, how, ended_by, ended_at, rollback, ended_seq)
std::optional<EndedWatch> ended_watch(engine::Connection& tables, std::string_view workspace,
                                      std::string_view deployment);

std::optional<Sighting> find_sighting(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id);
/// The last of the artifact in the place.
std::optional<Sighting> last_sighting(engine::Connection& tables, std::string_view workspace,
                                      const ReportRunning& place);
std::int64_t count_open_sightings(engine::Connection& tables, std::string_view workspace);

enum class Answered : std::uint8_t { open, acknowledged };
HP_DESCRIBE_ENUM(Answered, open, acknowledged)
/// Newest first.
std::vector<engine::columns::Sequenced<Sighting>> list_sightings(engine::Connection& tables,
                                                                 std::string_view workspace,
                                                                 std::optional<Answered> answered,
                                                                 std::int64_t before,
                                                                 std::size_t limit);

}  // namespace holdpoint::rollback
