// Instants and durations as text, both ways, with the calendar's edges.
#include "base/instant.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace holdpoint {
namespace {

std::int64_t us_of(std::string_view text) {
  const auto at = Instant::parse(text);
  REQUIRE(at);
  return at->us;
}

TEST_CASE("an instant is written in UTC, with a fraction only when there is one") {
  CHECK(Instant{0}.text() == "1970-01-01T00:00:00Z");
  CHECK(Instant{1'795'154'400'000'000}.text() == "2026-11-20T06:00:00Z");
  CHECK(Instant{1'795'154'400'120'000}.text() == "2026-11-20T06:00:00.12Z");
  CHECK(Instant{1'795'154'400'000'001}.text() == "2026-11-20T06:00:00.000001Z");
  CHECK(Instant{-1}.text() == "1969-12-31T23:59:59.999999Z");
  CHECK(Instant{951'782'400'000'000}.text() == "2000-02-29T00:00:00Z");
}

TEST_CASE("the same instant is read from any offset") {
  CHECK(us_of("2026-11-20T06:00:00Z") == 1'795'154'400'000'000);
  CHECK(us_of("2026-11-20T08:30:00+02:30") == 1'795'154'400'000'000);
  CHECK(us_of("2026-11-19t22:00:00-08:00") == 1'795'154'400'000'000);
  CHECK(us_of("2026-11-20T06:00:00-00:00") == 1'795'154'400'000'000);
  CHECK(us_of("2026-11-20T06:00:00.1234569z") == 1'795'154'400'123'456);
}

TEST_CASE("the range is the years 0001 to 9999 in UTC") {
  CHECK(Instant{us_of("0001-01-01T00:00:00Z")}.text() == "0001-01-01T00:00:00Z");
  CHECK(Instant{us_of("9999-12-31T23:59:59.999999Z")}.text() == "9999-12-31T23:59:59.999999Z");
  CHECK(!Instant::parse("0001-01-01T00:00:00+01:00"));
  CHECK(!Instant::parse("9999-12-31T23:59:59-00:01"));
  CHECK(!Instant::parse("0000-06-01T00:00:00Z"));
}

TEST_CASE("what is no RFC 3339 instant is refused") {
  for (const char* text : {"",
                           "2026-11-20",
                           "2026-11-20T06:00:00",
                           "2026-11-20 06:00:00Z",
                           "2026-11-20T06:00Z",
                           "2026-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-11-00T00:00:00Z",
                           "2026-04-31T00:00:00Z",
                           "2026-11-20T24:00:00Z",
                           "2026-11-20T23:60:00Z",
                           "2026-12-31T23:59:60Z",
                           "2026-11-20T06:00:00.Z",
                           "2026-11-20T06:00:00+2:00",
                           "2026-11-20T06:00:00+24:00",
                           "2026-11-20T06:00:00+02:60",
                           "2026-11-20T06:00:00Zx",
                           "+2026-11-20T06:00:00Z",
                           "2026-11-20T06:00:00+0200",
                           "26-11-20T06:00:00Z",
                           "2026-11-2\xC2\xB2T06:00:00Z"}) {
    CAPTURE(text);
    CHECK(!Instant::parse(text));
  }
}

TEST_CASE("any instant of the range is read back from its text") {
  CHECK(rc::check("parse(text) is the identity", [] {
    const Instant at{
        *rc::gen::inRange<std::int64_t>(-62'135'596'800'000'000, 253'402'300'800'000'000)};
    return Instant::parse(at.text()) == at;
  }));
}

TEST_CASE("the days of four centuries follow one another") {
  Instant at{us_of("1899-12-31T00:00:00Z")};
  std::string before = at.text();
  for (int day = 0; day < 146'097; ++day) {
    at = at + Duration::days(1);
    const std::string text = at.text();
    REQUIRE(before < text);
    REQUIRE(Instant::parse(text) == at);
    before = text;
  }
  CHECK(before == "2299-12-31T00:00:00Z");
}

TEST_CASE("an instant far outside the calendar still has a text") {
  CHECK(Instant{INT64_MIN}.text() == "-290308-12-21T19:59:05.224192Z");
  CHECK(Instant{INT64_MAX}.text() == "294247-01-10T04:00:54.775807Z");
}

TEST_CASE("a duration is one or several units, the larger first") {
  CHECK(parse_duration("90s") == Duration::seconds(90));
  CHECK(parse_duration("15m") == Duration::minutes(15));
  CHECK(parse_duration("4h") == Duration::hours(4));
  CHECK(parse_duration("30d") == Duration::days(30));
  CHECK(parse_duration("1h30m") == Duration::minutes(90));
  CHECK(parse_duration("0s") == Duration{});
  CHECK(parse_duration("36525d") == Duration::days(36'525));
  for (const char* text : {"", "h", "1", "1h1", "-1h", "1.5h", "30m1h", "1h1h", "1w", "1 h", " 1h",
                           "36525d1s", "36526d", "99999999999999999999s", "+1h", "1H"}) {
    CAPTURE(text);
    CHECK(!parse_duration(text));
  }
}

TEST_CASE("a duration is written in the largest units, and read back") {
  CHECK(duration_text({}) == "0s");
  CHECK(duration_text(Duration::seconds(90)) == "1m30s");
  CHECK(duration_text(Duration::minutes(90)) == "1h30m");
  CHECK(duration_text(Duration::days(30)) == "30d");
  CHECK(duration_text(Duration::hours(-25)) == "-1d1h");
  CHECK(duration_text({999'999}) == "0s");
  CHECK(rc::check("parse_duration(duration_text) is the identity", [] {
    const auto d = Duration::seconds(*rc::gen::inRange<std::int64_t>(0, 36'525LL * 86'400));
    return parse_duration(duration_text(d)) == d;
  }));
}

}  // namespace
}  // namespace holdpoint
