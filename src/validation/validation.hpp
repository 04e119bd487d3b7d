// Front header of validation (A4): test cases and the requirements they validate, what the reports
// of tests said of them, and what of a release is thereby shown, shown to fail, blocked, not run or
// without any test. Executions come from the evidence by themselves: by the keys that a report
// states, or by the names that a test case declares.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/object_ref.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"
#include "evidence/evidence.hpp"
#include "workitems/workitems.hpp"

namespace holdpoint::validation {

struct TestCaseTag {
  static constexpr std::string_view prefix = "tcs";
};
using TestCaseId = Id<TestCaseTag>;

inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::size_t test_name_bytes_max = evidence::name_bytes_max;
inline constexpr std::size_t requirements_of_case_max = 50;
inline constexpr std::size_t test_cases_max = 20'000;
/// Tests that one report is recorded for; the rest is counted.
inline constexpr std::size_t results_max = 5'000;
/// Different keys of requirements that are looked up for one report.
inline constexpr std::size_t keys_looked_up_max = 5'000;
inline constexpr std::size_t result_name_bytes_max = 300;
/// Requirements and tests that one answer about a release looks at; the rest is counted.
inline constexpr std::size_t requirements_max = 2'000;
inline constexpr std::size_t executions_read_max = 50'000;
inline constexpr std::size_t tests_shown_max = 20;
inline constexpr std::size_t unfollowed_shown_max = 200;

struct TestCase {
  static constexpr std::string_view kind = "test_case";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "test_case.created";
  static constexpr std::string_view changed_event = "test_case.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  TestCaseId id;
  std::string name;  // the key: "TC-7"; what reports state as test_key
  std::string title;
  RecordState state = RecordState::active;
  std::optional<std::string> suite;      // as reports name it; absent: any
  std::optional<std::string> test_name;  // absent: found by its key only
};
HP_DESCRIBE(TestCase, id, name, title, state, suite, test_name)

/// How a link from a test case to a requirement is called.
inline constexpr std::string_view validates = "validates";

struct CreateTestCase {
  std::string key;
  std::string title;
  std::optional<std::string> suite;
  std::optional<std::string> test_name;
  std::optional<std::vector<std::string>> requirements;  // keys or ids of work items
};
HP_DESCRIBE(CreateTestCase, key, title, suite, test_name, requirements)

/// What is absent stays as it is; the requirements given take the place of those before.
struct ChangeTestCase {
  std::optional<std::string> title;
  std::optional<std::string> suite;
  std::optional<std::string> test_name;
  std::optional<std::vector<std::string>> requirements;
  std::optional<RecordState> state;
};
HP_DESCRIBE(ChangeTestCase, title, suite, test_name, requirements, state)

/// Refuses with a path for each mistake.
Decided<TestCase> create(const CreateTestCase& command);
Decided<TestCase> change(const TestCase& before, const ChangeTestCase& command);

/// What one report says of one test: the worst of its cases that belong to it.
struct Result {
  std::optional<TestCaseId> test_case;  // absent: a test that nobody declared
  std::string name;                     // its key, or its names in the report
  evidence::TestOutcome outcome{};
  std::int64_t cases = 0;
  std::int64_t failing = 0;               // of them
  std::vector<std::string> requirements;  // ids that the report states, sorted

