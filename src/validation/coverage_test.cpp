// What the tests of a release show of its requirements: nothing that did not run is shown, and
// nothing that fails is hidden.
#include <doctest/doctest.h>

#include "validation/validation.hpp"

namespace holdpoint::validation {
namespace {

using evidence::TestOutcome;

RequirementFacts requirement(const std::string& id) {
  return {id, "REQ-" + id, "What is asked for", workitems::State::accepted, true};
}

Execution run(const std::string& id, TestOutcome outcome,
              std::vector<std::string> requirements = {}) {
  Execution execution;
  execution.test = id;
  execution.name = "TC-" + id;
  execution.test_case = id;
  execution.outcome = outcome;
  execution.failing = outcome == TestOutcome::failed || outcome == TestOutcome::error ? 1 : 0;
  execution.requirements = std::move(requirements);
  return execution;
}

/// One requirement with these test cases, of which those ran.
Shown shown(const std::vector<std::string>& cases, std::vector<Execution> executions) {
  CoverageFacts facts;
  facts.requirements = {requirement("r")};
  for (const std::string& id : cases) facts.cases_of["r"][id] = "TC-" + id;
  facts.executions = std::move(executions);
  const Coverage coverage = coverage_of(facts);
  REQUIRE(coverage.requirements.size() == 1);
  return coverage.requirements.front().shown;
}

TEST_CASE("a requirement is shown when all of its tests passed, and only then") {
  CHECK(shown({"a", "b"}, {run("a", TestOutcome::passed), run("b", TestOutcome::passed)}) ==
        Shown::passed);
  CHECK(shown({"a", "b"}, {run("a", TestOutcome::passed)}) == Shown::not_run);
  CHECK(shown({"a", "b"}, {run("a", TestOutcome::passed), run("b", TestOutcome::skipped)}) ==
        Shown::blocked);
  CHECK(shown({"a", "b"}, {run("a", TestOutcome::skipped), run("b", TestOutcome::error)}) ==
        Shown::failed);
  CHECK(shown({"a"}, {}) == Shown::not_run);
  CHECK(shown({}, {}) == Shown::no_test);
}

TEST_CASE("a requirement that a report states is tested by that case, declared or not") {
  CHECK(shown({}, {run("a", TestOutcome::passed, {"r"})}) == Shown::passed);
  CHECK(shown({"b"}, {run("a", TestOutcome::passed, {"r"})}) == Shown::not_run);
  CHECK(shown({}, {run("a", TestOutcome::passed, {"other"})}) == Shown::no_test);
}

TEST_CASE("of several reports the worst result of a test counts") {
  CHECK(shown({"a"}, {run("a", TestOutcome::failed), run("a", TestOutcome::passed)}) ==
        Shown::failed);
  CHECK(shown({"a"}, {run("a", TestOutcome::passed), run("a", TestOutcome::failed)}) ==
        Shown::failed);
}

TEST_CASE("rates are rounded down, and are absent of nothing") {
  CoverageFacts facts;
  CHECK_FALSE(coverage_of(facts).covered_bp);
  CHECK_FALSE(coverage_of(facts).pass_rate_bp);
  facts.requirements = {requirement("r"), requirement("s"), requirement("t")};
  facts.cases_of = {{"r", {{"a", "TC-a"}}}, {"s", {{"b", "TC-b"}}}};
  facts.executions = {run("a", TestOutcome::passed)};
  const Coverage coverage = coverage_of(facts);
  CHECK(coverage.covered_bp == 6'666);
  CHECK(coverage.shown_bp == 3'333);
  CHECK(coverage.pass_rate_bp == 10'000);
  CHECK(coverage.counts.no_test == 1);
  CHECK(coverage.counts.not_run == 1);
}

TEST_CASE("a failed or blocked test is followed up by an open work item, or told") {
  CoverageFacts facts;
  facts.executions = {run("a", TestOutcome::failed), run("b", TestOutcome::skipped),
                      run("c", TestOutcome::passed), run("d", TestOutcome::failed)};
  facts.followed = {"a"};
  facts.failing_cases = 5;
  const Coverage coverage = coverage_of(facts);
  REQUIRE(coverage.unfollowed.size() == 2);
  CHECK(coverage.unfollowed[0].test_case == "b");
  CHECK(coverage.unfollowed[1].test_case == "d");
  CHECK(coverage.failing_unmatched == 3);
}

TEST_CASE("long lists are cut, the worst are kept, and the rest is counted") {
  CoverageFacts facts;
  facts.requirements = {requirement("r")};
  for (std::size_t i = 0; i < tests_shown_max + 5; ++i) {
    const std::string id = "t" + std::to_string(i);
    facts.cases_of["r"][id] = id;
    facts.executions.push_back(run(id, TestOutcome::passed));
  }
  facts.cases_of["r"]["zz"] = "zz";
  facts.executions.push_back(run("zz", TestOutcome::failed));
  const Coverage coverage = coverage_of(facts);
  const RequirementShown& told = coverage.requirements.front();
  CHECK(told.shown == Shown::failed);
  CHECK(told.tests.size() == tests_shown_max);
  CHECK(told.tests.front().name == "zz");
  CHECK(told.tests_cut == 6);
}

}  // namespace
}  // namespace holdpoint::validation
