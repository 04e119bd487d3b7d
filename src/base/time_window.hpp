// Windows of time on the line of instants, half-open: one that ends when another begins does not
// overlap it.
#pragma once

#include <vector>

#include "base/describe.hpp"
#include "base/instant.hpp"

namespace holdpoint {

struct TimeWindow {
  Instant from;
  Instant until;

  auto operator<=>(const TimeWindow&) const = default;
  [[nodiscard]] bool contains(Instant at) const { return from <= at && at < until; }
  [[nodiscard]] bool overlaps(const TimeWindow& other) const {
    return from < other.until && other.from < until;
  }
};
HP_DESCRIBE(TimeWindow, from, until)

/// The same time in the fewest windows, in their order: those that overlap or touch become one, and
/// empty ones go.
std::vector<TimeWindow> union_of(std::vector<TimeWindow> windows);

}  // namespace holdpoint
