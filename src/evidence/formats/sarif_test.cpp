// SARIF 2.1.0, table by table: what counts, what is suppressed or fixed, what has not run at all,
// and which findings are the same from scan to scan.
#include <doctest/doctest.h>

#include "evidence/intake.hpp"
#include "evidence/one_line.hpp"

namespace holdpoint::evidence {

namespace {

std::string sarif(std::string_view run) {
  return R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},)" + std::string(run) +
         "}]}";
}

std::string with_rules(std::string_view rules, std::string_view results) {
  return R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","rules":[)" +
         std::string(rules) + R"(]}},"results":[)" + std::string(results) + "]}]}";
}

std::string fingerprint(std::string_view result) {
  const Summary summary = summarise(sarif(R"("results":[)" + std::string(result) + "]"));
  REQUIRE(summary.findings.has_value());
  REQUIRE(summary.findings->items.size() == 1);
  return summary.findings->items[0].fingerprint;
}

void check(const std::vector<ReportRow>& rows) {
  for (const ReportRow& row : rows) {
    CAPTURE(row.what);
    CHECK(one_line(summarise(row.report)) == row.line);
  }
}

}  // namespace

TEST_CASE("a SARIF result counts by level, rule and status") {
  const std::string rule_note = R"({"id":"R","defaultConfiguration":{"level":"note"}})";
  check({
      {"no level and no rule", sarif(R"("results":[{"ruleId":"x"}])"),
       "sarif complete open c0 h0 m1 l0 i0 u0"},
      {"the level of the rule, by index", with_rules(rule_note, R"({"ruleIndex":0})"),
       "sarif complete open c0 h0 m0 l1 i0 u0"},
      {"the level of the rule, by id", with_rules(rule_note, R"({"ruleId":"R"})"),
       "sarif complete open c0 h0 m0 l1 i0 u0"},
      {"the level of the rule, by hierarchical id", with_rules(rule_note, R"({"ruleId":"R/a/b"})"),
       "sarif complete open c0 h0 m0 l1 i0 u0"},
      {"an index that contradicts the id does not count",
       with_rules(rule_note + R"(,{"id":"S","defaultConfiguration":{"level":"error"}})",
                  R"({"ruleId":"S","ruleIndex":0})"),
       "sarif complete open c0 h1 m0 l0 i0 u0"},
      {"a score as text",
       with_rules(R"({"id":"R","properties":{"security-severity":"9.1"}})",
                  R"({"ruleId":"R","level":"note"})"),
       "sarif complete open c1 h0 m0 l0 i0 u0"},
      {"a score that is no score",
       with_rules(R"({"id":"R","properties":{"security-severity":"x"}})",
                  R"({"ruleId":"R","level":"note"})"),
       "sarif complete [score_ignored] open c0 h0 m0 l1 i0 u0"},
      {"a level that SARIF does not have", sarif(R"("results":[{"level":"fatal"}])"),
       "sarif complete [unknown_level] open c0 h0 m0 l0 i0 u1"},
      {"checks that passed", sarif(R"("results":[{"kind":"pass"},{"kind":"notApplicable"}])"),
       "sarif complete open c0 h0 m0 l0 i0 u0 not_failing 2"},
      {"suppressed, with and without status",
       sarif(R"("results":[{"suppressions":[{"kind":"inSource"}]},
             {"suppressions":[{"kind":"external","status":"accepted"}]}])"),
       "sarif complete open c0 h0 m0 l0 i0 u0 suppressed 2"},
      {"a suppression that nobody accepted does not count",
       sarif(R"("results":[{"suppressions":[{"status":"underReview"}]},
             {"suppressions":[{"status":"accepted"},{"status":"rejected"}]},{"suppressions":[]}])"),
       "sarif complete open c0 h0 m3 l0 i0 u0"},
      {"gone since the baseline",
       sarif(R"("results":[{"baselineState":"absent","level":"error"}])"),
       "sarif complete open c0 h0 m0 l0 i0 u0 fixed 1"},
      {"a name given twice", sarif(R"("results":[{"level":"error","level":"note"}])"),
       "sarif complete [duplicate_names] open c0 h1 m0 l0 i0 u0"},
  });
}

TEST_CASE("a rule of an extension is found by its index there") {
  const Summary summary = summarise(std::string_view(R"({"version":"2.1.0","runs":[{"tool":{
    "driver":{"name":"D","rules":[{"id":"R","defaultConfiguration":{"level":"note"}}]},
    "extensions":[{"name":"E","rules":[{"id":"R","defaultConfiguration":{"level":"error"}}]}]},
    "results":[{"ruleId":"R","rule":{"index":0,"toolComponent":{"index":0}}},
               {"ruleId":"R","rule":{"index":0,"toolComponent":{"name":"E"}}},
               {"ruleId":"R","rule":{"id":"R","index":0}}]}]})"));
  CHECK(one_line(summary) == "sarif complete open c0 h2 m0 l1 i0 u0");
}

