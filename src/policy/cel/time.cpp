// See time.hpp.
#include "policy/cel/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace holdpoint::policy::cel {
namespace {

__extension__ using Wide = __int128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Days since 1970-01-01 of a date of the Gregorian calendar: whole 400-year cycles of 146,097
/// days, with the year starting in March so that the leap day is its last.
std::int64_t days_since_epoch(std::int64_t year, int month, int day) {
  if (month <= 2) --year;
  const std::int64_t cycle = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_cycle = year - cycle * 400;
  const int month_from_march = month > 2 ? month - 3 : month + 9;
  const int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t day_of_cycle =
      year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
  return cycle * 146'097 + day_of_cycle - 719'468;
}

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month == 2 && is_leap(year)) return 29;
  return days[static_cast<std::size_t>(month - 1)];
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// Exactly `digits` digits; a failure is remembered.
  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (at_ >= text_.size() || !is_digit(text_[at_])) {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (text_[at_++] - '0');
    }
    return value;
  }
  void expect(std::string_view one_of) {
    if (at_ < text_.size() && one_of.find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      ok_ = false;
    }
  }
  [[nodiscard]] bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  /// One to nine digits after a dot, as nanoseconds.
  std::uint32_t fraction() {
    ++at_;
    std::uint32_t value = 0;
    std::uint32_t digits = 0;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_, ++digits) {
      if (digits < 9) value = value * 10 + static_cast<std::uint32_t>(text_[at_] - '0');
    }
    if (digits == 0 || digits > 9) ok_ = false;
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }
  [[nodiscard]] bool finished() const { return ok_ && at_ == text_.size(); }
  void fail() { ok_ = false; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

std::string fraction_text(std::uint32_t nanoseconds) {
  if (nanoseconds == 0) return "";
  std::string digits = fmt::format(".{:09}", nanoseconds);
  while (digits.back() == '0') digits.pop_back();
  return digits;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader reader(text);
  const int year = reader.number(4);
  reader.expect("-");
  const int month = reader.number(2);
  reader.expect("-");
  const int day = reader.number(2);
  reader.expect("T");
  const int hour = reader.number(2);
  reader.expect(":");
  const int minute = reader.number(2);
  reader.expect(":");
  const int second = reader.number(2);
  Timestamp at;
  if (reader.next_is('.')) at.nanoseconds = reader.fraction();
  std::int64_t offset_seconds = 0;
  if (reader.next_is('Z')) {
    reader.expect("Z");
  } else {
    const bool is_west = reader.next_is('-');
    reader.expect("+-");
    const int offset_hours = reader.number(2);
    reader.expect(":");
    const int offset_minutes = reader.number(2);
    if (offset_hours > 23 || offset_minutes > 59) reader.fail();
    offset_seconds = offset_hours * 3600 + offset_minutes * 60;
    if (is_west) offset_seconds = -offset_seconds;
  }
  if (!reader.finished() || year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  at.seconds = days_since_epoch(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second -
               offset_seconds;
  if (!timestamp_from_seconds(at.seconds)) return std::nullopt;
  return at;
}

std::string timestamp_text(Timestamp at) {
  std::int64_t days = at.seconds / 86'400;
  std::int64_t rest = at.seconds % 86'400;
  if (rest < 0) {
    rest += 86'400;
    --days;
  }
  // The inverse of days_since_epoch, for days since 0000-03-01.
  const std::int64_t shifted = days + 719'468;
  const std::int64_t cycle = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_cycle = shifted - cycle * 146'097;
  const std::int64_t year_of_cycle =
      (day_of_cycle - day_of_cycle / 1'460 + day_of_cycle / 36'524 - day_of_cycle / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_cycle + cycle * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", year, month, day, rest / 3600,
                     rest / 60 % 60, rest % 60, fraction_text(at.nanoseconds));
}

std::optional<Timestamp> timestamp_from_seconds(std::int64_t seconds) {
  if (seconds < Timestamp::seconds_min || seconds > Timestamp::seconds_max) return std::nullopt;
  return Timestamp{seconds, 0};
}

std::optional<Timestamp> timestamp_from_microseconds(std::int64_t microseconds) {
  std::int64_t seconds = microseconds / 1'000'000;
  std::int64_t rest = microseconds % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  if (!timestamp_from_seconds(seconds)) return std::nullopt;
  return Timestamp{seconds, static_cast<std::uint32_t>(rest * 1'000)};
}

namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::array<Unit, 6> units = {{{"ns", 1},
                                        {"us", 1'000},
                                        {"ms", 1'000'000},
                                        {"s", nanoseconds_per_second},
                                        {"m", 60 * nanoseconds_per_second},
                                        {"h", 3600 * nanoseconds_per_second}}};

std::optional<Unit> take_unit(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("0123456789."), text.size());
  for (const Unit& unit : units) {
    if (text.substr(0, end) == unit.name) {
      text.remove_prefix(end);
      return unit;
    }
  }
  return std::nullopt;
}

/// "1.5h" at the front as nanoseconds; 128 bits hold eighteen digits of hours.
std::optional<Wide> take_term(std::string_view& text) {
  constexpr std::size_t digits_max = 19;
  Wide whole = 0;
  std::size_t digits = 0;
  for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1)) {
    if (++digits > digits_max) return std::nullopt;
    whole = whole * 10 + (text[0] - '0');
  }
  Wide fraction = 0;
  Wide scale = 1;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1)) {
      ++digits;
      if (scale >= 1'000'000'000'000'000) continue;
      fraction = fraction * 10 + (text[0] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  const auto unit = take_unit(text);
  if (!unit) return std::nullopt;
  return whole * unit->nanoseconds + fraction * unit->nanoseconds / scale;
}

}  // namespace

std::optional<std::int64_t> parse_duration_nanoseconds(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  Wide total = 0;
  while (!text.empty()) {
    const auto term = take_term(text);
    if (!term) return std::nullopt;
    total += *term;
    if (total > static_cast<Wide>(INT64_MAX) + 1) return std::nullopt;
  }
  if (is_negative) total = -total;
  if (total > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

std::string duration_text(std::int64_t nanoseconds) {
  const bool is_negative = nanoseconds < 0;
  const std::uint64_t magnitude = is_negative ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                              : static_cast<std::uint64_t>(nanoseconds);
  const auto per_second = static_cast<std::uint64_t>(nanoseconds_per_second);
  return fmt::format("{}{}{}s", is_negative ? "-" : "", magnitude / per_second,
                     fraction_text(static_cast<std::uint32_t>(magnitude % per_second)));
}

std::optional<Timestamp> add(Timestamp at, std::int64_t nanoseconds) {
  std::int64_t seconds = at.seconds + nanoseconds / nanoseconds_per_second;
  std::int64_t rest =
      static_cast<std::int64_t>(at.nanoseconds) + nanoseconds % nanoseconds_per_second;
  if (rest < 0) {
    rest += nanoseconds_per_second;
    --seconds;
  } else if (rest >= nanoseconds_per_second) {
    rest -= nanoseconds_per_second;
    ++seconds;
  }
  if (!timestamp_from_seconds(seconds)) return std::nullopt;
  return Timestamp{seconds, static_cast<std::uint32_t>(rest)};
}

std::optional<std::int64_t> difference(Timestamp a, Timestamp b) {
  const Wide total =
      static_cast<Wide>(a.seconds - b.seconds) * nanoseconds_per_second +
      (static_cast<std::int64_t>(a.nanoseconds) - static_cast<std::int64_t>(b.nanoseconds));
  if (total > INT64_MAX || total < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

}  // namespace holdpoint::policy::cel
