// What a document may cost when it is judged: all its rules share one budget, and what is over it
// is an error and never a pass. Documents that cost so much would not be accepted any more.
#include <doctest/doctest.h>

#include <algorithm>

#include "policy/advice_testing.hpp"
#include "policy/cel/session.hpp"

namespace holdpoint::policy {
namespace {

/// A comparison of every tag with every tag: about 5 units for each pair.
constexpr std::string_view costly = "tags.all(a, tags.all(b, a != '' || b != ''))";

json::object facts_with_tags(int count) {
  json::object facts = advice_facts();
  json::array tags;
  for (int i = 0; i < count; ++i) tags.push_back(json::string("t" + std::to_string(i)));
  facts["tags"] = std::move(tags);
  return facts;
}

std::string rule(std::string_view id, std::string_view require) {
  return "    - {id: " + std::string(id) + ", message: m, require: \"" + std::string(require) +
         "\"}\n";
}

CompiledCriteria compiled(const std::string& rules) {
  auto criteria = compile_criteria(advice_document("  rules:\n" + rules), advice_schema(),
                                   OwnTests::run, Standing::accepted);
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  return std::move(*criteria);
}

std::ptrdiff_t count(const CriteriaVerdict& verdict, RuleResult result) {
  return std::ranges::count(verdict.rules, result, &RuleVerdict::result);
}

TEST_CASE("rules that cost more together than a document may are errors, from there to the last") {
  std::string rules;
  for (int i = 0; i < 40; ++i) rules += rule("r" + std::to_string(i), costly);
  rules += rule("cheap", "failed == 3");
  const CompiledCriteria criteria = compiled(rules);
  const json::object facts = facts_with_tags(400);
  for (const Depth depth : {Depth::results, Depth::reasons, Depth::advice}) {
    const CriteriaVerdict verdict = judge(criteria, facts, depth);
    CHECK_FALSE(verdict.passed);
    CHECK(count(verdict, RuleResult::pass) > 5);
    CHECK(count(verdict, RuleResult::error) > 5);
    CHECK(count(verdict, RuleResult::pass) + count(verdict, RuleResult::error) == 41);
    CHECK(verdict.rules.back().result == RuleResult::error);
  }
  const CriteriaVerdict verdict = judge(criteria, facts, Depth::reasons);
  CHECK(verdict.rules.back().detail == "1:1: the budget of all rules of the document is spent");
  CHECK(judge(criteria, facts_with_tags(20)).passed);
}

TEST_CASE("why rules fail takes nothing from what the rules after them are judged with") {
  // Each fails on its first element, and its reason looks at them all.
  std::string rules;
  for (int i = 0; i < 40; ++i) {
    rules += rule("r" + std::to_string(i), "tags.all(a, a == '' && tags.all(b, a != b))");
  }
  rules += rule("costly", costly);
  const CriteriaVerdict verdict = judge(compiled(rules), facts_with_tags(400));
  CHECK(count(verdict, RuleResult::fail) == 40);
  CHECK(verdict.rules.back().result == RuleResult::pass);
  CHECK_FALSE(verdict.rules.front().detail.empty());
}

std::string tests(int count, int tags, std::string_view expect) {
  std::string given = "[";
  for (int i = 0; i < tags; ++i) given += "t" + std::to_string(i) + ", ";
  given += "]";
  std::string out = "  tests:\n";
  for (int i = 0; i < count; ++i) {
    out += "    - {name: t" + std::to_string(i) + ", expect: " + std::string(expect) +
           ", given: {tags: " + given + "}}\n";
  }
  return out;
}

TEST_CASE("the tests of a document share one budget, and too many costly ones are refused") {
  const std::string rules = "  rules:\n" + rule("costly", costly);
  const auto compile = [&](const std::string& more, Standing standing = Standing::proposed) {
    return compile_criteria(advice_document(rules + more), advice_schema(), OwnTests::run,
                            standing);
  };
  CHECK(compile(tests(5, 400, "passed")));
  CHECK(compile(tests(200, 20, "passed")));
  const std::string spent = tests(40, 400, "passed");
  const auto refused = compile(spent);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().size() == 1);
  const std::string issue = refused.error().front().text();
  CHECK(issue.starts_with("/spec/tests/2"));
  CHECK(issue.contains("up to here the tests cost more than the 10,000,000 units"));
  // It came into force when nobody counted, and a newer program does not take it away.
  CHECK(compile(spent, Standing::accepted));
}

TEST_CASE("of many tests that come out wrong, the first are told why and all are named") {
  const std::string text =
      advice_document("  rules:\n" + rule("none", "tags.all(a, a == '')") + tests(30, 3, "passed"));
  const auto refused = compile_criteria(text, advice_schema());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().size() == 30);
  CHECK(refused.error().front().message.contains("none: tags: 3 of 3 elements fail"));
  CHECK(refused.error().back().message == "the test 't29' failed, but must pass; none: fail");
}

TEST_CASE("a session that is spent is spent for every expression after, and not for reasons") {
  const json::object facts = advice_facts();
  cel::Session session(facts, cel::Limits{});
  session.charge(cel::Session::allowance_max);
  session.restart_cost(10);
  CHECK_FALSE(session.is_exhausted());
  session.charge(1);
  CHECK(session.is_exhausted());
  session.restart_cost(10);
  CHECK(session.is_exhausted());
  session.restart_cost(10, cel::Spending::reasons);
  session.charge(10);
  CHECK_FALSE(session.is_exhausted());
  session.charge(1);
  CHECK(session.is_exhausted());
}

}  // namespace
}  // namespace holdpoint::policy
