// Rules at the end of zone files: every form that POSIX and RFC 9636 allow, and texts that are
// none.
#include "base/zone_rule.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/instant.hpp"

namespace holdpoint {
namespace {

struct Row {
  std::string_view rule;
  std::string_view at;
  std::int64_t offset_minutes;
  std::string_view until;
};

std::int64_t seconds(std::string_view text) { return Instant::parse(text)->us / 1'000'000; }

constexpr Row rows[] = {
    // Both sides of both changes of a year.
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2056-03-26T00:59:59Z", 60, "2056-03-26T01:00:00Z"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2056-03-26T01:00:00Z", 120, "2056-10-29T01:00:00Z"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2056-10-29T00:59:59Z", 120, "2056-10-29T01:00:00Z"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2056-10-29T01:00:00Z", 60, "2057-03-25T01:00:00Z"},
    // Summer over the new year, and a winter time that is the exception.
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2056-01-01T00:00:00Z", 660, "2056-04-01T16:00:00Z"},
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2056-07-01T00:00:00Z", 600, "2056-09-30T16:00:00Z"},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2056-01-01T00:00:00Z", 0, "2056-03-26T01:00:00Z"},
    // Half hours, quoted names, and times before the day and long after it.
    {"NST3:30NDT,M3.2.0,M11.1.0", "2056-07-01T00:00:00Z", -150, "2056-11-05T04:30:00Z"},
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2056-03-26T00:59:59Z", -120, "2056-03-26T01:00:00Z"},
    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2056-03-24T23:59:59Z", 120, "2056-03-25T00:00:00Z"},
    {"EET-2EEST,M4.5.5/0,M10.5.4/24", "2056-10-26T20:59:59Z", 180, "2056-10-26T21:00:00Z"},
    // Days of the year with and without 29 February, and an offset of summer that is stated.
    {"AAA0BBB-2,J60/0,J300/0", "2056-03-01T00:00:00Z", 120, "2056-10-26T22:00:00Z"},
    {"AAA0BBB-2,59/0,J300/0", "2056-02-29T00:00:00Z", 120, "2056-10-26T22:00:00Z"},
    // Summer time all year.
    {"XXX3EDT4,0/0,J365/23", "2056-12-31T23:00:00Z", -240, "2057-01-01T03:00:00Z"},
    {"XXX3EDT4,0/0,J365/23", "2057-01-01T03:00:00Z", -240, "2058-01-01T03:00:00Z"},
};

TEST_CASE("a rule tells the offset and when it changes") {
  for (const Row& row : rows) {
    INFO(std::string(row.rule) << " at " << std::string(row.at));
    const auto rule = ZoneRule::parse(row.rule);
    REQUIRE(rule.has_value());
    CHECK(rule->has_changes());
    const ZoneRule::Span span = rule->span_at(seconds(row.at));
    CHECK(span.offset_seconds == row.offset_minutes * 60);
    CHECK(Instant{span.until * 1'000'000}.text() == row.until);
  }
}

TEST_CASE("a rule without summer time never changes") {
  const auto rule = ZoneRule::parse("<+0545>-5:45");
  REQUIRE(rule.has_value());
  CHECK_FALSE(rule->has_changes());
  CHECK(rule->span_at(0).offset_seconds == 345 * 60);
  CHECK(rule->span_at(0).until == INT64_MAX);
  CHECK(ZoneRule::parse("AAA-1:02:03")->span_at(0).offset_seconds == 3723);
}

TEST_CASE("a text that is no rule is refused") {
  for (const std::string_view text :
       {"", "CET", "C1", "1", "<CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M13.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J300",
        "CET-1CEST,366,300", "CET-1CEST,M3.5.0/168,M10.5.0", "CET-25", "CET-1:60", "CET-1 ",
        "CET-1CEST,M3.5.0,M10.5.0/3,"}) {
    INFO(std::string(text));
    CHECK_FALSE(ZoneRule::parse(text).has_value());
  }
}

}  // namespace
}  // namespace holdpoint
