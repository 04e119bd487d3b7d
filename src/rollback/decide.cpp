// See decide.hpp.
#include "rollback/decide.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace holdpoint::rollback {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string named(const Subject& subject) { return subject.application + "@" + subject.version; }

/// What is done, in one paragraph that can be read aloud.
std::string plan_of(const Subject& subject, const Target* target,
                    const std::optional<std::string>& executor) {
  if (target == nullptr) {
    return "No release that ran in " + subject.environment +
           " may be gone back to by the rule. Somebody names one, or declines and mends " +
           named(subject) + " by a new release.";
  }
  const std::string by =
      executor ? "The tool behind " + *executor + " deploys " : "Somebody deploys by hand ";
  return by + subject.application + "@" + target->version + " to " + subject.environment +
         " in place of " + subject.version +
         ", and says how it ended. It is watched until somebody who did not deploy " +
         subject.version + " clears it.";
}

Duration due_of(const std::optional<Rule>& rule) {
  if (!rule) return due_default;
  return parse_duration(rule->terms.due).value_or(due_default);
}

const Candidate* of_version(std::span<const Candidate> candidates, std::string_view version) {
  const auto found = std::ranges::find_if(
      candidates, [&](const Candidate& one) { return one.target.version == version; });
  return found == candidates.end() ? nullptr : &*found;
}

RollbackProposed drafted(Origin origin, const Proposing& facts, const Target* target) {
  const Subject& subject = facts.subject;
  RollbackProposed event;
  event.id = facts.id;
  event.origin = origin;
  event.application = subject.application;
  event.environment = subject.environment;
  event.deployment = subject.deployment;
  event.release = subject.release;
  event.version = subject.version;
  event.certification = subject.certification;
  event.execution = policy::RollbackExecution::confirmed;
  if (target != nullptr) event.target = *target;
  event.plan = plan_of(subject, target, facts.executor);
  event.within_us = due_of(facts.rule).us;
  event.due = facts.now + due_of(facts.rule);
  if (facts.rule) {
    event.trigger.policy = facts.rule->name;
    event.trigger.policy_digest = facts.rule->digest;
    event.confirmers = facts.rule->confirmers;
  }
  return event;
}

std::optional<std::string> why_held(const Seen& seen, const Proposing& facts,
                                    const RollbackProposed& event) {
  if (event.execution != policy::RollbackExecution::automatic) return std::nullopt;
  if (!event.target) return "there is no release that the rule may go back to by itself";
  if (!seen.not_let.empty()) return seen.not_let;
  if (facts.automatic_today >= automatic_per_day_max) {
    return std::to_string(facts.automatic_today) +
           " rollbacks were decided there by rules within a day";
  }
  return std::nullopt;
}

JsonIssues reason_issues(std::string_view reason) {
  if (is_stated(reason, reason_bytes_max)) return {};
  return {{"/reason", "expected 1 to " + std::to_string(reason_bytes_max) + " bytes", 0}};
}

JsonIssues note_issues(const std::optional<std::string>& reason) {
  return reason ? reason_issues(*reason) : JsonIssues{};
}

void check_follow_ups(const std::optional<std::vector<std::string>>& all, JsonIssues& issues) {
  if (!all) return;
  if (all->size() > follow_ups_max) {
    issues.push_back({"/follow_ups", "more than " + std::to_string(follow_ups_max), 0});
    return;
  }
  for (std::size_t i = 0; i < all->size(); ++i) {
    const bool is_reference = (*all)[i].find_first_of(" \t\r\n") == std::string::npos;
    if (is_reference && is_stated((*all)[i], follow_up_bytes_max)) continue;
    issues.push_back({"/follow_ups/" + std::to_string(i),
                      "expected 1 to 200 bytes without spaces: the key or address of a work item",
                      0});
  }
}

/// The one that is under way, or took effect: the deployment is taken back already.
const Decision* standing(std::span<const Decision> earlier) {
  const auto found = std::ranges::find_if(
      earlier, [](const Decision& one) { return one.state != State::declined; });
  return found == earlier.end() ? nullptr : &*found;
}

Decided<const Target*> wanted_target(const std::optional<std::string>& version,
                                     const Proposing& facts) {
  if (version) {
    const Candidate* named = of_version(facts.candidates, *version);
    if (named == nullptr) return refuse(target_not_possible(*version, facts.candidates));
    return &named->target;
  }
  const auto kind = facts.rule ? facts.rule->terms.target : policy::RollbackTarget::last_certified;
  return target_of(kind, facts.candidates);
}

std::optional<Refusal> why_not_decide(const Decision& decision, const Actor& actor,
                                      std::string_view act) {
  if (actor.kind != "person" || actor.id.empty()) return not_a_person(act);
  const auto& confirmers = decision.confirmers;
  if (!confirmers.empty() && std::ranges::find(confirmers, actor.id) == confirmers.end()) {
    return not_a_confirmer(decision);
  }
  return std::nullopt;
}

}  // namespace

