// Proposing, deciding, handing over and ending rollbacks, inside a unit of work.
#include "catalog/edge/catalog_queries.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/identity.hpp"
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

using Sealed = std::vector<engine::Personal>;

std::string about(const RollbackId& id) { return "rollback/" + id.text(); }

std::string words(const Decision& decision) {
  return decision.application + "@" + decision.version + " in " + decision.environment;
}

Sealed sealed(engine::Unit& unit, const std::optional<std::string>& reason) {
  if (!reason) return {};
  return {{std::string(engine::reason_path), unit.actor().id, *reason}};
}

/// The people who answer for whoever proposed it.
std::vector<std::string> behind(engine::Unit& unit, const Decision& decision) {
  std::vector<std::string> people;
  for (const auto& owner : identity::owner_of_actor(
           unit.tables(), unit.workspace(), decision.proposed_by_kind, decision.proposed_by)) {
    people.push_back(owner.text());
  }
  return people;
}

/// The deployment that a person wants to take back: the newest of its place, and not cancelled.
Decided<deployments::Deployment> wanted(engine::Unit& unit, std::string_view id) {
  const auto found = deployments::find_deployment(unit.tables(), unit.workspace(), id);
  if (!found) return refuse(deployments::deployment_not_found(id));
  if (found->state == deployments::DeploymentState::cancelled) {
    return refuse(nothing_to_take_back(id, describe::enum_text(found->state)));
  }
  const auto newest = deployments::newest_deployment(unit.tables(), unit.workspace(),
                                                     found->application, found->environment);
  if (newest && newest->id != found->id) return refuse(not_the_newest(id, newest->id.text()));
  return *found;
}

}  // namespace

std::set<std::string> news_topics() {
  return {"rollback.awaits_decision", "rollback.decided_by_rule", "rollback.awaits_hands",
          "rollback.escalated", "deployment.unauthorised_seen"};
}

ledger::Subject subject_of(const RollbackId& id) { return {"rollback", id.text()}; }

engine::Outcome moved(engine::Unit& unit, const RollbackId& id, int status) {
  const auto decision = find_rollback(unit.tables(), unit.workspace(), id.text());
  return engine::edge::answer(
      RollbackMoved{decision->id, decision->state, decision->due, decision->delivery}, status);
}

void Desk::ask_for_decision(engine::Unit& unit, const Decision& decision) const {
  const std::string held = decision.held_because ? " It waits, since " + *decision.held_because +
                                                       ", and would not have otherwise."
                                                 : "";
  needs_.tell(unit,
              {.topic = "rollback.awaits_decision",
               .subject = "Confirm or decline a rollback of " + words(decision),
               .people = decision.confirmers.empty() ? escalated_people(unit) : decision.confirmers,
               .sentence = "A rollback is proposed, since " + decision.because + "." + held + " " +
                           decision.plan,
               .due = decision.due,
               .command = "holdpoint rollback confirm " + decision.id.text(),
               .about = about(decision.id),
               .application = decision.application});
}

void Desk::record_proposed(engine::Unit& unit, const RollbackProposed& event, Sealed more) const {
  unit.record(subject_of(event.id), event, std::move(more));
  unit.set_timer(kDueTimer, event.id.text(), event.due);
  if (is_decided(event) || event.origin == Origin::drill) return;
  ask_for_decision(unit, *find_rollback(unit.tables(), unit.workspace(), event.id.text()));
}

