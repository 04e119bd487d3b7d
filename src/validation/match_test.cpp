// Which test a case of a report belongs to, and that the worst of its cases counts.
#include <doctest/doctest.h>

#include "validation/validation.hpp"

namespace holdpoint::validation {
namespace {

using evidence::TestOutcome;

const TestCaseId kPaysOnce = *TestCaseId::parse("tcs_01J00000000000000000000001");
const TestCaseId kAnyLogin = *TestCaseId::parse("tcs_01J00000000000000000000002");

KnownTests known() {
  KnownTests tests;
  tests.by_key = {{"TC-1", kPaysOnce}, {"TC-2", kAnyLogin}};
  tests.key_by_names = {{{"RefundTest", "paysOnce"}, "TC-1"}, {{"", "logsIn"}, "TC-2"}};
  tests.requirement_ids = {{"REQ-1", "wit_1"}, {"REQ-2", "wit_2"}};
  return tests;
}

evidence::TestCase found(std::string suite, std::string name,
                         TestOutcome outcome = TestOutcome::passed) {
  evidence::TestCase one;
  one.suite = std::move(suite);
  one.name = std::move(name);
  one.outcome = outcome;
  return one;
}

Matched matched(std::vector<evidence::TestCase> cases) {
  return match(evidence::TestCases{std::move(cases), 0}, known());
}

TEST_CASE("a case belongs to the test case whose key it states, whatever its names are") {
  auto one = found("RefundTest", "paysOnce");
  one.key = "TC-2";
  const Matched result = matched({one});
  REQUIRE(result.results.size() == 1);
  CHECK(result.results.front().test_case == kAnyLogin);
  CHECK(result.results.front().name == "TC-2");
}

TEST_CASE("a key that names no test case is not replaced by a guess from the names") {
  auto one = found("RefundTest", "paysOnce");
  one.key = "TC-99";
  CHECK(matched({one}).results.empty());
}

TEST_CASE("without a key the names decide, in the declared suite or in any") {
  const Matched result = matched({found("RefundTest", "paysOnce"), found("OtherTest", "paysOnce"),
                                  found("Anywhere", "logsIn"), found("Anywhere", "logsOut")});
  REQUIRE(result.results.size() == 2);
  CHECK(result.results[0].test_case == kPaysOnce);
  CHECK(result.results[0].cases == 1);
  CHECK(result.results[1].test_case == kAnyLogin);
}

TEST_CASE("of several cases of one test the worst counts") {
  const Matched result = matched({found("A", "logsIn"), found("B", "logsIn", TestOutcome::failed),
                                  found("C", "logsIn", TestOutcome::skipped)});
  REQUIRE(result.results.size() == 1);
  CHECK(result.results.front().outcome == TestOutcome::failed);
  CHECK(result.results.front().cases == 3);
  CHECK(result.results.front().failing == 1);
}

TEST_CASE("a case that states requirements only is a test of its own") {
  auto one = found("RefundTest", "paysTwice", TestOutcome::skipped);
  one.requirements = {"REQ-2", "REQ-1", "REQ-404"};
  const Matched result = matched({one});
  REQUIRE(result.results.size() == 1);
  CHECK_FALSE(result.results.front().test_case);
  CHECK(result.results.front().test() == "name:RefundTest.paysTwice");
  CHECK(result.results.front().requirements == std::vector<std::string>{"wit_1", "wit_2"});
  CHECK(result.unknown_requirements == 1);
}

TEST_CASE("more tests than the bound are counted, each once") {
  std::vector<evidence::TestCase> cases;
  for (std::size_t i = 0; i < results_max + 2; ++i) {
    auto one = found("S", "t" + std::to_string(i));
    one.requirements = {"REQ-1"};
    cases.push_back(one);
    if (i >= results_max) cases.push_back(one);
  }
  const Matched result = matched(std::move(cases));
  CHECK(result.results.size() == results_max);
  CHECK(result.results_cut == 2);
}

TEST_CASE("what may be said of a test case") {
  CHECK(create({"TC-1", "Pays once", "RefundTest", "paysOnce", {}}));
  CHECK_FALSE(create({"", "Pays once", {}, {}, {}}));
  CHECK_FALSE(create({"TC-1", "two\nlines", {}, {}, {}}));
  CHECK_FALSE(create({"TC-1", "Pays once", "RefundTest", {}, {}}));
  CHECK_FALSE(create({"TC-1",
                      "Pays once",
                      {},
                      {},
                      std::vector<std::string>(requirements_of_case_max + 1, "REQ-1")}));
}

}  // namespace
}  // namespace holdpoint::validation
