// See test_run.hpp.
#include "policy/test_run.hpp"

#include <algorithm>

#include "base/yaml.hpp"
#include "policy/cel/evaluator.hpp"
#include "policy/fact_change.hpp"

namespace holdpoint::policy {
namespace {

std::string wrong_verdict(const TestSource& test, const CriteriaVerdict& verdict, bool passed) {
  std::string message = "the test '" + test.name + "' ";
  message += passed ? "passed, but must fail" : "failed, but must pass";
  for (const RuleVerdict& rule : verdict.rules) {
    if (!is_fine(rule.result)) message += "; " + rule.rule_id + ": " + rule.detail;
  }
  return message;
}

/// The names of what the document's own conditions select. One that cannot be told selects nothing.
std::vector<std::string> selected_by(const CompiledCriteria& criteria, const json::object& facts) {
  const CompiledCriteria::Programs& programs = criteria.programs();
  std::vector<std::string> selected;
  cel::Session session(facts, cel::Limits{});
  for (std::size_t k = 0; k < programs.conditions.size(); ++k) {
    if (const auto& program = programs.conditions[k]) {
      session.restart_cost(program->compiled().limits.cost_max);
      if (!cel::evaluate_in(program->compiled(), session).is_true()) continue;
    }
    selected.push_back(programs.document.conditions[k].name);
  }
  return selected;
}

std::string wrong_selection(const TestSource& test, const std::vector<std::string>& selected) {
  std::string names;
  for (const std::string& name : selected) names += (names.empty() ? "" : ", ") + name;
  return "in the test '" + test.name +
         "' there is selected: " + (names.empty() ? std::string("nothing") : names);
}

}  // namespace

json::object facts_of(const TestSource& test, const cel::Schema& schema) {
  const json::object smallest = schema.minimal_facts();
  ChangedFacts facts(smallest);
  facts.apply(changes_of(test.given, smallest));
  return facts.facts();
}

TestOutcome run_test(const CompiledCriteria& criteria, std::size_t index,
                     const cel::Schema& schema) {
  const TestSource& test = criteria.document().tests[index];
  const std::string path = "/spec/tests/" + std::to_string(index);
  const json::object facts = facts_of(test, schema);
  TestOutcome outcome{test.name, {}, judge(criteria, facts)};
  const CriteriaVerdict& verdict = outcome.verdict;
  const bool passed = verdict.passed || !verdict.applicable;
  if (passed != (test.expect == ExpectedVerdict::passed)) {
    outcome.complaints.push_back({path + "/expect", wrong_verdict(test, verdict, passed)});
  }
  if (test.selects) {
    const auto selected = selected_by(criteria, facts);
    if (selected != *test.selects) {
      outcome.complaints.push_back({path + "/selects", wrong_selection(test, selected)});
    }
  }
  for (const ExpectedRule& expected : test.rules) {
    const auto rule = std::ranges::find(verdict.rules, expected.id, &RuleVerdict::rule_id);
    const RuleResult result =
        rule == verdict.rules.end() ? RuleResult::not_applicable : rule->result;
    if (result == expected.result) continue;
    outcome.complaints.push_back({path + "/rules" + pointer_step(expected.id),
                                  "in the test '" + test.name + "' the rule is " +
                                      std::string(result_name(result)) + ", not " +
                                      std::string(result_name(expected.result))});
  }
  return outcome;
}

std::vector<RuleTally> tally_of(const CriteriaDocument& document,
                                std::span<const TestOutcome> outcomes) {
  std::vector<RuleTally> coverage;
  for (const RuleSource& rule : document.rules) coverage.push_back({rule.id});
  for (const TestOutcome& outcome : outcomes) {
    for (const RuleVerdict& verdict : outcome.verdict.rules) {
      const auto row = std::ranges::find(coverage, verdict.rule_id, &RuleTally::rule);
      if (row == coverage.end()) continue;
      switch (verdict.result) {
        case RuleResult::pass: ++row->held; break;
        case RuleResult::fail: ++row->failed; break;
        case RuleResult::error:
        case RuleResult::unknown: ++row->untold; break;
        case RuleResult::not_applicable: ++row->skipped; break;
      }
    }
  }
  return coverage;
}

}  // namespace holdpoint::policy
