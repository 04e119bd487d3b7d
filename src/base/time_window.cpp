// See time_window.hpp.
#include "base/time_window.hpp"

#include <algorithm>

namespace holdpoint {

std::vector<TimeWindow> union_of(std::vector<TimeWindow> windows) {
  std::ranges::sort(windows);
  std::vector<TimeWindow> out;
  for (const TimeWindow& window : windows) {
    if (window.until <= window.from) continue;
    if (!out.empty() && window.from <= out.back().until) {
      out.back().until = std::max(out.back().until, window.until);
    } else {
      out.push_back(window);
    }
  }
  return out;
}

}  // namespace holdpoint
