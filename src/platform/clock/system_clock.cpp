// See system_clock.hpp.
#include "platform/clock/system_clock.hpp"

#include <algorithm>
#include <chrono>

namespace holdpoint::clock {

Instant SystemClock::now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t us =
      std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
  std::int64_t latest = latest_us_.load();
  while (us > latest && !latest_us_.compare_exchange_weak(latest, us)) {
  }
  return {std::max(us, latest)};
}

}  // namespace holdpoint::clock
