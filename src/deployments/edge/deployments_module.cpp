// The tables of deployments and how they are folded.
#include "deployments/edge/change_record.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "deployments/edge/deployments_edge.hpp"
#include "deployments/edge/gate_decisions.hpp"
#include "engine/columns.hpp"

namespace holdpoint::deployments {
namespace {

void fold_started(engine::Connection& tables, const engine::Recorded& recorded,
                  const DeploymentStarted& event) {
  Deployment row;
  row.id = event.id;
  row.application = event.application;
  row.version = event.version;
  row.release = event.release;
  row.environment = event.environment;
  row.artifact = event.artifact;
  row.certification = event.certification;
  row.approval = event.approval;
  row.configuration = event.configuration;
  row.started_by_kind = recorded.actor.kind;
  row.started_by = recorded.actor.id;
  row.started_at = recorded.at;
  row.release_entry = event.release_entry;
  row.attempt = event.attempt;
  row.rollback = event.rollback;
  if (event.rollback) row.reason_seq = static_cast<std::int64_t>(recorded.seq);
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(row);
  tables.run("INSERT INTO deployment (workspace, seq, " + engine::columns::names<Deployment>() +
                 ") VALUES (" +
                 engine::columns::placeholders(2 + engine::columns::count<Deployment>) + ")",
             bound.args(), {});
  fold_gate_decision(tables, recorded, event);
}

DeploymentState state_after(DeploymentOutcome outcome) {
  switch (outcome) {
    case DeploymentOutcome::succeeded: return DeploymentState::succeeded;
    case DeploymentOutcome::failed: return DeploymentState::failed;
    case DeploymentOutcome::cancelled: return DeploymentState::cancelled;
  }
  return DeploymentState::failed;
}

/// What the event of a deployment changes, counted anew.
template <class Change>
void recount(engine::Connection& tables, const engine::Recorded& recorded, const DeploymentId& id,
             Change&& change) {
  const auto before = find_deployment(tables, recorded.workspace, id.text());
  if (!before) return;
  Deployment after = *before;
  change(after);
  fold_change(tables, recorded.workspace, *before, after);
}

void fold_refused(engine::Connection& tables, const engine::Recorded& recorded,
                  const DeploymentRefused& event) {
  fold_refused_start(tables, recorded, event);
  fold_gate_decision(tables, recorded, event);
}

void fold_finished(engine::Connection& tables, const engine::Recorded& recorded,
                   const DeploymentFinished& event) {
  recount(tables, recorded, event.id, [&](Deployment& ended) {
    ended.state = state_after(event.outcome);
    ended.finished_at = recorded.at;
  });
  tables.exec(
      "UPDATE deployment SET state = $1, finished_by = $2, finished_at = $3, note = $4"
      " WHERE workspace = $5 AND id = $6",
      describe::enum_text(state_after(event.outcome)), recorded.actor.id, recorded.at, event.note,
      recorded.workspace, event.id);
}

void fold_verified(engine::Connection& tables, const engine::Recorded& recorded,
                   const DeploymentVerified& event) {
  tables.exec(
      "UPDATE deployment SET verified_by = $1, verified_at = $2, verification_note = $3"
      " WHERE workspace = $4 AND id = $5",
      recorded.actor.id, recorded.at, event.note, recorded.workspace, event.id);
}

void fold_implicated(engine::Connection& tables, const engine::Recorded& recorded,
                     const DeploymentImplicated& event) {
  recount(tables, recorded, event.id,
          [&](Deployment& failed) { failed.implicated_by = event.incident; });
  tables.exec("UPDATE deployment SET implicated_by = $1 WHERE workspace = $2 AND id = $3",
              event.incident, recorded.workspace, event.id);
}

}  // namespace

engine::Module module() {
  engine::Module module{.name = "deployments"};
  module.tables.push_back(
      {"deployment", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS deployment (workspace TEXT NOT NULL, seq BIGINT NOT NULL, " +
           engine::columns::definitions<Deployment>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS deployment_order ON deployment (workspace, seq);"
           "CREATE INDEX IF NOT EXISTS deployment_place ON deployment"
           " (workspace, application, environment, seq);"
           "CREATE INDEX IF NOT EXISTS deployment_newest ON deployment"
           " (workspace, application, environment, release_entry);",
       "workspace, id"});
  module.tables.push_back(gate_decision_table());
  module.tables.push_back(refused_start_table());
  module.events.push_back(engine::event<DeploymentStartedV1>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const DeploymentStartedV1& event) { fold_started(tables, recorded, upcast(event)); }));
  module.events.push_back(engine::event<DeploymentStartedV2>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const DeploymentStartedV2& event) { fold_started(tables, recorded, upcast(event)); }));
  module.events.push_back(engine::event<DeploymentStarted>(fold_started));
  module.events.push_back(engine::event<DeploymentRefused>(fold_refused));
  module.events.push_back(engine::event<DeploymentFinished>(fold_finished));
  module.tables.push_back(change_record_table());
  module.events.push_back(engine::event<DeploymentVerified>(fold_verified));
  module.events.push_back(engine::event<DeploymentImplicated>(fold_implicated));
  module.reactions.push_back(implication_reaction());
  return module;
}

}  // namespace holdpoint::deployments
