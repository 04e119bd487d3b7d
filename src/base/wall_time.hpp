// A day of the calendar and a time of day, as people write them and clocks on the wall show them:
// "2026-12-24" and "22:00". Neither is an instant: a zone makes one of them (zones.hpp).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/civil_date.hpp"

namespace holdpoint {

/// A time from 00:00 to 24:00, which is the midnight that ends the day.
struct TimeOfDay {
  static constexpr std::int64_t minutes_max = 24 * 60;

  std::int64_t minutes = 0;  // from 00:00

  auto operator<=>(const TimeOfDay&) const = default;
  [[nodiscard]] std::string text() const;
  static std::optional<TimeOfDay> parse(std::string_view text);
};

/// A day from 0001-01-01 to 9999-12-31.
struct CalendarDay {
  std::int64_t since_1970 = 0;

  auto operator<=>(const CalendarDay&) const = default;
  [[nodiscard]] std::string text() const;
  static std::optional<CalendarDay> parse(std::string_view text);

  [[nodiscard]] Date date() const { return civil_from_days(since_1970); }
  /// 0 = Monday.
  [[nodiscard]] std::int64_t weekday() const {
    // 1970-01-01 was a Thursday.
    return since_1970 + 3 - floor_div(since_1970 + 3, 7) * 7;
  }
  [[nodiscard]] CalendarDay plus(std::int64_t days) const { return {since_1970 + days}; }
};

}  // namespace holdpoint
