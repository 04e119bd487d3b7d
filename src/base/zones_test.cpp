// Time zones: offsets and wall-clock fields, daylight saving included, and unknown zones as values.
#include <doctest/doctest.h>

#include "base/zones.hpp"

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

}  // namespace
}  // namespace holdpoint
