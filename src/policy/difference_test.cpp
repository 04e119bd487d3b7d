// Versions of documents compared by what they say, and streams of documents taken apart.
#include "policy/difference.hpp"

#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"
#include "policy/stream.hpp"
#include "policy/warnings.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view head =
    "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
    "metadata: {name: gate, owner: team:quality}\nspec:\n";

CompiledCriteria compiled(std::string_view spec) {
  const auto criteria = compile_criteria(std::string(head) + std::string(spec), cel::test_schema());
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  return *criteria;
}

std::vector<DocumentDifference> differences(const std::string& before, const std::string& after) {
  const std::vector one{compared(compiled(before).document(), {})};
  const std::vector two{compared(compiled(after).document(), {})};
  return difference(one, two);
}

const FactsSchemas& schemas() {
  static const FactsSchemas all{{Kind::certification_criteria, cel::test_schema()}};
  return all;
}

std::vector<std::string> warned(std::string_view spec, Instant now = {}) {
  const auto criteria = compiled(spec);
  std::vector<TestOutcome> outcomes;
  for (std::size_t i = 0; i < criteria.document().tests.size(); ++i) {
    outcomes.push_back(run_test(criteria, i, cel::test_schema()));
  }
  std::vector<std::string> messages;
  for (const PolicyIssue& issue : warnings_of(criteria, outcomes, now)) {
    messages.push_back(issue.message);
  }
  return messages;
}

const std::string one_rule = "  rules: [{id: one, message: M., require: n >= 5 && flag}]\n";

}  // namespace

TEST_CASE("comments, spaces and the order of keys are no difference") {
  CHECK(differences(one_rule,
                    "  # what counts\n  rules:\n    - require: |-\n        n>=5\n        && flag\n"
                    "      message: M.\n      id: one\n")
            .empty());
}

TEST_CASE("a changed condition is a difference of its rule, with both texts") {
  const auto found = differences(
      one_rule, "  rules: [{id: one, message: M., when: flag, require: n >= 6 && flag}]\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "rule");
  CHECK(found[0].name == "one");
  CHECK(found[0].kind == DifferenceKind::changed);
  REQUIRE(found[0].parts.size() == 2);
  CHECK(found[0].parts[0].part == "require");
  CHECK(found[0].parts[0].before == "n >= 5 && flag");
  CHECK(found[0].parts[0].after == "n >= 6 && flag");
  CHECK(found[0].parts[1].part == "when");
}

std::string with_remedy(const std::string& more) {
  return "  rules: [{id: one, message: M., require: flag, remedy: {do: D., by: 'role:a'" + more +
         "}}]\n";
}

TEST_CASE("when a remedy is due and what it brings about are differences of its rule") {
  const auto sooner = differences(with_remedy(", within: 2d"), with_remedy(", within: 36h"));
  REQUIRE(sooner.size() == 1);
  REQUIRE(sooner[0].parts.size() == 1);
  CHECK(sooner[0].parts[0].part == "remedy.within");
  CHECK(sooner[0].parts[0].before == "2d");
  CHECK(sooner[0].parts[0].after == "1d12h");
  const auto claimed = differences(with_remedy(""), with_remedy(", effect: {flag: true}"));
  REQUIRE(claimed.size() == 1);
  REQUIRE(claimed[0].parts.size() == 1);
  CHECK(claimed[0].parts[0].part == "remedy.effect");
  CHECK(claimed[0].parts[0].before.empty());
  CHECK(claimed[0].parts[0].after == R"({"flag":true})");
  CHECK(differences(with_remedy(", within: 2d"), with_remedy(", within: 48h")).empty());
}

TEST_CASE("what a test expects to be selected is a difference, also that it is nothing") {
  CriteriaDocument before;
  before.tests.push_back({.name = "urgent"});
  CriteriaDocument after = before;
  after.tests[0].selects.emplace();
  const std::vector one{compared(before, {})};
  const std::vector two{compared(after, {})};
  auto found = difference(one, two);
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "test");
  REQUIRE(found[0].parts.size() == 1);
  CHECK(found[0].parts[0].part == "selects");
  CHECK(found[0].parts[0].before.empty());
  CHECK(found[0].parts[0].after == "[]");
  after.tests[0].selects->push_back("night");
  const std::vector three{compared(after, {})};
  found = difference(two, three);
  REQUIRE(found.size() == 1);
  CHECK(found[0].parts.at(0).after == R"(["night"])");
}

