// Windows that come again, where clocks change, days are missing and weeks differ from zone to
// zone; and every rule beside a model that asks the C library what clocks show at every minute.
#include "base/recurring_window.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>

namespace holdpoint {
namespace {

Instant at(std::string_view text) { return *Instant::parse(text); }
TimeOfDay time(std::string_view text) { return *TimeOfDay::parse(text); }
CalendarDay day(std::string_view text) { return *CalendarDay::parse(text); }

Recurrence daily(std::string_view from, std::string_view until) {
  return {.from = time(from), .until = time(until)};
}

RecurringWindow window(const Recurrence& rule, std::string_view zone) {
  return *RecurringWindow::make(rule, *Zone::find(zone));
}

/// "from .. until" of the occurrence on that day, "none" without one.
std::string on(const Recurrence& rule, std::string_view zone, std::string_view date) {
  const auto found = window(rule, zone).on(day(date));
  return found ? found->from.text() + " .. " + found->until.text() : "none";
}

std::int64_t minutes_on(const Recurrence& rule, std::string_view zone, std::string_view date) {
  const auto found = window(rule, zone).on(day(date));
  return found ? (found->until - found->from).us / Duration::minutes(1).us : 0;
}

TEST_CASE("a night's window is shorter or longer by what clocks jump, in every zone") {
  const Recurrence night = daily("00:00", "06:00");
  CHECK(minutes_on(night, "Europe/Berlin", "2026-03-28") == 360);
  CHECK(minutes_on(night, "Europe/Berlin", "2026-03-29") == 300);
  CHECK(minutes_on(night, "Europe/Berlin", "2026-10-25") == 420);
  CHECK(minutes_on(night, "America/New_York", "2026-03-08") == 300);
  CHECK(minutes_on(night, "America/New_York", "2026-11-01") == 420);
  CHECK(minutes_on(night, "Australia/Lord_Howe", "2026-10-04") == 330);
  CHECK(minutes_on(night, "Australia/Lord_Howe", "2026-04-05") == 390);
}

TEST_CASE("a window starts at the jump when its midnight is not shown, as in Cairo") {
  CHECK(on(daily("00:00", "06:00"), "Africa/Cairo", "2026-04-24") ==
        "2026-04-23T22:00:00Z .. 2026-04-24T03:00:00Z");
  CHECK(on(daily("22:00", "00:00"), "Africa/Cairo", "2026-04-23") ==
        "2026-04-23T20:00:00Z .. 2026-04-23T22:00:00Z");
  // The hour before midnight of 29 October is shown twice.
  CHECK(minutes_on(daily("23:00", "24:00"), "Africa/Cairo", "2026-10-29") == 120);
}

TEST_CASE("a day that a country left out has no window, and its neighbours touch") {
  const Recurrence whole = daily("00:00", "24:00");
  CHECK(on(whole, "Pacific/Apia", "2011-12-30") == "none");
  CHECK(on(whole, "Pacific/Apia", "2011-12-29") == "2011-12-29T10:00:00Z .. 2011-12-30T10:00:00Z");
  Recurrence over = daily("00:00", "00:00");
  over.days_later = 2;
  CHECK(minutes_on(over, "Pacific/Apia", "2011-12-29") == 24 * 60);
}

TEST_CASE("a time that clocks show twice starts at the earlier and ends at the later") {
  CHECK(on(daily("02:30", "02:45"), "Europe/Berlin", "2026-10-25") ==
        "2026-10-25T00:30:00Z .. 2026-10-25T01:45:00Z");
  CHECK(on(daily("01:00", "02:30"), "Europe/Berlin", "2026-10-25") ==
        "2026-10-24T23:00:00Z .. 2026-10-25T01:30:00Z");
}

TEST_CASE("an occurrence within the time that clocks skip is left out") {
  CHECK(on(daily("02:00", "03:00"), "Europe/Berlin", "2026-03-29") == "none");
  CHECK(on(daily("02:15", "02:45"), "Europe/Berlin", "2026-03-29") == "none");
  CHECK(on(daily("02:15", "03:15"), "Europe/Berlin", "2026-03-29") ==
        "2026-03-29T01:00:00Z .. 2026-03-29T01:15:00Z");
  const RecurringWindow skipped = window(daily("02:15", "02:45"), "Europe/Berlin");
  CHECK(skipped.next_after(at("2026-03-28T12:00:00Z"))->from.text() == "2026-03-30T00:15:00Z");
}

TEST_CASE("weekdays are those of the window's zone, not of Greenwich") {
  Recurrence friday = daily("18:00", "24:00");
  friday.repeats = Repeats::weekly;
  friday.weekdays = {Weekday::fri};
  const RecurringWindow here = window(friday, "America/Los_Angeles");
  // 2026-11-20 is a Friday; in Greenwich most of its evening is Saturday.
  CHECK_FALSE(here.containing(at("2026-11-21T01:59:59Z")));
  CHECK(here.containing(at("2026-11-21T02:00:00Z"))->until.text() == "2026-11-21T08:00:00Z");
  CHECK(here.containing(at("2026-11-21T07:59:59Z")));
  CHECK_FALSE(here.containing(at("2026-11-21T08:00:00Z")));
  CHECK(here.next_after(at("2026-11-21T02:00:00Z"))->from.text() == "2026-11-28T02:00:00Z");
  CHECK(here.next_after(at("2026-11-21T01:59:59Z"))->from.text() == "2026-11-21T02:00:00Z");
}

TEST_CASE("a window over midnight belongs to the day on which it starts") {
  Recurrence night = daily("22:00", "06:00");
  night.repeats = Repeats::weekly;
  night.weekdays = {Weekday::sat};
  const RecurringWindow here = window(night, "Europe/Berlin");
  CHECK(here.containing(at("2026-11-22T04:59:00Z")));        // Sunday, five to six
  CHECK_FALSE(here.containing(at("2026-11-21T04:59:00Z")));  // Saturday, five to six
}

TEST_CASE("a window of several days is one occurrence") {
  Recurrence weekend = daily("18:00", "06:00");
  weekend.repeats = Repeats::weekly;
  weekend.weekdays = {Weekday::fri};
  weekend.days_later = 3;
  CHECK(on(weekend, "Europe/Berlin", "2026-11-20") ==
        "2026-11-20T17:00:00Z .. 2026-11-23T05:00:00Z");
  const RecurringWindow here = window(weekend, "Europe/Berlin");
  CHECK(here.containing(at("2026-11-23T04:59:59Z"))->from.text() == "2026-11-20T17:00:00Z");
  CHECK_FALSE(here.containing(at("2026-11-23T05:00:00Z")));
}

TEST_CASE("a day that a month lacks is skipped, or its last day stands in, as the rule says") {
  Recurrence monthly = daily("00:00", "24:00");
  monthly.repeats = Repeats::monthly;
  monthly.day = 31;
  monthly.missing_day = MissingDay::skip;
  CHECK(on(monthly, "UTC", "2026-01-31") != "none");
  CHECK(on(monthly, "UTC", "2026-04-30") == "none");
  CHECK(window(monthly, "UTC").next_after(at("2026-03-31T00:00:00Z"))->from.text() ==
        "2026-05-31T00:00:00Z");
  monthly.missing_day = MissingDay::last_day;
  CHECK(on(monthly, "UTC", "2026-04-30") != "none");
  CHECK(on(monthly, "UTC", "2026-02-28") != "none");
  CHECK(on(monthly, "UTC", "2028-02-28") == "none");
  CHECK(on(monthly, "UTC", "2028-02-29") != "none");
}

TEST_CASE("29 February is skipped for years, or is 28 February in them") {
  Recurrence leap = daily("00:00", "24:00");
  leap.repeats = Repeats::yearly;
  leap.month = 2;
  leap.day = 29;
  leap.missing_day = MissingDay::skip;
  CHECK(window(leap, "UTC").next_after(at("2096-03-01T00:00:00Z"))->from.text() ==
        "2104-02-29T00:00:00Z");
  leap.missing_day = MissingDay::last_day;
  CHECK(window(leap, "UTC").next_after(at("2096-03-01T00:00:00Z"))->from.text() ==
        "2097-02-28T00:00:00Z");
}

TEST_CASE("the third Saturday, the last Friday and a fifth Monday are found") {
  Recurrence third = daily("00:00", "24:00");
  third.repeats = Repeats::monthly;
  third.nth = 3;
  third.weekdays = {Weekday::sat};
  CHECK(window(third, "UTC").next_after(at("2026-11-01T00:00:00Z"))->from.text() ==
        "2026-11-21T00:00:00Z");
  third.nth = -1;
  third.weekdays = {Weekday::fri};
  CHECK(window(third, "UTC").next_after(at("2026-11-01T00:00:00Z"))->from.text() ==
        "2026-11-27T00:00:00Z");
  // November 2026 has five Mondays, December has four.
  third.nth = 5;
  third.weekdays = {Weekday::mon};
  CHECK(on(third, "UTC", "2026-11-30") != "none");
  CHECK(window(third, "UTC").next_after(at("2026-11-30T00:00:00Z"))->from.text() ==
        "2027-03-29T00:00:00Z");
}

/// The path of the only issue; "" without one.
std::string refused_at(const Recurrence& rule) {
  const auto made = RecurringWindow::make(rule, Zone::utc());
  if (made) return "";
  return made.error().size() == 1 ? made.error().front().path : "many";
}

TEST_CASE("a rule that leaves something open, or says too much, is refused with its path") {
  const auto with = [](auto change) {
    Recurrence rule = daily("22:00", "06:00");
    change(rule);
    return refused_at(rule);
  };
  using R = Recurrence&;
  const auto yearly = [](R r, std::int64_t month, std::int64_t on_day) {
    r.repeats = Repeats::yearly;
    r.month = month;
    r.day = on_day;
  };
  CHECK(with([](R) {}).empty());
  CHECK(with([](R r) { r.repeats = Repeats::weekly; }) == "/weekdays");
  CHECK(with([](R r) { r.weekdays = {Weekday::mon}; }) == "/weekdays");
  CHECK(with([](R r) {
          r.repeats = Repeats::weekly;
          r.weekdays = {Weekday::mon, Weekday::mon};
        }) == "/weekdays");
  CHECK(with([](R r) { r.repeats = Repeats::monthly; }) == "/day");
  CHECK(with([](R r) {
          r.repeats = Repeats::monthly;
          r.day = 29;
        }) == "/missing_day");
  CHECK(with([](R r) {
          r.repeats = Repeats::monthly;
          r.day = 28;
          r.missing_day = MissingDay::skip;
        }) == "/missing_day");
  CHECK(with([](R r) {
          r.repeats = Repeats::monthly;
          r.day = 32;
          r.missing_day = MissingDay::skip;
        }) == "/day");
  CHECK(with([](R r) {
          r.repeats = Repeats::monthly;
          r.nth = 2;
        }) == "/weekdays");
  CHECK(with([](R r) {
          r.repeats = Repeats::monthly;
          r.nth = 6;
          r.weekdays = {Weekday::tue};
        }) == "/nth");
  CHECK(with([&](R r) { yearly(r, 2, 29); }) == "/missing_day");
  CHECK(with([&](R r) { yearly(r, 4, 31); }) == "/day");
  CHECK(with([&](R r) { yearly(r, 12, 31); }).empty());
  CHECK(with([&](R r) { yearly(r, 13, 1); }) == "/month");
  CHECK(with([](R r) { r.from = time("24:00"); }) == "/from");
  CHECK(with([](R r) { r.until = r.from; }) == "/until");
  CHECK(with([](R r) { r.days_later = 0; }) == "/until");
  CHECK(with([](R r) { r.days_later = 101; }) == "/days_later");
}

/// What clocks show, by the C library and not by ours.
class Clocks {
 public:
  explicit Clocks(const std::string& zone) {
    if (const char* const before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", (":" + zone).c_str(), 1);
    ::tzset();
  }
  ~Clocks() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }
  Clocks(const Clocks&) = delete;
  Clocks& operator=(const Clocks&) = delete;

