// What is counted for a rule, and when it is said that it never blocked: only of verdicts that were
// read, of the version in force, and often enough.
#include "certification/effect.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::certification {
namespace {

const std::string two_rules =
    "  rules:\n"
    "    - {id: tests, message: M., require: evidence.tests.failed == 0}\n"
    "    - {id: coverage, message: M., when: has(evidence.coverage),"
    " require: evidence.coverage.line_bp >= 7000}\n";

policy::CompiledCriteria document(const std::string& spec, const std::string& mode = "enforce") {
  static const auto schema = policy::cel::Schema::from_json(facts_schema());
  REQUIRE(schema);
  auto compiled = policy::compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: baseline, owner: team:quality}\nspec:\n  mode: \"" +
          mode + "\"\n" + spec,
      *schema);
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

Facts facts(std::int64_t failed, std::optional<std::int64_t> line_bp = std::nullopt) {
  Facts facts;
  facts.application.name = "payments";
  facts.release.artifacts = {{"image", sha256("image")}};
  facts.evidence.tests = TestFacts{.total = 9, .passed = 9 - failed, .failed = failed};
  if (line_bp) facts.evidence.coverage.emplace().line_bp = *line_bp;
  return facts;
}

Facts without_reports() {
  Facts none = facts(0);
  none.evidence.tests.reset();
  return none;
}

/// One decision as it is recorded: judged for real, a minute after the one before.
struct Decided {
  std::string id;
  Instant at;
  std::vector<policy::JudgedDocument> judged_by;
  Verdict verdict;
};

class Past {
 public:
  void decide(const policy::CompiledCriteria& criteria, const Facts& facts, int times = 1) {
    for (int i = 0; i < times; ++i) {
      const auto number = static_cast<std::int64_t>(decisions_.size());
      decisions_.push_back({"crt_" + std::to_string(number),
                            Instant{number * 60'000'000},
                            {{criteria.document().name, criteria.digest(), {criteria.digest()}}},
                            judge(facts, std::vector{criteria})});
    }
  }
  /// The verdict of the last decision is gone.
  void lose() { lost_ = decisions_.back().id; }

  [[nodiscard]] DocumentEffect effect(const policy::CompiledCriteria& in_force,
                                      CountedVersions versions = CountedVersions::in_force,
                                      std::int64_t judged_min = 3) const {
    EffectCount count({uncounted(in_force.document())}, versions);
    for (const Decided& one : decisions_) {
      const bool is_read = one.id != lost_ && count.needs_verdict(one.judged_by);
      count.add({one.id, "payments@1", one.at, one.judged_by},
                is_read ? std::optional(one.verdict) : std::nullopt);
    }
    return count.documents(judged_min).at(0);
  }
  void turn() { std::ranges::reverse(decisions_); }

 private:
  std::vector<Decided> decisions_;
  std::string lost_;
};

}  // namespace

TEST_CASE("every result of a rule is counted, and when it last did not pass") {
  const auto criteria = document(two_rules);
  Past past;
  past.decide(criteria, without_reports());
  past.decide(criteria, facts(2, 8000));
  past.decide(criteria, facts(0, 6000), 2);
  past.decide(criteria, without_reports());
  for (int i = 0; i < 2; ++i) {
    const DocumentEffect effect = past.effect(criteria);
    CHECK(effect.decisions == 5);
    CHECK_FALSE(effect.would_flip);
    REQUIRE(effect.rules.size() == 2);
    const RuleEffect& tests = effect.rules[0];
    CHECK(tests.rule == "tests");
    CHECK(tests.judged == 5);
    CHECK(tests.passed == 2);
    CHECK(tests.failed == 1);
    CHECK(tests.unknown == 2);
    CHECK(tests.last_not_passed->certification == "crt_4");
    CHECK(tests.last_not_passed->result == policy::RuleResult::unknown);
    CHECK(tests.last_failed->certification == "crt_1");
    CHECK(tests.last_failed->result == policy::RuleResult::fail);
    const RuleEffect& coverage = effect.rules[1];
    CHECK(coverage.judged == 3);
    CHECK(coverage.failed == 2);
    CHECK(coverage.not_applicable == 2);
    CHECK(coverage.last_not_passed->certification == "crt_3");
    past.turn();  // the order of reading makes no difference
  }
}

TEST_CASE("a rule never blocked when it answered often enough and the answer was never no") {
  const auto criteria = document(two_rules);
  Past past;
  past.decide(criteria, without_reports(), 5);
  past.decide(criteria, facts(0), 2);
  CHECK_FALSE(past.effect(criteria).rules[0].never_blocked);
  past.decide(criteria, facts(0));
  CHECK(past.effect(criteria).rules[0].never_blocked);
  CHECK(past.effect(criteria).rules[0].unknown == 5);
  past.decide(criteria, facts(1));
  CHECK_FALSE(past.effect(criteria).rules[0].never_blocked);
}

TEST_CASE("a rule that ends in an error stands in the way, and is not said to never block") {
  const auto criteria =
      document("  rules: [{id: odd, message: M., require: 10 / evidence.tests.failed > 0}]\n");
  Past past;
  past.decide(criteria, facts(1), 3);
  CHECK(past.effect(criteria).rules[0].never_blocked);
  past.decide(criteria, facts(0));
  CHECK(past.effect(criteria).rules[0].error == 1);
  CHECK_FALSE(past.effect(criteria).rules[0].never_blocked);
}

TEST_CASE("a rule that never applied is told apart from one that always passed") {
  const auto criteria = document(two_rules);
  Past past;
  past.decide(criteria, facts(0), 3);
  const DocumentEffect effect = past.effect(criteria);
  CHECK(effect.rules[1].never_applicable);
  CHECK_FALSE(effect.rules[1].never_blocked);
  CHECK_FALSE(effect.rules[0].never_applicable);
  CHECK_FALSE(past.effect(criteria, CountedVersions::in_force, 4).rules[1].never_applicable);
}

