// The tables of rollbacks, of what was measured and of what runs unauthorised, how they are folded,
// and what is followed: incidents and ends of deployments, which set rules off, and what is due.
#include "base/record_document.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "incidents/incidents.hpp"
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

/// The columns beside those of the row are its entry, and what lists select by.
template <class T>
void insert(engine::Connection& tables, const std::string& table, std::string_view workspace,
            std::int64_t seq, const T& row) {
  engine::columns::Bound bound;
  bound.add(workspace);
  bound.add(seq);
  bound.add_all(row);
  tables.run("INSERT INTO " + table + " (workspace, seq, " + engine::columns::names<T>() +
                 ") VALUES (" + engine::columns::placeholders(2 + engine::columns::count<T>) + ")",
             bound.args(), {});
}

void write(engine::Connection& tables, std::string_view workspace, const Decision& decision,
           std::int64_t seq) {
  tables.exec("DELETE FROM rollback_decision WHERE workspace = $1 AND id = $2", workspace,
              decision.id);
  insert(tables, "rollback_decision", workspace, seq, decision);
  tables.exec("UPDATE rollback_decision SET policy = $1 WHERE workspace = $2 AND id = $3",
              decision.trigger.policy.value_or(""), workspace, decision.id);
}

Stamp stamp_of(const engine::Recorded& recorded) {
  return {recorded.actor.kind, recorded.actor.id, recorded.at,
          static_cast<std::int64_t>(recorded.seq)};
}

void fold_proposed(engine::Connection& tables, const engine::Recorded& recorded,
                   const RollbackProposed& event) {
  const Stamp stamp = stamp_of(recorded);
  write(tables, recorded.workspace, evolve(event, stamp), stamp.seq);
}

template <class Event>
void fold_moved(engine::Connection& tables, const engine::Recorded& recorded, const Event& event) {
  auto decision = find_rollback(tables, recorded.workspace, event.id.text());
  if (!decision) return;
  evolve(*decision, event, stamp_of(recorded));
  const auto seq =
      tables.integer("SELECT seq FROM rollback_decision WHERE workspace = $1 AND id = $2",
                     recorded.workspace, event.id);
  write(tables, recorded.workspace, *decision, seq.value_or(0));
}

void end_watch(engine::Connection& tables, const engine::Recorded& recorded,
               const std::string& deployment, WatchEnd how,
               const std::optional<std::string>& rollback) {
  tables.exec("DELETE FROM monitoring_end WHERE workspace = $1 AND deployment = $2",
              recorded.workspace, deployment);
  insert(tables, "monitoring_end", recorded.workspace, static_cast<std::int64_t>(recorded.seq),
         EndedWatch{deployment, how, recorded.actor.id, recorded.at, rollback,
                    static_cast<std::int64_t>(recorded.seq)});
}

void fold_cleared(engine::Connection& tables, const engine::Recorded& recorded,
                  const RollbackCleared& event) {
  fold_moved(tables, recorded, event);
  const auto decision = find_rollback(tables, recorded.workspace, event.id.text());
  if (!decision) return;
  end_watch(tables, recorded, decision->deployment, WatchEnd::taken_back, event.id.text());
}

void fold_watch_cleared(engine::Connection& tables, const engine::Recorded& recorded,
                        const MonitoringCleared& event) {
  end_watch(tables, recorded, event.deployment, WatchEnd::cleared, std::nullopt);
}

void fold_health(engine::Connection& tables, const engine::Recorded& recorded,
                 const HealthReported& event) {
  for (const Measured& one : event.values) {
    tables.exec(
        "DELETE FROM health_value WHERE workspace = $1 AND deployment = $2 AND name = $3"
        " AND source = $4",
        recorded.workspace, event.deployment, one.name, one.source);
    HealthValue value{event.deployment, one.name,  one.source,  one.healthy,
                      one.value,        one.limit, recorded.at, std::nullopt};
    if (event.after) value.after = event.after->text();
    insert(tables, "health_value", recorded.workspace, static_cast<std::int64_t>(recorded.seq),
           value);
  }
}

void fold_alert(engine::Connection& tables, const engine::Recorded& recorded,
                const AlertReceived& event) {
  tables.exec("DELETE FROM alert WHERE workspace = $1 AND fingerprint = $2 AND starts_at = $3",
              recorded.workspace, event.fingerprint, event.starts_at);
  insert(tables, "alert", recorded.workspace, static_cast<std::int64_t>(recorded.seq),
         Alert{event.id, event.system, event.fingerprint, event.status, event.name, event.labels,
               event.starts_at, event.ends_at, event.application, event.environment, recorded.at});
}

void fold_seen(engine::Connection& tables, const engine::Recorded& recorded,
               const DeploymentUnauthorised& event) {
  insert(tables, "unauthorised_deployment", recorded.workspace,
         static_cast<std::int64_t>(recorded.seq),
         Sighting{event.id, event.application, event.environment, event.artifact, event.source,
                  event.because, event.release, event.version, recorded.actor.id, recorded.at,
                  std::nullopt, std::nullopt, std::nullopt});
}

void fold_acknowledged(engine::Connection& tables, const engine::Recorded& recorded,
                       const UnauthorisedAcknowledged& event) {
  tables.exec(
      "UPDATE unauthorised_deployment SET acknowledged_by = $1, acknowledged_at = $2,"
      " reason_seq = $3 WHERE workspace = $4 AND id = $5",
      recorded.actor.id, recorded.at, recorded.seq, recorded.workspace, event.id);
}

