// JUnit XML in the dialects of its makers, and what happens when attributes and cases disagree.
// Lines read: total = passed + failed + errors + skipped.
#include <doctest/doctest.h>

#include "evidence/intake.hpp"
#include "evidence/one_line.hpp"

namespace holdpoint::evidence {

namespace {

void check(const std::vector<ReportRow>& rows) {
  for (const ReportRow& row : rows) {
    CAPTURE(row.what);
    CHECK(one_line(summarise(row.report)) == row.line);
  }
}

}  // namespace

TEST_CASE("test cases are counted in every dialect") {
  check({
      {"root testsuite",
       R"(<testsuite tests="4" failures="1" errors="1" skipped="1"><testcase name="a"/>
          <testcase name="b"><failure/></testcase><testcase name="c"><error/></testcase>
          <testcase name="d"><skipped/></testcase></testsuite>)",
       "junit complete tests 4=1+1+1+1"},
      {"no attributes at all", "<testsuites><testsuite><testcase/></testsuite></testsuites>",
       "junit complete tests 1=1+0+0+0"},
      {"nested suites, totals of all below",
       R"(<testsuites tests="2" failures="1"><testsuite tests="2" failures="1">
          <testsuite tests="1" failures="0"><testcase/></testsuite>
          <testsuite tests="1" failures="1"><testcase><failure/></testcase></testsuite>
          </testsuite></testsuites>)",
       "junit complete tests 2=1+1+0+0"},
      {"nested suites, totals of own cases only",
       R"(<testsuite tests="1"><testcase/><testsuite tests="1"><testcase/></testsuite>
          </testsuite>)",
       "junit complete tests 2=2+0+0+0"},
      {"several failures in one case, counted one by one in the attribute",
       R"(<testsuite tests="1" failures="2"><testcase><failure/><failure/></testcase></testsuite>)",
       "junit complete tests 1=0+1+0+0"},
      {"disabled beside skipped, as CTest writes it",
       R"(<testsuite tests="3" failures="0" disabled="1" skipped="1">
          <testcase status="run"/>
          <testcase status="disabled"/><testcase status="notrun"><skipped/></testcase>
          </testsuite>)",
       "junit complete tests 3=1+0+0+2"},
      {"a status without an element",
       R"(<testsuite><testcase status="failed"/><testcase result="error"/></testsuite>)",
       "junit complete tests 2=0+1+1+0"},
      {"failed in every rerun", R"(<testsuite tests="1" failures="1"><testcase><failure/>
          <rerunFailure/><rerunFailure/></testcase></testsuite>)",
       "junit complete tests 1=0+1+0+0"},
      {"passed in a rerun",
       R"(<testsuite tests="1" failures="0"><testcase><flakyFailure/></testcase></testsuite>)",
       "junit complete [flaky_tests] tests 1=1+0+0+0"},
      {"namespaced", R"(<j:testsuites xmlns:j="urn:j"><j:testsuite><j:testcase><j:failure/>
          </j:testcase></j:testsuite></j:testsuites>)",
       "junit complete tests 1=0+1+0+0"},
      {"byte order mark", "\xEF\xBB\xBF<testsuite><testcase/></testsuite>",
       "junit complete tests 1=1+0+0+0"},
      {"a suite that broke outside its cases",
       R"(<testsuite tests="1"><error message="set-up"/></testsuite>)",
       "junit complete tests 1=0+0+1+0"},
      {"the attribute leaves skipped cases out of the total",
       R"(<testsuite tests="1"><testcase/><testcase><skipped/></testcase></testsuite>)",
       "junit complete tests 2=1+0+0+1"},
  });
}

TEST_CASE("where attributes and cases disagree the worse count stands and it is said") {
  check({
      {"a failure that only the attribute knows",
       R"(<testsuite tests="2" failures="1"><testcase/><testcase/></testsuite>)",
       "junit complete [counts_disagree] tests 2=1+1+0+0"},
      {"a failure that only the outermost attribute knows",
       R"(<testsuites failures="2"><testsuite failures="1"><testcase><failure/></testcase>
          <testcase/></testsuite></testsuites>)",
       "junit complete [counts_disagree] tests 2=0+2+0+0"},
      {"errors that only the attribute knows", R"(<testsuite errors="3"><testcase/></testsuite>)",
       "junit complete [counts_disagree] tests 3=0+0+3+0"},
      {"a failure that the attribute hides",
       R"(<testsuite tests="1" failures="0"><testcase><failure/></testcase></testsuite>)",
       "junit complete [counts_disagree] tests 1=0+1+0+0"},
      {"the root hides a failure of a suite",
       R"(<testsuites failures="0"><testsuite><testcase><failure/></testcase></testsuite>
          </testsuites>)",
       "junit complete [counts_disagree] tests 1=0+1+0+0"},
      {"cases are missing", R"(<testsuite tests="5"><testcase/></testsuite>)",
       "junit complete [counts_disagree] tests 1=1+0+0+0"},
      {"attributes only", R"(<testsuite tests="8" failures="1" errors="2" skipped="3"/>)",
       "junit complete [counts_disagree] tests 8=2+1+2+3"},
      {"no tests at all", "<testsuites/>", "junit complete [no_tests] tests 0=0+0+0+0"},
      {"negative and absurd counts are set aside",
       R"(<testsuite tests="-4" failures="99999999999999999999"><testcase/></testsuite>)",
       "junit complete [number_ignored] tests 1=1+0+0+0"},
      {"a count at the limit",
       R"(<testsuite tests="1" failures="9007199254740991"><testcase/></testsuite>)",
       "junit unparsed: impossible counts"},
      {"a time that is no number", R"(<testsuite><testcase time="NaN"/></testsuite>)",
       "junit complete [number_ignored] tests 1=1+0+0+0"},
  });
}