TEST_CASE("an invocation's override goes before the rule's default and not before the result") {
  const Summary summary = summarise(std::string_view(R"({"version":"2.1.0","runs":[{"tool":{
    "driver":{"name":"D","rules":[{"id":"R","defaultConfiguration":{"level":"error"}}]}},
    "invocations":[{"executionSuccessful":true,"ruleConfigurationOverrides":[
      {"descriptor":{"index":0},"configuration":{"level":"note"}}]}],
    "results":[{"ruleId":"R"},{"ruleId":"R","level":"error"}]}]})"));
  CHECK(one_line(summary) == "sarif complete open c0 h1 m0 l1 i0 u0");
}

TEST_CASE("a scan that did not run or did not look is never clean") {
  check({
      {"no runs", R"({"version":"2.1.0","runs":[]})", "sarif unparsed: no runs"},
      {"runs missing", R"({"version":"2.1.0","$schema":"sarif"})", "sarif unparsed: no runs"},
      {"results missing", sarif(R"("invocations":[])"),
       "sarif failed_to_run: /runs/0: no results, so the tool did not run or did not look "
       "open c0 h0 m0 l0 i0 u0"},
      {"results null", sarif(R"("results":null)"),
       "sarif failed_to_run: /runs/0: no results, so the tool did not run or did not look "
       "open c0 h0 m0 l0 i0 u0"},
      {"an invocation that failed",
       sarif(R"("results":[],"invocations":[{"executionSuccessful":false,
             "exitCodeDescription":"out of memory"}])"),
       "sarif failed_to_run: /runs/0/invocations/0: the tool says that it did not run "
       "successfully: out of memory open c0 h0 m0 l0 i0 u0"},
      {"errors on the way", sarif(R"("results":[],"invocations":[{"executionSuccessful":true,
             "toolExecutionNotifications":[{"level":"error"}]}])"),
       "sarif complete [tool_reported_errors] open c0 h0 m0 l0 i0 u0"},
      {"results in another file", sarif(R"("externalPropertyFileReferences":{"results":[{}]})"),
       "sarif unparsed: /runs/0: the results stand in other files"},
      {"results of a wrong type", sarif(R"("results":{})"),
       "sarif unparsed: /runs/0/results: expected array"},
      {"a result of a wrong type", sarif(R"("results":[{},7])"),
       "sarif unparsed: /runs/0/results/1: expected object"},
      {"an older version", R"({"version":"1.0.0","runs":[]})",
       "sarif unparsed: a SARIF document of version 1.0.0; 2.1.0 is read"},
  });
}

TEST_CASE("the same finding keeps its fingerprint when code moves, and another one has another") {
  const auto at = [](int line, const char* path, const char* message) {
    return R"({"ruleId":"R","message":{"text":")" + std::string(message) +
           R"("},"locations":[{"physicalLocation":{"artifactLocation":{"uri":")" + path +
           R"("},"region":{"startLine":)" + std::to_string(line) + "}}}]}";
  };
  const std::string first = fingerprint(at(10, "a.c", "x is unused (see line 9)"));
  CHECK(first.size() == 64);
  CHECK(first == fingerprint(at(20, "./a.c", "x is unused  (see line 19)")));
  CHECK(first != fingerprint(at(10, "b.c", "x is unused (see line 9)")));
  CHECK(first != fingerprint(at(10, "a.c", "y is unused (see line 9)")));
}

TEST_CASE("the tool's own fingerprint goes before ours") {
  const auto with = [](const char* prints, const char* path) {
    return R"({"ruleId":"R",)" + std::string(prints) +
           R"(,"locations":[{"physicalLocation":{"artifactLocation":{"uri":")" + path + R"("}}}]})";
  };
  CHECK(fingerprint(with(R"("fingerprints":{"f/v1":"1","f/v2":"2"})", "a.c")) ==
        fingerprint(with(R"("fingerprints":{"f/v1":"1"})", "b.c")));
  CHECK(fingerprint(with(R"("partialFingerprints":{"primaryLocationLineHash":"1"})", "a.c")) !=
        fingerprint(with(R"("partialFingerprints":{"primaryLocationLineHash":"1"})", "b.c")));
}

TEST_CASE("two findings that cannot be told apart have two fingerprints, the same every time") {
  const std::string report = sarif(R"("results":[{"ruleId":"R"},{"ruleId":"R"}])");
  const Summary summary = summarise(report);
  REQUIRE(summary.findings->items.size() == 2);
  CHECK(summary.findings->items[0].fingerprint != summary.findings->items[1].fingerprint);
  CHECK(to_json_text(summary) == to_json_text(summarise(report)));
}

TEST_CASE("when the list must be cut, the worst findings stay and every finding is counted") {
  std::string results;
  for (std::size_t i = 0; i < findings_max + 5; ++i) results += R"({"level":"note"},)";
  results += R"({"ruleId":"last","level":"error"})";
  const Summary summary = summarise(sarif(R"("results":[)" + results + "]"));
  CHECK(summary.findings->open.low == static_cast<std::int64_t>(findings_max) + 5);
  CHECK(summary.findings->items.size() == findings_max);
  CHECK(summary.findings->cut == 6);
  CHECK(summary.findings->items.back().rule_id == "last");
}

}  // namespace holdpoint::evidence
