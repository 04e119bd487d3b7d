// A business calendar: when people work, in their zone, with holidays and half days. It tells the
// working time between two instants and the instant when a working time has passed.
//
// An hour of working time and a business day are different things: "8h" passes while people work,
// and "2 business days" is the same time of day, two working days later.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/time_window.hpp"
#include "base/working_hours.hpp"

namespace holdpoint {

/// A day with other hours than its weekday has.
struct Holiday {
  CalendarDay date;
  std::string title;
  std::optional<std::string> hours;  // "09:00-12:00" on a half day; absent: nobody works

  bool operator==(const Holiday&) const = default;
};
HP_DESCRIBE(Holiday, date, title, hours)

/// A calendar as people write it.
struct CalendarRule {
  std::string zone;           // an IANA name
  std::string working_hours;  // as working_hours.hpp says
  std::vector<Holiday> holidays;
};

class BusinessCalendar {
 public:
  static constexpr std::size_t holidays_max = 400;
  /// A calendar that leaves so many days without working time is refused.
  static constexpr std::int64_t idle_days_max = 366;
  static constexpr std::int64_t business_days_max = 10'000;

  /// The issues have paths within the rule: "/zone", "/working_hours", "/holidays/3/hours".
  static std::expected<BusinessCalendar, JsonIssues> make(const CalendarRule& rule);

  [[nodiscard]] bool is_working(Instant at) const;
  /// Working time from one instant to another, negative when `until` is the earlier; nullopt when
  /// they are further apart than centuries.
  [[nodiscard]] std::optional<Duration> worked(Instant from, Instant until) const;
  /// The first instant at or after `from` when so much working time has passed, which MUST NOT be
  /// negative; nullopt when it is beyond the year 9999.
  [[nodiscard]] std::optional<Instant> after(Instant from, Duration working) const;
  /// The first instant at or after this one at which people work.
  [[nodiscard]] std::optional<Instant> opens_at(Instant at) const;
  /// The same time of day on the n-th day with working time after this one; nullopt
  /// beyond `business_days_max`.
  [[nodiscard]] std::optional<Instant> after_business_days(Instant from, std::int64_t days) const;

 private:
  BusinessCalendar(const Zone& zone, WorkingHours hours) : zone_(zone), hours_(std::move(hours)) {}
  [[nodiscard]] bool has_working_time(CalendarDay first, std::int64_t days) const;

  Zone zone_;
  WorkingHours hours_;
};

/// The zone of that IANA name, or what is wrong with it. An offset from Greenwich is refused: it
/// does not say when clocks change.
std::expected<Zone, std::string> find_named_zone(std::string_view name);

}  // namespace holdpoint