  /// What tells one test from another.
  [[nodiscard]] std::string test() const { return test_case ? test_case->text() : "name:" + name; }
};
HP_DESCRIBE(Result, test_case, name, outcome, cases, failing, requirements)

/// What a report of tests said of test cases and requirements. A long one is told in several
/// events.
struct TestsRun {
  static constexpr std::string_view event_type = "tests.run";
  static constexpr int event_version = 1;
  std::string evidence;
  std::string release;
  std::string application;
  ObjectRef summary;  // what it was read from
  std::int64_t part = 0;
  std::vector<Result> results;
  std::int64_t cases_cut = 0;             // cases that the summary does not list
  std::int64_t results_cut = 0;           // tests that are not told, because there are too many
  std::int64_t unknown_requirements = 0;  // different keys that name no requirement
};
HP_DESCRIBE(TestsRun, evidence, release, application, summary, part, results, cases_cut,
            results_cut, unknown_requirements)

/// What the cases of a report are looked for among. MUST hold active test cases only.
struct KnownTests {
  std::map<std::string, TestCaseId, std::less<>> by_key;
  /// By suite and name; the suite is "" where the test case declares none.
  std::map<std::pair<std::string, std::string>, std::string> key_by_names;
  std::map<std::string, std::string, std::less<>> requirement_ids;  // by the key that reports state
};

struct Matched {
  std::vector<Result> results;  // by name
  std::int64_t results_cut = 0;
  std::int64_t unknown_requirements = 0;
};

/// A case belongs to the test case of the key it states, else to the one that declares its names;
/// one that states requirements only is a test of its own. Every other case is nobody's.
Matched match(const evidence::TestCases& cases, const KnownTests& known);

/// Skipped is worse than passed, and failed than skipped.
evidence::TestOutcome worse(evidence::TestOutcome a, evidence::TestOutcome b);

/// How far a release shows a requirement, the best first. blocked: a test of it was skipped.
/// not_run: nothing failed, and a test of it has no result.
enum class Shown : std::uint8_t { passed, not_run, blocked, failed, no_test };
HP_DESCRIBE_ENUM(Shown, passed, not_run, blocked, failed, no_test)

/// One test of a requirement in a release; without an outcome it was not run.
struct TestOfRequirement {
  std::string name;
  std::optional<std::string> test_case;
  std::optional<evidence::TestOutcome> outcome;
};
HP_DESCRIBE(TestOfRequirement, name, test_case, outcome)

struct RequirementShown {
  std::string id;
  std::string key;
  std::string title;
  workitems::State state{};
  bool delivered = false;  // linked to the release; else one of the application's
  Shown shown = Shown::no_test;
  std::vector<TestOfRequirement> tests;  // the worst first
  std::int64_t tests_cut = 0;
};
HP_DESCRIBE(RequirementShown, id, key, title, state, delivered, shown, tests, tests_cut)

/// A test that failed or was blocked in the release and that no open work item follows up.
struct Unfollowed {
  std::string name;
  std::optional<std::string> test_case;
  evidence::TestOutcome outcome{};
};
HP_DESCRIBE(Unfollowed, name, test_case, outcome)

struct ShownCounts {
  std::int64_t requirements = 0;
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t blocked = 0;
  std::int64_t not_run = 0;
  std::int64_t no_test = 0;
};
HP_DESCRIBE(ShownCounts, requirements, passed, failed, blocked, not_run, no_test)

/// What the tests of a release show. Rates are in basis points, rounded down; absent of nothing.
struct Coverage {
  std::string release;
  ShownCounts counts;
  std::optional<std::int64_t> covered_bp;  // requirements with a test, of all
  std::optional<std::int64_t> shown_bp;    // requirements whose tests all passed, of all
  std::int64_t tests = 0;                  // with a result
  std::optional<std::int64_t> pass_rate_bp;
  std::vector<RequirementShown> requirements;
  std::int64_t requirements_cut = 0;
  std::vector<Unfollowed> unfollowed;
  std::int64_t unfollowed_cut = 0;
  /// Failing cases of reports that belong to no test case and no requirement.
  std::int64_t failing_unmatched = 0;
  /// Reports whose cases are not known, or not all of them: what is not run may have been.
  std::int64_t reports_incomplete = 0;
};
HP_DESCRIBE(Coverage, release, counts, covered_bp, shown_bp, tests, pass_rate_bp, requirements,
            requirements_cut, unfollowed, unfollowed_cut, failing_unmatched, reports_incomplete)

/// A result of evidence that counts now.
struct Execution {
  std::string test;
  std::string name;
  std::optional<std::string> test_case;
  evidence::TestOutcome outcome{};
  std::int64_t failing = 0;  // cases of it
  std::vector<std::string> requirements;
};

struct RequirementFacts {
  std::string id;
  std::string key;
  std::string title;
  workitems::State state{};
  bool delivered = false;
};

struct CoverageFacts {
  std::string release;
  std::vector<RequirementFacts> requirements;
  std::int64_t requirements_cut = 0;
  /// Active test cases that validate a requirement: its id, then the key by the id of the case.
  std::map<std::string, std::map<std::string, std::string>> cases_of;
  std::vector<Execution> executions;
  std::set<std::string> followed;  // test cases that an open work item is linked with
  std::int64_t failing_cases = 0;  // in all reports
  std::int64_t reports_incomplete = 0;
};

Coverage coverage_of(const CoverageFacts& facts);

Refusal test_case_not_found(std::string_view reference);
Refusal invalid_test_case(JsonIssues issues);
Refusal too_many_test_cases();

}  // namespace holdpoint::validation