TEST_CASE("modes, added and removed rules are differences") {
  const auto found =
      differences(one_rule, "  mode: warn\n  rules: [{id: two, message: M., require: flag}]\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0].what == "document");
  CHECK(found[0].parts.at(0).after == "warn");
  CHECK(found[1].kind == DifferenceKind::added);
  CHECK(found[1].name == "two");
  CHECK(found[2].kind == DifferenceKind::removed);
  CHECK(found[2].name == "one");
}

TEST_CASE("a test that ends otherwise under the other version is named, whoever wrote it") {
  const auto before = compiled(
      "  rules: [{id: one, message: M., require: n >= 5}]\n"
      "  tests: [{name: seven, given: {n: 7}, expect: passed}]\n");
  const auto after = compiled(
      "  rules: [{id: one, message: M., require: n >= 9}]\n"
      "  tests: [{name: twenty, given: {n: 20}, expect: passed}]\n");
  const auto found = test_differences(std::vector{before}, std::vector{after}, schemas());
  REQUIRE(found.size() == 1);
  CHECK(found[0].test == "seven");
  CHECK(found[0].passed_before);
  CHECK_FALSE(found[0].passed_after);
  CHECK(found[0].rules.at(0).after->detail == "n is 7, needs >= 9");
}

TEST_CASE("a stream is taken apart, and issues are counted in its lines") {
  const std::string stream = "# who owns what\n---\nkind: Application\n---\n" + std::string(head) +
                             "  rules: [{id: one, message: M., require: nothing}]\n";
  const auto documents = documents_of(stream);
  REQUIRE(documents);
  REQUIRE(documents->size() == 2);
  CHECK_FALSE(policy_kind((*documents)[0]).has_value());
  REQUIRE(policy_kind((*documents)[1]) == Kind::certification_criteria);
  const auto criteria = compile_written((*documents)[1], schemas());
  REQUIRE_FALSE(criteria);
  CHECK(criteria.error().at(0).line == 9);
  CHECK(criteria.error().at(0).path == "/spec/rules/0/require");
  const auto broken = documents_of("a: [\n");
  REQUIRE_FALSE(broken);
}

TEST_CASE("a rule that can never fail, never pass or never apply is warned about") {
  const auto messages = warned(
      "  variables: [{name: lost, expression: n + 1}, {name: sure, expression: size(tags) >= 0}]\n"
      "  rules:\n"
      "    - {id: always, message: M., require: 'flag || 1 == 1'}\n"
      "    - {id: sized, message: M., require: 'variables.sure'}\n"
      "    - {id: never, message: M., require: 'flag && !true'}\n"
      "    - {id: idle, message: M., when: 'false', require: flag}\n"
      "    - {id: fine, message: M., require: 'size(tags) > 0 || n == 1'}\n"
      "  tests: [{name: t, given: {n: 1, flag: true, tags: []}, expect: failed}]\n");
  const auto has = [&](const std::string& text) {
    return std::ranges::any_of(messages,
                               [&](const auto& message) { return message.contains(text); });
  };
  CHECK(has("'always' can never fail"));
  CHECK(has("'sized' can never fail"));
  CHECK(has("'never' can never pass"));
  CHECK(has("'idle' never applies"));
  CHECK_FALSE(has("'fine' can"));
  CHECK(has("no test shows the rule 'fine' failing"));
  CHECK(has("no test shows the rule 'idle' passing, and none failing"));
  CHECK(has("nothing uses the variable 'lost'"));
  CHECK_FALSE(has("variable 'sure'"));
}

TEST_CASE("a document without tests is warned about, and one that is whole is not") {
  CHECK(warned(one_rule).at(0).contains("there is no test"));
  CHECK(warned("  rules: [{id: one, message: M., require: flag}]\n"
               "  tests:\n    - {name: it passes, given: {flag: true}, expect: passed}\n"
               "    - {name: it fails, given: {flag: false}, expect: failed}\n")
            .empty());
}

TEST_CASE("a document that no test shows applying, or not applying, is warned about") {
  const std::string rule =
      "  match: n > 0\n  rules: [{id: one, message: M., require: flag}]\n  tests:\n";
  const std::string applies =
      "    - {name: passes, given: {n: 1, flag: true}, expect: passed}\n"
      "    - {name: fails, given: {n: 1, flag: false}, expect: failed}\n";
  const std::string elsewhere = "    - {name: elsewhere, given: {n: 0}, expect: passed}\n";
  CHECK(warned(rule + applies).at(0).contains("not applying, as its `match` decides"));
  CHECK(warned(rule + elsewhere).at(0).contains(" applying, as its `match` decides"));
  CHECK(warned(rule + applies + elsewhere).empty());
}

TEST_CASE("coverage counts each result of a rule over all tests") {
  const auto criteria = compiled(
      "  rules: [{id: one, message: M., when: n > 0, require: flag}]\n"
      "  tests:\n    - {name: a, given: {n: 1, flag: true}, expect: passed}\n"
      "    - {name: b, given: {n: 1, flag: false}, expect: failed}\n"
      "    - {name: c, given: {n: 1}, expect: failed}\n"
      "    - {name: d, given: {n: 0}, expect: passed}\n");
  std::vector<TestOutcome> outcomes;
  for (std::size_t i = 0; i < 4; ++i) outcomes.push_back(run_test(criteria, i, cel::test_schema()));
  const auto coverage = tally_of(criteria.document(), outcomes);
  REQUIRE(coverage.size() == 1);
  CHECK(coverage[0].held == 1);
  CHECK(coverage[0].failed == 1);
  CHECK(coverage[0].untold == 1);
  CHECK(coverage[0].skipped == 1);
}

TEST_CASE("tests that do not hold are told one by one when they are run apart") {
  const std::string text = std::string(head) +
                           "  rules: [{id: one, message: M., require: flag}]\n"
                           "  tests: [{name: a, given: {flag: false}, expect: passed,"
                           " rules: {one: pass}}]\n";
  CHECK_FALSE(compile_criteria(text, cel::test_schema()));
  const auto criteria = compile_criteria(text, cel::test_schema(), OwnTests::leave);
  REQUIRE(criteria);
  const auto outcome = run_test(*criteria, 0, cel::test_schema());
  CHECK_FALSE(outcome.passed());
  REQUIRE(outcome.complaints.size() == 2);
  CHECK(outcome.complaints[0].path == "/spec/tests/0/expect");
  CHECK(outcome.complaints[1].path == "/spec/tests/0/rules/one");
}

}  // namespace holdpoint::policy
