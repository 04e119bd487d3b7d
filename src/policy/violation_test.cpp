// Violations and the waivers that cover them: what is covered does not count, whatever comes later
// does, and nothing that is waived is ever passed.
#include "policy/violation.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "policy/policy.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::int64_t kNow = 1'795'521'600'000'000;

const cel::Schema& schema() {
  static const auto read = cel::Schema::from_json(*parse_json(R"({
    "type": "object", "required": ["now", "findings", "coverage"],
    "properties": {
      "now": {"type": "integer"},
      "coverage": {"type": "object", "required": ["line_bp"],
                   "properties": {"line_bp": {"type": "integer"}}},
      "findings": {"type": "array", "items": {"type": "object",
        "required": ["fingerprint", "severity"],
        "properties": {"fingerprint": {"type": "string"}, "severity": {"type": "string"}}}},
      "waivers": {"type": "array", "items": {"type": "object"}}}})"));
  REQUIRE(read);
  return *read;
}

CompiledCriteria criteria(std::string_view require, std::string_view more = "") {
  auto compiled = compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: baseline, owner: team-quality}\nspec:\n  rules:\n"
      "    - id: one\n      message: It must hold.\n" +
          std::string(more) + "      require: |-\n        " + std::string(require) + "\n",
      schema());
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

std::string print_of(char c) { return std::string(64, c); }

json::object finding(char fingerprint, std::string_view severity = "high") {
  return {{"fingerprint", print_of(fingerprint)}, {"severity", severity}};
}

json::object waiver(const std::string& violation, std::string_view rule = "one",
                    std::int64_t until = kNow + 1) {
  return {{"id", "wvr_" + violation.substr(0, 3)},
          {"criteria", "baseline"},
          {"rule", rule},
          {"violation", violation},
          {"owner", "per_1"},
          {"until", until}};
}

json::object facts(json::array findings, json::array waivers = {}, std::int64_t line_bp = 9'000) {
  return {{"now", kNow},
          {"coverage", {{"line_bp", line_bp}}},
          {"findings", std::move(findings)},
          {"waivers", std::move(waivers)}};
}

constexpr std::string_view kNoHigh = "findings.all(f, f.severity != 'high')";
constexpr std::string_view kCoverage = "coverage.line_bp >= 8000";

CriteriaVerdict judged(const CompiledCriteria& criteria, const json::object& facts) {
  AdviceBudget budget;
  return evaluate(criteria, facts, budget);
}
RuleResult result(std::string_view require, const json::object& facts) {
  return judged(criteria(require), facts).rules.at(0).result;
}

TEST_CASE("a finding is named by its fingerprint, and waived it does not count") {
  const auto rule = criteria(kNoHigh);
  const auto bare = judged(rule, facts({finding('a')})).rules.at(0);
  REQUIRE(bare.result == RuleResult::fail);
  REQUIRE(bare.violations.size() == 1);
  CHECK(bare.violations[0].fingerprint == print_of('a'));
  const CriteriaVerdict waived = judged(rule, facts({finding('a')}, {waiver(print_of('a'))}));
  CHECK(waived.rules.at(0).result == RuleResult::waived);
  CHECK(waived.rules.at(0).violations.at(0).waiver == "wvr_aaa");
  CHECK(waived.waived);
  CHECK_FALSE(waived.passed);
  CHECK(lets_through(waived));
  CHECK_FALSE(blocks(waived));
}

TEST_CASE("whatever the depth, the result is the same") {
  const auto rule = criteria(kNoHigh);
  for (const json::object& one :
       {facts({finding('a')}), facts({finding('a')}, {waiver(print_of('a'))}),
        facts({finding('a'), finding('b')}, {waiver(print_of('a'))})}) {
    const RuleResult advised = judged(rule, one).rules.at(0).result;
    CHECK(evaluate(rule, one, Depth::results).rules.at(0).result == advised);
    CHECK(evaluate(rule, one, Depth::reasons).rules.at(0).result == advised);
  }
}

TEST_CASE("a new finding is not covered by the waiver of another") {
  const auto verdict =
      judged(criteria(kNoHigh), facts({finding('a'), finding('b')}, {waiver(print_of('a'))}));
  CHECK(verdict.rules.at(0).result == RuleResult::fail);
  CHECK(blocks(verdict));
  CHECK(verdict.rules.at(0).violations.at(0).waiver);
  CHECK_FALSE(verdict.rules.at(0).violations.at(1).waiver);
}

