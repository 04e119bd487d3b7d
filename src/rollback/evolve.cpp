// A decision folded from its events.
#include <algorithm>

#include "rollback/rollback.hpp"

namespace holdpoint::rollback {
namespace {

void add_all(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

Decision evolve(const RollbackProposed& event, const Stamp& stamp) {
  Decision decision;
  decision.id = event.id;
  decision.origin = event.origin;
  decision.application = event.application;
  decision.environment = event.environment;
  decision.deployment = event.deployment;
  decision.release = event.release;
  decision.version = event.version;
  decision.certification = event.certification;
  decision.trigger = event.trigger;
  decision.execution = event.execution;
  decision.target = event.target;
  decision.plan = event.plan;
  decision.confirmers = event.confirmers;
  decision.within_us = event.within_us;
  decision.due = event.due;
  decision.because = event.because;
  decision.held_because = event.held_because;
  decision.proposed_by_kind = stamp.actor_kind;
  decision.proposed_by = stamp.actor;
  decision.proposed_at = stamp.at;
  if (event.origin != Origin::rule) decision.reason_seq = stamp.seq;
  return decision;
}

void evolve(Decision& decision, const RollbackConfirmed& event, const Stamp& stamp) {
  decision.state = State::confirmed;
  decision.decider = event.by;
  decision.decided_by = stamp.actor;
  decision.decided_at = stamp.at;
  decision.target = event.target;
  decision.attempts = event.attempt;
  decision.due = event.due;
  decision.overdue_at.reset();
  decision.executor.reset();
  decision.delivery.reset();
  decision.decision_seq.reset();
  if (event.reasoned) decision.decision_seq = stamp.seq;
}

void evolve(Decision& decision, const RollbackExecutionBegun& event, const Stamp& /*stamp*/) {
  decision.state = State::executing;
  decision.executor = event.executor;
  decision.delivery = event.delivery;
}

void evolve(Decision& decision, const RollbackExecuted& event, const Stamp& stamp) {
  decision.state = event.outcome == Outcome::succeeded ? State::executed : State::failed;
  decision.executed_by = stamp.actor;
  decision.executed_at = stamp.at;
  add_all(decision.follow_ups, event.follow_ups);
  decision.execution_seq.reset();
  if (event.reasoned) decision.execution_seq = stamp.seq;
}

void evolve(Decision& decision, const RollbackDeclined& /*event*/, const Stamp& stamp) {
  decision.state = State::declined;
  decision.ended_by = stamp.actor;
  decision.ended_at = stamp.at;
  decision.ending_seq = stamp.seq;
}

void evolve(Decision& decision, const RollbackOverdue& event, const Stamp& stamp) {
  decision.overdue_at = stamp.at;
  if (decision.confirmers.empty()) return;  // everybody who may decide does already
  for (const std::string& person : event.people) {
    if (std::ranges::find(decision.confirmers, person) == decision.confirmers.end()) {
      decision.confirmers.push_back(person);
    }
  }
}

void evolve(Decision& decision, const RollbackCleared& event, const Stamp& stamp) {
  decision.state = State::cleared;
  decision.ended_by = stamp.actor;
  decision.ended_at = stamp.at;
  decision.values_after = event.values;
  decision.unmeasured = event.unmeasured;
  add_all(decision.follow_ups, event.follow_ups);
  decision.ending_seq = stamp.seq;
}

}  // namespace holdpoint::rollback
