// What the tests of a release show of its requirements. What has no result is not shown, and the
// worst result of a test is the one that counts.
#include <algorithm>
#include <tuple>

#include "validation/validation.hpp"

namespace holdpoint::validation {
namespace {

using evidence::TestOutcome;

constexpr std::int64_t kWholeBp = 10'000;

std::optional<std::int64_t> rate(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::nullopt : std::optional(part * kWholeBp / whole);
}

/// Of a test without a result it is not_run.
Shown shown_by(const std::optional<TestOutcome>& outcome) {
  if (!outcome) return Shown::not_run;
  switch (*outcome) {
    case TestOutcome::passed: return Shown::passed;
    case TestOutcome::skipped: return Shown::blocked;
    case TestOutcome::failed:
    case TestOutcome::error: return Shown::failed;
  }
  return Shown::failed;
}

/// One entry for each test, with the worst that current evidence says of it.
std::map<std::string, Execution> worst_of(const std::vector<Execution>& executions) {
  std::map<std::string, Execution> tests;
  for (const Execution& execution : executions) {
    const auto [row, is_new] = tests.emplace(execution.test, execution);
    if (is_new) continue;
    Execution& kept = row->second;
    kept.outcome = worse(kept.outcome, execution.outcome);
    kept.failing += execution.failing;
    kept.requirements.insert(kept.requirements.end(), execution.requirements.begin(),
                             execution.requirements.end());
  }
  return tests;
}

std::int64_t& count_of(ShownCounts& counts, Shown shown) {
  switch (shown) {
    case Shown::passed: return counts.passed;
    case Shown::not_run: return counts.not_run;
    case Shown::blocked: return counts.blocked;
    case Shown::failed: return counts.failed;
    case Shown::no_test: return counts.no_test;
  }
  return counts.no_test;
}

class Telling {
 public:
  explicit Telling(const CoverageFacts& facts) : facts_(facts), tests_(worst_of(facts.executions)) {
    for (const auto& [test, execution] : tests_) {
      for (const std::string& id : execution.requirements) stating_[id].insert(test);
    }
  }

  RequirementShown of(const RequirementFacts& requirement) const {
    RequirementShown told{.id = requirement.id,
                          .key = requirement.key,
                          .title = requirement.title,
                          .state = requirement.state,
                          .delivered = requirement.delivered,
                          .shown = Shown::no_test,
                          .tests = {},
                          .tests_cut = 0};
    std::map<std::string, TestOfRequirement> all;
    if (const auto cases = facts_.cases_of.find(requirement.id); cases != facts_.cases_of.end()) {
      for (const auto& [id, key] : cases->second) all[id] = {key, id, std::nullopt};
    }
    if (const auto stating = stating_.find(requirement.id); stating != stating_.end()) {
      for (const std::string& test : stating->second) {
        const Execution& execution = tests_.at(test);
        all[test] = {execution.name, execution.test_case, std::nullopt};
      }
    }
    for (auto& [test, one] : all) {
      if (const auto row = tests_.find(test); row != tests_.end())
        one.outcome = row->second.outcome;
      told.tests.push_back(one);
    }
    std::ranges::sort(told.tests, [](const auto& a, const auto& b) {
      return std::tuple(shown_by(b.outcome), a.name) < std::tuple(shown_by(a.outcome), b.name);
    });
    if (!told.tests.empty()) told.shown = shown_by(told.tests.front().outcome);
    if (told.tests.size() > tests_shown_max) {
      told.tests_cut = static_cast<std::int64_t>(told.tests.size() - tests_shown_max);
      told.tests.resize(tests_shown_max);
    }
    return told;
  }

  void results(Coverage& coverage) const {
    std::int64_t passed = 0;
    std::int64_t failing_cases = 0;
    for (const auto& [test, execution] : tests_) {
      failing_cases += execution.failing;
      if (shown_by(execution.outcome) == Shown::passed) {
        ++passed;
        continue;
      }
      if (execution.test_case && facts_.followed.contains(*execution.test_case)) continue;
      if (coverage.unfollowed.size() < unfollowed_shown_max) {
        coverage.unfollowed.push_back({execution.name, execution.test_case, execution.outcome});
      } else {
        ++coverage.unfollowed_cut;
      }
    }
    coverage.tests = static_cast<std::int64_t>(tests_.size());
    coverage.pass_rate_bp = rate(passed, coverage.tests);
    coverage.failing_unmatched = std::max<std::int64_t>(0, facts_.failing_cases - failing_cases);
  }

 private:
  const CoverageFacts& facts_;
  std::map<std::string, Execution> tests_;
  std::map<std::string, std::set<std::string>> stating_;  // tests by the requirement they state
};

}  // namespace

Coverage coverage_of(const CoverageFacts& facts) {
  const Telling telling(facts);
  Coverage coverage;
  coverage.release = facts.release;
  coverage.requirements_cut = facts.requirements_cut;
  coverage.reports_incomplete = facts.reports_incomplete;
  for (const RequirementFacts& requirement : facts.requirements) {
    RequirementShown told = telling.of(requirement);
    ++coverage.counts.requirements;
    ++count_of(coverage.counts, told.shown);
    coverage.requirements.push_back(std::move(told));
  }
  const ShownCounts& counts = coverage.counts;
  coverage.covered_bp = rate(counts.requirements - counts.no_test, counts.requirements);
  coverage.shown_bp = rate(counts.passed, counts.requirements);
  telling.results(coverage);
  return coverage;
}

}  // namespace holdpoint::validation
