// Deciding the gate: pure, from the question and what is known.
#include <algorithm>

#include "deployments/approval_reasons.hpp"
#include "deployments/change_reasons.hpp"
#include "deployments/deployments.hpp"
#include "deployments/surroundings.hpp"

namespace holdpoint::deployments {
namespace {

using certification::State;

std::string name_of(const GateQuestion& question) {
  return question.application + "@" + question.version;
}

Reason reason(ReasonCode code, std::string sentence, std::vector<Next> next = {}) {
  return Reason{.code = code, .sentence = std::move(sentence), .next = std::move(next)};
}

Next certify_again(const GateQuestion& question) {
  return {"release manager", "certify the release again", "holdpoint certify " + name_of(question)};
}

/// What to say of a rule whose document names no remedy.
struct Fallback {
  Next next;
  std::string_view afterwards;  // what follows a change of facts that was worked out
};

/// Who mends the rule: as its document says, or the change of facts that was worked out, or only
/// where to begin.
Next step_for(const certification::RuleView& rule, const Fallback& fallback) {
  const Next& next = fallback.next;
  if (!rule.remedy) return {next.actor, next.action, next.command, std::nullopt, false};
  const certification::RemedyView& remedy = *rule.remedy;
  const bool is_verified = remedy.verified.value_or(false);
  if (!remedy.by.empty()) {
    return {remedy.by, remedy.action, remedy.command, remedy.due, is_verified};
  }
  return {next.actor, remedy.action + std::string(fallback.afterwards), next.command, remedy.due,
          is_verified};
}

/// One reason per rule of an enforced document that is not passed.
void add_failed_rules(const certification::CriteriaView& document, ReasonCode code,
                      const Fallback& fallback, std::vector<Reason>& reasons) {
  if (document.mode != "enforce" || !document.applicable || certification::lets_through(document)) {
    return;
  }
  for (const auto& rule : document.rules) {
    const bool is_fine =
        rule.result == "pass" || rule.result == "not_applicable" || rule.result == "waived";
    if (is_fine) continue;
    Reason failed = reason(code, rule.message);
    failed.criteria = document.name;
    failed.criterion = rule.id;
    failed.result = rule.result;
    failed.detail = rule.detail;
    failed.unblocks_at = rule.unblocks_at;
    failed.next.push_back(step_for(rule, fallback));
    reasons.push_back(std::move(failed));
  }
  if (document.rules.empty()) {
    Reason failed = reason(code, "Whether " + document.name +
                                     " applies could not be told, so it counts as not passed.");
    failed.criteria = document.name;
    reasons.push_back(std::move(failed));
  }
}

void add_failed_criteria(const GateQuestion& question, const certification::Verdict& verdict,
                         std::vector<Reason>& reasons) {
  for (const auto obstacle : verdict.obstacles) {
    reasons.push_back(reason(ReasonCode::certification_refused,
                             std::string(certification::sentence(obstacle)),
                             {{"release manager", "put criteria in force, or name artifacts",
                               "holdpoint apply -f criteria.yaml"}}));
  }
  const Fallback mend{{"developer", "mend what the criterion names and add new evidence",
                       "holdpoint evidence add " + name_of(question) + " REPORT"},
                      ", and add new evidence"};
  for (const auto& criteria : verdict.criteria) {
    add_failed_rules(criteria, ReasonCode::certification_refused, mend, reasons);
  }
}

catalog::FreezeScope scope_of(const GateQuestion& question) {
  return {question.application, question.environment};
}

/// One reason per freeze in force, whatever speaks for the release, unless an override that was
/// approved for it names all of them.
void judge_freezes(const GateQuestion& question, const GateFacts& facts, GateVerdict& verdict) {
  const auto in_force = catalog::freezes_at(facts.freezes, scope_of(question), facts.now);
  if (!in_force.empty() && facts.lift && changes::lifts(*facts.lift, in_force)) {
    verdict.freeze_override = facts.lift->id;
    return;
  }
  for (const auto& freeze : in_force) {
    Reason frozen =
        reason(ReasonCode::frozen,
               question.environment + " is frozen" +
                   (freeze.until ? " until " + freeze.until->text() : "") + " by " + freeze.name +
                   ": " + freeze.reason,
               {{"release manager",
                 "wait until the freeze ends, or ask for an override that somebody else approves",
                 "holdpoint freeze next-window " + question.application + " --env " +
                     question.environment + " --for 1h"}});
    frozen.unblocks_at = freeze.until;
    verdict.reasons.push_back(std::move(frozen));
  }
}

/// Judges the policies of the gate; what cannot be judged keeps it closed.
void judge_policies(const GateQuestion& question, const GateFacts& facts, GateVerdict& verdict) {
  if (!facts.policies) {
    verdict.decision = Decision::unknown;
    verdict.reasons.push_back(reason(ReasonCode::gate_policy_unreadable,
                                     "A policy of the gate could not be read.",
                                     {{"operator", "verify the store", "holdpoint audit verify"}}));
    return;
  }
  if (facts.policies->empty()) return;
  const json::value document = to_json(policy_facts(question, facts));
  std::vector<policy::CriteriaVerdict> judged;
  policy::AdviceBudget budget;
  for (const policy::CompiledCriteria& one : *facts.policies) {
    judged.push_back(policy::evaluate(one, document.get_object(), budget));
    verdict.policies.push_back(certification::view_of(judged.back()));
    const Fallback owner{{one.document().owner, "see to what the rule names, or change the policy",
                          "holdpoint policy show GatePolicy " + judged.back().name},
                         ""};
    add_failed_rules(verdict.policies.back(), ReasonCode::gate_policy_failed, owner,
                     verdict.reasons);
  }
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (!certification::is_trial(judged[i])) continue;
    verdict.policies[i].would_flip =
        verdict.reasons.empty() && judged[i].applicable && !judged[i].passed;
  }
}

void judge_certification(const GateQuestion& question, const GateFacts& facts,
                         GateVerdict& verdict) {
  auto& reasons = verdict.reasons;
  if (!facts.certification) {
    reasons.push_back(reason(ReasonCode::not_certified, "The release was not judged yet.",
                             {certify_again(question)}));
    return;
  }
  const auto& standing = *facts.certification;
  if (standing.state == State::revoked) {
    reasons.push_back(reason(
        ReasonCode::certification_revoked,
        "The certification was revoked: " + standing.revoked_because.value_or("no reason recorded"),
        {certify_again(question)}));
  } else if (standing.state != State::certified) {
    if (standing.verdict) {
      add_failed_criteria(question, *standing.verdict, reasons);
    } else {
      verdict.decision = Decision::unknown;
      reasons.push_back(reason(ReasonCode::certification_unreadable,
                               "Why the release was refused could not be read.",
                               {{"operator", "verify the store", "holdpoint audit verify"}}));
    }
  }
  if (standing.evidence_digest != facts.evidence_digest) {
    reasons.push_back(reason(ReasonCode::evidence_changed,
                             "The evidence changed since the release was judged.",
                             {certify_again(question)}));
  }
  if (standing.criteria_digest != facts.criteria_digest) {
    reasons.push_back(reason(ReasonCode::criteria_changed,
                             "The criteria changed since the release was judged.",
                             {certify_again(question)}));
  }
  if (standing.at < facts.application_changed_at) {
    reasons.push_back(reason(ReasonCode::application_changed,
                             question.application + " changed since the release was judged.",
                             {certify_again(question)}));
  }
}

bool all_are(const std::vector<Reason>& reasons, ReasonCode code) {
  return !reasons.empty() &&
         std::ranges::all_of(reasons, [code](const Reason& one) { return one.code == code; });
}

/// Whether no policy of the gate blocks at that time, also none that does not apply yet.
bool policies_let_through(const GatePolicyFacts& then, const GateFacts& facts) {
  if (!facts.policies) return false;
  if (facts.policies->empty()) return true;
  // How the change stands then, and whether people looked back at an emergency, is not known.
  const bool asks_for_change =
      std::ranges::any_of(*facts.policies, [](const policy::CompiledCriteria& one) {
        return policy::mentions(one.document(), "change");
      });
  if (asks_for_change) return false;
  const json::value document = to_json(then);
  return std::ranges::none_of(*facts.policies, [&](const policy::CompiledCriteria& one) {
    return policy::blocks(policy::evaluate(one, document.get_object(), policy::Depth::results));
  });
}

/// The latest instant of the gate's policies that fail, if none of them blocks then.
std::optional<Instant> policies_pass_at(const GateQuestion& question, const GateVerdict& verdict,
                                        const GateFacts& facts) {
  std::optional<Instant> latest;
  for (const auto& one : verdict.policies) {
    if (one.mode != "enforce" || !one.applicable || one.passed) continue;
    if (!one.unblocks_at) return std::nullopt;
    if (!latest || *latest < *one.unblocks_at) latest = one.unblocks_at;
  }
  // A certification that depends on the time may have run out by then.
  if (!latest || facts.certification_moves) return std::nullopt;
  GatePolicyFacts then = policy_facts(question, facts);
  then.now = {*latest};
  return policies_let_through(then, facts) ? latest : std::nullopt;
}

/// When the criteria pass by themselves, if the policies of the gate let a release through then
/// that is certified.
std::optional<Instant> criteria_pass_at(const GateQuestion& question, const GateFacts& facts) {
  const auto& standing = facts.certification;
  if (!standing || !standing->verdict || !standing->verdict->unblocks_at) return std::nullopt;
  GatePolicyFacts then = policy_facts(question, facts);
  then.now = {*standing->verdict->unblocks_at};
  if (then.certification) {
    then.certification->state = State::certified;
    then.certification->at = then.now;
  }
  return policies_let_through(then, facts) ? standing->verdict->unblocks_at : std::nullopt;
}

/// When the freezes end, if the policies of the gate let the release through then.
std::optional<Instant> freezes_end_at(const GateQuestion& question, const GateFacts& facts) {
  const auto end = catalog::unfrozen_from(facts.freezes, scope_of(question), facts.now);
  // A certification that depends on the time may have run out by then.
  if (!end || facts.certification_moves) return std::nullopt;
  GatePolicyFacts then = policy_facts(question, facts);
  then.now = {*end};
  return policies_let_through(then, facts) ? end : std::nullopt;
}

/// Only what criteria, only what policies of the gate or only what freezes refuse is known to pass
/// with time; when two of them do, the one's facts change with the other, and any other reason
/// waits for somebody.
std::optional<Instant> opens_at(const GateQuestion& question, const GateVerdict& verdict,
                                const GateFacts& facts) {
  if (all_are(verdict.reasons, ReasonCode::frozen)) return freezes_end_at(question, facts);
  std::optional<Instant> at;
  if (all_are(verdict.reasons, ReasonCode::gate_policy_failed)) {
    at = policies_pass_at(question, verdict, facts);
  } else if (all_are(verdict.reasons, ReasonCode::certification_refused)) {
    at = criteria_pass_at(question, facts);
  }
  if (at && !catalog::freezes_at(facts.freezes, scope_of(question), *at).empty()) {
    return std::nullopt;
  }
  return at;
}

}  // namespace