TEST_CASE("a waiver counts only for its rule, its criteria, and until it is over") {
  CHECK(result(kNoHigh, facts({finding('a')}, {waiver(print_of('a'), "two")})) == RuleResult::fail);
  json::object other = waiver(print_of('a'));
  other["criteria"] = "others";
  CHECK(result(kNoHigh, facts({finding('a')}, {other})) == RuleResult::fail);
  CHECK(result(kNoHigh, facts({finding('a')}, {waiver(print_of('a'), "one", kNow)})) ==
        RuleResult::fail);
  json::object bad = waiver(print_of('a'));
  bad.erase("until");
  CHECK(result(kNoHigh, facts({finding('a')}, {bad})) == RuleResult::fail);
}

TEST_CASE("a rule over a value is waived as a whole, with all that it reads") {
  const auto bare = judged(criteria(kCoverage), facts({}, {}, 7'500)).rules.at(0);
  REQUIRE(bare.violations.size() == 1);
  const std::string print = bare.violations[0].fingerprint;
  CHECK(result(kCoverage, facts({}, {waiver(print)}, 7'500)) == RuleResult::waived);
  CHECK(result(kCoverage, facts({}, {waiver(print)}, 7'400)) == RuleResult::fail);
  CHECK(result(kCoverage, facts({finding('a')}, {waiver(print)}, 7'500)) == RuleResult::waived);
  CHECK(result(kCoverage, facts({}, {waiver(print)}, 8'000)) == RuleResult::pass);
}

TEST_CASE("a count that stays the same with another finding is another violation") {
  constexpr std::string_view few = "findings.map(f, f.severity).filter(s, s == 'high').size() == 0";
  const auto bare = judged(criteria(few), facts({finding('a')})).rules.at(0);
  REQUIRE(bare.result == RuleResult::fail);
  REQUIRE(bare.violations.size() == 1);
  const std::string print = bare.violations[0].fingerprint;
  CHECK(result(few, facts({finding('a')}, {waiver(print)})) == RuleResult::waived);
  CHECK(result(few, facts({finding('b')}, {waiver(print)})) == RuleResult::fail);
}

TEST_CASE("what is unknown or an error is never waived") {
  const auto rule = criteria(kCoverage);
  json::object without = facts({}, {waiver(print_of('a'))});
  without.erase("coverage");
  const auto verdict = judged(rule, without);
  CHECK(verdict.rules.at(0).result == RuleResult::unknown);
  CHECK(verdict.rules.at(0).violations.empty());
}

TEST_CASE("a rule may say that it is never waived") {
  const auto strict = criteria(kNoHigh, "      waivable: false\n");
  const auto verdict = judged(strict, facts({finding('a')}, {waiver(print_of('a'))}));
  CHECK(verdict.rules.at(0).result == RuleResult::fail);
  CHECK(verdict.rules.at(0).violations.empty());
  CHECK(blocks(verdict));
}

TEST_CASE("a document with one rule waived and another failing is neither passed nor waived") {
  auto compiled = compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: baseline, owner: team-quality}\nspec:\n  rules:\n"
      "    - {id: one, message: m, require: \"" +
          std::string(kNoHigh) + "\"}\n    - {id: two, message: m, require: \"" +
          std::string(kCoverage) + "\"}\n",
      schema());
  REQUIRE(compiled);
  const auto verdict = judged(*compiled, facts({finding('a')}, {waiver(print_of('a'))}, 10));
  CHECK(verdict.rules.at(0).result == RuleResult::waived);
  CHECK(verdict.rules.at(1).result == RuleResult::fail);
  CHECK_FALSE(verdict.waived);
  CHECK_FALSE(verdict.passed);
  CHECK(blocks(verdict));
}

TEST_CASE("over random findings and waivers, exactly what is uncovered blocks") {
  const std::uint32_t seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937 random(seed);
  const auto rule = criteria(kNoHigh);
  const std::string letters = "abcdef";
  for (int round = 0; round < 400; ++round) {
    json::array findings;
    json::array waivers;
    std::set<char> high;
    std::set<char> covered;
    for (const char letter : letters) {
      if (random() % 3 == 0) {
        findings.push_back(finding(letter));
        high.insert(letter);
      } else if (random() % 3 == 0) {
        findings.push_back(finding(letter, "low"));
      }
      if (random() % 2 == 0) {
        const bool is_over = random() % 4 == 0;
        waivers.push_back(waiver(print_of(letter), "one", is_over ? kNow : kNow + 5));
        if (!is_over) covered.insert(letter);
      }
    }
    const bool all_covered = std::ranges::includes(covered, high);
    const auto verdict = judged(rule, facts(std::move(findings), std::move(waivers)));
    const RuleResult expected = high.empty()  ? RuleResult::pass
                                : all_covered ? RuleResult::waived
                                              : RuleResult::fail;
    CHECK(verdict.rules.at(0).result == expected);
    CHECK(blocks(verdict) == (expected == RuleResult::fail));
    CHECK_FALSE((verdict.passed && verdict.waived));
  }
}

}  // namespace
}  // namespace holdpoint::policy