const Target* target_of(policy::RollbackTarget kind, std::span<const Candidate> candidates) {
  for (const Candidate& one : candidates) {
    if (one.was_taken_back) continue;
    switch (kind) {
      case policy::RollbackTarget::last_certified:
        if (one.is_certified) return &one.target;
        break;
      case policy::RollbackTarget::previous_deployment: return &one.target;
    }
  }
  return nullptr;
}

RollbackProposed by_rule(const Seen& seen, const Proposing& facts) {
  HP_ASSERT(facts.rule.has_value(), "RB-1: a rule proposes");
  const Rule& rule = *facts.rule;
  RollbackProposed event =
      drafted(Origin::rule, facts, target_of(rule.terms.target, facts.candidates));
  event.execution = rule.terms.execution;
  for (const policy::FiredTrigger& one : seen.triggering.fired) {
    event.trigger.names.push_back(one.name);
    event.trigger.conditions.push_back(one.condition);
  }
  event.trigger.values = seen.values;
  event.trigger.alerts = seen.alerts;
  event.trigger.incidents = seen.incidents;
  event.because = "the rule " + rule.name + " was set off by " + joined(event.trigger.names);
  event.held_because = why_held(seen, facts, event);
  return event;
}

bool is_decided(const RollbackProposed& event) {
  return event.execution == policy::RollbackExecution::automatic && !event.held_because;
}

RollbackConfirmed confirmed_by_rule(const RollbackProposed& event, Instant now) {
  HP_ASSERT(event.target.has_value(), "RB-2: a rule decides to go back to something");
  return {.id = event.id,
          .by = Decider::rule,
          .target = *event.target,
          .attempt = 1,
          .due = now + Duration{event.within_us},
          .reasoned = false};
}

bool is_answered(std::span<const Decision> earlier, const policy::Triggering& triggering,
                 std::string_view policy, Instant now) {
  if (standing(earlier) != nullptr) return true;
  return std::ranges::any_of(earlier, [&](const Decision& one) {
    if (one.trigger.policy != policy || !one.ended_at || now - *one.ended_at >= declined_holds) {
      return false;
    }
    return std::ranges::all_of(triggering.fired, [&](const policy::FiredTrigger& fired) {
      return std::ranges::find(one.trigger.names, fired.name) != one.trigger.names.end();
    });
  });
}

Decided<RollbackProposed> propose(const ProposeRollback& command, const Proposing& facts,
                                  std::span<const Decision> earlier) {
  if (auto issues = reason_issues(command.reason); !issues.empty()) {
    return refuse(invalid_rollback(std::move(issues)));
  }
  if (const Decision* other = standing(earlier)) return refuse(rollback_under_way(*other));
  const auto target = wanted_target(command.version, facts);
  if (!target) return std::unexpected(target.error());
  RollbackProposed event = drafted(Origin::person, facts, *target);
  event.because = "somebody asked for it";
  return event;
}

Decided<RollbackProposed> drill(const DrillRollback& command, const Proposing& facts,
                                catalog::EnvironmentKind kind, std::span<const Decision> earlier) {
  if (auto issues = reason_issues(command.reason); !issues.empty()) {
    return refuse(invalid_rollback(std::move(issues)));
  }
  if (!facts.rule) return refuse(rule_not_found(command.policy));
  if (kind == catalog::EnvironmentKind::production) {
    return refuse(drill_in_production(facts.subject.environment));
  }
  if (const Decision* other = standing(earlier)) return refuse(rollback_under_way(*other));
  const auto target = wanted_target(command.version, facts);
  if (!target) return std::unexpected(target.error());
  if (*target == nullptr) return refuse(no_target(facts.subject));
  RollbackProposed event = drafted(Origin::drill, facts, *target);
  event.because = "a drill of the rule " + command.policy;
  return event;
}

Decided<RollbackConfirmed> confirm(const Decision& decision, const ConfirmRollback& command,
                                   const Confirming& facts) {
  if (is_final(decision.state)) return refuse(rollback_ended(decision));
  if (decision.state != State::proposed && decision.state != State::failed) {
    return refuse(not_awaited(decision, "confirmed"));
  }
  if (auto refusal = why_not_decide(decision, facts.actor, "confirmed")) {
    return refuse(std::move(*refusal));
  }
  const auto& behind = facts.behind_proposer;
  const bool is_own = std::ranges::find(behind, facts.actor.id) != behind.end();
  if (decision.origin == Origin::person && is_own) return refuse(own_proposal(decision));
  if (auto issues = note_issues(command.reason); !issues.empty()) {
    return refuse(invalid_rollback(std::move(issues)));
  }
  if (decision.attempts >= attempts_max) return refuse(attempts_exhausted(decision));
  std::optional<Target> target = decision.target;
  if (command.version) {
    const Candidate* named = of_version(facts.candidates, *command.version);
    if (named == nullptr) {
      return refuse(target_not_possible(*command.version, facts.candidates));
    }
    target = named->target;
  }
  if (!target) {
    return refuse(no_target({decision.deployment, decision.application, decision.environment,
                             decision.release, decision.version, decision.certification}));
  }
  return RollbackConfirmed{.id = decision.id,
                           .by = Decider::person,
                           .target = std::move(*target),
                           .attempt = decision.attempts + 1,
                           .due = facts.now + Duration{decision.within_us},
                           .reasoned = command.reason.has_value()};
}

