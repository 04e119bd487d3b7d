// See rule_run.hpp.
#include "policy/rule_run.hpp"

#include "policy/cel/evaluator.hpp"

namespace holdpoint::policy {
namespace {

/// What a trial costs besides its evaluation.
constexpr std::int64_t trial_cost = 200;

}  // namespace

RuleResult result_of(const cel::Evaluation& evaluation) {
  switch (evaluation.outcome) {
    case cel::Evaluation::Outcome::error: return RuleResult::error;
    case cel::Evaluation::Outcome::unknown: return RuleResult::unknown;
    case cel::Evaluation::Outcome::value: break;
  }
  if (evaluation.is_true()) return RuleResult::pass;
  return evaluation.is_false() ? RuleResult::fail : RuleResult::error;
}

cel::Evaluation run(const cel::Program& program, cel::Session& session) {
  session.restart_cost(program.compiled().limits.cost_max);
  return cel::evaluate_in(program.compiled(), session);
}

RuleRun run_rule(const CompiledCriteria::Rule& rule, cel::Session& session) {
  RuleRun out;
  if (rule.when) {
    out.evaluation = run(*rule.when, session);
    out.cost = out.evaluation.cost;
    if (out.evaluation.is_false()) {
      out.result = RuleResult::not_applicable;
      return out;
    }
    if (!out.evaluation.is_true()) {
      out.result = result_of(out.evaluation);
      out.program = &*rule.when;
      return out;
    }
  }
  out.evaluation = run(rule.require, session);
  out.cost += out.evaluation.cost;
  out.result = result_of(out.evaluation);
  out.program = &rule.require;
  return out;
}

ChangedFacts& Trial::changed() {
  if (!changed_) changed_.emplace(original_);
  return *changed_;
}

std::optional<RuleResult> Trial::judge(const CompiledCriteria::Rule& rule) {
  if (is_spent()) return std::nullopt;
  cel::Session session(changed().facts(), cel::Limits{});
  const RuleRun out = run_rule(rule, session);
  charge(trial_cost + out.cost);
  return out.result;
}

std::optional<bool> Trial::passes() {
  if (is_spent()) return std::nullopt;
  cel::Session session(changed().facts(), cel::Limits{});
  charge(trial_cost);
  if (programs_.match) {
    const cel::Evaluation match = run(*programs_.match, session);
    charge(match.cost);
    if (!match.is_true()) return false;
  }
  for (const CompiledCriteria::Rule& rule : programs_.rules) {
    const RuleRun out = run_rule(rule, session);
    charge(out.cost);
    if (!is_fine(out.result)) return false;
  }
  return true;
}

}  // namespace holdpoint::policy
