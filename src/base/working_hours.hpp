// Working hours of a week, with days that have others, and how much working time lies between two
// instants.
//
// Hours are written "Mon-Fri 09:00-17:00" or, with several spans, "Mon-Thu 08:00-16:30, Fri
// 08:00-12:00": a day or a range of days (which may run over the end of the week, "Sat-Mon"), a
// space, and the times of a clock on the wall from 00:00 to 24:00. A span that ends before it
// begins is refused: the hours of a night are two spans, "Fri 22:00-24:00, Sat 00:00-06:00".
//
// An instant is working time when clocks in the zone show a time within the hours. So an hour that
// clocks show twice, when summer ends, counts twice, and one that they skip is none.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/wall_time.hpp"
#include "base/zones.hpp"

namespace holdpoint {

__extension__ using WideNanoseconds = __int128;

class WorkingHours {
 public:
  static constexpr std::size_t text_bytes_max = 256;

  /// The error says what is wrong with the text.
  static std::expected<WorkingHours, std::string> parse(std::string_view text);

  /// From now on that day has these hours, "09:00-12:00, 13:00-14:00", and not those of its
  /// weekday; none when the text is empty. MUST NOT be called twice for a day. Gives what is wrong
  /// with the text.
  std::optional<std::string> set_day(CalendarDay day, std::string_view text);

  /// Working time up to a time on the wall, from an origin that is always the same. Both count
  /// nanoseconds, the time on the wall since 1970-01-01T00:00.
  [[nodiscard]] WideNanoseconds worked_until(WideNanoseconds wall) const;
  /// The first time on the wall when that much was worked.
  [[nodiscard]] WideNanoseconds wall_when(WideNanoseconds worked) const;

  /// Days that have hours of their own, in their order.
  [[nodiscard]] std::vector<CalendarDay> set_days() const;

 private:
  /// Nanoseconds from Monday 00:00, or from 00:00 of a day that has hours of its own.
  struct Span {
    std::int64_t begin;
    std::int64_t end;
  };
  struct OwnDay {
    std::vector<Span> spans;
    WideNanoseconds more_before = 0;  // than the week alone gives, by the own days before this one
    std::int64_t worked = 0;
  };
  using OwnDays = std::map<std::int64_t, OwnDay>;

  static std::optional<std::string> sort_spans(std::vector<Span>& spans);
  static std::int64_t worked_in(const std::vector<Span>& spans, std::int64_t until);
  static std::int64_t begin_when(const std::vector<Span>& spans, std::int64_t worked);
  [[nodiscard]] WideNanoseconds worked_by_week(WideNanoseconds wall) const;
  [[nodiscard]] WideNanoseconds wall_by_week(WideNanoseconds worked) const;
  [[nodiscard]] WideNanoseconds more_after(OwnDays::const_iterator own) const;

  std::vector<Span> spans_;  // sorted, without overlap, at least one
  std::int64_t worked_a_week_ = 0;
  OwnDays own_days_;  // by the day since 1970
};

/// Changes of a zone's offset that a calculation goes through, at most.
constexpr std::int64_t offset_spans_max = 1'000;

/// Nanoseconds of working time between two instants, in nanoseconds since 1970, negative when
/// `to` is before `from`; how many spans of one offset lie between goes to `spans`. nullopt when
/// there are too many of them.
std::optional<WideNanoseconds> working_time(WideNanoseconds from, WideNanoseconds to,
                                            const Zone& zone, const WorkingHours& hours,
                                            std::int64_t& spans);

/// The first instant at or after `from` when that much working time has passed, which MUST NOT be
/// negative; nullopt when it is later than `last`.
std::optional<WideNanoseconds> after_working_time(WideNanoseconds from, WideNanoseconds worked,
                                                  WideNanoseconds last, const Zone& zone,
                                                  const WorkingHours& hours, std::int64_t& spans);

}  // namespace holdpoint