Decided<RollbackDeclined> decline(const Decision& decision, const DeclineRollback& command,
                                  const Actor& actor) {
  if (is_final(decision.state)) return refuse(rollback_ended(decision));
  const bool is_open = decision.state == State::proposed || decision.state == State::confirmed ||
                       decision.state == State::failed;
  if (!is_open) return refuse(not_awaited(decision, "declined"));
  if (auto refusal = why_not_decide(decision, actor, "declined")) {
    return refuse(std::move(*refusal));
  }
  if (auto issues = reason_issues(command.reason); !issues.empty()) {
    return refuse(invalid_rollback(std::move(issues)));
  }
  return RollbackDeclined{decision.id};
}

Decided<RollbackExecuted> executed(const Decision& decision, const ReportExecution& command) {
  if (is_final(decision.state)) return refuse(rollback_ended(decision));
  if (decision.state != State::confirmed && decision.state != State::executing) {
    return refuse(not_awaited(decision, "carried out"));
  }
  JsonIssues issues = note_issues(command.reason);
  check_follow_ups(command.follow_ups, issues);
  if (!issues.empty()) return refuse(invalid_rollback(std::move(issues)));
  const bool is_back = command.outcome == Outcome::succeeded;
  HP_ASSERT(decision.target.has_value(), "RB-3: what is carried out has a target");
  return RollbackExecuted{.id = decision.id,
                          .outcome = command.outcome,
                          .version = is_back ? decision.target->version : decision.version,
                          .follow_ups = command.follow_ups.value_or(std::vector<std::string>{}),
                          .reasoned = command.reason.has_value()};
}

std::optional<Refusal> why_not_clear(std::span<const Measured> values,
                                     std::span<const std::string> firing, bool unmeasured) {
  JsonIssues issues;
  for (const Measured& one : values) {
    if (!one.healthy) issues.push_back({"/" + one.name, "is not healthy, says " + one.source, 0});
  }
  for (const std::string& alert : firing) issues.push_back({"/" + alert, "the alert fires", 0});
  if (!issues.empty()) return not_healthy(std::move(issues));
  if (values.empty() && !unmeasured) return health_unknown();
  return std::nullopt;
}

namespace {

/// Whether each value that set it off was measured again, and anything at all.
bool is_measured(const Decision& decision, std::span<const Measured> values) {
  return !values.empty() && std::ranges::all_of(decision.trigger.values, [&](const Measured& one) {
    return one.healthy || std::ranges::find(values, one.name, &Measured::name) != values.end();
  });
}

}  // namespace

Decided<RollbackCleared> clear(const Decision& decision, const ClearRollback& command,
                               const Clearing& facts) {
  if (is_final(decision.state)) return refuse(rollback_ended(decision));
  if (decision.state != State::executed) return refuse(not_awaited(decision, "cleared"));
  if (facts.actor.kind != "person" || facts.actor.id.empty()) {
    return refuse(not_a_person("cleared"));
  }
  if (facts.deployers.empty()) return refuse(deployer_unknown());
  if (std::ranges::find(facts.deployers, facts.actor.id) != facts.deployers.end()) {
    return refuse(own_deployment());
  }
  JsonIssues issues = reason_issues(command.reason);
  check_follow_ups(command.follow_ups, issues);
  if (!issues.empty()) return refuse(invalid_rollback(std::move(issues)));
  if (auto refusal =
          why_not_clear(facts.values, facts.firing, command.unmeasured.value_or(false))) {
    return refuse(std::move(*refusal));
  }
  const bool measured = is_measured(decision, facts.values);
  if (!measured && !command.unmeasured.value_or(false)) return refuse(health_unknown());
  return RollbackCleared{.id = decision.id,
                         .values = facts.values,
                         .unmeasured = !measured,
                         .follow_ups = command.follow_ups.value_or(std::vector<std::string>{})};
}

std::optional<RollbackOverdue> overdue(const Decision& decision, Instant now,
                                       std::vector<std::string> people) {
  switch (decision.state) {
    case State::proposed:
    case State::confirmed:
    case State::executing:
    case State::failed: break;
    case State::executed:
    case State::declined:
    case State::cleared: return std::nullopt;
  }
  if (decision.overdue_at || now < decision.due) return std::nullopt;
  return RollbackOverdue{decision.id, decision.state, decision.due, std::move(people)};
}

}  // namespace holdpoint::rollback
