// See wall_time.hpp.
#include "base/wall_time.hpp"

#include <algorithm>

namespace holdpoint {
namespace {

/// The number that digits from `at` on write; nullopt when one of them is none.
std::optional<std::int64_t> number(std::string_view text, std::size_t at, std::size_t count) {
  std::int64_t value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string padded(std::int64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::string TimeOfDay::text() const {
  return padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2);
}

std::optional<TimeOfDay> TimeOfDay::parse(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text, 0, 2);
  const auto minute = number(text, 3, 2);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > minutes_max) return std::nullopt;
  return TimeOfDay{*hour * 60 + *minute};
}

std::string CalendarDay::text() const {
  const Date day = date();
  return padded(day.year, 4) + "-" + padded(day.month, 2) + "-" + padded(day.day, 2);
}

std::optional<CalendarDay> CalendarDay::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text, 0, 4);
  const auto month = number(text, 5, 2);
  const auto day = number(text, 8, 2);
  if (!year || !month || !day || *year < 1 || *month < 1 || *month > 12 || *day < 1 ||
      *day > days_in_month(*year, *month)) {
    return std::nullopt;
  }
  return CalendarDay{days_from_civil({*year, *month, *day})};
}

}  // namespace holdpoint
