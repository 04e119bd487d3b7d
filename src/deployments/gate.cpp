// Deciding the gate: pure, from the question and what is known.
#include <algorithm>

#include "deployments/deployments.hpp"

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

/// One reason per criterion of an enforced document that is not passed.
void add_failed_criteria(const GateQuestion& question, const certification::Verdict& verdict,
                         std::vector<Reason>& reasons) {
  for (const auto obstacle : verdict.obstacles) {
    reasons.push_back(reason(ReasonCode::certification_refused,
                             std::string(certification::sentence(obstacle)),
                             {{"release manager", "put criteria in force, or name artifacts",
                               "holdpoint apply -f criteria.yaml"}}));
  }
  for (const auto& criteria : verdict.criteria) {
    if (criteria.mode != "enforce" || !criteria.applicable || criteria.passed) continue;
    for (const auto& rule : criteria.rules) {
      if (rule.result == "pass" || rule.result == "not_applicable") continue;
      Reason failed = reason(ReasonCode::certification_refused, rule.message);
      failed.criteria = criteria.name;
      failed.criterion = rule.id;
      failed.result = rule.result;
      failed.detail = rule.detail;
      if (rule.remedy) {
        failed.next.push_back({rule.remedy->by, rule.remedy->action, rule.remedy->command});
      } else {
        failed.next.push_back({"developer", "mend what the criterion names and add new evidence",
                               "holdpoint evidence add " + name_of(question) + " REPORT"});
      }
      reasons.push_back(std::move(failed));
    }
    if (criteria.rules.empty()) {
      Reason failed = reason(ReasonCode::certification_refused,
                             "Whether the criteria " + criteria.name +
                                 " apply could not be told, so they count as not passed.");
      failed.criteria = criteria.name;
      reasons.push_back(std::move(failed));
    }
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
    reasons.push_back(
        reason(ReasonCode::environment_retired, question.environment + " is retired."));
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
  if (facts.environment.requires_certification) judge_certification(question, facts, verdict);
  if (reasons.empty()) verdict.decision = Decision::open;
  return verdict;
}

Refusal environment_not_found(std::string_view environment) {
  Refusal refusal{RefusalKind::not_found, "environment_not_found",
                  "There is no environment " + std::string(environment) + " in this workspace."};
  refusal.next.push_back({"workspace administrator", "apply a document for the environment",
                          "holdpoint apply -f environments.yaml"});
  return refusal;
}

}  // namespace holdpoint::deployments
