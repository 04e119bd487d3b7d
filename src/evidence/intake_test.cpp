// Intake as a whole: the frozen bytes of one summary per format, the bounds, and that no mutation
// of a valid report can make it fail.
#include "evidence/intake.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <rapidcheck.h>

namespace holdpoint::evidence {

namespace {

struct Golden {
  const char* report;
  const char* summary;
};

const Golden goldens[] = {
    {R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","version":"1"}},"results":[
        {"ruleId":"R","level":"error","message":{"text":"m"}}],"versionControlProvenance":[
        {"repositoryUri":"https://x/r","revisionId":"abc"}]}]})",
     R"({"findings":{"cut":0,"fixed":0,"items":[{"fingerprint":)"
     R"("8fb27d58623dcad0fbeeb523a307ddb33610bf50cccd77357b7b6b57c68c4af3",)"
     R"("ids":[],"raw_severity":"error","rule_id":"R","severity":"high","status":"open",)"
     R"("title":"m"}],"not_affected":0,"not_failing":0,"open":{"critical":0,"high":1,"info":0,)"
     R"("low":0,"medium":0,"unknown":0},"severity_map":1,"suppressed":0},"flags":[],)"
     R"("format":"sarif","kind":"sast","parser":{"name":"holdpoint-sarif","version":1},)"
     R"("source":{"repository":"https://x/r","revision":"abc"},"status":"complete",)"
     R"("tools":[{"name":"T","version":"1"}],"v":1})"},
    {R"(<testsuite name="s"><testcase name="a"><failure message="m"/></testcase></testsuite>)",
     R"({"flags":[],"format":"junit","kind":"tests","parser":{"name":"holdpoint-junit",)"
     R"("version":2},"status":"complete","test_cases":{"cut":0,"items":[{"name":"a",)"
     R"("outcome":"failed","requirements":[],"suite":"s"}]},"tests":{"errors":0,"failed":1,)"
     R"("failures":[)"
     R"({"message":"m","name":"a","suite":"s"}],"failures_cut":0,"passed":0,"skipped":0,)"
     R"("total":1},"tools":[],"v":1})"},
    {R"(<coverage version="gcovr 5.2" timestamp="1795156485"><packages><package><classes>
        <class filename="a"><lines><line number="1" hits="1"/></lines></class></classes></package>
        </packages></coverage>)",
     R"({"coverage":{"files":1,"line_bp":10000,"lines_covered":1,"lines_valid":1},)"
     R"("finished_at":1795156485000000,"flags":[],"format":"cobertura","kind":"coverage",)"
     R"("parser":{"name":"holdpoint-cobertura","version":1},"status":"complete",)"
     R"("tools":[{"name":"gcovr","version":"5.2"}],"v":1})"},
    {"SF:a\nDA:1,0\nBRDA:1,0,0,1\nend_of_record\n",
     R"({"coverage":{"branch_bp":10000,"branches_covered":1,"branches_valid":1,"files":1,)"
     R"("line_bp":0,"lines_covered":0,"lines_valid":1},"flags":[],"format":"lcov",)"
     R"("kind":"coverage","parser":{"name":"holdpoint-lcov","version":1},"status":"complete",)"
     R"("tools":[],"v":1})"},
    {R"({"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a","version":"1"}]})",
     R"({"components":{"count":1,"dependencies":0,"names":[{"name":"a","version":"1"}],)"
     R"("names_cut":0,"with_license":0,"with_purl":0,"with_version":1},"flags":[],)"
     R"("format":"cyclonedx","kind":"sbom","parser":{"name":"holdpoint-cyclonedx","version":1},)"
     R"("status":"complete","tools":[],"v":1})"},
    {R"({"spdxVersion":"SPDX-2.3","packages":[{"name":"a"}]})",
     R"({"components":{"count":1,"dependencies":0,"names":[{"name":"a"}],"names_cut":0,)"
     R"("with_license":0,"with_purl":0,"with_version":0},"flags":[],"format":"spdx",)"
     R"("kind":"sbom","parser":{"name":"holdpoint-spdx","version":1},"status":"complete",)"
     R"("tools":[],"v":1})"},
    {R"({"holdpoint_evidence":1,"kind":"performance","tool":{"name":"k6"},"status":"complete",
        "values":{"p95_ms":180,"ok":true}})",
     R"({"flags":["declared"],"format":"generic","generic":{"ok":true,"p95_ms":180},)"
     R"("kind":"performance","parser":{"name":"holdpoint-generic","version":1},)"
     R"("status":"complete","tools":[{"name":"k6"}],"v":1})"},
};

