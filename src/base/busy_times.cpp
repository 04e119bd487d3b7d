// See busy_times.hpp.
#include "base/busy_times.hpp"

#include <algorithm>

namespace holdpoint {

std::optional<TimeWindow> BusyTimes::containing(Instant at) const {
  std::optional<TimeWindow> found;
  const auto take = [&](const TimeWindow& window) {
    if (window.contains(at) && (!found || found->until < window.until)) found = window;
  };
  std::ranges::for_each(once_, take);
  for (const RecurringWindow& one : recurring_) {
    if (const auto window = one.containing(at)) take(*window);
  }
  return found;
}

std::optional<Instant> BusyTimes::free_from(Instant at) const {
  for (std::size_t joined = 0; joined <= joined_windows_max; ++joined) {
    const auto window = containing(at);
    if (!window) return at;
    at = window->until;
  }
  return std::nullopt;
}

std::optional<TimeWindow> BusyTimes::next_after(Instant at) const {
  std::optional<TimeWindow> found;
  const auto take = [&](const TimeWindow& window) {
    if (window.from > at && window.from < window.until && (!found || window < *found)) {
      found = window;
    }
  };
  std::ranges::for_each(once_, take);
  for (const RecurringWindow& one : recurring_) {
    if (const auto window = one.next_after(at)) take(*window);
  }
  return found;
}

std::optional<TimeWindow> BusyTimes::first_conflict(const TimeWindow& plan) const {
  if (plan.until <= plan.from) return std::nullopt;
  if (const auto window = containing(plan.from)) return window;
  const auto next = next_after(plan.from);
  return next && next->from < plan.until ? next : std::nullopt;
}

std::optional<TimeWindow> BusyTimes::next_free(const TimeWindow& among, Duration length) const {
  Instant at = among.from;
  for (std::size_t joined = 0; joined <= joined_windows_max; ++joined) {
    const auto free = free_from(at);
    if (!free || *free + length > among.until) return std::nullopt;
    const auto next = next_after(*free);
    const Instant until = next ? std::min(next->from, among.until) : among.until;
    if (*free < until && until - *free >= length) return TimeWindow{*free, until};
    if (!next) return std::nullopt;
    at = next->from;
  }
  return std::nullopt;
}

}  // namespace holdpoint
