// What a document may cost is known before it comes into force: one that could run out of its
// budget is refused, with the place, the units and what to do.
#include "policy/document_cost.hpp"

#include <doctest/doctest.h>

#include "base/schema_document.hpp"

namespace holdpoint::policy {
namespace {

/// Bounded as the facts of a release are.
const FactsSchemas& bounded() {
  static const FactsSchemas all = [] {
    FactsSchemas read;
    for (const auto& [kind, schema] : own_facts_schemas()) {
      read.emplace(kind, *cel::Schema::from_json(schema));
    }
    read.emplace(Kind::certification_criteria, *cel::Schema::from_json(json::parse(R"({
      "type": "object", "required": ["findings", "names", "failures"], "properties": {
        "findings": {"type": "array", "maxItems": 5000, "items": {"type": "object",
          "required": ["path", "severity"], "properties": {
            "path": {"type": "string", "x-maxBytes": 1024},
            "severity": {"enum": ["critical", "high", "low"]}}}},
        "names": {"type": "array", "maxItems": 20000,
                  "items": {"type": "string", "x-maxBytes": 512}},
        "failures": {"type": "array", "maxItems": 100,
                     "items": {"type": "string", "x-maxBytes": 512}}}})")));
    return read;
  }();
  return all;
}

std::string document(std::string_view spec, std::string_view kind = "CertificationCriteria") {
  return "apiVersion: holdpoint/v1\nkind: " + std::string(kind) +
         "\nmetadata: {name: any, owner: qa}\nspec:\n" + std::string(spec);
}

std::string rule(std::string_view expression) {
  return document("  rules:\n    - id: one\n      message: m\n      require: >-\n        " +
                  std::string(expression) + "\n");
}

/// The issues as text, "" when the document is accepted.
std::string refused(const std::string& text, Standing standing = Standing::proposed) {
  const auto compiled = compile_policy(text, bounded(), OwnTests::run, standing);
  std::string out;
  if (compiled) return out;
  for (const PolicyIssue& issue : compiled.error()) {
    out += (out.empty() ? "" : " | ") + issue.text();
  }
  return out;
}

constexpr std::string_view double_loop =
    "findings.all(f, findings.all(g, f.path != g.path || f == g))";

TEST_CASE("one loop over the longest lists is accepted, and loops in loops over short ones") {
  for (const std::string_view expression :
       {"findings.all(f, !(f.severity in ['critical', 'high']))",
        "findings.all(f, !f.path.contains('vendor/') && !f.path.contains('third_party/'))",
        "findings.filter(f, f.path.matches('^src/') && f.severity == 'critical').size() == 0",
        "names.all(n, !n.startsWith('log4j') && !n.matches('^(a|b).*'))",
        "['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].all(n, n in names)",
        "failures.all(f, failures.exists_one(g, f == g))",
        "['critical', 'high'].all(s, findings.filter(f, f.severity == s).size() < 10)"}) {
    INFO(std::string(expression));
    CHECK(refused(rule(expression)).empty());
  }
}

TEST_CASE("a loop in a loop over long lists is refused, with its place and what to do") {
  for (const std::string_view expression :
       {double_loop, std::string_view("findings.all(f, f.path in names)"),
        std::string_view("names.exists(n, findings.exists(f, f.path.contains(n)))"),
        std::string_view("names.map(n, n + n).filter(n, n in names).size() == 0"),
        std::string_view("sets.contains(names, findings.map(f, f.path))")}) {
    INFO(std::string(expression));
    const std::string issue = refused(rule(expression));
    CHECK_MESSAGE(issue.starts_with("/spec/rules/0/require: 9:9: may cost "), issue);
    CHECK_MESSAGE(issue.contains(" units and is allowed 5,000,000 units: look at a shorter list"),
                  issue);
  }
  CHECK(refused(rule("names.all(a, names.all(b, names.all(c, names.all(d, names.all(e, names.all("
                     "f, a + b + c + d + e + f != ''))))))"))
            .contains("may cost more units than can be counted and is allowed"));
}

TEST_CASE("every expression of a document is held to what it may cost") {
  const std::string loop(double_loop);
  const std::string rules = "  rules: [{id: one, message: m, require: 'true'}]\n";
  CHECK(refused(document("  match: \"" + loop + "\"\n" + rules)).starts_with("/spec/match: 5:"));
  CHECK(
      refused(document("  rules: [{id: one, message: m, require: 'true', when: \"" + loop + "\"}]"))
          .starts_with("/spec/rules/0/when: 5:"));
  const std::string variables =
      "  variables:\n    - {name: costly, expression: \"" + loop + "\"}\n";
  CHECK(refused(document(variables + rules)).starts_with("/spec/variables/0/expression: 6:"));
  // Who refers to it is not to blame as well.
  const std::string used = refused(
      document(variables + "  rules: [{id: one, message: m, require: variables.costly}]\n"));
  CHECK(used.starts_with("/spec/variables/0/expression: 6:"));
  CHECK_FALSE(used.contains("/spec/rules"));
  const std::string wide = "changes.all(a, changes.all(b, changes.all(c, a.name != b.name)))";
  const std::string shown = "  tests: [{name: t, given: {}, expect: passed}]\n";
  CHECK(refused(document("  match: \"" + wide + "\"\n" + rules + shown, "PolicyActivation"))
            .starts_with("/spec/match: 5:"));
  const std::string goals =
      "  goals:\n    - name: g\n      within: 2h\n      warnAt: [50]\n      when: "
      "application.owners.all(a, application.owners.all(b, application.owners.all(c, a != b)))\n"
      "  escalation: [{at: 100, to: [lead]}]\n";
  CHECK(refused(document(goals, "SlaPolicy")).starts_with("/spec/goals/0/when: 9:"));
}

TEST_CASE("the expressions of a document are held to what they may cost together") {
  const auto rules = [](int count, std::string_view require) {
    std::string out = "  rules:\n";
    for (int i = 0; i < count; ++i) {
      out += "    - {id: r" + std::to_string(i) + ", message: m, require: \"" +
             std::string(require) + "\"}\n";
    }
    return out;
  };
  // About 1.1 million each.
  const std::string contains = "findings.all(f, !f.path.contains('vendor/'))";
  CHECK(refused(document(rules(9, contains))).empty());
  const std::string issue = refused(document(rules(10, contains)));
  CHECK_MESSAGE(issue.starts_with("/spec: 5:3: the expressions of a document are allowed "
                                  "10,000,000 units together, and these may cost 10,6"),
                issue);
  // Worked out once, it counts once.
  const std::string variable =
      "  variables: [{name: vendored, expression: \"" + contains + "\"}]\n";
  CHECK(refused(document(variable + rules(200, "variables.vendored"))).empty());
}

TEST_CASE("what was accepted before is not held to the bounds of cost again") {
  const std::string text = rule(double_loop);
  CHECK_FALSE(refused(text).empty());
  CHECK(refused(text, Standing::accepted).empty());
}

}  // namespace
}  // namespace holdpoint::policy
