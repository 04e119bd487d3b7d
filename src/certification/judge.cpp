// Judging facts by criteria, and the views of what was decided.
#include <algorithm>
#include <set>

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

RemedyView view_of(const policy::Advice& advice) {
  RemedyView view{.action = advice.action,
                  .by = advice.by,
                  .command = advice.command,
                  .due = advice.due,
                  .verified = advice.verified};
  if (!advice.verified) view.unverified_because = advice.unverified_because;
  for (const policy::NeededChange& change : advice.changes) {
    view.changes.push_back({change.path, change.from, change.to});
  }
  return view;
}

RuleView view_of(const policy::RuleVerdict& verdict) {
  RuleView view{.id = verdict.rule_id,
                .result = std::string(policy::result_name(verdict.result)),
                .message = verdict.message,
                .detail = verdict.detail,
                .blame = view_of(verdict.blame),
                .elements = {},
                .excluded = {},
                .missing = verdict.missing,
                .remedy = std::nullopt,
                .unblocks_at = verdict.unblocks_at,
                .violations = std::nullopt,
                .evidence = verdict.evidence,
                .line = verdict.line};
  for (const policy::FailingElement& element : verdict.elements) {
    view.elements.push_back({element.path, element.keys, view_of(element.blame)});
  }
  for (const policy::ExcludedElement& element : verdict.excluded) {
    view.excluded.push_back({element.path, element.keys, element.reason});
  }
  if (verdict.remedy) view.remedy = view_of(*verdict.remedy);
  if (!verdict.violations.empty()) view.violations = verdict.violations;
  return view;
}

/// What speaks against certifying when these documents are enforced and this is what they say.
std::vector<Obstacle> obstacles_of(const Facts& facts, bool enforced) {
  std::vector<Obstacle> obstacles;
  if (!enforced) obstacles.push_back(Obstacle::no_criteria);
  if (facts.release.artifacts.empty()) obstacles.push_back(Obstacle::no_artifacts);
  return obstacles;
}

}  // namespace

CriteriaView view_of(const policy::CriteriaVerdict& verdict) {
  CriteriaView view{.name = verdict.name,
                    .digest = verdict.digest,
                    .mode = std::string(policy::mode_name(verdict.mode)),
                    .applicable = verdict.applicable,
                    .passed = verdict.passed,
                    .waived = std::nullopt,
                    .remedies_suffice = std::nullopt,
                    .unblocks_at = verdict.unblocks_at,
                    .rules = {},
                    .would_flip = std::nullopt};
  if (verdict.waived) view.waived = true;
  if (verdict.applicable && !policy::lets_through(verdict)) {
    view.remedies_suffice = verdict.remedies_suffice;
  }
  for (const policy::RuleVerdict& rule : verdict.rules) view.rules.push_back(view_of(rule));
  return view;
}

bool is_trial(const policy::CriteriaVerdict& verdict) {
  return verdict.mode == policy::Mode::warn || verdict.mode == policy::Mode::shadow;
}