TEST_CASE("no rule of a document that does not apply applies") {
  const auto criteria = document("  match: application.name == \"other\"\n" + two_rules);
  Past past;
  past.decide(criteria, facts(1, 10), 3);
  for (const RuleEffect& row : past.effect(criteria).rules) {
    CHECK(row.not_applicable == 3);
    CHECK(row.never_applicable);
  }
}

TEST_CASE("where it cannot be said whether a document applies, a row of its own says how often") {
  const auto criteria = document("  match: evidence.coverage.line_bp > 0\n" + two_rules);
  Past past;
  past.decide(criteria, facts(0), 3);
  const DocumentEffect effect = past.effect(criteria);
  REQUIRE(effect.rules.size() == 3);
  CHECK(effect.rules[0].judged == 0);
  CHECK(effect.rules[2].rule == "match");
  CHECK(effect.rules[2].unknown == 3);
  CHECK_FALSE(effect.rules[2].never_blocked);
}

TEST_CASE("a version that came into force recently has a history of its own") {
  const auto before = document(two_rules);
  const auto now =
      document("  rules: [{id: tests, message: M., require: evidence.tests.failed <= 1}]\n");
  Past past;
  past.decide(before, facts(2, 10), 5);
  past.decide(now, facts(1), 3);
  const DocumentEffect own = past.effect(now);
  CHECK(own.decisions == 3);
  CHECK(own.other_versions == 5);
  CHECK(own.rules.at(0).never_blocked);
  const DocumentEffect all = past.effect(now, CountedVersions::every);
  CHECK(all.decisions == 8);
  CHECK(all.other_versions == 0);
  REQUIRE(all.rules.size() == 1);  // the rule that is no longer in force is not listed
  CHECK(all.rules[0].failed == 5);
  CHECK_FALSE(all.rules[0].never_blocked);
}

TEST_CASE("an earlier version that was off, or did not apply, judged none of today's rules") {
  const auto now = document(two_rules);
  Past past;
  past.decide(document(two_rules, "off"), facts(1), 3);
  CHECK(past.effect(now, CountedVersions::every).decisions == 0);
  past.decide(document("  match: application.name == \"other\"\n" + two_rules), facts(1), 3);
  const DocumentEffect effect = past.effect(now, CountedVersions::every);
  CHECK(effect.decisions == 3);
  CHECK(effect.rules[0].not_applicable == 0);
}

TEST_CASE("a document that does not block says how many decisions it would have changed") {
  const auto trial = document(two_rules, "warn");
  Past past;
  // Nothing else is enforced, so that this document alone would have let the first two pass.
  past.decide(trial, facts(0), 2);
  past.decide(trial, facts(1));
  const DocumentEffect effect = past.effect(trial);
  CHECK(effect.decisions == 3);
  CHECK(effect.would_flip == 2);
  CHECK(effect.rules.empty());
  past.decide(document(two_rules), facts(1));
  CHECK(past.effect(trial, CountedVersions::every).decisions == 3);
}

TEST_CASE("a record from before it was written what a trial would change is untold") {
  const auto trial = document(two_rules, "shadow");
  Verdict verdict = judge(facts(0), std::vector{trial});
  verdict.criteria.at(0).would_flip.reset();
  EffectCount count({uncounted(trial.document())}, CountedVersions::in_force);
  const std::vector<policy::JudgedDocument> judged_by{{"baseline", trial.digest(), {}}};
  count.add({"crt_1", "payments@1", {}, judged_by}, verdict);
  CHECK(count.documents(1).at(0).untold == 1);
  CHECK(count.documents(1).at(0).decisions == 0);
}

TEST_CASE("while a verdict cannot be read, no rule of its documents is said to never block") {
  const auto criteria = document(two_rules);
  Past past;
  past.decide(criteria, facts(0), 5);
  past.lose();
  const DocumentEffect effect = past.effect(criteria);
  CHECK(effect.decisions == 4);
  CHECK(effect.untold == 1);
  for (const RuleEffect& row : effect.rules) {
    CHECK_FALSE(row.never_blocked);
    CHECK_FALSE(row.never_applicable);
  }
}

TEST_CASE("a result in words of a newer program is never counted as a pass") {
  const auto criteria = document(two_rules);
  Verdict verdict = judge(facts(0), std::vector{criteria});
  verdict.criteria.at(0).rules.at(0).result = "deferred";
  EffectCount count({uncounted(criteria.document())}, CountedVersions::in_force);
  const std::vector<policy::JudgedDocument> judged_by{{"baseline", criteria.digest(), {}}};
  count.add({"crt_1", "payments@1", {}, judged_by}, verdict);
  CHECK(count.documents(1).at(0).rules.at(0).passed == 0);
  CHECK(count.documents(1).at(0).rules.at(0).unknown == 1);
}

TEST_CASE("the list of idle rules leaves out everything else") {
  const auto criteria = document(two_rules);
  Past past;
  past.decide(criteria, facts(1), 3);
  const auto trial = uncounted(document(two_rules, "shadow").document());
  const auto idle = only_idle({past.effect(criteria), trial});
  REQUIRE(idle.size() == 1);
  REQUIRE(idle[0].rules.size() == 1);
  CHECK(idle[0].rules[0].rule == "coverage");
  past.lose();
  const auto untold = only_idle({past.effect(criteria), trial});
  REQUIRE(untold.size() == 1);
  CHECK(untold[0].rules.empty());
  CHECK(untold[0].untold == 1);
}

}  // namespace holdpoint::certification
