// See test_run.hpp.
#include "policy/test_run.hpp"

#include <algorithm>

#include "base/yaml.hpp"
#include "policy/fact_change.hpp"
#include "policy/rule_run.hpp"

namespace holdpoint::policy {
namespace {

std::string wrong_verdict(const TestSource& test, const CriteriaVerdict& verdict, bool passed) {
  std::string message = "the test '" + test.name + "' ";
  message += passed ? "passed, but must fail" : "failed, but must pass";
  for (const RuleVerdict& rule : verdict.rules) {
    if (is_fine(rule.result)) continue;
    message += "; " + rule.rule_id + ": ";
    message += rule.detail.empty() ? result_name(rule.result) : rule.detail;
  }
  return message;
}

struct Selection {
  std::vector<std::string> names;
  std::int64_t cost = 0;
};

/// What the document's own conditions select. One that cannot be told selects nothing.
Selection selected_by(const CompiledCriteria& criteria, const json::object& facts) {
  const CompiledCriteria::Programs& programs = criteria.programs();
  Selection selected;
  cel::Session session(facts, cel::Limits{});
  for (std::size_t k = 0; k < programs.conditions.size(); ++k) {
    if (const auto& program = programs.conditions[k]) {
      const cel::Evaluation condition = run(*program, session);
      selected.cost += condition.cost;
      if (!condition.is_true()) continue;
    }
    selected.names.push_back(programs.document.conditions[k].name);
  }
  return selected;
}

/// What it costs to judge the facts.
std::int64_t cost_of(const CompiledCriteria& criteria, const json::object& facts) {
  const CompiledCriteria::Programs& programs = criteria.programs();
  cel::Session session(facts, cel::Limits{});
  std::int64_t cost = 0;
  if (programs.match) {
    const cel::Evaluation match = run(*programs.match, session);
    cost += match.cost;
    if (!match.is_true()) return cost;
  }
  for (const CompiledCriteria::Rule& rule : programs.rules) cost += run_rule(rule, session).cost;
  return cost;
}

std::string wrong_selection(const TestSource& test, const std::vector<std::string>& selected) {
  std::string names;
  for (const std::string& name : selected) names += (names.empty() ? "" : ", ") + name;
  return "in the test '" + test.name +
         "' there is selected: " + (names.empty() ? std::string("nothing") : names);
}

}  // namespace

namespace {

/// What the test complains of when its facts were judged like that and this was selected.
std::vector<TestComplaint> complaints_of(const CriteriaDocument& document, std::size_t index,
                                         const CriteriaVerdict& verdict,
                                         const std::vector<std::string>& selected) {
  const TestSource& test = document.tests[index];
  const std::string path = "/spec/tests/" + std::to_string(index);
  std::vector<TestComplaint> complaints;
  const bool passed = lets_through(verdict) || !verdict.applicable;
  if (passed != (test.expect == ExpectedVerdict::passed)) {
    complaints.push_back({path + "/expect", wrong_verdict(test, verdict, passed)});
  }
  if (test.selects && selected != *test.selects) {
    complaints.push_back({path + "/selects", wrong_selection(test, selected)});
  }
  for (const ExpectedRule& expected : test.rules) {
    const auto rule = std::ranges::find(verdict.rules, expected.id, &RuleVerdict::rule_id);
    const RuleResult result =
        rule == verdict.rules.end() ? RuleResult::not_applicable : rule->result;
    if (result == expected.result) continue;
    complaints.push_back({path + "/rules" + pointer_step(expected.id),
                          "in the test '" + test.name + "' the rule is " +
                              std::string(result_name(result)) + ", not " +
                              std::string(result_name(expected.result))});
  }
  return complaints;
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
  const json::object facts = facts_of(test, schema);
  TestOutcome outcome{test.name, {}, judge(criteria, facts)};
  const Selection selected = test.selects ? selected_by(criteria, facts) : Selection{};
  outcome.complaints = complaints_of(criteria.document(), index, outcome.verdict, selected.names);
  return outcome;
}

std::vector<TestComplaint> OwnTestRun::run(std::size_t index) {
  if (is_spent()) return {};
  const TestSource& test = criteria_.document().tests[index];
  const json::object facts = facts_of(test, schema_);
  const Selection selected = test.selects ? selected_by(criteria_, facts) : Selection{};
  cost_ += selected.cost + cost_of(criteria_, facts);
  if (is_spent()) return {};
  const auto complaints = [&](const CriteriaVerdict& verdict) {
    return complaints_of(criteria_.document(), index, verdict, selected.names);
  };
  const CriteriaVerdict results = judge(criteria_, facts, Depth::results);
  has_shown_passing_ = has_shown_passing_ || (results.applicable && results.passed);
  auto found = complaints(results);
  if (found.empty() || ++explained_ > explained_max) return found;
  return complaints(judge(criteria_, facts, Depth::reasons));
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
        case RuleResult::waived:  // a failure that does not count
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
