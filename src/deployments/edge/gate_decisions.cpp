// See gate_decisions.hpp.
#include "deployments/edge/gate_decisions.hpp"

#include "deployments/edge/gate_decision_queries.hpp"
#include "deployments/edge/refused_start_queries.hpp"

namespace holdpoint::deployments {
namespace {

using engine::must;

ObjectRef keep(engine::Unit& unit, std::string_view bytes) {
  return ObjectRef{must(unit.objects().put(bytes)).digest};
}

/// What the start of a deployment and the refusal of one have in common.
template <class Event>
GateDecision row_of(const Event& event, Instant at) {
  GateDecision row;
  row.id = event.id;
  row.release = event.release;
  row.application = event.application;
  row.version = event.version;
  row.environment = event.environment;
  row.at = at;
  if (event.gate) {
    row.facts_digest = event.gate->facts.digest;
    row.verdict_digest = event.gate->verdict.digest;
    row.policies_digest = event.gate->documents_digest;
    row.judged_by = event.gate->documents;
  }
  return row;
}

void insert(engine::Connection& tables, const engine::Recorded& recorded, const GateDecision& row) {
  static const std::string sql =
      "INSERT INTO gate_decision (workspace, " + engine::columns::names<GateDecision>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<GateDecision>) + ")";
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(row);
  tables.run(sql, bound.args(), {});
}

}  // namespace

policy::DecisionGrounds keep_grounds(engine::Unit& unit, const GateQuestion& question,
                                     const Gathered& gathered, const GateVerdict& verdict) {
  return {keep(unit, to_json_text(policy_facts(question, gathered.facts))),
          keep(unit, to_json_text(verdict)), gathered.policies, gathered.policies_digest};
}

engine::Table gate_decision_table() {
  return {"gate_decision", engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS gate_decision (workspace TEXT NOT NULL, " +
              engine::columns::definitions<GateDecision>() +
              ", PRIMARY KEY (workspace, id));"
              "CREATE INDEX IF NOT EXISTS gate_decision_release ON gate_decision"
              " (workspace, release, environment);"
              "CREATE INDEX IF NOT EXISTS gate_decision_application ON gate_decision"
              " (workspace, application);",
          "workspace, id"};
}

void fold_gate_decision(engine::Connection& tables, const engine::Recorded& recorded,
                        const DeploymentStarted& event) {
  // What was refused before is over too: it started after all.
  tables.exec(
      "UPDATE gate_decision SET superseded_by = $1 WHERE workspace = $2 AND release = $3"
      " AND environment = $4 AND superseded_by IS NULL",
      event.id, recorded.workspace, event.release, event.environment);
  insert(tables, recorded, row_of(event, recorded.at));
}

void fold_gate_decision(engine::Connection& tables, const engine::Recorded& recorded,
                        const DeploymentRefused& event) {
  // What started before stays what runs there, and its decision stands beside.
  tables.exec(
      "UPDATE gate_decision SET superseded_by = $1 WHERE workspace = $2 AND release = $3"
      " AND environment = $4 AND superseded_by IS NULL AND refused = 1",
      event.id, recorded.workspace, event.release, event.environment);
  GateDecision row = row_of(event, recorded.at);
  row.refused = true;
  row.hindered = is_hindered(event);
  insert(tables, recorded, row);
}

engine::Table refused_start_table() {
  return {"refused_start", engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS refused_start (workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
          " " +
              engine::columns::definitions<RefusedStart>() +
              ", PRIMARY KEY (workspace, id));"
              "CREATE INDEX IF NOT EXISTS refused_start_order ON refused_start (workspace, seq);"
              "CREATE INDEX IF NOT EXISTS refused_start_release ON refused_start"
              " (workspace, release, environment, seq);",
          "workspace, id"};
}

void fold_refused_start(engine::Connection& tables, const engine::Recorded& recorded,
                        const DeploymentRefused& event) {
  RefusedStart row;
  row.id = event.id;
  row.application = event.application;
  row.version = event.version;
  row.release = event.release;
  row.environment = event.environment;
  row.artifact = event.artifact;
  row.code = event.code;
  row.decision = event.decision;
  row.reasons = event.reasons;
  row.reasons_omitted = event.reasons_omitted;
  if (event.gate) {
    row.facts = event.gate->facts.digest;
    row.verdict = event.gate->verdict.digest;
  }
  row.actor_kind = recorded.actor.kind;
  row.actor = recorded.actor.id;
  row.at = recorded.at;
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(row);
  tables.run("INSERT INTO refused_start (workspace, seq, " +
                 engine::columns::names<RefusedStart>() + ") VALUES (" +
                 engine::columns::placeholders(2 + engine::columns::count<RefusedStart>) + ")",
             bound.args(), {});
}

}  // namespace holdpoint::deployments
