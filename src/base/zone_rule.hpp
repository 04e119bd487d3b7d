// The rule that a zone follows after the changes which its file lists: the last line of the file
// (RFC 9636, section 3.3.1), a TZ text of POSIX such as "CET-1CEST,M3.5.0,M10.5.0/3". Files list
// changes up to 2037, or only to the last change of the law.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdpoint {

class ZoneRule {
 public:
  /// nullopt for a text that is no rule.
  static std::optional<ZoneRule> parse(std::string_view text);

  /// Whether clocks change every year.
  [[nodiscard]] bool has_changes() const { return has_changes_; }

  struct Span {
    std::int64_t offset_seconds = 0;  // east of Greenwich is positive
    std::int64_t until = 0;           // seconds since 1970; INT64_MAX when clocks never change
  };
  /// The offset at an instant, in seconds since 1970.
  [[nodiscard]] Span span_at(std::int64_t seconds) const;

 private:
  enum class DayForm : std::uint8_t { without_leap_day, of_year, of_month };
  /// A day of every year, and the time on the wall when clocks change.
  struct Change {
    DayForm form = DayForm::of_month;
    std::int64_t day = 0;             // of the year; of the week, 0 = Sunday, when of a month
    std::int64_t week = 1;            // 5 = the last
    std::int64_t month = 1;           // 1..12
    std::int64_t seconds = 2 * 3600;  // may be negative, and more than a day

    [[nodiscard]] std::int64_t wall_seconds(std::int64_t year) const;
  };
  class Reader;

  std::int64_t standard_seconds_ = 0;
  std::int64_t summer_seconds_ = 0;
  bool has_changes_ = false;
  Change begin_;  // of summer time
  Change end_;
};

}  // namespace holdpoint
