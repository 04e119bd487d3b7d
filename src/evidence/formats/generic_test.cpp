// Declared evidence: strict, because it is written for us, and always flagged as a declaration.
#include <doctest/doctest.h>

#include "evidence/intake.hpp"
#include "evidence/one_line.hpp"

namespace holdpoint::evidence {

namespace {

std::string declared(std::string_view members) {
  return R"({"holdpoint_evidence":1,"kind":"generic","tool":{"name":"t"},"status":"complete",)" +
         std::string(members) + "}";
}

}  // namespace

TEST_CASE("declared evidence is taken when it is right and refused with the place when not") {
  const ReportRow rows[] = {
      {"values", declared(R"("values":{"errors":0,"name":"x","ok":true})"),
       "generic complete [declared]"},
      {"tests", declared(R"("tests":{"total":3,"passed":2,"failed":1,"errors":0,"skipped":0})"),
       "generic complete [declared] tests 3=2+1+0+0"},
      {"tests that do not add up",
       declared(R"("tests":{"total":5,"passed":4,"failed":0,"errors":0,"skipped":0})"),
       "generic unparsed: /tests/total: is 5, but passed, failed, errors and skipped add up to 4"},
      {"negative tests",
       declared(R"("tests":{"total":-1,"passed":-1,"failed":0,"errors":0,"skipped":0})"),
       "generic unparsed: /tests/total: -1 is no count"},
      {"coverage", declared(R"("coverage":{"lines_valid":3,"lines_covered":2})"),
       "generic complete [declared] lines 2/3 6666"},
      {"more covered than there is", declared(R"("coverage":{"lines_valid":3,"lines_covered":4})"),
       "generic unparsed: /coverage/lines_covered: more than lines_valid"},
      {"findings", declared(R"("findings":[{"rule_id":"r","title":"t","severity":"high"},
         {"rule_id":"s","title":"t","severity":"low","status":"fixed"}])"),
       "generic complete [declared] open c0 h1 m0 l0 i0 u0 fixed 1"},
      {"an unknown severity",
       declared(R"("findings":[{"rule_id":"r","title":"","severity":"bad"}])"),
       "generic unparsed: /findings/0/severity: expected one of: critical, high, medium, low, "
       "info, unknown"},
      {"a fraction", declared(R"("values":{"rate":0.5})"),
       "generic unparsed: /values/rate: expected an integer of at most 2^53-1, a string or a truth "
       "value; write fractions as integers of a smaller unit"},
      {"another version", R"({"holdpoint_evidence":2})",
       "generic unparsed: declared evidence of another version than 1"},
      {"failed to run",
       R"({"holdpoint_evidence":1,"kind":"dast","tool":{"name":"t"},"status":"failed_to_run",
          "reason":"no network"})",
       "generic failed_to_run: no network [declared]"},
  };
  for (const ReportRow& row : rows) {
    CAPTURE(row.what);
    CHECK(one_line(summarise(row.report)) == row.line);
  }
}

TEST_CASE("an unknown or repeated member of declared evidence is refused by its name") {
  const auto reason = [](const std::string& report) {
    return summarise(report).reason.value_or("none");
  };
  CHECK(reason(declared(R"("extra":1)")).find("/extra") != std::string::npos);
  CHECK(reason(declared(R"("tests":{"total":0})")).find("/tests/passed") != std::string::npos);
  CHECK(reason(declared(R"("values":{"a":1,"a":2})")) != "none");
}

}  // namespace holdpoint::evidence
