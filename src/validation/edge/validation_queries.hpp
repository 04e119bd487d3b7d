// The read model of validation, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/links.hpp"
#include "engine/records.hpp"
#include "releases/edge/release_queries.hpp"
#include "validation/validation.hpp"

namespace holdpoint::validation {

using TestCases = engine::Records<TestCase>;

/// By `tcs_…` or by its key.
std::optional<engine::Stored<TestCase>> find_test_case(engine::Connection& tables,
                                                       std::string_view workspace,
                                                       std::string_view reference);
std::size_t count_active_test_cases(engine::Connection& tables, std::string_view workspace);

engine::LinkEnd end_of(const TestCase& item);

/// The requirements that a test case validates: ids of work items.
std::vector<std::string> requirements_of(engine::Connection& tables, std::string_view workspace,
                                         const TestCase& item);

/// The requirement of that key or id, or the only one of that key in another system.
std::optional<workitems::WorkItem> find_requirement(engine::Connection& tables,
                                                    std::string_view workspace,
                                                    std::string_view key);

/// Whether a report can say anything: there are test cases or requirements.
bool has_anything_to_test(engine::Connection& tables, std::string_view workspace);

/// What the cases of that report are looked for among.
KnownTests known_tests(engine::Connection& tables, std::string_view workspace,
                       const evidence::TestCases& cases);

/// Everything that the coverage of a release follows from.
CoverageFacts coverage_facts(engine::Connection& tables, std::string_view workspace,
                             const releases::Release& release);

/// A test that failed in several of its last runs.
struct FailingTest {
  std::string test;
  std::string name;
  std::string application;
  std::int64_t runs = 0;
  std::int64_t failed = 0;
  Instant last_at;
};
HP_DESCRIBE(FailingTest, test, name, application, runs, failed, last_at)

struct FailingQuestion {
  std::int64_t runs = 10;       // of each test, the last ones
  std::int64_t failed_min = 2;  // of these
  std::optional<std::string> application;
  Instant since;
  std::size_t limit = 50;
};
/// The worst first.
std::vector<FailingTest> failing_tests(engine::Connection& tables, std::string_view workspace,
                                       const FailingQuestion& question);

}  // namespace holdpoint::validation
