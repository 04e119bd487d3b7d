// See zone_rule.hpp. The grammar is that of POSIX.1-2017 section 8.3, with the hours from -167 to
// 167 that RFC 9636 allows for the time of a change.
#include "base/zone_rule.hpp"

#include <algorithm>
#include <utility>

#include "base/civil_date.hpp"

namespace holdpoint {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t change_hours_max = 167;
constexpr std::int64_t offset_hours_max = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_leap_year(std::int64_t year) {
  return days_from_civil({year, 3, 1}) - days_from_civil({year, 2, 28}) == 2;
}

/// 0 = Sunday.
std::int64_t weekday_of(std::int64_t day) {
  constexpr std::int64_t epoch_weekday = 4;
  return ((day + epoch_weekday) % 7 + 7) % 7;
}

std::int64_t day_of_month_rule(std::int64_t year, std::int64_t month, std::int64_t week,
                               std::int64_t weekday) {
  const std::int64_t first = days_from_civil({year, month, 1});
  const Date next = month == 12 ? Date{year + 1, 1, 1} : Date{year, month + 1, 1};
  std::int64_t day = first + (weekday - weekday_of(first) + 7) % 7 + (week - 1) * 7;
  if (day >= days_from_civil(next)) day -= 7;
  return day;
}

}  // namespace

class ZoneRule::Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<ZoneRule> read() {
    ZoneRule out;
    const auto standard = name() ? time(offset_hours_max) : std::nullopt;
    if (!standard) return std::nullopt;
    out.standard_seconds_ = -*standard;
    if (rest_.empty()) return out;
    if (!name()) return std::nullopt;
    out.summer_seconds_ = out.standard_seconds_ + 3600;
    if (!rest_.starts_with(',')) {
      const auto summer = time(offset_hours_max);
      if (!summer) return std::nullopt;
      out.summer_seconds_ = -*summer;
    }
    const auto begin = change();
    const auto end = begin ? change() : std::nullopt;
    if (!end || !rest_.empty()) return std::nullopt;
    out.begin_ = *begin;
    out.end_ = *end;
    out.has_changes_ = true;
    return out;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// "CET" or "<+0545>", which nobody needs.
  bool name() {
    const bool is_quoted = take('<');
    const auto is_part = [&](char c) {
      return is_letter(c) || (is_quoted && (is_digit(c) || c == '+' || c == '-'));
    };
    const auto* const end = std::ranges::find_if_not(rest_, is_part);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(length);
    return length >= 3 && (!is_quoted || take('>'));
  }

  std::optional<std::int64_t> number(std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    std::size_t length = 0;
    for (; length < rest_.size() && length < 3 && is_digit(rest_[length]); ++length) {
      value = value * 10 + (rest_[length] - '0');
    }
    rest_.remove_prefix(length);
    if (length == 0 || value < least || value > most) return std::nullopt;
    return value;
  }

  /// [+-]hh[:mm[:ss]] in seconds.
  std::optional<std::int64_t> time(std::int64_t hours_max) {
    const std::int64_t sign = take('-') ? -1 : 1;
    if (sign == 1) take('+');
    const auto hours = number(0, hours_max);
    if (!hours) return std::nullopt;
    std::int64_t seconds = *hours * 3600;
    for (const std::int64_t unit : {60, 1}) {
      if (!take(':')) break;
      const auto part = number(0, 59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return sign * seconds;
  }

  /// ",M3.5.0/3", ",J60" or ",59".
  std::optional<Change> change() {
    if (!take(',')) return std::nullopt;
    Change out;
    if (take('M')) {
      const auto month = number(1, 12);
      const auto week = month && take('.') ? number(1, 5) : std::nullopt;
      const auto day = week && take('.') ? number(0, 6) : std::nullopt;
      if (!day) return std::nullopt;
      out.month = *month;
      out.week = *week;
      out.day = *day;
    } else {
      out.form = take('J') ? DayForm::without_leap_day : DayForm::of_year;
      const bool is_from_one = out.form == DayForm::without_leap_day;
      const auto day = number(is_from_one ? 1 : 0, 365);
      if (!day) return std::nullopt;
      out.day = *day;
    }
    if (!take('/')) return out;
    const auto seconds = time(change_hours_max);
    if (!seconds) return std::nullopt;
    out.seconds = *seconds;
    return out;
  }

  std::string_view rest_;
};

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) { return Reader(text).read(); }

/// As if the clock on the wall showed UTC.
std::int64_t ZoneRule::Change::wall_seconds(std::int64_t year) const {
  const std::int64_t first = days_from_civil({year, 1, 1});
  std::int64_t of = first + day;
  if (form == DayForm::without_leap_day) {
    constexpr std::int64_t last_of_february = 59;
    of = first + day - 1 + (day > last_of_february && is_leap_year(year) ? 1 : 0);
  } else if (form == DayForm::of_month) {
    of = day_of_month_rule(year, month, week, day);
  }
  return of * day_seconds + seconds;
}

ZoneRule::Span ZoneRule::span_at(std::int64_t seconds) const {
  if (!has_changes_) return {standard_seconds_, INT64_MAX};
  struct Turn {
    std::int64_t at;
    bool is_begin;
  };
  const std::int64_t year = civil_from_days(floor_div(seconds, day_seconds)).year;
  // Days of 167 hours lead into the next year, and back into the one before.
  std::array<Turn, 10> turns{};
  for (std::size_t i = 0; i < 5; ++i) {
    const std::int64_t of = year - 2 + static_cast<std::int64_t>(i);
    turns[2 * i] = {end_.wall_seconds(of) - summer_seconds_, false};
    turns[2 * i + 1] = {begin_.wall_seconds(of) - standard_seconds_, true};
  }
  // An end comes before a beginning at the same instant: then summer time lasts all year.
  std::ranges::sort(turns, {}, [](const Turn& turn) { return std::pair(turn.at, turn.is_begin); });
  const auto next = std::ranges::upper_bound(turns, seconds, {}, &Turn::at);
  return {(next - 1)->is_begin ? summer_seconds_ : standard_seconds_, next->at};
}

}  // namespace holdpoint
