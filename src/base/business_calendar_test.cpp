// Working time with holidays and half days, over clock changes, beside a count of minutes; and the
// two texts that days and times are written as.
#include "base/business_calendar.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace holdpoint {
namespace {

Instant at(std::string_view text) { return *Instant::parse(text); }

Holiday holiday(std::string_view date, std::optional<std::string> hours = std::nullopt) {
  return {*CalendarDay::parse(date), "a holiday", std::move(hours)};
}

BusinessCalendar berlin() {
  return *BusinessCalendar::make({"Europe/Berlin",
                                  "Mon-Fri 09:00-17:00",
                                  {holiday("2026-12-25"), holiday("2026-12-24", "09:00-12:00"),
                                   holiday("2026-12-26"), holiday("2026-11-21", "10:00-11:00")}});
}

std::string worked(std::string_view from, std::string_view until) {
  return duration_text(*berlin().worked(at(from), at(until)));
}

TEST_CASE("nobody works on a holiday, half a day's hours count, and a Saturday may be worked") {
  CHECK(worked("2026-12-23T00:00:00Z", "2026-12-24T00:00:00Z") == "8h");
  CHECK(worked("2026-12-24T00:00:00Z", "2026-12-25T00:00:00Z") == "3h");
  CHECK(worked("2026-12-25T00:00:00Z", "2026-12-28T00:00:00Z") == "0s");
  CHECK(worked("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z") == "1h");
  CHECK(worked("2026-12-28T00:00:00Z", "2026-12-23T00:00:00Z") == "-11h");
}

TEST_CASE("the instant when a working time has passed steps over holidays") {
  const BusinessCalendar calendar = berlin();
  const auto then = [&](std::string_view from, Duration working) {
    return calendar.after(at(from), working)->text();
  };
  CHECK(then("2026-12-23T15:00:00Z", Duration::hours(1)) == "2026-12-23T16:00:00Z");
  CHECK(then("2026-12-23T15:00:00Z", Duration::hours(4)) == "2026-12-24T11:00:00Z");
  CHECK(then("2026-12-23T15:00:00Z", Duration::hours(5)) == "2026-12-28T09:00:00Z");
  CHECK(then("2026-11-20T16:00:00Z", Duration::minutes(30)) == "2026-11-21T09:30:00Z");
  CHECK(calendar.opens_at(at("2026-12-24T11:00:00Z"))->text() == "2026-12-28T08:00:00Z");
  CHECK(calendar.opens_at(at("2026-12-24T10:59:00Z"))->text() == "2026-12-24T10:59:00Z");
}

TEST_CASE("a day of 24 hours and a business day are different times") {
  const BusinessCalendar calendar = berlin();
  const Instant wednesday = at("2026-12-23T15:00:00Z");
  CHECK(*calendar.after_business_days(wednesday, 1) == wednesday + Duration::days(1));
  // Friday is a holiday, then comes the week-end.
  CHECK(calendar.after_business_days(wednesday, 2)->text() == "2026-12-28T15:00:00Z");
  CHECK(*calendar.after_business_days(wednesday, 0) == wednesday);
  // Friday before and Monday after clocks change: the same time on the wall.
  CHECK(calendar.after_business_days(at("2026-03-27T15:00:00Z"), 1)->text() ==
        "2026-03-30T14:00:00Z");
  CHECK_FALSE(calendar.after_business_days(wednesday, -1));
  CHECK_FALSE(calendar.after_business_days(wednesday, 10'001));
}

TEST_CASE("clock changes lengthen and shorten working time as they do the day") {
  const auto nights = *BusinessCalendar::make({"Europe/Berlin", "Mon-Sun 00:00-06:00", {}});
  const auto hours = [&](std::string_view from, std::string_view until) {
    return duration_text(*nights.worked(at(from), at(until)));
  };
  CHECK(hours("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z") == "5h");
  CHECK(hours("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z") == "7h");
  const auto cairo = *BusinessCalendar::make({"Africa/Cairo", "Fri 00:00-08:00", {}});
  CHECK(duration_text(*cairo.worked(at("2026-04-23T12:00:00Z"), at("2026-04-24T12:00:00Z"))) ==
        "7h");
}

/// The path of the only issue; "" without one.
std::string refused_at(const CalendarRule& rule) {
  const auto made = BusinessCalendar::make(rule);
  if (made) return "";
  return made.error().size() == 1 ? made.error().front().path : "many";
}

TEST_CASE("what is wrong with a calendar is told with its path") {
  const std::string week = "Mon-Fri 09:00-17:00";
  CHECK(refused_at({"Europe/Berlin", week, {}}).empty());
  CHECK(refused_at({"+01:00", week, {}}) == "/zone");
  CHECK(refused_at({"Nowhere/Land", week, {}}) == "/zone");
  CHECK(refused_at({"UTC", "", {}}) == "/working_hours");
  CHECK(refused_at({"UTC", "Mon 9-17", {}}) == "/working_hours");
  const auto of = [&](std::vector<Holiday> holidays) {
    return refused_at({"UTC", week, std::move(holidays)});
  };
  CHECK(of({holiday("2026-12-25"), holiday("2026-12-25")}) == "/holidays/1/date");
  CHECK(of({holiday("2026-12-25", "12:00-09:00")}) == "/holidays/0/hours");
  CHECK(of({holiday("2026-12-25", "")}) == "/holidays/0/hours");
  CHECK(of({{*CalendarDay::parse("2026-12-25"), "", std::nullopt}}) == "/holidays/0/title");
}

TEST_CASE("a calendar in which nobody works for a year is refused") {
  std::vector<Holiday> holidays;
  const CalendarDay first = *CalendarDay::parse("2026-01-01");
  for (std::int64_t i = 0; i < 366; ++i)
    holidays.push_back({first.plus(i), "closed", std::nullopt});
  CHECK(refused_at({"UTC", "Mon-Fri 09:00-17:00", holidays}) == "/holidays");
  // 366 days later it is a Friday; a day of work among them is enough.
  holidays[200].hours = "09:00-09:01";
  CHECK(refused_at({"UTC", "Mon-Fri 09:00-17:00", holidays}).empty());
}

TEST_CASE("working time and the count of working minutes agree") {
  CHECK(rc::check("calendars and counted minutes agree", [] {
    const auto zone = *rc::gen::element<std::string>("Europe/Berlin", "Africa/Cairo",
                                                     "Australia/Lord_Howe", "America/New_York");
    const auto around = *rc::gen::element<std::string>("2026-03-29", "2026-10-25", "2026-04-24",
                                                       "2026-10-04", "2026-11-01");
    const CalendarDay day = *CalendarDay::parse(around);
    const auto closed = *rc::gen::inRange<std::int64_t>(-3, 4);
    const auto half = *rc::gen::inRange<std::int64_t>(-3, 4);
    RC_PRE(closed != half);
    const CalendarRule rule{zone,
                            "Mon-Sun 00:00-03:30, Mon-Sat 20:15-24:00",
                            {{day.plus(closed), "closed", std::nullopt},
                             {day.plus(half), "half a day", "01:00-02:15"}}};
    const auto calendar = *BusinessCalendar::make(rule);
    const Zone clocks = *Zone::find(zone);
    const auto is_working = [&](Instant instant) {
      const CivilTime civil = clocks.civil_at(instant);
      const int minute = civil.hour * 60 + civil.minute;
      const CalendarDay today = clocks.day_at(instant);
      if (today == day.plus(closed)) return false;
      if (today == day.plus(half)) return minute >= 60 && minute < 135;
      return minute < 210 || (civil.weekday != 0 && minute >= 20 * 60 + 15);
    };
    const Instant first = Instant{Duration::days(day.since_1970 - 3).us} +
                          Duration::minutes(*rc::gen::inRange<std::int64_t>(0, 1'440));
    std::int64_t counted = 0;
    for (std::int64_t i = 0; i < 6 * 1'440; ++i) {
      const Instant instant = first + Duration::minutes(i);
      RC_ASSERT(calendar.is_working(instant) == is_working(instant));
      RC_ASSERT(calendar.worked(first, instant) == Duration::minutes(counted));
      if (!is_working(instant)) continue;
      ++counted;
      RC_ASSERT(calendar.after(first, Duration::minutes(counted)) ==
                instant + Duration::minutes(1));
    }
  }));
}

TEST_CASE("days and times of day are read as they are written, and nothing else is") {
  for (const std::string_view text : {"00:00", "09:05", "23:59", "24:00"}) {
    CHECK(TimeOfDay::parse(text)->text() == text);
  }
  for (const std::string_view text : {"", "9:00", "24:01", "12:60", "12-00", "1a:00", "12:00:00"}) {
    INFO(text);
    CHECK_FALSE(TimeOfDay::parse(text));
  }
  for (const std::string_view text : {"0001-01-01", "2028-02-29", "9999-12-31"}) {
    CHECK(CalendarDay::parse(text)->text() == text);
  }
  for (const std::string_view text : {"", "2026-02-29", "2026-13-01", "2026-1-01", "0000-01-01"}) {
    INFO(text);
    CHECK_FALSE(CalendarDay::parse(text));
  }
  CHECK(CalendarDay::parse("2026-11-20")->weekday() == 4);
  CHECK(CalendarDay::parse("1969-12-29")->weekday() == 0);
}

}  // namespace
}  // namespace holdpoint
