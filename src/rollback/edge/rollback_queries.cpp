// See rollback_queries.hpp.
#include "rollback/edge/rollback_queries.hpp"

namespace holdpoint::rollback {
namespace {

template <class T>
const std::string& select(std::string_view table) {
  static const std::string sql = "SELECT " + engine::columns::names<T>() + ", seq FROM " +
                                 std::string(table) + " WHERE workspace = $1";
  return sql;
}

const std::string& decisions() { return select<Decision>("rollback_decision"); }
const std::string& alerts() { return select<Alert>("alert"); }
const std::string& sightings() { return select<Sighting>("unauthorised_deployment"); }

using engine::columns::all;
using engine::columns::one;
using engine::columns::page;

}  // namespace

std::optional<Decision> find_rollback(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id) {
  return one<Decision>(tables, decisions() + " AND id = $2", workspace, id);
}

std::vector<Decision> rollbacks_of(engine::Connection& tables, std::string_view workspace,
                                   std::string_view deployment) {
  return all<Decision>(tables, decisions() + " AND deployment = $2 ORDER BY seq DESC LIMIT $3",
                       workspace, deployment,
                       static_cast<std::int64_t>(rollbacks_of_deployment_max));
}

std::vector<Decision> rollbacks_in_effect(engine::Connection& tables, std::string_view workspace,
                                          std::string_view application,
                                          std::string_view environment) {
  return all<Decision>(tables,
                       decisions() +
                           " AND application = $2 AND environment = $3"
                           " AND state IN ('confirmed', 'executing', 'executed', 'cleared')"
                           " ORDER BY seq DESC LIMIT $4",
                       workspace, application, environment,
                       static_cast<std::int64_t>(rollbacks_of_deployment_max));
}

std::int64_t automatic_since(engine::Connection& tables, std::string_view workspace,
                             std::string_view application, std::string_view environment,
                             Instant since) {
  return tables
      .integer(
          "SELECT count(*) FROM rollback_decision WHERE workspace = $1 AND application = $2"
          " AND environment = $3 AND decider = 'rule' AND decided_at >= $4",
          workspace, application, environment, since)
      .value_or(0);
}

std::vector<engine::columns::Sequenced<Decision>> list_rollbacks(engine::Connection& tables,
                                                                 std::string_view workspace,
                                                                 const RollbackFilter& filter) {
  const auto text = [](const auto& wanted) {
    return wanted ? std::string(describe::enum_text(*wanted)) : std::string();
  };
  const std::string state = text(filter.state);
  const std::string origin = text(filter.origin);
  return page<Decision>(tables,
                        decisions() +
                            " AND seq < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR origin = $4)"
                            " AND ($5 = '' OR application = $5) AND ($6 = '' OR environment = $6)"
                            " ORDER BY seq DESC LIMIT $7",
                        workspace, filter.before, state, origin, filter.application.value_or(""),
                        filter.environment.value_or(""), static_cast<std::int64_t>(filter.limit));
}

std::optional<Decision> last_tried(engine::Connection& tables, std::string_view workspace,
                                   std::string_view policy) {
  return one<Decision>(tables,
                       decisions() +
                           " AND policy = $2 AND state IN ('executed', 'cleared')"
                           " ORDER BY executed_at DESC, seq DESC LIMIT 1",
                       workspace, policy);
}

std::vector<HealthValue> health_values(engine::Connection& tables, std::string_view workspace,
                                       std::string_view deployment) {
  return all<HealthValue>(
      tables, select<HealthValue>("health_value") + " AND deployment = $2 ORDER BY name, source",
      workspace, deployment);
}

std::optional<Alert> find_alert(engine::Connection& tables, std::string_view workspace,
                                std::string_view fingerprint, Instant starts_at) {
  return one<Alert>(tables, alerts() + " AND fingerprint = $2 AND starts_at = $3", workspace,
                    fingerprint, starts_at);
}

std::vector<Alert> firing_alerts(engine::Connection& tables, std::string_view workspace,
                                 std::string_view application, std::string_view environment,
                                 Instant since) {
  return all<Alert>(tables,
                    alerts() +
                        " AND application = $2 AND environment = $3 AND status = 'firing'"
                        " AND starts_at >= $4 ORDER BY seq DESC LIMIT $5",
                    workspace, application, environment, since,
                    static_cast<std::int64_t>(policy::health_items_max));
}

std::vector<engine::columns::Sequenced<Alert>> list_alerts(engine::Connection& tables,
                                                           std::string_view workspace,
                                                           std::int64_t before, std::size_t limit) {
  return page<Alert>(tables, alerts() + " AND seq < $2 ORDER BY seq DESC LIMIT $3", workspace,
                     before, static_cast<std::int64_t>(limit));
}

std::optional<EndedWatch> ended_watch(engine::Connection& tables, std::string_view workspace,
                                      std::string_view deployment) {
  return one<EndedWatch>(tables,
                         "SELECT " + engine::columns::names<EndedWatch>() +
                             " FROM monitoring_end WHERE workspace = $1 AND deployment = $2",
                         workspace, deployment);
}

std::optional<Sighting> find_sighting(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id) {
  return one<Sighting>(tables, sightings() + " AND id = $2", workspace, id);
}

std::optional<Sighting> last_sighting(engine::Connection& tables, std::string_view workspace,
                                      const ReportRunning& place) {
  return one<Sighting>(tables,
                       sightings() +
                           " AND application = $2 AND environment = $3 AND artifact = $4"
                           " ORDER BY seq DESC LIMIT 1",
                       workspace, place.application, place.environment, place.artifact.text());
}

std::int64_t count_open_sightings(engine::Connection& tables, std::string_view workspace) {
  return tables
      .integer(
          "SELECT count(*) FROM unauthorised_deployment WHERE workspace = $1"
          " AND acknowledged_at IS NULL",
          workspace)
      .value_or(0);
}

std::vector<engine::columns::Sequenced<Sighting>> list_sightings(engine::Connection& tables,
                                                                 std::string_view workspace,
                                                                 std::optional<Answered> answered,
                                                                 std::int64_t before,
                                                                 std::size_t limit) {
  std::string sql = sightings() + " AND seq < $2";
  if (answered == Answered::open) sql += " AND acknowledged_at IS NULL";
  if (answered == Answered::acknowledged) sql += " AND acknowledged_at IS NOT NULL";
  return page<Sighting>(tables, sql + " ORDER BY seq DESC LIMIT $3", workspace, before,
                        static_cast<std::int64_t>(limit));
}

}  // namespace holdpoint::rollback