GateVerdict decide_gate(const GateQuestion& question, const GateFacts& facts) {
  GateVerdict verdict;
  auto& reasons = verdict.reasons;
  const auto& allowed = facts.application.environments;
  if (!allowed.empty() && std::ranges::find(allowed, question.environment) == allowed.end()) {
    reasons.push_back(reason(
        ReasonCode::environment_not_of_application,
        question.application + " is not deployed to " + question.environment + ".",
        {{"owner of " + question.application, "add the environment to the application's document",
          "holdpoint apply -f application.yaml"}}));
  }
  if (facts.environment.state == RecordState::retired) {
    reasons.push_back(reason(
        ReasonCode::environment_retired, question.environment + " is retired.",
        {{"release manager", "deploy elsewhere, or bring the environment back by its document",
          "holdpoint apply -f environments.yaml"}}));
  }
  if (facts.application.state == RecordState::retired) {
    reasons.push_back(
        reason(ReasonCode::application_retired, question.application + " is retired.",
               {{"owner of " + question.application, "bring the application back by its document",
                 "holdpoint apply -f application.yaml"}}));
    return verdict;
  }
  if (!facts.release_exists) {
    reasons.push_back(reason(
        ReasonCode::release_not_found, "There is no release " + name_of(question) + ".",
        {{"pipeline", "propose the release", "holdpoint release create " + name_of(question)}}));
    return verdict;
  }
  if (question.artifact &&
      std::ranges::find(facts.artifacts, *question.artifact, &releases::Artifact::digest) ==
          facts.artifacts.end()) {
    reasons.push_back(reason(
        ReasonCode::artifact_not_in_release,
        "The artifact " + question.artifact->text() + " is not of " + name_of(question) + ".",
        {{"pipeline", "deploy an artifact of the release", ""}}));
  }
  judge_freezes(question, facts, verdict);
  if (facts.environment.requires_certification) judge_certification(question, facts, verdict);
  add_surroundings(question, facts, reasons);
  add_change(question, facts, verdict);
  add_approval(question, facts, verdict);
  judge_policies(question, facts, verdict);
  if (reasons.empty()) verdict.decision = Decision::open;
  verdict.opens_at = opens_at(question, verdict, facts);
  return verdict;
}

