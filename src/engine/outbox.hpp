// The outbox: what a commit sends out of the system. A row is attempted until it is delivered,
// taken back, or failed as often as is bounded; then it is a dead letter, which stays visible and
// can be replayed. At least once: a server that is killed between sending and noting it sends
// again, under the same id.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace holdpoint::engine {

inline constexpr std::size_t kDeliveriesPerRoundMax = 100;
inline constexpr Duration kHeldLooksAgain = Duration::minutes(10);
/// How long a delivery is shown after it was delivered or taken back, and a dead letter kept.
inline constexpr Duration kDeliveredKept = Duration::days(30);
inline constexpr Duration kDeadLettersKept = Duration::days(90);

/// Somebody had a delivery sent again. An act of a person, so it stands in the ledger; what
/// deliveries do by themselves does not.
struct DeliveryReplayed {
  static constexpr std::string_view event_type = "delivery.replayed";
  static constexpr int event_version = 1;
  std::string id;
  std::string channel;
  std::string recipient;
};
HP_DESCRIBE(DeliveryReplayed, id, channel, recipient)

Module outbox_module();

enum class DeliveryState : std::uint8_t { waiting, delivered, failed, withdrawn };
HP_DESCRIBE_ENUM(DeliveryState, waiting, delivered, failed, withdrawn)

/// A delivery as it is shown: without its content, which is for its recipient.
struct DeliveryItem {
  std::string id;
  std::string channel;
  std::string recipient;
  std::string topic;
  std::string about;
  DeliveryState state{};
  std::int64_t attempts = 0;
  Instant queued_at;
  Instant due;  // of the next attempt, while it waits
  std::optional<Instant> settled_at;
  std::string last_error;  // why the last attempt did not succeed; "" when there is nothing to say
};
HP_DESCRIBE(DeliveryItem, id, channel, recipient, topic, about, state, attempts, queued_at, due,
            settled_at, last_error)

/// The newest first, those before the id when it is not "".
std::vector<DeliveryItem> list_deliveries(Connection& tables, std::string_view workspace,
                                          std::optional<DeliveryState> state,
                                          std::string_view before, std::size_t limit);

/// To whom something about that thing waits for being sent, each once: by ids and names.
std::vector<std::string> waiting_recipients(Connection& tables, std::string_view workspace,
                                            std::string_view about);

/// Due now, with all its attempts before it, under the same id. Whatever its state: one that waits
/// need not wait longer, and one that was delivered is sent once more.
Decided<DeliveryItem> replay_delivery(Unit& unit, std::string_view id);

struct DeliveryCounts {
  std::uint64_t waiting = 0;
  std::uint64_t failed = 0;
};
DeliveryCounts count_deliveries(Connection& tables);

/// What was held because the server was not set up for it is due at the next start.
void release_held_deliveries(Connection& writer);

class Outbox {
 public:
  Outbox(Engine& engine, const EngineOptions& options);

  [[nodiscard]] std::vector<std::string> channels() const;
  /// Attempts what is due on one channel. Failures wait 2^attempts seconds, an hour at most. A
  /// recipient that failed is left alone for the rest of the round, so that one that does not
  /// answer holds up the others once and not for every row. Safe for one thread per channel.
  void attempt(std::string_view channel);
  /// Ends a round between two attempts.
  void stop() { stopping_ = true; }
  void forget_old();

 private:
  struct Letter {
    Delivery delivery;
    std::int64_t attempts = 0;
  };
  /// How an attempt ended; written down by a command.
  struct Settlement {
    std::string workspace;
    std::string id;
    std::int64_t attempts = 0;
    DeliveryState state{};
    bool held = false;
    Instant at;
    Instant due;
    std::string error;
  };

  std::vector<Letter> due_letters(std::string_view channel);
  bool still_waits(const Delivery& delivery);
  Delivered send(const Deliver& deliver, const Delivery& delivery);
  Settlement settlement_of(const Letter& letter, const Delivered& delivered);
  void settle(Settlement settlement);
  void settle_again();

  Engine& engine_;
  const int attempts_max_;
  std::map<std::string, Deliver, std::less<>> channels_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  /// Sent, and the commit that says so is not there yet: not to be sent by the next round.
  std::set<std::string> under_way_;
  std::vector<Settlement> unsettled_;  // the writer had no room for them
  Instant forgotten_at_;
};

}  // namespace holdpoint::engine