TEST_CASE("a truncated report is not read as a short one") {
  const Summary summary =
      summarise(std::string_view("<testsuite tests=\"2\"><testcase name=\"a\"/>"));
  CHECK(summary.status == ReportStatus::unparsed);
  CHECK(summary.reason->starts_with("broken XML: Start-end tags mismatch (line 1, byte "));
}

TEST_CASE("failures are listed with suite, name and message, and durations are added up") {
  const Summary summary = summarise(std::string_view(
      R"(<testsuites><testsuite name="s" time="1.5" timestamp="2026-11-20T06:00:00Z">
         <testcase classname="C" name="a"><failure message="m1">text</failure></testcase>
         <testcase name="b"><error>text
         </error></testcase></testsuite><testsuite time="0,25"/></testsuites>)"));
  REQUIRE(summary.tests->failures.size() == 2);
  CHECK(to_json_text(summary.tests->failures[0]) == R"({"message":"m1","name":"a","suite":"C"})");
  CHECK(summary.tests->failures[1].suite == "s");
  CHECK(summary.tests->failures[1].message.starts_with("text"));
  CHECK(summary.tests->duration_us == 1'750'000);
  CHECK(summary.started_at->at.text() == "2026-11-20T06:00:00Z");
}

TEST_CASE("the list of failures is bounded and its rest is counted") {
  std::string cases;
  for (std::size_t i = 0; i < failures_max + 3; ++i) cases += "<testcase><failure/></testcase>";
  const Summary summary = summarise("<testsuite>" + cases + "</testsuite>");
  CHECK(summary.tests->failures.size() == failures_max);
  CHECK(summary.tests->failures_cut == 3);
}

TEST_CASE("cases are listed with their outcome and the keys that their properties state") {
  const Summary summary = summarise(std::string_view(
      R"(<testsuite name="s"><testcase classname="C" name="a"><properties>
         <property name="requirements" value="REQ-2, REQ-1"/>
         <property name="requirement">REQ-2</property>
         <property name="test_key" value="TC-7"/><property name="other" value="x"/></properties>
         </testcase><testcase name="b"><skipped/></testcase><testcase/></testsuite>)"));
  REQUIRE(summary.test_cases);
  CHECK(summary.test_cases->cut == 0);
  REQUIRE(summary.test_cases->items.size() == 2);
  CHECK(to_json_text(summary.test_cases->items[0]) ==
        R"({"key":"TC-7","name":"a","outcome":"passed","requirements":["REQ-1","REQ-2"],)"
        R"("suite":"C"})");
  CHECK(to_json_text(summary.test_cases->items[1]) ==
        R"({"name":"b","outcome":"skipped","requirements":[],"suite":"s"})");
}

TEST_CASE("of too many cases those that state keys are listed, and the rest is counted") {
  std::string cases;
  for (std::size_t i = 0; i < test_cases_max + 3; ++i) cases += R"(<testcase name="n"/>)";
  cases += R"(<testcase name="k"><properties><property name="requirement" value="REQ-1"/>
              </properties></testcase>)";
  const Summary summary = summarise(std::string_view("<testsuite>" + cases + "</testsuite>"));
  REQUIRE(summary.test_cases);
  CHECK(summary.test_cases->items.size() == test_cases_max);
  CHECK(summary.test_cases->items.front().name == "k");
  CHECK(summary.test_cases->cut == 4);
}

TEST_CASE("a key that is too long is none, and no case states more keys than the bound") {
  std::string keys(case_key_bytes_max + 1, 'x');
  for (int i = 0; i < 40; ++i) keys += " REQ-" + std::to_string(i);
  const Summary summary = summarise(std::string_view(
      R"(<testsuite><testcase name="a"><properties><property name="requirements" value=")" + keys +
      R"("/></properties></testcase></testsuite>)"));
  REQUIRE(summary.test_cases);
  CHECK(summary.test_cases->items.front().requirements.size() == case_requirements_max);
}

}  // namespace holdpoint::evidence
