// Identity of findings: what may change without making it another finding.
#include "evidence/gather.hpp"

#include <doctest/doctest.h>

namespace holdpoint::evidence {

TEST_CASE("line and column numbers are set aside, other numbers are not") {
  CHECK(without_places("see line 12, column 3") == "see line #, column #");
  CHECK(without_places("a.c:12:3: bad") == "a.c:#:#: bad");
  CHECK(without_places("Lines 3") == "Lines #");
  CHECK(without_places("CVE-2024-1 in openssl 3.0.1") == "CVE-2024-1 in openssl 3.0.1");
  CHECK(without_places("baseline 12") == "baseline 12");
  CHECK(without_places("  two \n words ") == "two words");
}

TEST_CASE("parts of an identity cannot be shifted into each other") {
  CHECK(Identity().add("ab").add("c").bytes() != Identity().add("a").add("bc").bytes());
  CHECK(Identity().add("a").add("").bytes() != Identity().add("a").bytes());
}

TEST_CASE("flags and tools are kept once and in order") {
  Summary summary;
  for (const auto code : {flag::no_tests, flag::counts_disagree, flag::no_tests}) {
    add_flag(summary, code);
  }
  CHECK(summary.flags == std::vector<std::string>{"counts_disagree", "no_tests"});
  add_tool(summary, "t", "1");
  add_tool(summary, "t", "1");
  add_tool(summary, "", "1");
  CHECK(summary.tools.size() == 1);
}

}  // namespace holdpoint::evidence