  [[nodiscard]] static tm at(std::int64_t minute) {
    const time_t seconds = minute * 60;
    tm shown{};
    ::localtime_r(&seconds, &shown);
    return shown;
  }
  /// A number that grows with what clocks show.
  [[nodiscard]] static std::int64_t shown(std::int64_t minute) {
    const tm local = at(minute);
    return ((((local.tm_year * 12LL) + local.tm_mon) * 31 + local.tm_mday - 1) * 24 +
            local.tm_hour) *
               60 +
           local.tm_min;
  }

 private:
  std::optional<std::string> before_;
};

/// The calendar's day so many days later, by the C library.
tm later(tm date, int days) {
  date.tm_mday += days;
  date.tm_hour = 12;
  const time_t noon = ::timegm(&date);
  tm out{};
  ::gmtime_r(&noon, &out);
  return out;
}

bool falls_on(const Recurrence& rule, const tm& date) {
  const auto has_weekday = [&](const tm& one) {
    return std::ranges::any_of(rule.weekdays, [&](Weekday weekday) {
      return (static_cast<int>(weekday) + 1) % 7 == one.tm_wday;
    });
  };
  if (rule.repeats == Repeats::daily) return true;
  if (rule.repeats == Repeats::weekly) return has_weekday(date);
  if (rule.month && date.tm_mon + 1 != *rule.month) return false;
  const bool is_last = later(date, 1).tm_mon != date.tm_mon;
  if (rule.day) {
    if (date.tm_mday == *rule.day) return true;
    return is_last && date.tm_mday < *rule.day && rule.missing_day == MissingDay::last_day;
  }
  if (!has_weekday(date)) return false;
  if (*rule.nth == -1) return later(date, 7).tm_mon != date.tm_mon;
  int count = 0;
  for (tm one = date; one.tm_mon == date.tm_mon; one = later(one, -7)) ++count;
  return count == *rule.nth;
}

/// Which minutes of a stretch lie in an occurrence: from the first minute that shows the start or
/// more, until the last one that shows the end, or else after the last one that shows less.
std::vector<bool> model(const Recurrence& rule, std::int64_t first, std::int64_t count) {
  constexpr std::int64_t around = 5 * 24 * 60;
  std::vector<std::int64_t> shown;
  for (std::int64_t i = -around; i < count + around; ++i) shown.push_back(Clocks::shown(first + i));
  const auto number = [](const tm& date, const TimeOfDay& of_day) {
    const tm on = of_day.minutes == TimeOfDay::minutes_max ? later(date, 1) : date;
    const std::int64_t minutes = of_day.minutes % TimeOfDay::minutes_max;
    return ((on.tm_year * 12LL + on.tm_mon) * 31 + on.tm_mday - 1) * 24 * 60 + minutes;
  };
  std::vector<bool> inside(static_cast<std::size_t>(count), false);
  const auto days_later =
      static_cast<int>(rule.days_later.value_or(rule.until <= rule.from ? 1 : 0));
  const tm begin = Clocks::at(first);
  for (int i = -4; i <= count / (24 * 60) + 2; ++i) {
    const tm date = later(begin, i);
    if (!falls_on(rule, date)) continue;
    const auto from = std::ranges::find_if(
        shown, [&](std::int64_t one) { return one >= number(date, rule.from); });
    const std::int64_t end = number(later(date, days_later), rule.until);
    const auto before =
        std::find_if(shown.rbegin(), shown.rend(), [end](std::int64_t one) { return one < end; });
    // Clocks that go back to the end itself show it later than what is less than it.
    const auto again = std::find(shown.rbegin(), shown.rend(), end);
    const auto until =
        again == shown.rend() ? before.base() : std::max(before.base(), again.base() - 1);
    for (auto one = from; one < until; ++one) {
      const auto index = one - shown.begin() - around;
      if (index >= 0 && index < count) inside[static_cast<std::size_t>(index)] = true;
    }
  }
  return inside;
}

rc::Gen<Recurrence> any_rule() {
  return rc::gen::exec([] {
    Recurrence rule;
    rule.repeats = *rc::gen::element(Repeats::daily, Repeats::weekly, Repeats::monthly);
    rule.from.minutes = *rc::gen::inRange<std::int64_t>(0, 96) * 15;
    rule.until.minutes = *rc::gen::inRange<std::int64_t>(0, 97) * 15;
    if (*rc::gen::arbitrary<bool>()) rule.days_later = *rc::gen::inRange<std::int64_t>(0, 3);
    const auto weekday = static_cast<Weekday>(*rc::gen::inRange(0, 7));
    const auto next = static_cast<Weekday>((static_cast<int>(weekday) + 1) % 7);
    if (rule.repeats == Repeats::weekly) rule.weekdays = {weekday, next};
    if (rule.repeats != Repeats::monthly) return rule;
    if (*rc::gen::arbitrary<bool>()) {
      rule.nth = *rc::gen::element<std::int64_t>(1, 2, 3, 4, 5, -1);
      rule.weekdays = {weekday};
    } else {
      rule.day = *rc::gen::inRange<std::int64_t>(20, 32);
      if (*rule.day > 28)
        rule.missing_day = *rc::gen::element(MissingDay::skip, MissingDay::last_day);
    }
    return rule;
  });
}

TEST_CASE("every minute lies in a window exactly when a model of the clocks says so") {
  CHECK(rc::check("a rule and the model of the clocks agree", [] {
    const auto zone = *rc::gen::element<std::string>(
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia",
        "America/St_Johns", "Asia/Kathmandu", "America/Havana", "UTC");
    // Days about which clocks change in one of them.
    const auto around = *rc::gen::element<std::string>(
        "2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05",
        "2026-04-24", "2026-10-30", "2011-12-30", "2028-02-29", "2026-07-15");
    const Recurrence rule = *any_rule();
    const auto made = RecurringWindow::make(rule, *Zone::find(zone));
    RC_PRE(made.has_value());
    RC_LOG(to_json_text(rule));
    const Clocks clocks(zone);
    constexpr std::int64_t count = 3 * 24 * 60;
    const std::int64_t first = (day(around).since_1970 - 1) * 24 * 60;
    const std::vector<bool> expected = model(rule, first, count);
    for (std::int64_t i = 0; i < count; ++i) {
      const Instant instant = Instant{} + Duration::minutes(first + i);
      const auto found = made->containing(instant);
      if (found.has_value() != expected[static_cast<std::size_t>(i)]) RC_LOG(instant.text());
      RC_ASSERT(found.has_value() == expected[static_cast<std::size_t>(i)]);
      // What comes next starts later, and nothing starts between.
      if (i % 240 != 0) continue;
      const auto next = made->next_after(instant);
      if (next) RC_ASSERT(next->from > instant && made->containing(next->from).has_value());
    }
  }));
}

}  // namespace
}  // namespace holdpoint
