// One run of criteria over facts without a reason: the fast path, and what advice is proved with.
#pragma once

#include <algorithm>
#include <optional>

#include "policy/cel/session.hpp"
#include "policy/document.hpp"
#include "policy/fact_change.hpp"

namespace holdpoint::policy {

struct RuleRun {
  RuleResult result{};
  /// Of the expression that decided; what is to be explained when the result is no pass.
  const cel::Program* program = nullptr;
  cel::Evaluation evaluation;
  std::int64_t cost = 0;
};

/// What an evaluation of a condition means: a value that is no boolean is an error.
RuleResult result_of(const cel::Evaluation& evaluation);

/// Evaluates with the whole budget of one expression.
cel::Evaluation run(const cel::Program& program, cel::Session& session);
RuleRun run_rule(const CompiledCriteria::Rule& rule, cel::Session& session);

/// Facts with changes on trial, and the criteria judged over them, within one budget for all
/// trials that answer one question about a document. The criteria and facts MUST outlive it.
class Trial {
 public:
  static constexpr std::int64_t cost_max = 10'000'000;

  /// `units`: what is left for advice as a whole.
  Trial(const CompiledCriteria::Programs& programs, const json::object& facts, std::int64_t units)
      : programs_(programs), original_(facts), cost_max_(std::min(cost_max, units)) {}

  [[nodiscard]] const CompiledCriteria::Programs& programs() const { return programs_; }
  [[nodiscard]] const json::object& original() const { return original_; }
  /// Copied when they are first asked for.
  ChangedFacts& changed();
  [[nodiscard]] bool is_spent() const { return cost_ >= cost_max_; }
  [[nodiscard]] std::int64_t cost() const { return cost_; }
  void charge(std::int64_t units) { cost_ += units; }
  /// A new budget, for another question.
  void restart_cost(std::int64_t units) {
    cost_ = 0;
    cost_max_ = std::min(cost_max, units);
  }

  /// nullopt when the budget is spent.
  std::optional<RuleResult> judge(const CompiledCriteria::Rule& rule);
  /// Whether the criteria apply to the changed facts and every rule that applies passes.
  std::optional<bool> passes();

 private:
  const CompiledCriteria::Programs& programs_;
  const json::object& original_;
  std::optional<ChangedFacts> changed_;
  std::int64_t cost_ = 0;
  std::int64_t cost_max_;
};

}  // namespace holdpoint::policy
