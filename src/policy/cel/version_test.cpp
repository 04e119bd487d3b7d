// Versions and ranges of them, each form at its edges.
#include "policy/cel/version.hpp"
#include "policy/cel/function_test_calls.hpp"

namespace holdpoint::policy::cel {
namespace {

struct RangeRow {
  std::string_view range;
  std::vector<std::string_view> inside;
  std::vector<std::string_view> outside;
};

TEST_CASE("a range holds the versions that its form says") {
  const RangeRow rows[] = {
      {"1.2.3", {"1.2.3", "1.2.3+build"}, {"1.2.4", "1.2.3-rc.1"}},
      {"=1.2.3-rc.1", {"1.2.3-rc.1"}, {"1.2.3", "1.2.3-rc.2"}},
      {">=1.2.0 <2.0.0", {"1.2.0", "1.99.0", "2.0.0-rc.1"}, {"1.1.9", "1.2.0-rc.1", "2.0.0"}},
      {">= 1.2.0 < 2.0.0", {"1.2.0"}, {"2.0.0"}},
      {">=1.2.0<2.0.0", {"1.9.0"}, {"2.0.0"}},
      {">=1.2.0 <2.0.0 || ^3.1", {"1.5.0", "3.1.0", "3.9.9"}, {"2.5.0", "3.0.9", "4.0.0-rc.1"}},
      {"^1.2.3", {"1.2.3", "1.99.0", "1.3.0-rc.1"}, {"1.2.2", "2.0.0", "2.0.0-rc.1"}},
      {"^0.2.3", {"0.2.3", "0.2.9"}, {"0.3.0", "0.3.0-a"}},
      {"^0.0.3", {"0.0.3"}, {"0.0.4", "0.0.2"}},
      {"^0.0", {"0.0.0", "0.0.9"}, {"0.1.0"}},
      {"^0.0.x", {"0.0.0", "0.0.9"}, {"0.1.0"}},
      {"^0", {"0.0.1", "0.9.0"}, {"1.0.0"}},
      {"^1.x", {"1.0.0", "1.9.9"}, {"2.0.0"}},
      {"^1.2.3-beta.2", {"1.2.3-beta.2", "1.2.3-beta.10", "1.2.3", "1.9.0"}, {"1.2.3-beta.1"}},
      {"~1.2.3", {"1.2.3", "1.2.9"}, {"1.3.0", "1.3.0-rc.1", "1.2.2"}},
      {"~1.2", {"1.2.0", "1.2.9"}, {"1.3.0"}},
      {"~1", {"1.0.0", "1.9.0"}, {"2.0.0"}},
      {"1.x", {"1.0.0", "1.9.9"}, {"2.0.0", "2.0.0-rc.1", "0.9.0"}},
      {"1.2.*", {"1.2.0", "1.2.9"}, {"1.3.0", "1.2.0-rc.1"}},
      {"1.X.5", {"1.0.0", "1.9.9"}, {"2.0.0"}},
      {"1", {"1.0.0", "1.9.9"}, {"2.0.0"}},
      {"*", {"0.0.0", "0.0.0-a", "9.9.9"}, {}},
      {"", {"0.0.0-a", "9.9.9"}, {}},
      {"1.2.3 || ", {"7.0.0"}, {}},
      {">1.2", {"1.3.0"}, {"1.2.9", "1.3.0-rc.1"}},
      {">1.2.3", {"1.2.4", "1.2.4-rc.1"}, {"1.2.3", "1.2.3-rc.1"}},
      {">1", {"2.0.0"}, {"1.9.9"}},
      {">=1.2", {"1.2.0"}, {"1.1.9"}},
      {"<1.2", {"1.1.9"}, {"1.2.0", "1.2.0-rc.1"}},
      {"<=1.2", {"1.2.9"}, {"1.3.0", "1.3.0-rc.1"}},
      {"<=1.2.3", {"1.2.3", "1.2.3-rc.1"}, {"1.2.4"}},
      {">* || <*", {}, {"0.0.0", "1.0.0"}},
      {">=*", {"0.0.0-a"}, {}},
      {"1.2.3 - 2.3.4", {"1.2.3", "2.3.4"}, {"1.2.2", "2.3.5"}},
      {"1.2 - 2.3", {"1.2.0", "2.3.9"}, {"1.1.9", "2.4.0", "2.4.0-rc.1"}},
      {"1.2 - 2", {"2.9.9"}, {"3.0.0"}},
      {"^9.9", {"9.10.0"}, {"10.0.0"}},
      {"^99999999999999999999.0", {"99999999999999999999.1.0"}, {"100000000000000000000.0.0"}},
  };
  for (const RangeRow& row : rows) {
    INFO(row.range);
    const auto range = VersionRange::parse(row.range);
    REQUIRE_MESSAGE(range.has_value(), range.error());
    for (const auto version : row.inside) {
      CHECK_MESSAGE(range->contains(*parse_version(version)), version);
    }
    for (const auto version : row.outside) {
      CHECK_MESSAGE(!range->contains(*parse_version(version)), version);
    }
  }
}

TEST_CASE("what is no range is refused by its wrong part") {
  for (const std::string_view text :
       {"a", "1.2.3.4", "01.2.3", "1..2", "1.2-rc.1", "1.x-rc.1", ">", ">> 1", "1.2.3-", "v1.2.3",
        "1.2.3 - ", " - 1.2.3", "1.2.3 - 2.0.0 3.0.0", "1.2.3 | 2.0.0", "1.2.3,2.0.0", "1.2.3-01",
        "=>1.0.0", "~>1.0.0"}) {
    INFO(text);
    const auto range = VersionRange::parse(text);
    CHECK_FALSE(range.has_value());
    if (!range)
      CHECK(range.error().find("is not a version or the start of one") != std::string::npos);
  }
  CHECK_FALSE(VersionRange::parse(std::string(513, ' ')).has_value());
}

TEST_CASE("the functions of versions answer or say what they were given") {
  const CallRow rows[] = {
      {"semverMatches", {"'1.5.0'", "'>=1.2.0 <2.0.0 || ^3.1'"}, "true"},
      {"semverMatches", {"'2.5.0'", "'>=1.2.0 <2.0.0 || ^3.1'"}, "false"},
      {"semverMatches", {"'2.5'", "'*'"}, "error: the text is not a version of the form 1.2.3"},
      {"semverMatches",
       {"'2.5.0'", "'two'"},
       "error: the range: 'two' is not a version or the start of one, as 1.2.3, 1.2 or 1.x"},
      {"semverMatches", {"'2.5.0'", "dyn(2)"}, "error: no such overload*"},
      {"isSemver", {"'1.2.3-rc.1+b'"}, "true"},
      {"isSemver", {"'1.2.3-rc..1'"}, "false"},
      {"isSemver", {"'1.2.3-01'"}, "false"},
      {"compareSemver", {"'1.0.0-alpha.1'", "'1.0.0-alpha.beta'"}, "-1"},
      {"compareSemver", {"'1.0.0'", "'1.0'"}, "error: the text is not a version of the form 1.2.3"},
  };
  check_calls(rows);
}

}  // namespace
}  // namespace holdpoint::policy::cel
