// Verdicts and their explanations: what failed, have and need, and who can act.
#include "policy/verdict.hpp"

#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy {
namespace {

using cel::test_facts;
using cel::test_schema;

/// A document with these lines as its spec.
std::string document(std::string_view spec) {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
         "metadata: {name: ready, owner: team-quality}\nspec:\n" +
         std::string(spec);
}

/// A document with one rule.
std::string with_rule(std::string_view require) {
  return document(
      "  rules:\n    - id: one\n      message: It must hold.\n      require: |-\n        " +
      std::string(require) + "\n");
}

std::string first_issue(std::string_view text) {
  const auto criteria = compile_criteria(text, test_schema());
  return criteria ? "" : criteria.error().front().text();
}

RuleVerdict judged(std::string_view require) {
  const auto criteria = compile_criteria(with_rule(require), test_schema());
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  return evaluate(*criteria, test_facts()).rules.at(0);
}

TEST_CASE("a document passes when every rule that applies passes") {
  const auto criteria = compile_criteria(document(R"yaml(  match: flag
  variables:
    - {name: big, expression: "items.filter(i, i.size >= 2)"}
    - {name: enough, expression: "size(variables.big) >= 2"}
  rules:
    - {id: enough, require: variables.enough, message: Two big items., evidence: tests}
    - {id: never, when: n > 100, require: "false", message: Not now.}
  tests:
    - name: nothing is there
      given: {n: 1, flag: true, items: []}
      expect: failed
      rules: {enough: fail, never: not_applicable}
    - {name: it is off, given: {flag: false}, expect: passed}
    - {name: unknown, given: {flag: true, items: null}, expect: failed, rules: {enough: unknown}}
)yaml"),
                                         test_schema());
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  const CriteriaVerdict verdict = evaluate(*criteria, test_facts());
  CHECK(verdict.passed);
  CHECK(verdict.applicable);
  CHECK(verdict.name == "ready");
  CHECK(verdict.rules.at(0).result == RuleResult::pass);
  CHECK(verdict.rules.at(1).result == RuleResult::not_applicable);
  CHECK(criteria->digest().text().starts_with("sha256:"));
  CHECK_FALSE(blocks(verdict));
}

TEST_CASE("a rule that cannot be told is not passed and blocks") {
  CHECK(judged("tests.suite.id == 'x'").result == RuleResult::unknown);
  CHECK(judged("tests.suite.id == 'x'").missing == std::vector<std::string>{"tests.suite"});
  CHECK(judged("tests.suite.id == 'x'").detail == "the facts lack tests.suite");
  CHECK(judged("1 / tests.failed == 1").result == RuleResult::error);
  CHECK(judged("1 / tests.failed == 1").detail == "1:3: division by zero");
  CHECK(judged("any.x").result == RuleResult::error);
  const auto criteria = compile_criteria(with_rule("gone"), test_schema());
  const CriteriaVerdict verdict = evaluate(*criteria, test_facts());
  CHECK_FALSE(verdict.passed);
  CHECK(blocks(verdict));
}

TEST_CASE("a document that does not match does not apply, and one that may match blocks") {
  const auto with_match = [](std::string_view match) {
    return document("  match: " + std::string(match) +
                    "\n  rules:\n    - {id: a, require: \"false\", message: m}\n");
  };
  const auto off = compile_criteria(with_match("'!flag'"), test_schema());
  REQUIRE(off);
  CHECK_FALSE(evaluate(*off, test_facts()).applicable);
  CHECK_FALSE(blocks(evaluate(*off, test_facts())));
  const auto unclear = compile_criteria(with_match("gone"), test_schema());
  const CriteriaVerdict verdict = evaluate(*unclear, test_facts());
  CHECK(blocks(verdict));
  CHECK(verdict.rules.at(0).rule_id == "match");
  CHECK(verdict.rules.at(0).result == RuleResult::unknown);
}

TEST_CASE("only enforcing criteria block, and criteria that are off are not judged") {
  for (const std::string_view mode : {"enforce", "warn", "shadow", "\"off\""}) {
    const auto criteria =
        compile_criteria(document("  mode: " + std::string(mode) +
                                  "\n  rules:\n    - {id: a, require: \"false\", message: m}\n"),
                         test_schema());
    REQUIRE(criteria);
    CHECK(blocks(evaluate(*criteria, test_facts())) == (mode == "enforce"));
    CHECK(evaluate(*criteria, test_facts()).applicable == (mode != "\"off\""));
    CHECK_FALSE(judge(*criteria, test_facts()).passed);
  }
}

TEST_CASE("a verdict says what the facts have and what is needed") {
  CHECK(judged("n == 3").detail == "n is 7, needs == 3");
  CHECK(judged("3 > n").detail == "n is 7, needs < 3");
  CHECK(judged("n < m").detail == "n is 7, needs < 3 (m)");
  CHECK(judged("!(n == 7)").detail == "n is 7, needs != 7");
  CHECK(judged("n == 7 && m == 1 && tests.failed == 2").detail ==
        "m is 3, needs == 1; tests.failed is 0, needs == 2");
  CHECK(judged("n == 1 || m == 1").detail == "n is 7, needs == 1, or m is 3, needs == 1");
  CHECK(judged("!flag").detail == "flag is true, needs == false");
  CHECK(judged("has(tests.suite)").detail == "tests.suite is absent, needs to be present");
  CHECK(judged("name.startsWith('x')").detail == "name is \"café\", needs startsWith \"x\"");
  CHECK(judged("'c' in tags").detail == "'c' is \"c\", needs in [\"a\", \"b\"] (tags)");
  CHECK(judged("flag ? n == 1 : m == 1").detail == "n is 7, needs == 1");
  const RuleVerdict verdict = judged("n == 7 &&\n        m == 1");
  CHECK(verdict.blame.at(0).line == 10);
  CHECK(verdict.blame.at(0).column == 9);
  CHECK(verdict.line == 9);
}

TEST_CASE("what stands after a has() that does not hold is not blamed for what is absent") {
  CHECK(judged("has(labels.review) && labels.review == 'yes'").detail ==
        "labels.review is absent, needs to be present");
  CHECK(judged("n < 0 && labels.review == 'yes'").detail.contains("is an error"));
  CHECK(judged("has(labels.review) || labels.review == 'yes'").blame.size() == 2);
}

TEST_CASE("a verdict names the elements that fail") {
  const RuleVerdict all = judged("items.all(i, i.size < 2)");
  REQUIRE(all.elements.size() == 2);
  CHECK(all.elements.at(0).path == "items[1]");
  CHECK(json::serialize(all.elements.at(0).keys) == R"({"id":"two","size":2})");
  CHECK(all.elements.at(0).blame.at(0).have == "2");
  CHECK(all.detail ==
        "items: 2 of 3 elements fail: items[1] i.size is 2, needs < 2; items[2] "
        "i.size is 3, needs < 2");
  const RuleVerdict counted = judged("items.filter(i, i.size > 1).size() >= 3");
  REQUIRE(counted.elements.size() == 1);
  CHECK(counted.elements.at(0).path == "items[0]");
  CHECK(counted.blame.at(0).have == "2");
  const RuleVerdict exists = judged("items.exists(i, i.id == 'two' && i.size == 9)");
  REQUIRE(exists.elements.size() == 3);
  CHECK(exists.elements.at(0).path == "items[1]");
  const RuleVerdict none = judged("!items.exists(i, i.size > 2)");
  REQUIRE(none.elements.size() == 1);
  CHECK(none.elements.at(0).path == "items[2]");
  const RuleVerdict lacking = judged("items.all(i, i.ok || i.size == 2)");
  CHECK(lacking.result == RuleResult::unknown);
  CHECK(lacking.missing == std::vector<std::string>{"items[2].ok"});
}

TEST_CASE(
    "a list without elements is said to be empty, and conditions of an element are told apart") {
  CHECK(judged("items.filter(i, i.size > 9).exists(i, i.ok)").detail ==
        "items.filter(i, i.size > 9): empty");
  CHECK(judged("items.exists(i, i.size > 9 && i.id == 'four')")
            .detail.contains("i.size is 1, needs > 9 and i.id is \"one\", needs == \"four\""));
}

TEST_CASE("a document that is wrong is refused with path, line and column") {
  CHECK(first_issue(with_rule("n + 1")) == "/spec/rules/0/require: 9:9: expected bool, found int");
  CHECK(first_issue(with_rule("true &&\n        nn == 1")) ==
        "/spec/rules/0/require: 10:9: there is no 'nn', did you mean 'n'?");
  CHECK(first_issue("") == "1:1: the document is empty");
  CHECK(first_issue("[]") == "1:1: expected an object");
  CHECK(first_issue(document("  rules: []\n")) ==
        "/spec/rules: 5:10: criteria need at least one rule");
  CHECK(first_issue(document("  rule: []\n")) == "/spec/rule: 5:9: there is no such key");
  CHECK(first_issue(document("  mode: off\n")).starts_with("/spec/mode: 5:9: 'off' is a boolean"));
  CHECK(first_issue(document("  mode: maybe\n  rules: [{id: a, require: flag, message: m}]\n")) ==
        "/spec/mode: 5:9: expected enforce, warn, shadow or \"off\"");
  CHECK(first_issue(document("  rules:\n    - {id: a, require: flag, message: m}\n"
                             "    - {id: a, require: flag, message: m}\n")) ==
        "/spec/rules/1/id: 7:12: there are two rules with the id 'a'");
  CHECK(first_issue(document("  rules: [{id: A b, require: flag, message: m}]\n"))
            .starts_with("/spec/rules/0/id: "));
  CHECK(first_issue(document("  rules: [{id: a, require: flag}]\n")) ==
        "/spec/rules/0: 5:11: 'message' is missing");
  CHECK(first_issue(document("  rules: [{id: a, require: true, message: m}]\n")) ==
        "/spec/rules/0/require: 5:28: expected a text");
}

TEST_CASE("a remedy says by when and to what effect, and is refused when it cannot") {
  const auto with_remedy = [](std::string_view more) {
    return document(
        "  rules:\n    - {id: a, require: flag, message: m, remedy: {do: mend it, by: qa" +
        std::string(more) + "}}\n");
  };
  const auto criteria =
      compile_criteria(with_remedy(", within: 2d, effect: {flag: true}"), test_schema());
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  const Remedy& remedy = *criteria->document().rules.at(0).remedy;
  CHECK(remedy.within == Duration::days(2));
  REQUIRE(remedy.effect);
  CHECK(json::serialize(*remedy.effect) == R"({"flag":true})");
  const Remedy plain =
      *compile_criteria(with_remedy(""), test_schema())->document().rules.at(0).remedy;
  CHECK_FALSE(plain.within);
  CHECK_FALSE(plain.effect);
  const std::string at = "/spec/rules/0/remedy/";
  for (const std::string_view within : {"91d", "0s", "soon", "-1h", "\"\""}) {
    INFO(within);
    CHECK(first_issue(with_remedy(", within: " + std::string(within)))
              .ends_with(": expected a duration up to 90d, such as 4h or 2d"));
  }
  CHECK(first_issue(with_remedy(", within: 4")).starts_with(at + "within: "));
  CHECK(first_issue(with_remedy(", effect: [1]")).starts_with(at + "effect: "));
  CHECK(first_issue(with_remedy(", effect: {}")).starts_with(at + "effect: "));
  CHECK(first_issue(with_remedy(", effect: {now: 1}"))
            .ends_with(": a remedy cannot change the time"));
}

TEST_CASE("a document whose own test fails is refused with the reason") {
  const std::string text = document(
      "  rules: [{id: a, require: n == 1, message: m}]\n"
      "  tests:\n    - {name: t, given: {n: 2}, expect: passed, rules: {a: pass}}\n");
  const auto criteria = compile_criteria(text, test_schema());
  REQUIRE_FALSE(criteria);
  CHECK(criteria.error().at(0).text() ==
        "/spec/tests/0/expect: 7:40: the test 't' failed, but must pass; a: n is 2, needs == 1");
  CHECK(criteria.error().at(1).text() ==
        "/spec/tests/0/rules/a: 7:59: in the test 't' the rule is fail, not pass");
}

TEST_CASE("what the schema withholds is not shown") {
  const auto schema = cel::Schema::from_json(json::parse(R"({"type": "object", "properties": {
    "mail": {"type": "string", "x-personal": true},
    "people": {"type": "array", "x-personal": true, "items": {"type": "string"}},
    "rows": {"type": "array", "items": {"type": "object", "properties": {
      "id": {"type": "string"}, "mail": {"type": "string", "x-personal": true}}}}}})"));
  const json::value facts = json::parse(
      R"({"mail": "secret@x", "people": ["secret@x"], "rows": [{"id": "r", "mail": "secret@x"}]})");
  for (const std::string_view require :
       {"mail == 'a'", "mail.startsWith('a')", "people.all(p, p == 'a')", "'a' in people",
        "rows.all(r, r.mail == 'a')", "rows.map(r, r.mail) == []", "size(mail) > 100",
        "rows.all(r, r.mail.contains('a'))"}) {
    INFO(require);
    const auto criteria = compile_criteria(with_rule(require), *schema);
    REQUIRE(criteria);
    const CriteriaVerdict verdict = evaluate(*criteria, facts.get_object());
    CHECK(verdict.rules.at(0).result == RuleResult::fail);
    CHECK(json::serialize(to_json(verdict)).find("secret") == std::string::npos);
  }
}

TEST_CASE("a document none of whose rules applies has not passed: it does not apply") {
  const auto criteria = compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: any, owner: qa}\nspec:\n  rules:\n"
      "    - {id: one, message: m, when: 'false', require: 'true'}\n"
      "    - {id: two, message: m, when: 'false', require: 'false'}\n",
      cel::test_schema());
  REQUIRE(criteria);
  const CriteriaVerdict verdict = judge(*criteria, cel::test_facts());
  CHECK_FALSE(verdict.applicable);
  CHECK_FALSE(verdict.passed);
  CHECK_FALSE(blocks(verdict));
  CHECK(verdict.rules.size() == 2);
}

}  // namespace
}  // namespace holdpoint::policy