namespace {

using Criteria = std::span<const policy::CompiledCriteria>;

/// The latest of the instants at which enforced criteria open by themselves, when none of them
/// blocks then: one may have closed again, and one that does not apply yet may apply by then.
std::optional<Instant> unblocks_at(const Verdict& verdict, const json::object& facts,
                                   Criteria criteria) {
  std::optional<Instant> latest;
  for (const CriteriaView& one : verdict.criteria) {
    if (one.mode != "enforce" || !one.applicable || lets_through(one)) continue;
    if (!one.unblocks_at) return std::nullopt;
    if (!latest || *latest < *one.unblocks_at) latest = one.unblocks_at;
  }
  if (!latest || !verdict.obstacles.empty()) return std::nullopt;
  bool is_enforced = false;
  for (const policy::CompiledCriteria& one : criteria) {
    const policy::CriteriaVerdict then = policy::evaluate_at(one, facts, *latest);
    if (policy::blocks(then)) return std::nullopt;
    is_enforced |= then.mode == policy::Mode::enforce && then.applicable;
  }
  return is_enforced ? latest : std::nullopt;
}

/// Keeps what a verdict says within the room that is read back: past the first bound a rule says
/// its result and its message, past the second its result alone. Results are never left out.
void shorten(Verdict& verdict) {
  std::size_t bytes = 0;
  for (CriteriaView& criteria : verdict.criteria) {
    for (RuleView& rule : criteria.rules) {
      const std::size_t own = to_json_text(rule).size();
      if (bytes + own > verdict_reasons_bytes_max && rule.result != "pass") {
        RuleView shorter{.id = rule.id, .result = rule.result, .line = rule.line};
        shorter.unblocks_at = rule.unblocks_at;
        shorter.violations = rule.violations;  // few and short, and what a waiver names
        shorter.detail = "left out: the verdict says more than can be kept";
        if (bytes + own <= verdict_messages_bytes_max) shorter.message = rule.message;
        rule = std::move(shorter);
      }
      bytes += to_json_text(rule).size();
    }
  }
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
  std::vector<policy::CriteriaVerdict> judged;
  policy::AdviceBudget budget;
  bool enforced = false;
  bool all_passed = true;
  for (const policy::CompiledCriteria& one : criteria) {
    judged.push_back(policy::evaluate(one, document.get_object(), budget));
    if (judged.back().mode != policy::Mode::enforce || !judged.back().applicable) continue;
    enforced = true;
    all_passed &= policy::lets_through(judged.back());
  }
  Verdict verdict;
  verdict.obstacles = obstacles_of(facts, enforced);
  verdict.passed = all_passed && verdict.obstacles.empty();
  for (const policy::CriteriaVerdict& one : judged) {
    verdict.criteria.push_back(view_of(one));
    if (!is_trial(one)) continue;
    // A document that does not apply would not have been enforced either.
    const bool with_it = all_passed && policy::lets_through(one) &&
                         obstacles_of(facts, enforced || one.applicable).empty();
    verdict.criteria.back().would_flip = one.applicable && with_it != verdict.passed;
  }
  if (!verdict.passed) verdict.unblocks_at = unblocks_at(verdict, document.get_object(), criteria);
  shorten(verdict);
  return verdict;
}

Shortfall shortfall_of(const Facts& facts, const Verdict& verdict) {
  bool failed = false;
  for (const CriteriaView& one : verdict.criteria) {
    if (one.mode != "enforce" || !one.applicable) continue;
    for (const RuleView& rule : one.rules) {
      if (rule.result == "unknown") return Shortfall::incomplete;
      failed |= rule.result == "fail" || rule.result == "error";
    }
  }
  return failed && !facts.evidence.items.empty() ? Shortfall::failed : Shortfall::incomplete;
}

bool is_complete(const Facts& facts, const Verdict& verdict) {
  return verdict.passed || shortfall_of(facts, verdict) == Shortfall::failed;
}

std::vector<std::string> waivers_used(std::span<const CriteriaView> criteria) {
  std::set<std::string> used;
  for (const CriteriaView& one : criteria) {
    if (one.mode != "enforce") continue;
    for (const RuleView& rule : one.rules) {
      if (rule.result != "waived" || !rule.violations) continue;
      for (const policy::Violation& violation : *rule.violations) {
        if (violation.waiver) used.insert(*violation.waiver);
      }
    }
  }
  return {used.begin(), used.end()};
}

std::optional<waivers::RuleStanding> rule_standing(const Verdict& verdict,
                                                   std::string_view criteria,
                                                   std::string_view rule) {
  for (const CriteriaView& one : verdict.criteria) {
    if (one.name != criteria || one.mode != "enforce") continue;
    if (!one.applicable) return waivers::RuleStanding{"not_applicable", std::nullopt};
    const auto found = std::ranges::find(one.rules, rule, &RuleView::id);
    if (found == one.rules.end()) return std::nullopt;
    return waivers::RuleStanding{found->result, found->violations};
  }
  return std::nullopt;
}

std::expected<std::string, JsonIssue> make_statement(const Record& record, const Facts& facts,
                                                     std::span<const std::string> waivers,
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
  for (const policy::JudgedDocument& one : record.criteria) {
    criteria.push_back({{"name", one.name}, {"digest", one.digest.text()}});
  }
  summary.certification = {{"id", record.id.text()},
                           {"origin", std::string(origin)},
                           {"release", record.release},
                           {"facts", record.facts.text()},
                           {"evidence", record.evidence_digest.text()},
                           {"verdict", record.verdict.text()},
                           {"criteria", std::move(criteria)}};
  if (!waivers.empty()) {
    summary.certification["waivers"] = json::array(waivers.begin(), waivers.end());
  }
  return ledger::encode_statement(summary);
}

bool depends_on_time(std::span<const policy::CompiledCriteria> criteria) {
  return std::ranges::any_of(criteria, [](const policy::CompiledCriteria& one) {
    return policy::mentions(one.document(), "now") || policy::mentions(one.document(), "record");
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
