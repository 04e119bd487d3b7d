// The tests that a document carries, run: whether each came out as its author expected, and which
// results of each rule they have shown.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policy/document.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// One expectation that was not met. `path` is a JSON Pointer into the document.
struct TestComplaint {
  std::string path;
  std::string message;
};
HP_DESCRIBE(TestComplaint, path, message)

struct TestOutcome {
  std::string name;
  std::vector<TestComplaint> complaints;  // none: the test passed
  CriteriaVerdict verdict;

  [[nodiscard]] bool passed() const { return complaints.empty(); }
};

/// The smallest facts with those of the test merged over them.
json::object facts_of(const TestSource& test, const cel::Schema& schema);

/// Runs the test of that number, whatever the mode of the document.
TestOutcome run_test(const CompiledCriteria& criteria, std::size_t index,
                     const cel::Schema& schema);

/// The tests of one document, run one after the other within one budget: as many tests as a
/// document may have, each over as many rules, would otherwise take as long as they like.
class OwnTestRun {
 public:
  /// Of judging the facts of all tests.
  static constexpr std::int64_t cost_max = 10'000'000;
  /// Of the tests that did not come out as expected, those that are told the reasons.
  static constexpr int explained_max = 20;

  /// Both MUST outlive the run.
  OwnTestRun(const CompiledCriteria& criteria, const cel::Schema& schema)
      : criteria_(criteria), schema_(schema) {}

  /// Which expectations of the test of that number are not met; none once the budget is spent.
  std::vector<TestComplaint> run(std::size_t index);
  [[nodiscard]] bool is_spent() const { return cost_ > cost_max; }
  /// Whether in one of the tests the document applied and was passed. Where it does not apply, a
  /// test is passed as well, and shows nothing.
  [[nodiscard]] bool has_shown_passing() const { return has_shown_passing_; }

 private:
  const CompiledCriteria& criteria_;
  const cel::Schema& schema_;
  std::int64_t cost_ = 0;
  int explained_ = 0;
  bool has_shown_passing_ = false;
};

/// How often each result of a rule came out over all tests. A rule that no test shows passing and
/// failing may say something else than its author believes.
struct RuleTally {
  std::string rule;
  std::int64_t held = 0;    // pass
  std::int64_t failed = 0;  // fail
  std::int64_t untold = 0;  // error or unknown: neither true nor false
  std::int64_t skipped = 0;

  [[nodiscard]] bool is_whole() const { return held > 0 && failed > 0; }
};
HP_DESCRIBE(RuleTally, rule, held, failed, untold, skipped)

/// For every rule of the document, in its order.
std::vector<RuleTally> tally_of(const CriteriaDocument& document,
                                std::span<const TestOutcome> outcomes);

}  // namespace holdpoint::policy
