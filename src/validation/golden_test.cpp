// The bytes of the event bodies of validation, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "engine/records.hpp"
#include "support/golden.hpp"
#include "validation/validation.hpp"

namespace holdpoint::validation {
namespace {

using test::digest;
using test::frozen;

const TestCaseId kId = *TestCaseId::parse("tcs_01J00000000000000000000000");

TestCase item() {
  TestCase item;
  item.id = kId;
  item.name = "TC-7";
  item.title = "A refund is paid once";
  item.suite = "RefundTest";
  item.test_name = "paysOnce";
  return item;
}

constexpr std::string_view kItem =
    R"({"id":"tcs_01J00000000000000000000000","name":"TC-7","state":"active",)"
    R"("suite":"RefundTest","test_name":"paysOnce","title":"A refund is paid once"})";

TEST_CASE("test_case.created is frozen") {
  frozen(engine::RecordCreated<TestCase>{item()}, "test_case.created",
         R"({"record":)" + std::string(kItem) + "}");
}

TEST_CASE("test_case.changed is frozen") {
  frozen(engine::RecordChanged<TestCase>{2, item()}, "test_case.changed",
         R"({"record":)" + std::string(kItem) + R"(,"revision":2})");
}

TEST_CASE("tests.run is frozen") {
  TestsRun run;
  run.evidence = "evd_01J00000000000000000000000";
  run.release = "rel_01J00000000000000000000000";
  run.application = "payments";
  run.summary = {digest(0x22)};
  run.part = 1;
  Result declared;
  declared.test_case = kId;
  declared.name = "TC-7";
  declared.outcome = evidence::TestOutcome::error;
  declared.cases = 3;
  declared.failing = 1;
  declared.requirements = {"wit_01J00000000000000000000000"};
  Result stated;
  stated.name = "RefundTest.paysTwice";
  stated.outcome = evidence::TestOutcome::skipped;
  stated.cases = 1;
  run.results = {declared, stated};
  run.cases_cut = 4;
  run.results_cut = 5;
  run.unknown_requirements = 6;
  frozen(run, "tests.run",
         R"({"application":"payments","cases_cut":4,"evidence":"evd_01J00000000000000000000000",)"
         R"("part":1,"release":"rel_01J00000000000000000000000","results":[{"cases":3,)"
         R"("failing":1,"name":"TC-7","outcome":"error",)"
         R"("requirements":["wit_01J00000000000000000000000"],)"
         R"("test_case":"tcs_01J00000000000000000000000"},{"cases":1,"failing":0,)"
         R"("name":"RefundTest.paysTwice","outcome":"skipped","requirements":[]}],)"
         R"("results_cut":5,"summary":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("unknown_requirements":6})");
}

}  // namespace
}  // namespace holdpoint::validation
