// See change_record.hpp. A fold takes the deployment's share out of the counts and adds the new
// one: what is counted follows from the deployments alone.
#include "deployments/edge/change_record.hpp"

#include "base/civil_date.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "incidents/edge/incident_queries.hpp"

namespace holdpoint::deployments {
namespace {

bool has_counted(const Deployment& deployment) {
  return deployment.state == DeploymentState::succeeded ||
         deployment.state == DeploymentState::failed;
}

bool is_failed_change(const Deployment& deployment) {
  return deployment.state == DeploymentState::failed || deployment.implicated_by.has_value();
}

void count(engine::Connection& tables, std::string_view workspace, const Deployment& deployment,
           std::int64_t sign) {
  if (!has_counted(deployment) || !deployment.finished_at) return;
  tables.exec(
      "INSERT INTO deployment_day (workspace, application, environment, day, ended, failed)"
      " VALUES ($1, $2, $3, $4, $5, $6)"
      " ON CONFLICT (workspace, application, environment, day) DO UPDATE SET"
      " ended = deployment_day.ended + excluded.ended,"
      " failed = deployment_day.failed + excluded.failed",
      workspace, deployment.application, deployment.environment,
      floor_div(deployment.finished_at->us, Duration::days(1).us), sign,
      is_failed_change(deployment) ? sign : 0);
}

/// An incident is looked at when it is declared, and again when it grew or spread.
void implicate_newest(engine::Unit& unit, const std::string& id) {
  const auto incident = incidents::find_incident(unit.tables(), unit.workspace(), id);
  if (!incident) return;
  for (const std::string& application : incident->applications) {
    for (const std::string& environment : incident->environments) {
      const auto newest =
          newest_deployment(unit.tables(), unit.workspace(), application, environment);
      if (!newest) continue;
      if (const auto event = implicate(*newest, *incident)) {
        unit.record({"deployment", newest->id.text()}, *event);
      }
    }
  }
}

}  // namespace

engine::Table change_record_table() {
  return {"deployment_day", engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS deployment_day (workspace TEXT NOT NULL,"
          " application TEXT NOT NULL, environment TEXT NOT NULL, day BIGINT NOT NULL,"
          " ended BIGINT NOT NULL, failed BIGINT NOT NULL,"
          " PRIMARY KEY (workspace, application, environment, day));",
          "workspace, application, environment, day"};
}

void fold_change(engine::Connection& tables, std::string_view workspace, const Deployment& before,
                 const Deployment& after) {
  count(tables, workspace, before, -1);
  count(tables, workspace, after, 1);
}

certification::DeploymentCounts count_deployments(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  std::string_view application,
                                                  std::int64_t first_day) {
  certification::DeploymentCounts sum;
  tables.query(
      "SELECT environment, sum(ended), sum(failed) FROM deployment_day"
      " WHERE workspace = $1 AND application = $2 AND day >= $3 GROUP BY environment",
      [&](const engine::Row& row) {
        const auto environment = catalog::Environments::find(tables, workspace, row.text(0));
        const bool is_production = environment && environment->record.environment_kind ==
                                                      catalog::EnvironmentKind::production;
        if (!is_production) return;
        sum.ended += row.integer(1);
        sum.failed += row.integer(2);
      },
      workspace, application, first_day);
  return sum;
}

engine::Reaction implication_reaction() {
  return {"deployments.incident",
          [](const engine::Recorded& recorded) -> std::optional<std::string> {
            const bool concerns = recorded.type == incidents::IncidentDeclared::event_type ||
                                  recorded.type == incidents::IncidentChanged::event_type;
            return concerns ? std::optional(recorded.subject.id) : std::nullopt;
          },
          implicate_newest};
}

}  // namespace holdpoint::deployments
