// Judging facts by criteria, and the views of what was decided.
#include <algorithm>

#include "certification/certification.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::certification {
namespace {

std::vector<BlameView> view_of(const std::vector<policy::Blame>& blame) {
  std::vector<BlameView> views;
  for (const policy::Blame& one : blame) {
    views.push_back({one.expression, one.have, one.relation, one.need});
  }
  return views;
}

RuleView view_of(const policy::RuleVerdict& verdict) {
  RuleView view{.id = verdict.rule_id,
                .result = std::string(policy::result_name(verdict.result)),
                .message = verdict.message,
                .detail = verdict.detail,
                .blame = view_of(verdict.blame),
                .elements = {},
                .missing = verdict.missing,
                .remedy = std::nullopt,
                .evidence = verdict.evidence,
                .line = verdict.line};
  for (const policy::FailingElement& element : verdict.elements) {
    view.elements.push_back({element.path, element.keys, view_of(element.blame)});
  }
  if (verdict.remedy) {
    view.remedy = RemedyView{verdict.remedy->action, verdict.remedy->by, verdict.remedy->command};
  }
  return view;
}

CriteriaView view_of(const policy::CriteriaVerdict& verdict) {
  CriteriaView view{.name = verdict.name,
                    .digest = verdict.digest,
                    .mode = std::string(policy::mode_name(verdict.mode)),
                    .applicable = verdict.applicable,
                    .passed = verdict.passed,
                    .rules = {}};
  for (const policy::RuleVerdict& rule : verdict.rules) view.rules.push_back(view_of(rule));
  return view;
}

}  // namespace

std::string_view sentence(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::no_criteria: return "No criteria in force apply to this release.";
    case Obstacle::no_artifacts: return "The release names no artifact that could be certified.";
    case Obstacle::criteria_unreadable: return "Criteria in force could not be read.";
  }
  return "";
}

Verdict judge(const Facts& facts, std::span<const policy::CompiledCriteria> criteria) {
  const json::value document = to_json(facts);
  Verdict verdict;
  bool enforced = false;
  verdict.passed = true;
  for (const policy::CompiledCriteria& one : criteria) {
    const auto judged = policy::evaluate(one, document.get_object());
    verdict.criteria.push_back(view_of(judged));
    if (judged.mode != policy::Mode::enforce || !judged.applicable) continue;
    enforced = true;
    verdict.passed &= judged.passed;
  }
  if (!enforced) verdict.obstacles.push_back(Obstacle::no_criteria);
  if (facts.release.artifacts.empty()) verdict.obstacles.push_back(Obstacle::no_artifacts);
  verdict.passed &= verdict.obstacles.empty();
  return verdict;
}

std::expected<std::string, JsonIssue> make_statement(const Record& record, const Facts& facts,
                                                     std::string_view origin) {
  ledger::VerificationSummary summary;
  for (const ArtifactFacts& artifact : facts.release.artifacts) {
    summary.subjects.push_back({artifact.name, artifact.digest});
  }
  const std::string log = "https://" + std::string(origin);
  summary.verifier_id = log + "/verifier/v1";
  summary.time_verified = facts.now.at;
  summary.resource_uri = "pkg:generic/" + record.application + "@" + record.version;
  summary.policy_uri = log + "/criteria/" + record.criteria_digest.hex();
  summary.policy_digest = record.criteria_digest;
  summary.result = ledger::SummaryResult::passed;
  summary.verified_levels = {"HOLDPOINT_CERTIFIED"};
  json::array criteria;
  for (const JudgedCriteria& one : record.criteria) {
    criteria.push_back({{"name", one.name}, {"digest", one.digest.text()}});
  }
  summary.certification = {{"id", record.id.text()},
                           {"origin", std::string(origin)},
                           {"release", record.release},
                           {"facts", record.facts.text()},
                           {"evidence", record.evidence_digest.text()},
                           {"verdict", record.verdict.text()},
                           {"criteria", std::move(criteria)}};
  return ledger::encode_statement(summary);
}

bool depends_on_time(std::span<const policy::CompiledCriteria> criteria) {
  const auto reads_now = [](const std::string& expression) { return expression.contains("now"); };
  return std::ranges::any_of(criteria, [&](const policy::CompiledCriteria& one) {
    const auto& document = one.document();
    return reads_now(document.match) ||
           std::ranges::any_of(document.variables, reads_now,
                               &policy::VariableSource::expression) ||
           std::ranges::any_of(document.rules, [&](const policy::RuleSource& rule) {
             return reads_now(rule.require) || reads_now(rule.when);
           });
  });
}

Refusal certification_not_found(std::string_view id) {
  return {RefusalKind::not_found, "certification_not_found",
          "There is no certification " + std::string(id) + " in this workspace."};
}

Refusal not_revocable(State state) {
  return {RefusalKind::conflict, "not_revocable",
          "Only a certification that stands can be revoked; this one is " +
              std::string(describe::enum_text(state)) + "."};
}

Refusal revocation_stands(std::string_view release) {
  Refusal refusal{RefusalKind::forbidden, "revocation_stands",
                  "The certification of " + std::string(release) +
                      " was revoked; only who may revoke may have it judged again."};
  refusal.next.push_back({"release manager", "certify the release again",
                          "holdpoint certify " + std::string(release)});
  return refusal;
}

Refusal reason_needed() {
  Refusal refusal{RefusalKind::invalid, "reason_needed", "A revocation needs a reason."};
  refusal.issues.push_back({"/reason", "expected 1 to 1000 bytes", 0});
  return refusal;
}

}  // namespace holdpoint::certification