void Desk::record_confirmed(engine::Unit& unit, const RollbackConfirmed& event, Sealed more) const {
  unit.record(subject_of(event.id), event, std::move(more));
  needs_.take_back(unit, about(event.id));
  unit.set_timer(kDueTimer, event.id.text(), event.due);
  const auto decision = find_rollback(unit.tables(), unit.workspace(), event.id.text());
  std::vector<RollbackExecutor> active;
  for (auto& stored :
       Executors::list(unit.tables(), unit.workspace(), "", executors_max, {{"state", "active"}})) {
    active.push_back(std::move(stored.record));
  }
  const auto* executor = executor_for(active, decision->application, decision->environment);
  std::optional<std::string> delivery;
  if (executor != nullptr) {
    delivery = needs_.hand_over(unit, {.rollback = event.id,
                                       .webhook = executor->webhook,
                                       .application = decision->application,
                                       .environment = decision->environment,
                                       .from_version = decision->version,
                                       .target = event.target,
                                       .attempt = event.attempt,
                                       .is_drill = decision->origin == Origin::drill,
                                       .due = event.due});
  }
  if (delivery) {
    unit.record(subject_of(event.id), RollbackExecutionBegun{event.id, executor->name, *delivery});
    return;
  }
  needs_.tell(
      unit, {.topic = "rollback.awaits_hands",
             .subject = "Carry out the rollback of " + words(*decision),
             .people = decision->confirmers.empty() ? escalated_people(unit) : decision->confirmers,
             .sentence = "The rollback is decided, and no tool was given it. Deploy " +
                         decision->application + "@" + event.target.version + " to " +
                         decision->environment + ", and say how it ended.",
             .due = event.due,
             .command = "holdpoint rollback executed " + event.id.text(),
             .about = about(event.id),
             .application = decision->application});
}

engine::Outcome Desk::propose(engine::Unit& unit, const ProposeRollback& command) const {
  const auto deployment = wanted(unit, command.deployment);
  if (!deployment) return std::unexpected(deployment.error());
  Proposing facts = proposing(unit, *deployment);
  facts.rule = rule_for(unit, *deployment);
  auto event = rollback::propose(
      command, facts, rollbacks_of(unit.tables(), unit.workspace(), deployment->id.text()));
  if (!event) return std::unexpected(std::move(event).error());
  if (const auto known = known_of(unit, *deployment)) {
    event->trigger.values = known->values;
    event->trigger.alerts = known->alerts;
    event->trigger.incidents = known->incidents;
  }
  record_proposed(unit, *event, sealed(unit, command.reason));
  return moved(unit, event->id, 201);
}

engine::Outcome Desk::drill(engine::Unit& unit, const DrillRollback& command) const {
  const auto deployment = wanted(unit, command.deployment);
  if (!deployment) return std::unexpected(deployment.error());
  const auto environment =
      catalog::Environments::find(unit.tables(), unit.workspace(), deployment->environment);
  Proposing facts = proposing(unit, *deployment);
  for (const policy::Policy& policy :
       policy::policies_in_force(unit.tables(), unit.workspace(), policy::Kind::rollback_policy)) {
    if (policy.name != command.policy) continue;
    const auto compiled = library_->compiled(policy, unit.objects());
    if (!compiled) continue;
    auto terms = from_json<policy::RollbackPart>(compiled->document().part);
    if (terms) facts.rule = rule_of(unit, policy, std::move(*terms));
  }
  const auto kind =
      environment ? environment->record.environment_kind : catalog::EnvironmentKind::production;
  auto event = rollback::drill(
      command, facts, kind, rollbacks_of(unit.tables(), unit.workspace(), deployment->id.text()));
  if (!event) return std::unexpected(std::move(event).error());
  if (unit.actor().kind != "person") return refuse(not_a_person("decided"));
  record_proposed(unit, *event, sealed(unit, command.reason));
  // Who holds a drill decides on it: there is nothing to wait for.
  record_confirmed(unit,
                   {.id = event->id,
                    .by = Decider::person,
                    .target = *event->target,
                    .attempt = 1,
                    .due = event->due,
                    .reasoned = false},
                   {});
  return moved(unit, event->id, 201);
}

engine::Outcome Desk::confirm(engine::Unit& unit, std::string_view id,
                              const ConfirmRollback& command) const {
  const auto decision = find_rollback(unit.tables(), unit.workspace(), id);
  if (!decision) return refuse(rollback_not_found(id));
  Confirming facts{{unit.actor().kind, unit.actor().id}, unit.now(), behind(unit, *decision), {}};
  const auto deployment =
      deployments::find_deployment(unit.tables(), unit.workspace(), decision->deployment);
  if (deployment) facts.candidates = proposing(unit, *deployment).candidates;
  // What was deployed since is not taken back by the way.
  const auto newest = deployments::newest_deployment(unit.tables(), unit.workspace(),
                                                     decision->application, decision->environment);
  if (!is_final(decision->state) && newest && newest->id.text() != decision->deployment) {
    return refuse(not_the_newest(decision->deployment, newest->id.text()));
  }
  const auto event = rollback::confirm(*decision, command, facts);
  if (!event) return std::unexpected(event.error());
  record_confirmed(unit, *event, sealed(unit, command.reason));
  return moved(unit, decision->id);
}

