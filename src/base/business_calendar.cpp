// See business_calendar.hpp.
#include "base/business_calendar.hpp"

#include <algorithm>
#include <set>

namespace holdpoint {
namespace {

constexpr std::int64_t us_ns = 1'000;
constexpr WideNanoseconds day_ns = WideNanoseconds{Duration::days(1).us} * us_ns;
constexpr std::size_t title_bytes_max = 200;

/// 10000-01-01T00:00:00Z.
constexpr Instant beyond{days_from_civil({10'000, 1, 1}) * Duration::days(1).us};

WideNanoseconds nanoseconds_of(Instant at) { return WideNanoseconds{at.us} * us_ns; }

JsonIssues set_holidays(const std::vector<Holiday>& holidays, WorkingHours& hours) {
  JsonIssues issues;
  if (holidays.size() > BusinessCalendar::holidays_max) {
    return {{"/holidays", "more than 400 elements", 0}};
  }
  std::set<CalendarDay> seen;
  for (std::size_t i = 0; i < holidays.size(); ++i) {
    const Holiday& holiday = holidays[i];
    const std::string path = "/holidays/" + std::to_string(i);
    if (holiday.title.empty() || holiday.title.size() > title_bytes_max) {
      issues.push_back({path + "/title", "expected 1 to 200 bytes", 0});
    }
    if (!seen.insert(holiday.date).second) {
      issues.push_back({path + "/date", "stands twice", 0});
    } else if (holiday.hours && holiday.hours->empty()) {
      issues.push_back({path + "/hours", "leave it out when nobody works", 0});
    } else if (auto wrong = hours.set_day(holiday.date, holiday.hours.value_or(""))) {
      issues.push_back({path + "/hours", std::move(*wrong), 0});
    }
  }
  return issues;
}

}  // namespace

std::expected<Zone, std::string> find_named_zone(std::string_view name) {
  const bool is_offset = name.find(':') != std::string_view::npos;
  if (is_offset) return std::unexpected("expected the name of a zone, such as Europe/Berlin");
  return Zone::find(name);
}

std::expected<BusinessCalendar, JsonIssues> BusinessCalendar::make(const CalendarRule& rule) {
  JsonIssues issues;
  const auto zone = find_named_zone(rule.zone);
  if (!zone) issues.push_back({"/zone", zone.error(), 0});
  auto hours = WorkingHours::parse(rule.working_hours);
  if (!hours) {
    issues.push_back({"/working_hours", hours.error(), 0});
    return std::unexpected(std::move(issues));
  }
  std::ranges::move(set_holidays(rule.holidays, *hours), std::back_inserter(issues));
  if (!issues.empty()) return std::unexpected(std::move(issues));
  BusinessCalendar calendar(*zone, std::move(*hours));
  // Every week has working time of its own, so only a row of holidays can be without.
  for (const CalendarDay day : calendar.hours_.set_days()) {
    if (!calendar.has_working_time(day, idle_days_max)) {
      return std::unexpected(
          JsonIssues{{"/holidays", "nobody works for 366 days from " + day.text() + " on", 0}});
    }
  }
  return calendar;
}

bool BusinessCalendar::has_working_time(CalendarDay first, std::int64_t days) const {
  const WideNanoseconds begin = day_ns * first.since_1970;
  return hours_.worked_until(begin + day_ns * days) > hours_.worked_until(begin);
}

bool BusinessCalendar::is_working(Instant at) const {
  const auto wall = nanoseconds_of(at + zone_.offset_at(at));
  return hours_.worked_until(wall + us_ns) > hours_.worked_until(wall);
}

std::optional<Duration> BusinessCalendar::worked(Instant from, Instant until) const {
  std::int64_t spans = 0;
  const auto worked =
      working_time(nanoseconds_of(from), nanoseconds_of(until), zone_, hours_, spans);
  if (!worked) return std::nullopt;
  return Duration{static_cast<std::int64_t>(*worked / us_ns)};
}

std::optional<Instant> BusinessCalendar::after(Instant from, Duration working) const {
  std::int64_t spans = 0;
  const auto then = after_working_time(nanoseconds_of(from), WideNanoseconds{working.us} * us_ns,
                                       nanoseconds_of(beyond) - us_ns, zone_, hours_, spans);
  if (!then) return std::nullopt;
  return Instant{static_cast<std::int64_t>(*then / us_ns)};
}

std::optional<Instant> BusinessCalendar::opens_at(Instant at) const {
  constexpr Duration least{1};
  const auto worked = after(at, least);
  if (!worked) return std::nullopt;
  return *worked - least;
}

std::optional<Instant> BusinessCalendar::after_business_days(Instant from,
                                                             std::int64_t days) const {
  if (days < 0 || days > business_days_max) return std::nullopt;
  const CalendarDay today = zone_.day_at(from);
  CalendarDay day = today;
  // A calendar has a working day in every year, so this ends.
  for (std::int64_t left = days; left > 0;) {
    day = day.plus(1);
    if (has_working_time(day, 1)) --left;
  }
  if (day == today) return from;
  const Duration in_day =
      from + zone_.offset_at(from) - Instant{Duration::days(today.since_1970).us};
  constexpr std::int64_t minute_us = Duration::minutes(1).us;
  return zone_.instant_of(day, in_day.us / minute_us, Twice::earlier) +
         Duration{in_day.us % minute_us};
}

}  // namespace holdpoint
