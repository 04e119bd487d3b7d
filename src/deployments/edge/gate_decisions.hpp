// What the gate let start and what it did not, kept with what it was judged on: the objects that an
// event names, and the tables by which past decisions and refused starts are found.
#pragma once

#include "deployments/deployment.hpp"
#include "deployments/edge/gate_source.hpp"
#include "deployments/refused_start.hpp"
#include "engine/module.hpp"

namespace holdpoint::deployments {

/// Stores the facts and the verdict, and names them with the policies that were asked. MUST be
/// given what was gathered to be recorded. Throws StoreFailed.
policy::DecisionGrounds keep_grounds(engine::Unit& unit, const GateQuestion& question,
                                     const Gathered& gathered, const GateVerdict& verdict);

engine::Table gate_decision_table();
void fold_gate_decision(engine::Connection& tables, const engine::Recorded& recorded,
                        const DeploymentStarted& event);
void fold_gate_decision(engine::Connection& tables, const engine::Recorded& recorded,
                        const DeploymentRefused& event);

engine::Table refused_start_table();
void fold_refused_start(engine::Connection& tables, const engine::Recorded& recorded,
                        const DeploymentRefused& event);

}  // namespace holdpoint::deployments
