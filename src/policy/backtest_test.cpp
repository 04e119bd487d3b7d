// Past decisions taken again: what would have been blocked, what would have passed, and what cannot
// be said at all.
#include "policy/backtest.hpp"

#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy {
namespace {

CompiledCriteria document(const std::string& name, const std::string& spec) {
  const auto compiled = compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata: {name: " + name +
          ", owner: team:quality}\nspec:\n" + spec,
      cel::test_schema());
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

CompiledCriteria requires_that(const std::string& condition, const std::string& name = "gate") {
  return document(name,
                  "  rules: [{id: one, message: It must hold., require: '" + condition + "'}]\n");
}

TriedDocument enforced(CompiledCriteria criteria) { return {std::move(criteria), Mode::enforce}; }

json::object facts_with(std::int64_t n) { return {{"n", n}}; }

PastDecision decision(std::optional<bool> passed) {
  return {.id = "crt_1",
          .subject = "billing@1",
          .application = "billing",
          .environment = std::nullopt,
          .passed = passed};
}

}  // namespace

TEST_CASE("a stricter rule blocks what passed, and says what it had and needs") {
  const DocumentSets sets{{enforced(requires_that("n >= 5"))}, {enforced(requires_that("n >= 9"))}};
  const auto replayed = replay(decision(true), facts_with(7), sets);
  REQUIRE(replayed);
  CHECK(replayed->effect == BacktestEffect::would_block);
  CHECK(replayed->passed_before);
  CHECK_FALSE(replayed->passed_after);
  REQUIRE(replayed->rules.size() == 1);
  CHECK(replayed->rules[0].before->result == RuleResult::pass);
  CHECK(replayed->rules[0].after->result == RuleResult::fail);
  CHECK(replayed->rules[0].after->detail == "n is 7, needs >= 9");
  CHECK(replayed->rules[0].after->message == "It must hold.");
}

TEST_CASE("a looser rule lets pass what was refused") {
  const DocumentSets sets{{enforced(requires_that("n >= 9"))}, {enforced(requires_that("n >= 5"))}};
  const auto replayed = replay(decision(false), facts_with(7), sets);
  REQUIRE(replayed);
  CHECK(replayed->effect == BacktestEffect::would_pass);
  CHECK(replayed->rules.at(0).before->detail == "n is 7, needs >= 9");
}

TEST_CASE("a decision that ends the same way by the same rules is no difference") {
  const DocumentSets sets{{enforced(requires_that("n >= 5"))}, {enforced(requires_that("n >= 6"))}};
  for (const std::int64_t n : {3, 7}) {
    const auto replayed = replay(decision(n == 7), facts_with(n), sets);
    REQUIRE(replayed);
    CHECK(replayed->effect == BacktestEffect::unchanged);
    CHECK(replayed->rules.empty());
  }
}

TEST_CASE("another rule in the way is a difference although the release stays refused") {
  const auto two = document("gate",
                            "  rules:\n    - {id: one, message: One., require: n >= 1}\n"
                            "    - {id: two, message: Two., require: n >= 9}\n");
  const DocumentSets sets{{enforced(requires_that("n >= 9"))}, {enforced(two)}};
  const auto replayed = replay(decision(false), facts_with(7), sets);
  REQUIRE(replayed);
  CHECK(replayed->effect == BacktestEffect::other_rules);
  REQUIRE(replayed->rules.size() == 2);
  CHECK(replayed->rules[0].rule == "one");
  CHECK(replayed->rules[0].after->result == RuleResult::pass);
  CHECK(replayed->rules[1].rule == "two");
  CHECK_FALSE(replayed->rules[1].before.has_value());
}

TEST_CASE("a removed document that stood in the way is a difference, rule by rule") {
  const auto gate = enforced(requires_that("n >= 5"));
  const DocumentSets sets{{gate, enforced(requires_that("n >= 9", "second"))}, {gate}};
  const auto replayed = replay(decision(false), facts_with(7), sets);
  REQUIRE(replayed);
  CHECK(replayed->effect == BacktestEffect::would_pass);
  REQUIRE(replayed->rules.size() == 1);
  CHECK(replayed->rules[0].document == "second");
  CHECK_FALSE(replayed->rules[0].after.has_value());
}

TEST_CASE("what the facts lack blocks as it would have then, and is called unknown") {
  const DocumentSets sets{{enforced(requires_that("n >= 5"))},
                          {enforced(requires_that("tests.failed == 0"))}};
  const auto replayed = replay(decision(true), facts_with(7), sets);
  REQUIRE(replayed);
  CHECK(replayed->effect == BacktestEffect::would_block);
  CHECK(replayed->rules.at(0).after->result == RuleResult::unknown);
}

TEST_CASE("a candidate that only warns blocks nothing, and blocks when it is tried as enforced") {
  const auto candidate = document(
      "extra", "  mode: warn\n  rules: [{id: one, message: It must hold., require: n >= 9}]\n");
  const auto gate = enforced(requires_that("n >= 5"));
  const auto warned =
      replay(decision(true), facts_with(7), {{gate}, {gate, {candidate, Mode::warn}}});
  REQUIRE(warned);
  CHECK(warned->effect == BacktestEffect::other_rules);
  CHECK(warned->passed_after);
  const auto blocked =
      replay(decision(true), facts_with(7), {{gate}, {gate, {candidate, Mode::enforce}}});
  REQUIRE(blocked);
  CHECK(blocked->effect == BacktestEffect::would_block);
  const auto off = replay(decision(true), facts_with(7), {{gate}, {gate, {candidate, Mode::off}}});
  REQUIRE(off);
  CHECK(off->effect == BacktestEffect::unchanged);
}

TEST_CASE("a document that stops blocking names the rules that do not stand in the way any more") {
  const auto strict = requires_that("n >= 9", "strict");
  const auto gate = enforced(requires_that("n >= 5"));
  const auto replayed = replay(decision(false), facts_with(7),
                               {{gate, enforced(strict)}, {gate, {strict, Mode::warn}}});
  REQUIRE(replayed);
  CHECK(replayed->effect == BacktestEffect::would_pass);
  REQUIRE(replayed->rules.size() == 1);
  CHECK(replayed->rules[0].before->mode == Mode::enforce);
  CHECK(replayed->rules[0].after->mode == Mode::warn);
  CHECK(replayed->rules[0].after->result == RuleResult::fail);
}

TEST_CASE("nothing passes when no enforced document applies, or something else hinders it") {
  const auto gate = enforced(requires_that("n >= 5"));
  const auto emptied = replay(decision(true), facts_with(7), {{gate}, {}});
  REQUIRE(emptied);
  CHECK(emptied->effect == BacktestEffect::would_block);
  CHECK(emptied->note == "no policy that blocks would apply to it");
  PastDecision hindered = decision(false);
  hindered.hindered = true;
  const auto still = replay(hindered, facts_with(7), {{gate}, {gate}});
  REQUIRE(still);
  CHECK(still->effect == BacktestEffect::unchanged);
}

TEST_CASE("a gate without a policy that applies lets through, and nothing is certified unjudged") {
  PastDecision started = decision(true);
  started.kind = DecisionKind::deployment;
  const auto gate = enforced(requires_that("n >= 9"));
  const auto blocked = replay(started, facts_with(7), {{}, {gate}});
  REQUIRE(blocked);
  CHECK(blocked->effect == BacktestEffect::would_block);
  CHECK(blocked->note.empty());
  const auto passed = replay(started, facts_with(10), {{}, {gate}});
  REQUIRE(passed);
  CHECK(passed->effect == BacktestEffect::unchanged);
  const auto without = replay(started, facts_with(10), {{gate}, {}});
  REQUIRE(without);
  CHECK(without->effect == BacktestEffect::unchanged);
}

TEST_CASE("a document on trial that would have blocked alone is named as one that would flip") {
  const auto strict = requires_that("n >= 9", "strict");
  const auto gate = enforced(requires_that("n >= 5"));
  for (const DecisionKind kind : {DecisionKind::certification, DecisionKind::deployment}) {
    PastDecision passed = decision(true);
    passed.kind = kind;
    for (const Mode mode : {Mode::warn, Mode::shadow}) {
      const auto tried = replay(passed, facts_with(7), {{gate}, {gate, {strict, mode}}});
      REQUIRE(tried);
      CHECK(tried->effect == BacktestEffect::other_rules);
      CHECK(tried->passed_after);
      CHECK(tried->would_flip == std::vector<std::string>{"strict"});
      const auto known =
          replay(passed, facts_with(7), {{gate, {strict, mode}}, {gate, {strict, mode}}});
      REQUIRE(known);
      CHECK(known->would_flip.empty());
      CHECK(known->effect == BacktestEffect::unchanged);
    }
    const auto fine = replay(passed, facts_with(10), {{gate}, {gate, {strict, Mode::shadow}}});
    REQUIRE(fine);
    CHECK(fine->would_flip.empty());
    PastDecision refused = decision(false);
    refused.kind = kind;
    const auto still = replay(refused, facts_with(3), {{gate}, {gate, {strict, Mode::shadow}}});
    REQUIRE(still);
    CHECK(still->would_flip.empty());
  }
}

TEST_CASE("a document on trial that alone would have judged and passed would flip a refusal") {
  const auto loose = requires_that("n >= 5", "loose");
  const auto tried = replay(decision(false), facts_with(7), {{}, {{loose, Mode::shadow}}});
  REQUIRE(tried);
  CHECK(tried->would_flip == std::vector<std::string>{"loose"});
  CHECK(tried->effect == BacktestEffect::other_rules);
}

TEST_CASE("a decision that cannot be taken again as it is recorded is never called unchanged") {
  const auto gate = enforced(requires_that("n >= 5"));
  const auto replayed = replay(decision(false), facts_with(7), {{gate}, {gate}});
  REQUIRE_FALSE(replayed);
  CHECK(replayed.error() ==
        "judged again by the policies of its time it is passed, but it is recorded as refused");
  BacktestReport report;
  report.add(decision(false), replayed);
  CHECK(report.totals().not_replayed == 1);
  CHECK(report.totals().unchanged == 0);
  CHECK(report.not_replayed().at(0).reason == replayed.error());
}

TEST_CASE("a candidate takes the place of the document of its name, or stands beside the others") {
  const auto gate = enforced(requires_that("n >= 5"));
  const auto other = enforced(requires_that("n >= 6", "other"));
  const auto stricter = enforced(requires_that("n >= 9"));
  const auto replaced = with_candidates({other, gate}, {stricter});
  REQUIRE(replaced.size() == 2);
  CHECK(replaced[1].criteria.digest() == stricter.criteria.digest());
  CHECK(with_candidates({other}, {stricter}).size() == 2);
}

TEST_CASE("totals count everything when the lists are full") {
  const DocumentSets sets{{enforced(requires_that("n >= 5"))}, {enforced(requires_that("n >= 9"))}};
  BacktestReport report;
  const std::int64_t count = BacktestReport::differences_max + 7;
  for (std::int64_t i = 0; i < count; ++i) {
    report.add(decision(true), replay(decision(true), facts_with(7), sets));
    report.add(decision(true), std::unexpected(std::string("its facts are gone")));
    report.add(decision(true), replay(decision(true), facts_with(10), sets));
  }
  CHECK(report.totals().decisions == 3 * count);
  CHECK(report.totals().would_block == count);
  CHECK(report.totals().unchanged == count);
  CHECK(report.totals().not_replayed == count);
  CHECK(report.differences().size() == BacktestReport::differences_max);
  CHECK(report.not_replayed().size() == BacktestReport::not_replayed_max);
}

TEST_CASE("a difference of many rules is cut, and the cut is said") {
  std::string rules = "  rules:\n";
  for (int i = 0; i < 30; ++i) {
    rules += "    - {id: r" + std::to_string(i) + ", message: M., require: n >= 9}\n";
  }
  const DocumentSets sets{{enforced(requires_that("n >= 5"))}, {enforced(document("gate", rules))}};
  BacktestReport report;
  report.add(decision(true), replay(decision(true), facts_with(7), sets));
  CHECK(report.differences().at(0).rules.size() == DecisionDifference::rules_max);
  CHECK(report.differences().at(0).rules_omitted == 10);
}

}  // namespace holdpoint::policy