engine::Outcome Desk::decline(engine::Unit& unit, std::string_view id,
                              const DeclineRollback& command) const {
  const auto decision = find_rollback(unit.tables(), unit.workspace(), id);
  if (!decision) return refuse(rollback_not_found(id));
  const auto event = rollback::decline(*decision, command, {unit.actor().kind, unit.actor().id});
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(decision->id), *event, sealed(unit, command.reason));
  unit.cancel_timer(kDueTimer, decision->id.text());
  needs_.take_back(unit, about(decision->id));
  return moved(unit, decision->id);
}

engine::Outcome Desk::executed(engine::Unit& unit, std::string_view id,
                               const ReportExecution& command) const {
  const auto decision = find_rollback(unit.tables(), unit.workspace(), id);
  if (!decision) return refuse(rollback_not_found(id));
  const auto event = rollback::executed(*decision, command);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(decision->id), *event, sealed(unit, command.reason));
  needs_.take_back(unit, about(decision->id));
  if (event->outcome == Outcome::succeeded) {
    unit.cancel_timer(kDueTimer, decision->id.text());
  } else {
    ask_for_decision(unit, *find_rollback(unit.tables(), unit.workspace(), id));
  }
  return moved(unit, decision->id);
}

engine::Outcome Desk::clear(engine::Unit& unit, std::string_view id,
                            const ClearRollback& command) const {
  const auto decision = find_rollback(unit.tables(), unit.workspace(), id);
  if (!decision) return refuse(rollback_not_found(id));
  Clearing facts{{unit.actor().kind, unit.actor().id}, {}, {}, {}};
  const auto deployment =
      deployments::find_deployment(unit.tables(), unit.workspace(), decision->deployment);
  if (deployment)
    facts.deployers = deployments::deployers_of(unit.tables(), unit.workspace(), *deployment);
  if (decision->executed_by && !facts.deployers.empty()) {
    // Who carried it out by hand deployed what runs now.
    const bool is_person = identity::PersonId::parse(*decision->executed_by).has_value();
    for (const auto& owner : identity::owner_of_actor(unit.tables(), unit.workspace(),
                                                      is_person ? "person" : "service_account",
                                                      *decision->executed_by)) {
      facts.deployers.push_back(owner.text());
    }
  }
  for (const HealthValue& one :
       health_values(unit.tables(), unit.workspace(), decision->deployment)) {
    if (one.after == decision->id.text()) facts.values.push_back(measured_of(one));
  }
  for (const Alert& one : firing_alerts(unit.tables(), unit.workspace(), decision->application,
                                        decision->environment, Instant{INT64_MIN})) {
    facts.firing.push_back(one.name);
  }
  const auto event = rollback::clear(*decision, command, facts);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(decision->id), *event, sealed(unit, command.reason));
  return moved(unit, decision->id);
}

void Desk::fire_due(engine::Unit& unit, std::string_view id) const {
  const auto decision = find_rollback(unit.tables(), unit.workspace(), id);
  if (!decision) return;
  const auto event = rollback::overdue(*decision, unit.now(), escalated_people(unit));
  if (!event) return;
  unit.record(subject_of(decision->id), *event);
  const bool waits_for_decision =
      decision->state == State::proposed || decision->state == State::failed;
  needs_.tell(unit,
              {.topic = "rollback.escalated",
               .subject = "Overdue: the rollback of " + words(*decision),
               .people = event->people,
               .sentence = waits_for_decision
                               ? "Nobody confirmed or declined the rollback in time, and you may "
                                 "now. " +
                                     decision->plan
                               : "The rollback was decided, and nobody said in time that it was "
                                 "carried out. " +
                                     decision->plan,
               .due = decision->due,
               .command = "holdpoint rollback show " + decision->id.text(),
               .about = about(decision->id),
               .application = decision->application});
}

}  // namespace holdpoint::rollback