GatePolicyFacts policy_facts(const GateQuestion& question, const GateFacts& facts) {
  GatePolicyFacts out;
  out.now = {facts.now};
  const catalog::Application& application = facts.application;
  out.application = {application.name, application.criticality, application.data_classes,
                     application.owners};
  out.release = {facts.release_id, question.version};
  out.environment = {facts.environment.name, facts.environment.environment_kind,
                     facts.environment.position, facts.environment.requires_certification};
  if (facts.certification) {
    out.certification = GateCertification{
        .id = facts.certification->id,
        .state = facts.certification->state,
        .at = {facts.certification->at},
        .evidence_current = facts.certification->evidence_digest == facts.evidence_digest,
        .criteria_current = facts.certification->criteria_digest == facts.criteria_digest,
        .waivers = facts.certification->waivers};
  }
  for (const releases::Artifact& artifact : facts.artifacts) {
    out.artifacts.push_back({artifact.name, artifact.digest});
  }
  out.artifact = question.artifact;
  out.flags = policy::flags_of(application.data_classes);
  out.record = facts.record;
  if (facts.change) {
    const changes::Governing& change = *facts.change;
    out.change = GateChange{.id = change.change,
                            .type = change.type,
                            .risk = change.risk,
                            .state = change.state,
                            .window = GateWindow{{change.window.from}, {change.window.until}},
                            .emergency = change.type == policy::ChangeType::emergency,
                            .overdue_review = change.overdue_review};
  }
  return out;
}

Refusal environment_not_found(std::string_view environment) {
  Refusal refusal{RefusalKind::not_found, "environment_not_found",
                  "There is no environment " + std::string(environment) + " in this workspace."};
  refusal.next.push_back({"workspace administrator", "apply a document for the environment",
                          "holdpoint apply -f environments.yaml"});
  return refusal;
}

}  // namespace holdpoint::deployments
