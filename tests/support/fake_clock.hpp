// A clock that stands still until the test moves it.
#pragma once

#include <algorithm>
#include <atomic>

#include "engine/ports.hpp"

namespace holdpoint::test {

class FakeClock final : public engine::Clock {
 public:
  explicit FakeClock(Instant start) : us_(start.us) {}
  Instant now() override { return {us_.load()}; }
  /// Setting it back has no effect, as with the system's clock.
  void set(Instant at) { us_ = std::max(us_.load(), at.us); }
  void advance(Duration by) { us_ += std::max<std::int64_t>(by.us, 0); }

 private:
  std::atomic<std::int64_t> us_;
};

}  // namespace holdpoint::test