template <class T>
engine::Table table(const std::string& name, const std::string& more, const std::string& key,
                    const std::string& indexes) {
  return {name, engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS " + name + " (workspace TEXT NOT NULL, seq BIGINT NOT NULL" +
              more + ", " + engine::columns::definitions<T>() + ", PRIMARY KEY (" + key + "));" +
              indexes,
          key};
}

std::vector<engine::Table> tables() {
  return {table<Decision>("rollback_decision", ", policy TEXT", "workspace, id",
                          "CREATE INDEX IF NOT EXISTS rollback_decision_order ON rollback_decision"
                          " (workspace, seq);"
                          "CREATE INDEX IF NOT EXISTS rollback_decision_deployment ON"
                          " rollback_decision (workspace, deployment, seq);"
                          "CREATE INDEX IF NOT EXISTS rollback_decision_place ON rollback_decision"
                          " (workspace, application, environment, seq);"
                          "CREATE INDEX IF NOT EXISTS rollback_decision_policy ON rollback_decision"
                          " (workspace, policy, executed_at);"),
          table<HealthValue>("health_value", "", "workspace, deployment, name, source", ""),
          table<Alert>("alert", "", "workspace, fingerprint, starts_at",
                       "CREATE INDEX IF NOT EXISTS alert_order ON alert (workspace, seq);"
                       "CREATE INDEX IF NOT EXISTS alert_place ON alert"
                       " (workspace, application, environment, status, starts_at);"),
          table<EndedWatch>("monitoring_end", "", "workspace, deployment", ""),
          table<Sighting>("unauthorised_deployment", "", "workspace, id",
                          "CREATE INDEX IF NOT EXISTS unauthorised_deployment_order ON"
                          " unauthorised_deployment (workspace, seq);"
                          "CREATE INDEX IF NOT EXISTS unauthorised_deployment_place ON"
                          " unauthorised_deployment (workspace, application, environment, artifact,"
                          " seq);"
                          "CREATE INDEX IF NOT EXISTS unauthorised_deployment_open ON"
                          " unauthorised_deployment (workspace, acknowledged_at);")};
}

std::optional<std::string> moved_incident(const engine::Recorded& recorded) {
  const bool concerns = recorded.type == incidents::IncidentDeclared::event_type ||
                        recorded.type == incidents::IncidentChanged::event_type;
  return concerns ? std::optional(recorded.subject.id) : std::nullopt;
}

std::optional<std::string> ended_deployment(const engine::Recorded& recorded) {
  const bool ended = recorded.type == deployments::DeploymentFinished::event_type;
  return ended ? std::optional(recorded.subject.id) : std::nullopt;
}

engine::edge::Applier executor_applier() {
  using engine::edge::ApplyChange;
  return engine::edge::one_by_one(
      "RollbackExecutor", "catalog.write",
      [](engine::Unit& unit, const engine::edge::ApplyDocument& document) -> Decided<ApplyChange> {
        auto executor = read_executor(document.parsed->value);
        if (!executor) return std::unexpected(std::move(executor).error());
        JsonIssues issues;
        const auto look = [&](bool is_there, const std::string& path, const std::string& name) {
          if (is_there) return;
          issues.push_back({path, "there is no " + name + "; put its document before this one", 0});
        };
        for (std::size_t i = 0; i < executor->environments.size(); ++i) {
          const std::string& name = executor->environments[i];
          look(catalog::Environments::find(unit.tables(), unit.workspace(), name).has_value(),
               "/spec/environments/" + std::to_string(i), "environment " + name);
        }
        for (std::size_t i = 0; i < executor->applications.size(); ++i) {
          const std::string& name = executor->applications[i];
          look(catalog::Applications::find(unit.tables(), unit.workspace(), name).has_value(),
               "/spec/applications/" + std::to_string(i), "application " + name);
        }
        if (!issues.empty()) {
          Refusal refusal{RefusalKind::invalid, "names_nothing",
                          "The document names something that does not exist."};
          refusal.issues = std::move(issues);
          return refuse(std::move(refusal));
        }
        return engine::edge::apply_record<Executors>(unit, "RollbackExecutor", std::move(*executor),
                                                     record_state_of(document.parsed->value));
      });
}

}  // namespace

std::vector<engine::edge::Applier> appliers() { return {executor_applier()}; }

std::vector<engine::Module> modules(std::shared_ptr<const Desk> desk) {
  engine::Module module{.name = "rollback"};
  module.tables = tables();
  module.events = {engine::event<RollbackProposed>(fold_proposed),
                   engine::event<RollbackConfirmed>(fold_moved<RollbackConfirmed>),
                   engine::event<RollbackExecutionBegun>(fold_moved<RollbackExecutionBegun>),
                   engine::event<RollbackExecuted>(fold_moved<RollbackExecuted>),
                   engine::event<RollbackDeclined>(fold_moved<RollbackDeclined>),
                   engine::event<RollbackOverdue>(fold_moved<RollbackOverdue>),
                   engine::event<RollbackCleared>(fold_cleared),
                   engine::event<HealthReported>(fold_health),
                   engine::event<AlertReceived>(fold_alert),
                   engine::event<MonitoringCleared>(fold_watch_cleared),
                   engine::event<DeploymentUnauthorised>(fold_seen),
                   engine::event<UnauthorisedAcknowledged>(fold_acknowledged)};
  module.reactions.push_back({"rollback.incident", moved_incident,
                              [desk](engine::Unit& unit, const std::string& incident) {
                                desk->incident_moved(unit, incident);
                              }});
  module.reactions.push_back({"rollback.deployment", ended_deployment,
                              [desk](engine::Unit& unit, const std::string& deployment) {
                                desk->deployment_ended(unit, deployment);
                              }});
  module.timers.push_back(
      {std::string(kDueTimer),
       [desk](engine::Unit& unit, const std::string& id) { desk->fire_due(unit, id); }});
  return {Executors::module(), std::move(module)};
}

}  // namespace holdpoint::rollback
