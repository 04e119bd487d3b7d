// The system's wall clock, clamped: when the system's time is set back, time stands still here
// until it has caught up, because an event must never be older than the one before it.
#pragma once

#include <atomic>

#include "engine/ports.hpp"

namespace holdpoint::clock {

/// Safe for use from several threads; what one thread has seen, no other gets an earlier time
/// after.
class SystemClock final : public engine::Clock {
 public:
  Instant now() override;

 private:
  std::atomic<std::int64_t> latest_us_ = 0;
};

}  // namespace holdpoint::clock
