// When time is taken, by windows of once and windows that come again, and when it is free: whether
// a plan meets one of them, until when one has to wait, and the next free stretch of some length.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/recurring_window.hpp"
#include "base/time_window.hpp"

namespace holdpoint {

class BusyTimes {
 public:
  /// Windows that are followed, one that touches another, until time counts as never free.
  static constexpr std::size_t joined_windows_max = 1'000;

  void add(const TimeWindow& window) { once_.push_back(window); }
  void add(RecurringWindow window) { recurring_.push_back(std::move(window)); }

  /// The window in which the instant lies; of several the one that ends last.
  [[nodiscard]] std::optional<TimeWindow> containing(Instant at) const;
  /// The first instant from this one on that lies in no window; nullopt when there is none before
  /// so many windows that it may be called never.
  [[nodiscard]] std::optional<Instant> free_from(Instant at) const;
  /// The first window that starts after the instant.
  [[nodiscard]] std::optional<TimeWindow> next_after(Instant at) const;
  /// The first window that overlaps the plan.
  [[nodiscard]] std::optional<TimeWindow> first_conflict(const TimeWindow& plan) const;
  /// The first stretch of free time within `among` that is at least so long, cut at its ends.
  [[nodiscard]] std::optional<TimeWindow> next_free(const TimeWindow& among, Duration length) const;

 private:
  std::vector<TimeWindow> once_;
  std::vector<RecurringWindow> recurring_;
};

}  // namespace holdpoint
