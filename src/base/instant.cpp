// See instant.hpp.
#include "base/instant.hpp"

#include <array>

#include "base/civil_date.hpp"

namespace holdpoint {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t s_per_day = 86'400;
constexpr Duration duration_max = Duration::days(36'525);

constexpr std::int64_t instant_min_us = days_from_civil({1, 1, 1}) * s_per_day * us_per_s;
constexpr std::int64_t instant_end_us = days_from_civil({10'000, 1, 1}) * s_per_day * us_per_s;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_padded(std::string& out, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number < 0 ? -number : number);
  if (number < 0) out += '-';
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

/// Takes exactly `count` digits from the front.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text.substr(0, count)) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view either) {
  if (text.empty() || either.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// `2026-11-20T`, as days since the epoch.
std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || *year < 1 || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || *day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
  return days_from_civil({*year, *month, *day});
}

/// `06:00:00.123456`, as microseconds; digits beyond the sixth are cut.
std::optional<std::int64_t> take_time(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  std::int64_t us = ((*hour * 60 + *minute) * 60 + *second) * us_per_s;
  if (!take(text, ".")) return us;
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  for (std::int64_t unit = us_per_s / 10; !text.empty() && is_digit(text.front()); unit /= 10) {
    us += (text.front() - '0') * unit;
    text.remove_prefix(1);
  }
  return us;
}

/// `Z` or `+02:00`, as seconds east of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  const bool west = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  const std::int64_t seconds = (*hour * 60 + *minute) * 60;
  return west ? -seconds : seconds;
}

struct Unit {
  char letter;
  std::int64_t us;
};
constexpr std::array<Unit, 4> units = {{{'d', Duration::days(1).us},
                                        {'h', Duration::hours(1).us},
                                        {'m', Duration::minutes(1).us},
                                        {'s', Duration::seconds(1).us}}};

}  // namespace

std::string Instant::text() const {
  const std::int64_t seconds = floor_div(us, us_per_s);
  const std::int64_t days = floor_div(seconds, s_per_day);
  const std::int64_t second_of_day = seconds - days * s_per_day;
  const Date date = civil_from_days(days);
  std::string out;
  append_padded(out, date.year, 4);
  out += '-';
  append_padded(out, date.month, 2);
  out += '-';
  append_padded(out, date.day, 2);
  out += 'T';
  append_padded(out, second_of_day / 3600, 2);
  out += ':';
  append_padded(out, second_of_day / 60 % 60, 2);
  out += ':';
  append_padded(out, second_of_day % 60, 2);
  if (const std::int64_t fraction = (us % us_per_s + us_per_s) % us_per_s; fraction != 0) {
    out += '.';
    append_padded(out, fraction, 6);
    while (out.back() == '0') out.pop_back();
  }
  return out + 'Z';
}

std::optional<Instant> Instant::parse(std::string_view text) {
  const auto days = take_date(text);
  if (!days || !take(text, "Tt")) return std::nullopt;
  const auto time_us = take_time(text);
  if (!time_us) return std::nullopt;
  const auto offset_s = take_offset(text);
  if (!offset_s || !text.empty()) return std::nullopt;
  const std::int64_t us = *days * s_per_day * us_per_s + *time_us - *offset_s * us_per_s;
  if (us < instant_min_us || us >= instant_end_us) return std::nullopt;
  return Instant{us};
}

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total_us = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
      number = number * 10 + (text[digits] - '0');
      if (number > duration_max.us / us_per_s) return std::nullopt;
    }
    text.remove_prefix(digits);
    while (next_unit < units.size() && !text.starts_with(units[next_unit].letter)) ++next_unit;
    if (digits == 0 || next_unit == units.size()) return std::nullopt;
    text.remove_prefix(1);
    const std::int64_t unit_us = units[next_unit++].us;
    if (number > (duration_max.us - total_us) / unit_us) return std::nullopt;
    total_us += number * unit_us;
  }
  return Duration{total_us};
}

std::string duration_text(Duration duration) {
  std::string out;
  std::int64_t rest = duration.us / us_per_s * us_per_s;
  if (rest < 0) out += '-';
  for (const Unit& unit : units) {
    const std::int64_t count = rest / unit.us;
    rest -= count * unit.us;
    if (count == 0) continue;
    out += std::to_string(count < 0 ? -count : count);
    out += unit.letter;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace holdpoint
