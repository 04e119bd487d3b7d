// See window.hpp.
#include "changes/window.hpp"

#include <algorithm>

#include "base/business_calendar.hpp"

namespace holdpoint::changes {
namespace {

constexpr std::size_t day_bytes = 10;    // "2026-12-24"
constexpr std::size_t local_bytes = 16;  // "2026-12-24T22:00"

std::optional<Instant> local_instant(const std::string& text, const Zone& zone, Twice twice) {
  if (text.size() != local_bytes || (text[day_bytes] != 'T' && text[day_bytes] != ' ')) {
    return std::nullopt;
  }
  const auto day = CalendarDay::parse(std::string_view(text).substr(0, day_bytes));
  const auto time = TimeOfDay::parse(std::string_view(text).substr(day_bytes + 1));
  if (!day || !time) return std::nullopt;
  return zone.instant_of(*day, time->minutes, twice);
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string clock_text(const CivilTime& time) {
  return two_digits(time.hour) + ":" + two_digits(time.minute);
}

bool is_same_day(const CivilTime& a, const CivilTime& b) {
  return a.year == b.year && a.month == b.month && a.day == b.day;
}

}  // namespace

std::expected<TimeWindow, JsonIssues> read_window(const StatedWindow& stated) {
  JsonIssues issues;
  const auto zone = find_named_zone(stated.zone);
  if (!zone) return std::unexpected(JsonIssues{{"/zone", zone.error(), 0}});
  const auto read = [&](const std::string& text, const char* path, Twice twice) {
    auto at = Instant::parse(text);
    if (!at) at = local_instant(text, *zone, twice);
    if (!at) {
      issues.push_back(
          {path, "expected an instant, or a time of the zone's clocks such as 2026-12-24T22:00",
           0});
    }
    return at.value_or(Instant{});
  };
  const TimeWindow window{read(stated.from, "/from", Twice::earlier),
                          read(stated.until, "/until", Twice::later)};
  if (issues.empty() && window.until <= window.from) {
    issues.push_back(
        {"/until", "not after the start: there is no such time on the clocks there", 0});
  }
  if (!issues.empty()) return std::unexpected(std::move(issues));
  return window;
}

JsonIssues check_window(const TimeWindow& window, ChangeType type, Instant now) {
  JsonIssues issues;
  const bool is_emergency = type == ChangeType::emergency;
  if (window.until <= now) issues.push_back({"/until", "over already", 0});
  if (window.until - window.from > (is_emergency ? emergency_window_max : window_max)) {
    issues.push_back(
        {"/until",
         is_emergency ? "an emergency takes at most 24 hours" : "more than 31 days after the start",
         0});
  }
  if (window.from - now > (is_emergency ? emergency_window_max : ahead_max)) {
    issues.push_back(
        {"/from",
         is_emergency ? "what can wait for a day is no emergency" : "more than 366 days ahead", 0});
  }
  return issues;
}

std::string window_text(const TimeWindow& window, const std::string& zone) {
  const auto found = Zone::find(zone);
  if (!found) return window.from.text() + " to " + window.until.text();
  const CivilTime from = found->civil_at(window.from);
  const CivilTime until = found->civil_at(window.until);
  const std::string end = is_same_day(from, until)
                              ? clock_text(until)
                              : found->day_at(window.until).text() + " " + clock_text(until);
  return found->day_at(window.from).text() + " " + clock_text(from) + " to " + end + " " + zone;
}

std::vector<Conflict> conflicts(const Change& change, const std::vector<Change>& others) {
  std::vector<Conflict> met;
  for (const Change& other : others) {
    const bool counts = other.id != change.id && is_open(other.state) &&
                        other.content.window.overlaps(change.content.window);
    if (!counts) continue;
    for (const Place& place : places_of(change.content)) {
      if (!touches(other.content, place)) continue;
      met.push_back({other.id.text(), other.content.title, place, other.content.window});
    }
  }
  return met;
}

std::vector<TimeWindow> taken_windows(const Place& place, const std::vector<Change>& changes) {
  std::vector<TimeWindow> taken;
  for (const Change& change : changes) {
    if (is_open(change.state) && touches(change.content, place)) {
      taken.push_back(change.content.window);
    }
  }
  return taken;
}

}  // namespace holdpoint::changes
