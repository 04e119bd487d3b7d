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

struct Times {
  TimeOfDay begin;
  TimeOfDay end;
};

/// "09:00-17:00", of which `whole` is the text to name.
std::expected<Times, std::string> parse_times(std::string_view text, std::string_view whole) {
  const auto [begin_text, end_text] = sides(text);
  const auto begin = parse_time(begin_text);
  if (!begin) return Refusal(begin.error());
  const auto end = parse_time(end_text);
  if (!end) return Refusal(end.error());
  if (*end <= *begin) {
    return Refusal("working hours: " + quoted(whole) +
                   " ends before it begins: write the hours of a night as two spans");
  }
  return Times{*begin, *end};
}

struct DailyHours {
  int first_day = 0;
  int last_day = 0;
  Times times;
};

std::expected<DailyHours, std::string> parse_daily(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos || text.find('-', space) == std::string_view::npos) {
    return Refusal("working hours: " + quoted(text) + " is not of the form 'Mon-Fri 09:00-17:00'");
  }
  const auto [first, last] = sides(text.substr(0, space));
  const auto first_day = parse_day(first);
  if (!first_day) return Refusal(first_day.error());
  const auto last_day = parse_day(last);
  if (!last_day) return Refusal(last_day.error());
  const auto times = parse_times(text.substr(space + 1), text);
  if (!times) return Refusal(times.error());
  return DailyHours{*first_day, *last_day, *times};
}

/// Takes the next part off a list with commas; nullopt after the last.
class Parts {
 public:
  explicit Parts(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next() {
    if (!rest_) return std::nullopt;
    const std::size_t comma = rest_->find(',');
    const std::string_view part = rest_->substr(0, comma);
    if (comma == std::string_view::npos) {
      rest_.reset();
    } else {
      rest_->remove_prefix(comma + 1);
      if (rest_->starts_with(' ')) rest_->remove_prefix(1);
    }
    return part;
  }

 private:
  std::optional<std::string_view> rest_;
};

}  // namespace

std::expected<WorkingHours, std::string> WorkingHours::parse(std::string_view text) {
  if (text.size() > text_bytes_max) return Refusal("working hours: the text is too long");
  WorkingHours out;
  Parts parts(text);
  while (const auto part = parts.next()) {
    const auto daily = parse_daily(*part);
    if (!daily) return Refusal(daily.error());
    for (int day = daily->first_day;; day = (day + 1) % 7) {
      out.spans_.push_back({day * day_ns + daily->times.begin.minutes * minute_ns,
                            day * day_ns + daily->times.end.minutes * minute_ns});
      if (day == daily->last_day) break;
    }
  }
  if (auto wrong = sort_spans(out.spans_)) return Refusal(std::move(*wrong));
  for (const Span& span : out.spans_) out.worked_a_week_ += span.end - span.begin;
  return out;
}

std::optional<std::string> WorkingHours::set_day(CalendarDay day, std::string_view text) {
  if (text.size() > text_bytes_max) return "working hours: the text is too long";
  OwnDay own;
  Parts parts(text);
  while (const auto part = text.empty() ? std::nullopt : parts.next()) {
    const auto times = parse_times(*part, *part);
    if (!times) return times.error();
    own.spans.push_back({times->begin.minutes * minute_ns, times->end.minutes * minute_ns});
  }
  if (auto wrong = sort_spans(own.spans)) return wrong;
  own.worked = worked_in(own.spans, day_ns);
  const auto set = own_days_.insert_or_assign(day.since_1970, std::move(own)).first;
  WideNanoseconds more = set == own_days_.begin() ? 0 : more_after(std::prev(set));
  for (auto later = set; later != own_days_.end(); ++later) {
    later->second.more_before = more;
    more = more_after(later);
  }
  return std::nullopt;
}

std::optional<std::string> WorkingHours::sort_spans(std::vector<Span>& spans) {
  std::ranges::sort(spans, {}, &Span::begin);
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].begin < spans[i - 1].end) return "working hours: two spans overlap";
  }
  return std::nullopt;
}

std::int64_t WorkingHours::worked_in(const std::vector<Span>& spans, std::int64_t until) {
  std::int64_t worked = 0;
  for (const Span& span : spans) {
    worked += std::clamp<std::int64_t>(until - span.begin, 0, span.end - span.begin);
  }
  return worked;
}

/// When that much of the spans was worked, which MUST NOT be more than all of them.
std::int64_t WorkingHours::begin_when(const std::vector<Span>& spans, std::int64_t worked) {
  std::int64_t at = 0;
  for (const Span& span : spans) {
    at = span.begin + worked;
    if (at <= span.end) break;
    worked -= span.end - span.begin;
  }
  return at;
}

WideNanoseconds WorkingHours::worked_by_week(WideNanoseconds wall) const {
  const WideNanoseconds from_monday = wall + epoch_in_week_ns;
  const WideNanoseconds weeks = floor_divide(from_monday, week_ns);
  const auto in_week = static_cast<std::int64_t>(from_monday - weeks * week_ns);
  return weeks * worked_a_week_ + worked_in(spans_, in_week);
}

WideNanoseconds WorkingHours::wall_by_week(WideNanoseconds worked) const {
  // The week in which the last of it is worked, so that a full week ends with its last span.
  const WideNanoseconds weeks = floor_divide(worked - 1, worked_a_week_);
  const auto left = static_cast<std::int64_t>(worked - weeks * worked_a_week_);
  return weeks * week_ns + begin_when(spans_, left) - epoch_in_week_ns;
}

WideNanoseconds WorkingHours::more_after(OwnDays::const_iterator own) const {
  const WideNanoseconds begin = WideNanoseconds{own->first} * day_ns;
  return own->second.more_before + own->second.worked -
         (worked_by_week(begin + day_ns) - worked_by_week(begin));
}

WideNanoseconds WorkingHours::worked_until(WideNanoseconds wall) const {
  const auto day = static_cast<std::int64_t>(floor_divide(wall, day_ns));
  auto own = own_days_.upper_bound(day);
  if (own == own_days_.begin()) return worked_by_week(wall);
  --own;
  if (own->first < day) return worked_by_week(wall) + more_after(own);
  const WideNanoseconds begin = WideNanoseconds{day} * day_ns;
  return worked_by_week(begin) + own->second.more_before +
         worked_in(own->second.spans, static_cast<std::int64_t>(wall - begin));
}

WideNanoseconds WorkingHours::wall_when(WideNanoseconds worked) const {
  // The first day of its own hours by whose end so much was worked: it is reached within that day,
  // or before it by hours of the week.
  const auto begins = [](const auto& own) { return WideNanoseconds{own.first} * day_ns; };
  const auto own = std::ranges::find_if(
      own_days_, [&](const auto& one) { return worked_until(begins(one) + day_ns) >= worked; });
  if (own == own_days_.end()) {
    return wall_by_week(worked - (own_days_.empty() ? 0 : more_after(std::prev(own))));
  }
  const WideNanoseconds before = worked_until(begins(*own));
  if (worked <= before) return wall_by_week(worked - own->second.more_before);
  return begins(*own) + begin_when(own->second.spans, static_cast<std::int64_t>(worked - before));
}

std::vector<CalendarDay> WorkingHours::set_days() const {
  std::vector<CalendarDay> days;
  for (const auto& [day, own] : own_days_) days.push_back({day});
  return days;
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
