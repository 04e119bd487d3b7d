// Windows taken together: their union, whether a plan meets one, and when time is free.
#include "base/busy_times.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace holdpoint {
namespace {

Instant at(std::string_view text) { return *Instant::parse(text); }

/// Minutes after an instant that is always the same, so that tables are short.
Instant minute(std::int64_t count) { return Instant{} + Duration::minutes(count); }
TimeWindow window(std::int64_t from, std::int64_t until) { return {minute(from), minute(until)}; }

TEST_CASE("windows that overlap or touch are one, and empty ones none") {
  CHECK(union_of({window(5, 9), window(0, 2), window(2, 4), window(7, 8), window(20, 20)}) ==
        std::vector{window(0, 4), window(5, 9)});
  CHECK(union_of({}).empty());
}

TEST_CASE("a plan meets a window that it shares a minute with, and not one that it touches") {
  BusyTimes busy;
  busy.add(window(10, 20));
  CHECK(busy.first_conflict(window(0, 11)) == window(10, 20));
  CHECK(busy.first_conflict(window(19, 30)) == window(10, 20));
  CHECK(busy.first_conflict(window(0, 100)) == window(10, 20));
  CHECK_FALSE(busy.first_conflict(window(0, 10)));
  CHECK_FALSE(busy.first_conflict(window(20, 30)));
  CHECK_FALSE(busy.first_conflict(window(15, 15)));
}

TEST_CASE("the next free stretch is the first that is long enough, and within the time given") {
  BusyTimes busy;
  busy.add(window(10, 20));
  busy.add(window(15, 30));
  busy.add(window(40, 50));
  CHECK(busy.next_free(window(0, 100), Duration::minutes(10)) == window(0, 10));
  CHECK(busy.next_free(window(5, 100), Duration::minutes(10)) == window(30, 40));
  CHECK(busy.next_free(window(5, 100), Duration::minutes(11)) == window(50, 100));
  CHECK_FALSE(busy.next_free(window(5, 60), Duration::minutes(11)));
  CHECK_FALSE(busy.next_free(window(0, 5), Duration::minutes(10)));
}

TEST_CASE("windows that leave no gap are never free, and this is found out within bounds") {
  BusyTimes busy;
  busy.add(*RecurringWindow::make(
      {.from = *TimeOfDay::parse("00:00"), .until = *TimeOfDay::parse("24:00")},
      *Zone::find("Europe/Berlin")));
  CHECK_FALSE(busy.free_from(at("2026-11-20T00:00:00Z")));
  CHECK_FALSE(busy.next_free({at("2026-11-20T00:00:00Z"), at("2027-11-20T00:00:00Z")},
                             Duration::minutes(1)));
}

TEST_CASE("a week of recurring windows in two zones leaves the gap that both leave") {
  BusyTimes busy;
  Recurrence night{.from = *TimeOfDay::parse("18:00"), .until = *TimeOfDay::parse("09:00")};
  busy.add(*RecurringWindow::make(night, *Zone::find("Europe/Berlin")));
  busy.add(*RecurringWindow::make(night, *Zone::find("America/New_York")));
  // Berlin is open from 08:00Z to 17:00Z, New York from 14:00Z to 23:00Z.
  const TimeWindow week{at("2026-11-20T00:00:00Z"), at("2026-11-27T00:00:00Z")};
  CHECK(busy.next_free(week, Duration::hours(2)) ==
        TimeWindow{at("2026-11-20T14:00:00Z"), at("2026-11-20T17:00:00Z")});
  CHECK_FALSE(busy.next_free(week, Duration::hours(4)));
}

TEST_CASE("free time is found where counting minute by minute finds it") {
  CHECK(rc::check("free stretches and counted minutes agree", [] {
    const auto starts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200));
    BusyTimes busy;
    std::vector<bool> taken(300, false);
    for (const int start : starts) {
      const int length = *rc::gen::inRange(0, 30);
      busy.add(window(start, start + length));
      for (int i = start; i < start + length; ++i) taken[static_cast<std::size_t>(i)] = true;
    }
    const int from = *rc::gen::inRange(0, 200);
    const int length = *rc::gen::inRange(1, 40);
    std::optional<TimeWindow> expected;
    for (int i = from; i + length <= 300 && !expected; ++i) {
      int end = i;
      while (end < 300 && !taken[static_cast<std::size_t>(end)]) ++end;
      if (end - i >= length) expected = window(i, end);
    }
    RC_ASSERT(busy.next_free(window(from, 300), Duration::minutes(length)) == expected);
    RC_ASSERT(busy.containing(minute(from)).has_value() == taken[static_cast<std::size_t>(from)]);
  }));
}

}  // namespace
}  // namespace holdpoint
