// Duties that follow the clock: timers become commands once due, and old idempotency answers are
// forgotten. Deliveries have threads of their own, see outbox.hpp.
#pragma once

#include <atomic>
#include <string>

#include "engine/engine.hpp"

namespace holdpoint::engine {

inline constexpr std::size_t kTimersPerRoundMax = 1'000;
inline constexpr Duration kIdempotencyKept = Duration::days(7);

struct DueTimer {
  std::string workspace;
  std::string kind;
  std::string key;
};

class Duties {
 public:
  explicit Duties(Engine& engine) : engine_(engine) {}

  /// Submits one command per due timer. The command deletes the row and fires in one commit, so
  /// that each timer fires once, also after downtime or when seen twice. One that failed waits a
  /// minute, so that it does not stand in the way of the others. While the writer is still busy
  /// with those of the last round none is submitted, so that timers never fill the queue of
  /// commands.
  void submit_due_timers();
  void forget_old_answers();

 private:
  void put_off(const DueTimer& timer, Instant seen_at);
  const Timer* find_timer(std::string_view kind) const;

  Engine& engine_;
  Instant answers_forgotten_at_;
  std::atomic<std::size_t> timers_under_way_ = 0;
};

}  // namespace holdpoint::engine
