// See working_hours.hpp. Within one offset working time is arithmetic on weeks, so the work grows
// with the changes of the clock and not with the days between.
#include "base/working_hours.hpp"

#include <algorithm>
#include <array>

namespace holdpoint {
namespace {

constexpr std::int64_t minute_ns = 60'000'000'000;
constexpr std::int64_t day_ns = 24 * 60 * minute_ns;
constexpr std::int64_t week_ns = 7 * day_ns;
/// 1970-01-01 was a Thursday.
constexpr std::int64_t epoch_in_week_ns = 3 * day_ns;

WideNanoseconds floor_divide(WideNanoseconds a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

using Refusal = std::unexpected<std::string>;

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::expected<int, std::string> parse_day(std::string_view text) {
  constexpr std::array<std::string_view, 7> names = {"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) {
    return Refusal("working hours: " + quoted(text) + " is not a day: write Mon, Tue … Sun");
  }
  return static_cast<int>(found - names.begin());
}

std::expected<TimeOfDay, std::string> parse_time(std::string_view text) {
  if (const auto time = TimeOfDay::parse(text)) return *time;
  return Refusal("working hours: " + quoted(text) + " is not a time from 00:00 to 24:00");
}

/// The two sides of a '-', or the whole as both.
std::pair<std::string_view, std::string_view> sides(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return {text, text};
  return {text.substr(0, dash), text.substr(dash + 1)};
}

struct DailyHours {
  int first_day = 0;
  int last_day = 0;
  TimeOfDay begin;
  TimeOfDay end;
};

std::expected<DailyHours, std::string> parse_daily(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos || text.find('-', space) == std::string_view::npos) {
    return Refusal("working hours: " + quoted(text) + " is not of the form 'Mon-Fri 09:00-17:00'");
  }
  const auto [first, last] = sides(text.substr(0, space));
  const auto [begin_text, end_text] = sides(text.substr(space + 1));
  const auto first_day = parse_day(first);
  if (!first_day) return Refusal(first_day.error());
  const auto last_day = parse_day(last);
  if (!last_day) return Refusal(last_day.error());
  const auto begin = parse_time(begin_text);
  if (!begin) return Refusal(begin.error());
  const auto end = parse_time(end_text);
  if (!end) return Refusal(end.error());
  if (*end <= *begin) {
    return Refusal("working hours: " + quoted(text) +
                   " ends before it begins: write the hours of a night as two spans");
  }
  return DailyHours{*first_day, *last_day, *begin, *end};
}

}  // namespace

std::expected<WorkingHours, std::string> WorkingHours::parse(std::string_view text) {
  if (text.size() > text_bytes_max) return Refusal("working hours: the text is too long");
  WorkingHours out;
  for (bool is_last = false; !is_last;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    is_last = comma == text.size();
    const auto daily = parse_daily(text.substr(0, comma));
    if (!daily) return Refusal(daily.error());
    for (int day = daily->first_day;; day = (day + 1) % 7) {
      out.spans_.push_back({day * day_ns + daily->begin.minutes * minute_ns,
                            day * day_ns + daily->end.minutes * minute_ns});
      if (day == daily->last_day) break;
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  std::ranges::sort(out.spans_, {}, &Span::begin);
  for (std::size_t i = 1; i < out.spans_.size(); ++i) {
    if (out.spans_[i].begin < out.spans_[i - 1].end) {
      return Refusal("working hours: two spans overlap");
    }
  }
  for (const Span& span : out.spans_) out.worked_a_week_ += span.end - span.begin;
  return out;
}

WideNanoseconds WorkingHours::worked_until(WideNanoseconds wall) const {
  const WideNanoseconds from_monday = wall + epoch_in_week_ns;
  const WideNanoseconds weeks = floor_divide(from_monday, week_ns);
  const auto in_week = static_cast<std::int64_t>(from_monday - weeks * week_ns);
  WideNanoseconds worked = weeks * worked_a_week_;
  for (const Span& span : spans_) {
    worked += std::clamp<std::int64_t>(in_week - span.begin, 0, span.end - span.begin);
  }
  return worked;
}

WideNanoseconds WorkingHours::wall_when(WideNanoseconds worked) const {
  // The week in which the last of it is worked, so that a full week ends with its last span.
  const WideNanoseconds weeks = floor_divide(worked - 1, worked_a_week_);
  auto left = static_cast<std::int64_t>(worked - weeks * worked_a_week_);
  std::int64_t in_week = 0;
  for (const Span& span : spans_) {
    in_week = span.begin + left;
    if (in_week <= span.end) break;
    left -= span.end - span.begin;
  }
  return weeks * week_ns + in_week - epoch_in_week_ns;
}

namespace {

/// A time with one offset from Greenwich.
struct Stretch {
  WideNanoseconds offset;
  WideNanoseconds until;
};

Stretch stretch_at(const Zone& zone, WideNanoseconds at) {
  constexpr std::int64_t microsecond_ns = 1'000;
  const auto span =
      zone.offset_span_at(Instant{static_cast<std::int64_t>(floor_divide(at, microsecond_ns))});
  return {static_cast<WideNanoseconds>(span.offset.us) * microsecond_ns,
          static_cast<WideNanoseconds>(span.until.us) * microsecond_ns};
}

}  // namespace

std::optional<WideNanoseconds> working_time(WideNanoseconds from, WideNanoseconds to,
                                            const Zone& zone, const WorkingHours& hours,
                                            std::int64_t& spans) {
  const bool is_forward = from <= to;
  WideNanoseconds at = is_forward ? from : to;
  const WideNanoseconds end = is_forward ? to : from;
  WideNanoseconds worked = 0;
  for (spans = 0; at < end && spans < offset_spans_max; ++spans) {
    const Stretch stretch = stretch_at(zone, at);
    const WideNanoseconds until = std::min(end, stretch.until);
    worked += hours.worked_until(until + stretch.offset) - hours.worked_until(at + stretch.offset);
    at = until;
  }
  if (at < end) return std::nullopt;
  return is_forward ? worked : -worked;
}

std::optional<WideNanoseconds> after_working_time(WideNanoseconds from, WideNanoseconds worked,
                                                  WideNanoseconds last, const Zone& zone,
                                                  const WorkingHours& hours, std::int64_t& spans) {
  spans = 0;
  if (worked == 0) return from;
  WideNanoseconds at = from;
  WideNanoseconds left = worked;
  for (; at <= last && spans < offset_spans_max; ++spans) {
    const Stretch stretch = stretch_at(zone, at);
    const WideNanoseconds before = hours.worked_until(at + stretch.offset);
    const WideNanoseconds possible = hours.worked_until(stretch.until + stretch.offset) - before;
    if (possible >= left) {
      const WideNanoseconds then = hours.wall_when(before + left) - stretch.offset;
      return then <= last ? std::optional(then) : std::nullopt;
    }
    left -= possible;
    at = stretch.until;
  }
  return std::nullopt;
}

}  // namespace holdpoint
