// The bytes of the event bodies of evidence, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "evidence/evidence.hpp"
#include "support/golden.hpp"

namespace holdpoint::evidence {

namespace {

using test::digest;
using test::frozen;

EvidenceReceived received() {
  EvidenceReceived body;
  body.id = *EvidenceId::parse("evd_01J00000000000000000000000");
  body.release = "rel_01J00000000000000000000000";
  body.name = "unit";
  body.report = {digest(0x11)};
  body.size = 4'096;
  body.summary = {digest(0x22)};
  body.parser = {"junit", 1};
  return body;
}

TEST_CASE("evidence.received with counts is frozen") {
  EvidenceReceived body = received();
  body.kind = Kind::tests;
  body.format = "junit";
  body.flags = {"flaky_tests"};
  body.metadata = {{"tool", "ctest"}, {"commit", "aaaa"}};
  body.supersedes = *EvidenceId::parse("evd_01J00000000000000000000001");
  Tests tests;
  tests.total = 4;
  tests.passed = 1;
  tests.failed = 1;
  tests.errors = 1;
  tests.skipped = 1;
  tests.duration_us = 2'500'000;
  body.counts.tests = tests;
  Coverage coverage;
  coverage.lines_valid = 3;
  coverage.lines_covered = 2;
  coverage.line_bp = 6'666;
  coverage.files = 1;
  body.counts.coverage = coverage;
  body.counts.open = SeverityCounts{1, 2, 3, 4, 5, 6};
  body.counts.suppressed = 7;
  body.counts.components = 8;
  frozen(body, "evidence.received",
         R"({"counts":{"components":8,"coverage":{"files":1,"line_bp":6666,"lines_covered":2,)"
         R"("lines_valid":3},"open":{"critical":1,"high":2,"info":5,"low":4,"medium":3,)"
         R"("unknown":6},"suppressed":7,"tests":{"duration_us":2500000,"errors":1,"failed":1,)"
         R"("failures":[],"failures_cut":0,"passed":1,"skipped":1,"total":4}},)"
         R"("flags":["flaky_tests"],"format":"junit","id":"evd_01J00000000000000000000000",)"
         R"("kind":"tests","metadata":{"commit":"aaaa","tool":"ctest"},"name":"unit",)"
         R"("parser":{"name":"junit","version":1},)"
         R"("release":"rel_01J00000000000000000000000","report":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("size":4096,"status":"complete","summary":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("supersedes":"evd_01J00000000000000000000001"})");
}

TEST_CASE("evidence.received of a report that could not be read is frozen") {
  EvidenceReceived body = received();
  body.kind = Kind::unknown;
  body.format = "unknown";
  body.status = ReportStatus::unparsed;
  body.reason = "No reader knows it.";
  frozen(body, "evidence.received",
         R"({"counts":{},"flags":[],"format":"unknown","id":"evd_01J00000000000000000000000",)"
         R"("kind":"unknown","metadata":{},"name":"unit","parser":{"name":"junit","version":1},)"
         R"("reason":"No reader knows it.","release":"rel_01J00000000000000000000000","report":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("size":4096,"status":"unparsed","summary":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222"})");
}

}  // namespace
}  // namespace holdpoint::evidence
