// Cobertura and LCOV: lines are counted once per file, and the totals that the reports claim are
// compared, never believed.
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

std::string cobertura(std::string_view attributes, std::string_view classes) {
  return "<coverage " + std::string(attributes) + "><packages><package><classes>" +
         std::string(classes) + "</classes></package></packages></coverage>";
}

}  // namespace

TEST_CASE("Cobertura lines are counted once per file and number") {
  const std::string three =
      R"(<class filename="a.c"><lines><line number="1" hits="1"/><line number="2" hits="0"/>
         <line number="3" hits="18446744073709551616"/></lines></class>)";
  check({
      {"agreeing totals", cobertura(R"(lines-valid="3" lines-covered="2" line-rate="0.67")", three),
       "cobertura complete lines 2/3 6666"},
      {"an inner class repeats a line of its file",
       cobertura(
           "",
           three + R"(<class filename="a.c"><lines><line number="2" hits="4"/></lines></class>)"),
       "cobertura complete lines 3/3 10000"},
      {"method lines repeat class lines",
       cobertura("",
                 R"(<class filename="a"><methods><method><lines><line number="1" hits="0"/></lines>
                 </method></methods><lines><line number="1" hits="0"/></lines></class>)"),
       "cobertura complete lines 0/1 0"},
      {"lines below methods only",
       cobertura("",
                 R"(<class filename="a"><methods><method><lines><line number="1" hits="1"/></lines>
                 </method></methods></class>)"),
       "cobertura complete lines 1/1 10000"},
      {"branches",
       cobertura(R"(branches-valid="4" branches-covered="3")",
                 R"x(<class filename="a"><lines>
                 <line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/>
                 <line number="2" hits="1" condition-coverage="100% (2/2)"/></lines></class>)x"),
       "cobertura complete lines 2/2 10000 branches 3/4"},
      {"a claim of more coverage", cobertura(R"(lines-valid="3" lines-covered="3")", three),
       "cobertura complete [counts_disagree] lines 2/3 6666"},
      {"a rate that the lines do not bear out", cobertura(R"(line-rate="0.9")", three),
       "cobertura complete [counts_disagree] lines 2/3 6666"},
      {"a rate that is no rate", cobertura(R"(line-rate="NaN" branch-rate="-1")", three),
       "cobertura complete [number_ignored] lines 2/3 6666"},
      {"totals without lines", cobertura(R"(lines-valid="10" lines-covered="10")", ""),
       "cobertura complete [counts_disagree no_lines] lines 0/0 0"},
      {"impossible branches and negative hits", cobertura("", R"x(<class filename="a"><lines>
                 <line number="1" hits="-3" condition-coverage="1% (9/2)"/></lines></class>)x"),
       "cobertura complete [number_ignored] lines 0/1 0"},
      {"lines without numbers are lines",
       cobertura("",
                 R"(<class filename="a"><lines><line hits="1"/><line hits="0"/></lines></class>)"),
       "cobertura complete [number_ignored] lines 1/2 5000"},
      {"a document type that is only named",
       R"(<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://x/coverage-04.dtd"><coverage/>)",
       "cobertura complete [no_lines] lines 0/0 0"},
  });
}

TEST_CASE("LCOV records are counted line by line") {
  check({
      {"a plain record",
       "TN:\nSF:a.c\nFN:1,main\nFNDA:1,main\nDA:1,5\nDA:2,0\nLF:2\nLH:1\nend_of_record\n",
       "lcov complete lines 1/2 5000"},
      {"Windows line ends and a checksum", "SF:a\r\nDA:1,1,abc\r\nend_of_record\r\n",
       "lcov complete lines 1/1 10000"},
      {"one file in two test runs",
       "SF:a\nDA:1,1\nDA:2,0\nend_of_record\nSF:a\nDA:1,0\nDA:2,3\nend_of_record\n",
       "lcov complete lines 2/2 10000"},
      {"branches", "SF:a\nDA:1,1\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nBRF:2\nBRH:1\nend_of_record\n",
       "lcov complete lines 1/1 10000 branches 1/2"},
      {"totals only", "SF:a\nLF:10\nLH:7\nend_of_record\n", "lcov complete lines 7/10 7000"},
      {"a claim of more coverage", "SF:a\nDA:1,0\nLF:1\nLH:1\nend_of_record\n",
       "lcov complete [counts_disagree] lines 0/1 0"},
      {"a negative hit count is no hit", "SF:a\nDA:1,-7\nend_of_record\n",
       "lcov complete [number_ignored] lines 0/1 0"},
      {"nothing measured", "TN:\n", "lcov complete [no_lines] lines 0/0 0"},
      {"broken off", "SF:a\nDA:1,1\n",
       "lcov unparsed: the text ends inside a record, so the rest is missing"},
      {"another text", "SF:a\nhello\n", "lcov unparsed: line 2: not a line of an LCOV record"},
      {"more hit than found", "SF:a\nLF:1\nLH:2\nend_of_record\n",
       "lcov unparsed: line 4: LH is more than LF"},
      {"a line number out of range", "SF:a\nDA:99999999999,1\nend_of_record\n",
       "lcov unparsed: line 2: DA without a line number"},
  });
}

}  // namespace holdpoint::evidence
