// A rule judged on the fast path and looked at again in all its parts comes to the same result:
// generated conditions over generated facts, with fields missing and values of the wrong type.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "policy/cel/testing.hpp"
#include "policy/explain.hpp"
#include "policy/rule_run.hpp"

namespace holdpoint::policy {
namespace {

using Texts = std::vector<std::string>;

/// Replaces each '%' by the next part.
std::string filled(std::string_view form, const Texts& parts) {
  std::string out;
  std::size_t next = 0;
  for (const char c : form) {
    if (c == '%') {
      out += parts.at(next++);
    } else {
      out += c;
    }
  }
  return out;
}

rc::Gen<std::string> conditions(int depth) {
  const auto leaf = rc::gen::element<std::string>(
      "true", "false", "flag", "gone", "n == 7", "n < m", "m >= 3", "lost > 1", "1 / m == 1",
      "wrong == 1", "name == 'a'", "'a' in tags", "n in [1, 7]", "has(tests.suite)",
      "tests.failed == 0", "tests.suite.id == 'x'", "any.x", "any == 1", "dyn(n)", "maybe == null",
      "size(tags) > 1", "size(items.filter(i, i.size > 1)) >= 2", "items.exists_one(i, i.ok)",
      "name.startsWith('c')", "name.matches('^c')");
  if (depth == 0) return leaf;
  const auto inner = conditions(depth - 1);
  const auto form = rc::gen::element<std::string>(
      "(% && %)", "(% || %)", "!(%)", "(% ? % : %)", "items.all(i, i.ok || %)",
      "items.exists(i, i.size > 1 && %)", "items.all(i, %)", "tags.exists(t, t == 'b' || %)",
      "labels.all(k, labels[k] == 'core' && %)", "items.all(i, tags.exists(t, t == i.id || %))",
      "(% == %)", "(% && % && %)", "(% || % || %)");
  const auto compound = rc::gen::map(
      rc::gen::tuple(form, inner, inner, inner),
      [](const std::tuple<std::string, std::string, std::string, std::string>& of) {
        return filled(std::get<0>(of), {std::get<1>(of), std::get<2>(of), std::get<3>(of)});
      });
  return rc::gen::oneOf(leaf, compound);
}

/// The shared facts with some fields gone and some of another type.
json::object some_facts() {
  json::object facts = cel::test_facts();
  for (const std::string_view field :
       {"n", "m", "flag", "name", "tags", "items", "labels", "any"}) {
    switch (*rc::gen::inRange(0, 8)) {
      case 0: facts.erase(field); break;
      case 1: facts[field] = "text"; break;
      case 2: facts[field] = *rc::gen::inRange(0, 9); break;
      case 3: facts[field] = true; break;
      default: break;
    }
  }
  if (auto* items = facts["items"].if_array(); items != nullptr) {
    for (auto& item : *items) {
      if (*rc::gen::inRange(0, 3) == 0) item.get_object().erase("ok");
      if (*rc::gen::inRange(0, 4) == 0) item.get_object()["size"] = "large";
    }
  }
  return facts;
}

std::optional<Truth> truth_of(const cel::Evaluation& evaluation) {
  switch (result_of(evaluation)) {
    case RuleResult::pass: return Truth::yes;
    case RuleResult::fail: return Truth::no;
    case RuleResult::unknown: return Truth::unknown;
    case RuleResult::error:
    case RuleResult::not_applicable:
    case RuleResult::waived: break;
  }
  return Truth::error;
}

TEST_CASE("a condition comes to the same on the fast path and with every part looked at") {
  int compiled = 0;
  CHECK(rc::check("the two runs agree", [&] {
    const std::string condition = *conditions(3);
    const auto program = cel::Program::compile(condition, cel::test_schema());
    if (!program) return;
    ++compiled;
    const json::object facts = some_facts();
    cel::Session session(facts, cel::Limits{});
    const cel::Evaluation fast = run(*program, session);
    const Explanation full = explain(program->compiled(), fast, session, {});
    const Explanation anew = explain(program->compiled(), {}, session, {});
    RC_LOG() << condition << " over " << json::serialize(facts) << '\n';
    if (fast.is_true()) {
      // Nobody asks why then, but the parts must still come to it.
      RC_ASSERT(full.truth == Truth::yes);
      return;
    }
    RC_ASSERT(full.truth == truth_of(fast));
    // What the evaluation settled is not looked at again, which changes none of the reasons.
    RC_ASSERT(full.truth == anew.truth);
    RC_ASSERT(full.detail == anew.detail);
    RC_ASSERT(to_json_text(full.blame) == to_json_text(anew.blame));
    RC_ASSERT(to_json_text(full.elements) == to_json_text(anew.elements));
    RC_ASSERT(full.missing == anew.missing);
  }));
  CHECK(compiled > 20);
}

TEST_CASE("a rule that is too costly the first time is an error, whatever a second run finds") {
  std::string list = "[0";
  for (int i = 1; i < 900; ++i) list += ", " + std::to_string(i);
  list += "]";
  const std::string costly = list + ".all(a, " + list + ".all(b, a + b >= 0))";
  const std::string text =
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: any, owner: qa}\nspec:\n"
      "  variables: [{name: costly, expression: \"" +
      costly + "\"}]\n  rules:\n    - {id: one, message: m, require: \"variables.costly && " +
      costly + " && false\"}\n";
  const auto criteria =
      compile_criteria(text, cel::test_schema(), OwnTests::run, Standing::accepted);
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  const CriteriaVerdict verdict = judge(*criteria, cel::test_facts(), Depth::advice);
  CHECK(verdict.rules.at(0).result == RuleResult::error);
  CHECK(verdict.rules.at(0).detail.ends_with(": the limit of cost or memory is exceeded"));
}

TEST_CASE("a verdict has the same results at every depth") {
  CHECK(rc::check("results, reasons and advice agree", [] {
    const std::string text =
        "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
        "metadata: {name: any, owner: qa}\nspec:\n  rules:\n"
        "    - id: one\n      message: It must hold.\n      require: |-\n        " +
        *conditions(2) + "\n    - id: two\n      message: It must hold.\n      when: |-\n        " +
        *conditions(1) + "\n      require: |-\n        " + *conditions(2) + "\n";
    const auto criteria = compile_criteria(text, cel::test_schema());
    if (!criteria) return;
    const json::object facts = some_facts();
    RC_LOG() << text << json::serialize(facts) << '\n';
    const CriteriaVerdict results = judge(*criteria, facts, Depth::results);
    for (const Depth depth : {Depth::reasons, Depth::advice}) {
      const CriteriaVerdict deeper = judge(*criteria, facts, depth);
      RC_ASSERT(deeper.passed == results.passed);
      for (std::size_t i = 0; i < results.rules.size(); ++i) {
        RC_ASSERT(deeper.rules[i].result == results.rules[i].result);
      }
    }
  }));
}

}  // namespace
}  // namespace holdpoint::policy
