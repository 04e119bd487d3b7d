// Windows that come again: each Friday from 18:00, the last day of every month, from 20 December
// to 2 January. A rule says days and times as clocks in a zone show them, and every occurrence has
// instants of its own, so that a window stays at its hour when clocks change.
//
// A window belongs to the day on which it starts, by the calendar of its zone. A start that clocks
// show twice is the earlier one and such an end the later one, so that a window never shrinks; what
// clocks never show is the instant of the jump. An occurrence that is empty by that is left out.
#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/time_window.hpp"
#include "base/zones.hpp"

namespace holdpoint {

enum class Repeats : std::uint8_t { daily, weekly, monthly, yearly };
HP_DESCRIBE_ENUM(Repeats, daily, weekly, monthly, yearly)

enum class Weekday : std::uint8_t { mon, tue, wed, thu, fri, sat, sun };
HP_DESCRIBE_ENUM(Weekday, mon, tue, wed, thu, fri, sat, sun)

/// What a month or year does that lacks the day: nothing, or its last day stands in.
enum class MissingDay : std::uint8_t { skip, last_day };
HP_DESCRIBE_ENUM(MissingDay, skip, last_day)

/// A rule as people write it. Weekly: `weekdays`. Monthly: `day`, or `nth` and one weekday. Yearly:
/// the same, and `month`.
struct Recurrence {
  static constexpr std::int64_t days_later_max = 100;

  Repeats repeats{};
  std::vector<Weekday> weekdays;
  std::optional<std::int64_t>
      nth;  // 1..5; -1 is the last of the month; a month without it has none
  std::optional<std::int64_t> day;        // 1..31
  std::optional<std::int64_t> month;      // 1..12
  std::optional<MissingDay> missing_day;  // MUST be said of a day that not all have, and only then
  TimeOfDay from;
  TimeOfDay until;
  /// On which day after its first a window ends. Absent: the first, or the next one when `until` is
  /// not after `from`.
  std::optional<std::int64_t> days_later;

  bool operator==(const Recurrence&) const = default;
};
HP_DESCRIBE(Recurrence, repeats, weekdays, nth, day, month, missing_day, from, until, days_later)

class RecurringWindow {
 public:
  /// Days that are looked through for the next occurrence, at most: from one 29 February to the
  /// next there are eight years when a century lies between.
  static constexpr std::int64_t search_days_max = 8 * 366;

  /// The issues have paths within the rule, "/weekdays".
  static std::expected<RecurringWindow, JsonIssues> make(const Recurrence& rule, const Zone& zone);

  /// The occurrence in which the instant lies; of several the one that ends last.
  [[nodiscard]] std::optional<TimeWindow> containing(Instant at) const;
  /// The first occurrence that starts after the instant.
  [[nodiscard]] std::optional<TimeWindow> next_after(Instant at) const;
  /// The occurrence of a day of the zone's calendar.
  [[nodiscard]] std::optional<TimeWindow> on(CalendarDay day) const;

 private:
  RecurringWindow(Recurrence rule, const Zone& zone) : rule_(std::move(rule)), zone_(zone) {}
  [[nodiscard]] bool falls_on(CalendarDay day) const;
  [[nodiscard]] bool falls_on_day_of_month(const Date& date) const;
  [[nodiscard]] bool is_one_of_weekdays(CalendarDay day) const;
  [[nodiscard]] std::int64_t days_later() const;

  Recurrence rule_;
  Zone zone_;
};

}  // namespace holdpoint
