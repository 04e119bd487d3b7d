// Time zones: offsets and wall-clock fields, daylight saving included, and unknown zones as values.
#include "base/zones.hpp"

#include <doctest/doctest.h>
#include <time.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

namespace holdpoint {
namespace {

TEST_CASE("a zone tells its offset and the time on the wall") {
  const Instant summer{1'782'000'000'000'000};  // 2026-06-21T00:00:00Z
  CHECK(Zone::find("Europe/Paris")->offset_at(summer) == Duration::hours(2));
  CHECK(Zone::find("+05:45")->offset_at(summer) == Duration::minutes(345));
  CHECK(Zone::find("-03:30")->offset_at(summer) == Duration::minutes(-210));
  const CivilTime civil = Zone::find("America/St_Johns")->civil_at(summer);
  CHECK(civil.year == 2026);
  CHECK(civil.month == 6);
  CHECK(civil.day == 20);
  CHECK(civil.hour == 21);
  CHECK(civil.minute == 30);
  CHECK(civil.weekday == 6);
  CHECK(civil.day_of_year == 170);
}

TEST_CASE("a zone tells how long an offset holds") {
  const Zone paris = *Zone::find("Europe/Paris");
  const OffsetSpan summer = paris.offset_span_at(*Instant::parse("2026-06-21T00:00:00Z"));
  CHECK(summer.offset == Duration::hours(2));
  CHECK(summer.until.text() == "2026-10-25T01:00:00Z");
  CHECK(paris.offset_span_at(summer.until).offset == Duration::hours(1));
  CHECK(paris.offset_span_at(summer.until - Duration{1}).until == summer.until);
  const OffsetSpan fixed = Zone::find("-03:30")->offset_span_at(summer.until);
  CHECK(fixed.offset == Duration::minutes(-210));
  CHECK(fixed.until > *Instant::parse("9999-12-31T23:59:59Z"));
}

/// The environment variable TZ, which localtime_r follows, as it was when this ends.
class LibraryZone {
 public:
  explicit LibraryZone(const std::string& name) {
    if (const char* const before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", (":" + name).c_str(), 1);
    ::tzset();
  }
  ~LibraryZone() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }
  LibraryZone(const LibraryZone&) = delete;
  LibraryZone& operator=(const LibraryZone&) = delete;

  [[nodiscard]] static std::int64_t offset_seconds(Instant at) {
    const time_t seconds = at.us / 1'000'000;
    tm local{};
    ::localtime_r(&seconds, &local);
    return local.tm_gmtoff;
  }

 private:
  std::optional<std::string> before_;
};

TEST_CASE("offsets are those of the C library, also after the changes that the database lists") {
  for (const std::string name :
       {"Australia/Sydney", "Europe/Berlin", "America/New_York", "Africa/Cairo", "America/St_Johns",
        "Asia/Kathmandu", "Europe/Dublin", "America/Nuuk", "Asia/Gaza", "Africa/Casablanca",
        "Asia/Tokyo"}) {
    const LibraryZone library(name);
    const Zone zone = *Zone::find(name);
    for (const std::string year : {"2025", "2036", "2037", "2038", "2056", "2100", "2400"}) {
      const Instant begin = *Instant::parse(year + "-01-01T00:00:00Z");
      for (int hour = 0; hour < 366 * 24; hour += 5) {
        const Instant at = begin + Duration::hours(hour);
        const OffsetSpan span = zone.offset_span_at(at);
        INFO(name << " at " << at.text());
        REQUIRE(span.offset.us / 1'000'000 == LibraryZone::offset_seconds(at));
        // The offset is another one when the span ends.
        REQUIRE(span.until > at);
        const Instant last = span.until - Duration{1};
        REQUIRE(LibraryZone::offset_seconds(last) == LibraryZone::offset_seconds(at));
      }
    }
  }
}

TEST_CASE("the time on the wall leads back to its instant after 2037 too") {
  const Zone sydney = *Zone::find("Australia/Sydney");
  const Instant at = *Instant::parse("2056-04-15T13:37:02Z");
  CHECK(sydney.civil_at(at).hour == 23);
  CHECK(sydney.instant_of(sydney.civil_at(at)) == at);
  // On 2 April 2056 clocks show 02:30 twice, on 1 October never.
  const CivilTime twice{.year = 2056, .month = 4, .day = 2, .hour = 2, .minute = 30};
  CHECK(sydney.instant_of(twice).text() == "2056-04-01T15:30:00Z");
  const CivilTime never{.year = 2056, .month = 10, .day = 1, .hour = 2, .minute = 30};
  CHECK(sydney.instant_of(never).text() == "2056-09-30T16:00:00Z");
}

TEST_CASE("an unknown zone is an error value") {
  for (const std::string_view name : {"", "Nowhere/Land", "25:00", "+1:00", "../etc", "+05:60"}) {
    INFO(name);
    CHECK_FALSE(Zone::find(name).has_value());
  }
  CHECK_FALSE(Zone::find(std::string(100'000, 'a')).has_value());
}

TEST_CASE("a time on the wall leads back to its instant, also where clocks jump") {
  const Zone paris = *Zone::find("Europe/Paris");
  CivilTime civil{.year = 2026, .month = 11, .day = 20, .hour = 7};
  CHECK(paris.instant_of(civil).us == 1'795'154'400'000'000);
  CHECK(paris.civil_at(paris.instant_of(civil)).hour == 7);
  const CivilTime skipped{.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30};
  CHECK(paris.civil_at(paris.instant_of(skipped)).hour == 3);
  const CivilTime twice{.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30};
  CHECK(paris.offset_at(paris.instant_of(twice)) == Duration::hours(2));
}

TEST_CASE("the zones say of which release of the database they are, always the same") {
  const std::string& version = zones_version();
  CHECK_FALSE(version.empty());
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  std::string line;
  const bool is_stated = std::getline(file, line) && line.starts_with("# version ");
  CHECK(version == (is_stated ? line.substr(10) : "unknown"));
  CHECK(&zones_version() == &version);
}

}  // namespace
}  // namespace holdpoint
