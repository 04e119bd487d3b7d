// See recurring_window.hpp.
#include "base/recurring_window.hpp"

#include <algorithm>
#include <set>

namespace holdpoint {
namespace {

constexpr std::int64_t leap_year = 2024;
constexpr std::int64_t shortest_month_days = 28;

class Check {
 public:
  explicit Check(const Recurrence& rule) : rule_(rule) {}

  JsonIssues issues() {
    check_days();
    check_missing_day();
    check_times();
    return std::move(issues_);
  }

 private:
  void issue(std::string path, std::string message) {
    issues_.push_back({std::move(path), std::move(message), 0});
  }
  [[nodiscard]] bool is(Repeats repeats) const { return rule_.repeats == repeats; }

  void check_days() {
    const bool of_month = is(Repeats::monthly) || is(Repeats::yearly);
    const bool by_nth = of_month && rule_.nth.has_value();
    if (rule_.month && !is(Repeats::yearly)) issue("/month", "only a yearly window has a month");
    if (!rule_.month && is(Repeats::yearly)) issue("/month", "required for a yearly window");
    if (rule_.month && (*rule_.month < 1 || *rule_.month > 12)) {
      issue("/month", "expected 1 to 12");
    }
    if (rule_.nth && !of_month) issue("/nth", "only monthly and yearly windows count weekdays");
    if (rule_.nth && *rule_.nth != -1 && (*rule_.nth < 1 || *rule_.nth > 5)) {
      issue("/nth", "expected 1 to 5, or -1 for the last");
    }
    if (rule_.day && !of_month) issue("/day", "only monthly and yearly windows have a day");
    if (rule_.day && by_nth) issue("/day", "either a day, or nth and a weekday");
    if (of_month && !rule_.day && !by_nth) issue("/day", "required, or nth and a weekday");
    if (rule_.day && (*rule_.day < 1 || *rule_.day > longest_month_days())) {
      issue("/day", "expected 1 to " + std::to_string(longest_month_days()));
    }
    check_weekdays(by_nth);
  }

  void check_weekdays(bool by_nth) {
    const std::set<Weekday> different(rule_.weekdays.begin(), rule_.weekdays.end());
    if (different.size() != rule_.weekdays.size()) issue("/weekdays", "a weekday stands twice");
    if (by_nth && rule_.weekdays.size() != 1) issue("/weekdays", "expected one, which nth counts");
    if (is(Repeats::weekly) && rule_.weekdays.empty()) issue("/weekdays", "at least one weekday");
    if (!is(Repeats::weekly) && !by_nth && !rule_.weekdays.empty()) {
      issue("/weekdays", "only weekly windows have them, and those that nth counts");
    }
  }

  [[nodiscard]] std::int64_t longest_month_days() const {
    const bool has_month = is(Repeats::yearly) && rule_.month && *rule_.month >= 1;
    return has_month && *rule_.month <= 12 ? days_in_month(leap_year, *rule_.month) : 31;
  }

  /// Whether some month or year has no such day.
  [[nodiscard]] bool may_be_missing() const {
    if (!rule_.day || *rule_.day <= shortest_month_days) return false;
    return is(Repeats::monthly) || (is(Repeats::yearly) && rule_.month == 2);
  }

  void check_missing_day() {
    if (may_be_missing() && !rule_.missing_day) {
      issue("/missing_day", "required, because not every " +
                                std::string(is(Repeats::yearly) ? "year" : "month") +
                                " has that day: skip or last_day");
    }
    if (!may_be_missing() && rule_.missing_day) issue("/missing_day", "that day is never missing");
  }

  void check_times() {
    if (rule_.from.minutes == TimeOfDay::minutes_max) {
      issue("/from", "24:00 is the start of the next day: write 00:00");
    }
    if (rule_.days_later) {
      const std::int64_t days = *rule_.days_later;
      if (days < 0 || days > Recurrence::days_later_max) {
        issue("/days_later", "expected 0 to " + std::to_string(Recurrence::days_later_max));
      }
      if (days == 0 && rule_.until <= rule_.from) issue("/until", "not after its start");
    } else if (rule_.until == rule_.from) {
      issue("/until", "the same as from: a whole day is from 00:00 until 24:00");
    }
  }

  const Recurrence& rule_;
  JsonIssues issues_;
};

}  // namespace

std::expected<RecurringWindow, JsonIssues> RecurringWindow::make(const Recurrence& rule,
                                                                 const Zone& zone) {
  if (auto issues = Check(rule).issues(); !issues.empty()) {
    return std::unexpected(std::move(issues));
  }
  return RecurringWindow(rule, zone);
}

std::int64_t RecurringWindow::days_later() const {
  return rule_.days_later.value_or(rule_.until <= rule_.from ? 1 : 0);
}

bool RecurringWindow::is_one_of_weekdays(CalendarDay day) const {
  return std::ranges::find(rule_.weekdays, static_cast<Weekday>(day.weekday())) !=
         rule_.weekdays.end();
}

bool RecurringWindow::falls_on_day_of_month(const Date& date) const {
  const std::int64_t last = days_in_month(date.year, date.month);
  const std::int64_t day = *rule_.day;
  return date.day == day ||
         (day > last && date.day == last && rule_.missing_day == MissingDay::last_day);
}

bool RecurringWindow::falls_on(CalendarDay day) const {
  if (rule_.repeats == Repeats::daily) return true;
  if (rule_.repeats == Repeats::weekly) return is_one_of_weekdays(day);
  const Date date = day.date();
  if (rule_.month && date.month != *rule_.month) return false;
  if (!rule_.nth) return falls_on_day_of_month(date);
  if (!is_one_of_weekdays(day)) return false;
  if (*rule_.nth == -1) return date.day + 7 > days_in_month(date.year, date.month);
  return (date.day - 1) / 7 + 1 == *rule_.nth;
}

std::optional<TimeWindow> RecurringWindow::on(CalendarDay day) const {
  if (!falls_on(day)) return std::nullopt;
  const TimeWindow window{
      zone_.instant_of(day, rule_.from.minutes, Twice::earlier),
      zone_.instant_of(day.plus(days_later()), rule_.until.minutes, Twice::later)};
  return window.from < window.until ? std::optional(window) : std::nullopt;
}

std::optional<TimeWindow> RecurringWindow::containing(Instant at) const {
  const CalendarDay today = zone_.day_at(at);
  std::optional<TimeWindow> found;
  // Where clocks go back over midnight, today's window may have started when it was yesterday
  // once more, and the window of tomorrow may have.
  for (std::int64_t days = -1; days <= days_later() + 1; ++days) {
    const auto window = on(today.plus(-days));
    if (!window || !window->contains(at)) continue;
    if (!found || found->until < window->until) found = window;
  }
  return found;
}

std::optional<TimeWindow> RecurringWindow::next_after(Instant at) const {
  const CalendarDay today = zone_.day_at(at);
  for (std::int64_t days = -1; days <= search_days_max; ++days) {
    const auto window = on(today.plus(days));
    if (window && window->from > at) return window;
  }
  return std::nullopt;
}

}  // namespace holdpoint
