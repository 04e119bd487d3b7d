// See gate_decisions.hpp.
#include "deployments/edge/gate_decisions.hpp"

#include "deployments/edge/gate_decision_queries.hpp"

namespace holdpoint::deployments {
namespace {

using engine::must;

ObjectRef keep(engine::Unit& unit, std::string_view bytes) {
  return ObjectRef{must(unit.objects().put(bytes)).digest};
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
  tables.exec(
      "UPDATE gate_decision SET superseded_by = $1 WHERE workspace = $2 AND release = $3"
      " AND environment = $4 AND superseded_by IS NULL",
      event.id, recorded.workspace, event.release, event.environment);
  GateDecision row;
  row.id = event.id;
  row.release = event.release;
  row.application = event.application;
  row.version = event.version;
  row.environment = event.environment;
  row.at = recorded.at;
  if (event.gate) {
    row.facts_digest = event.gate->facts.digest;
    row.verdict_digest = event.gate->verdict.digest;
    row.policies_digest = event.gate->documents_digest;
    row.judged_by = event.gate->documents;
  }
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(row);
  tables.run("INSERT INTO gate_decision (workspace, " + engine::columns::names<GateDecision>() +
                 ") VALUES (" +
                 engine::columns::placeholders(1 + engine::columns::count<GateDecision>) + ")",
             bound.args(), {});
}

}  // namespace holdpoint::deployments