/// A change of a report such as accidents and attackers make.
std::string mutated(std::string report) {
  const auto changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes && !report.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, report.size());
    switch (*rc::gen::inRange(0, 5)) {
      case 0: report[at] = static_cast<char>(*rc::gen::inRange(0, 256)); break;
      case 1: report.erase(at, *rc::gen::inRange<std::size_t>(1, 20)); break;
      case 2: report.insert(at, report.substr(at, *rc::gen::inRange<std::size_t>(1, 40))); break;
      case 3: report.resize(at); break;
      default:
        report.insert(
            at, *rc::gen::element<std::string>("-1", "99999999999999999999", "null", "{}", "[",
                                               "1e999", "NaN", "\"\"", "<a>", "\xFF"));
    }
  }
  return report;
}

bool is_sound(const Summary& summary) {
  const std::string text = to_json_text(summary);
  const auto value = parse_json(text);
  if (!value || canonical_json(*value) != text) return false;
  const auto again = from_json<Summary>(*value);
  if (!again || to_json_text(*again) != text) return false;
  if (const auto& tests = summary.tests) {
    if (tests->total != tests->passed + tests->failed + tests->errors + tests->skipped)
      return false;
    if (tests->passed < 0) return false;
  }
  const auto& coverage = summary.coverage;
  return !coverage || (coverage->line_bp >= 0 && coverage->line_bp <= 10'000);
}

}  // namespace

TEST_CASE("the summary of one report in each format is frozen to the byte") {
  for (const Golden& golden : goldens) {
    const Summary summary = summarise(std::string_view(golden.report));
    CHECK(to_json_text(summary) == golden.summary);
    CHECK(is_sound(summary));
  }
}

TEST_CASE("both ways in give the same summary") {
  for (const Golden& golden : goldens) {
    CHECK(to_json_text(summarise_owned(golden.report)) ==
          to_json_text(summarise(std::string_view(golden.report))));
  }
}

TEST_CASE("what is over 256 MB is stored and not parsed, and says so") {
  const std::string large(report_bytes_max + 1, ' ');
  const Summary summary = summarise(large);
  CHECK(summary.status == ReportStatus::unparsed);
  CHECK(summary.reason == "stored, not parsed: larger than 256 MB");
}

TEST_CASE("a large report that is nothing but tiny elements is stored and not parsed") {
  std::string dense = "{\"version\":\"2.1.0\",\"runs\":[";
  while (dense.size() <= dense_bytes_max) dense += "1,";
  dense += "1]}";
  const Summary summary = summarise(dense);
  CHECK(summary.status == ReportStatus::unparsed);
  CHECK(summary.reason == "stored, not parsed: too many elements for its size");
}

TEST_CASE("a time that no record can hold is left out and flagged") {
  for (const std::string report :
       {R"(<coverage version="gcovr 5.2" timestamp="11795156485"><packages/></coverage>)",
        R"(<testsuite name="s" timestamp="9999-12-31T23:59:59Z"><testcase name="a"/></testsuite>)",
        R"({"holdpoint_evidence":1,"kind":"performance","tool":{"name":"k6"},"status":"complete",
            "finished_at":"1607-01-01T00:00:00Z","values":{"ok":true}})"}) {
    const Summary summary = summarise(report);
    INFO(to_json_text(summary));
    CHECK(summary.status == ReportStatus::complete);
    CHECK(!summary.started_at);
    CHECK(!summary.finished_at);
    CHECK(std::ranges::count(summary.flags, flag::time_ignored) == 1);
    CHECK(is_sound(summary));
  }
}

TEST_CASE("no mutation of a valid report makes intake fail or its summary unsound") {
  for (const Golden& golden : goldens) {
    CHECK(rc::check("mutations", [&] { return is_sound(summarise(mutated(golden.report))); }));
  }
}

}  // namespace holdpoint::evidence
