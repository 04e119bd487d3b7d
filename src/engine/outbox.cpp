// See outbox.hpp.
#include "engine/outbox.hpp"

#include <algorithm>

#include "engine/columns.hpp"

namespace holdpoint::engine {
namespace {

const ledger::Actor kOutboxActor{"system", "outbox", std::nullopt, std::nullopt};
constexpr Duration kForgetInterval = Duration::hours(1);
constexpr Duration kRetryMax = Duration::hours(1);
constexpr std::size_t kErrorBytesMax = 500;

Duration retry_after(std::int64_t attempts) {
  return std::min(Duration::seconds(1LL << std::min<std::int64_t>(attempts, 12)), kRetryMax);
}

Command housekeeping(std::string workspace, std::string name, std::function<Outcome(Unit&)> run) {
  return Command{.workspace = std::move(workspace),
                 .actor = kOutboxActor,
                 .name = std::move(name),
                 .run = std::move(run)};
}

std::optional<DeliveryItem> find_delivery(Connection& tables, std::string_view workspace,
                                          std::string_view id) {
  static const std::string sql = "SELECT " + columns::names<DeliveryItem>() +
                                 " FROM delivery WHERE workspace = $1 AND id = $2";
  std::optional<DeliveryItem> found;
  tables.query(
      sql, [&](const Row& row) { found = columns::read<DeliveryItem>(row); }, workspace, id);
  return found;
}

}  // namespace

Module outbox_module() {
  Module module{.name = "outbox"};
  module.events.push_back(
      event<DeliveryReplayed>([](Connection&, const Recorded&, const DeliveryReplayed&) {}));
  return module;
}

std::vector<DeliveryItem> list_deliveries(Connection& tables, std::string_view workspace,
                                          std::optional<DeliveryState> state,
                                          std::string_view before, std::size_t limit) {
  std::string sql = "SELECT " + columns::names<DeliveryItem>() +
                    " FROM delivery WHERE workspace = $1 AND ($2 = '' OR id < $2)"
                    " AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4";
  std::vector<DeliveryItem> items;
  tables.query(
      sql, [&](const Row& row) { items.push_back(columns::read<DeliveryItem>(row)); }, workspace,
      before, state ? describe::enum_text(*state) : std::string_view(),
      static_cast<std::int64_t>(limit));
  return items;
}

std::vector<std::string> waiting_recipients(Connection& tables, std::string_view workspace,
                                            std::string_view about) {
  std::vector<std::string> recipients;
  tables.query(
      "SELECT DISTINCT recipient FROM delivery WHERE workspace = $1 AND about = $2"
      " AND state = 'waiting' ORDER BY recipient",
      [&](const Row& row) { recipients.emplace_back(row.text(0)); }, workspace, about);
  return recipients;
}

Decided<DeliveryItem> replay_delivery(Unit& unit, std::string_view id) {
  auto item = find_delivery(unit.tables(), unit.workspace(), id);
  if (!item) {
    return refuse(RefusalKind::not_found, "delivery_not_found",
                  "There is no delivery " + std::string(id) + " in this workspace.");
  }
  unit.tables().exec(
      "UPDATE delivery SET state = 'waiting', attempts = 0, held = 0, due = $1, settled_at = NULL"
      " WHERE workspace = $2 AND id = $3",
      unit.now(), unit.workspace(), id);
  unit.record({"delivery", item->id}, DeliveryReplayed{item->id, item->channel, item->recipient});
  item->state = DeliveryState::waiting;
  item->attempts = 0;
  item->due = unit.now();
  item->settled_at.reset();
  return std::move(*item);
}

DeliveryCounts count_deliveries(Connection& tables) {
  DeliveryCounts counts;
  tables.query(
      "SELECT state, count(*) FROM delivery WHERE state IN ('waiting', 'failed') GROUP BY state",
      [&](const Row& row) {
        (row.text(0) == "failed" ? counts.failed : counts.waiting) =
            static_cast<std::uint64_t>(row.integer(1));
      });
  return counts;
}

void release_held_deliveries(Connection& writer) {
  writer.exec("UPDATE delivery SET held = 0, due = 0 WHERE state = 'waiting' AND held = 1");
}

Outbox::Outbox(Engine& engine, const EngineOptions& options)
    : engine_(engine), attempts_max_(options.delivery_attempts_max) {
  for (const Channel& channel : options.channels) channels_.emplace(channel.name, channel.deliver);
}

std::vector<std::string> Outbox::channels() const {
  std::vector<std::string> names;
  for (const auto& [name, deliver] : channels_) names.push_back(name);
  return names;
}

std::vector<Outbox::Letter> Outbox::due_letters(std::string_view channel) {
  std::vector<Letter> letters;
  const std::scoped_lock lock(mutex_);
  engine_.read()->query(
      "SELECT workspace, id, recipient, payload, queued_at, attempts FROM delivery"
      " WHERE state = 'waiting' AND due <= $1 AND channel = $2 ORDER BY due, id LIMIT $3",
      [&](const Row& row) {
        Letter letter{{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                       std::string(row.text(3)), Instant{row.integer(4)}},
                      row.integer(5)};
        if (!under_way_.contains(letter.delivery.id)) letters.push_back(std::move(letter));
      },
      engine_.ports().clock.now(), channel, kDeliveriesPerRoundMax);
  return letters;
}

bool Outbox::still_waits(const Delivery& delivery) {
  const auto state =
      engine_.read()->text("SELECT state FROM delivery WHERE workspace = $1 AND id = $2",
                           delivery.workspace, delivery.id);
  return state == "waiting";
}

/// A row that cannot be read must not end the round, or those behind it would wait for ever.
Delivered Outbox::send(const Deliver& deliver, const Delivery& delivery) {
  try {
    return deliver(engine_, delivery);
  } catch (const std::exception& error) {
    engine_.ports().log.write(LogLevel::error, "a delivery failed",
                              {{"id", delivery.id}, {"cause", error.what()}});
    return std::unexpected(
        Undelivered{Undelivered::Then::retry, "The server met a fault; its log names the cause."});
  }
}

Outbox::Settlement Outbox::settlement_of(const Letter& letter, const Delivered& delivered) {
  const Instant now = engine_.ports().clock.now();
  Settlement settlement{.workspace = letter.delivery.workspace,
                        .id = letter.delivery.id,
                        .attempts = letter.attempts + 1,
                        .state = DeliveryState::delivered,
                        .at = now,
                        .due = now,
                        .error = {}};
  if (delivered) return settlement;
  settlement.error = delivered.error().because.substr(0, kErrorBytesMax);
  settlement.state = DeliveryState::waiting;
  switch (delivered.error().then) {
    case Undelivered::Then::hold:
      settlement.attempts = letter.attempts;
      settlement.held = true;
      settlement.due = now + kHeldLooksAgain;
      return settlement;
    case Undelivered::Then::give_up: settlement.state = DeliveryState::failed; return settlement;
    case Undelivered::Then::retry: break;
  }
  settlement.due = now + retry_after(letter.attempts);
  if (settlement.attempts >= attempts_max_) settlement.state = DeliveryState::failed;
  return settlement;
}

void Outbox::attempt(std::string_view channel) {
  settle_again();
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  std::set<std::string> failing;
  for (const Letter& letter : due_letters(channel)) {
    if (stopping_) return;
    const std::string whom = letter.delivery.workspace + "/" + letter.delivery.recipient;
    // It may have been taken back while those before it were sent.
    if (failing.contains(whom) || !still_waits(letter.delivery)) continue;
    {
      const std::scoped_lock lock(mutex_);
      under_way_.insert(letter.delivery.id);
    }
    const Delivered delivered = send(found->second, letter.delivery);
    if (!delivered) failing.insert(whom);
    settle(settlement_of(letter, delivered));
  }
}

void Outbox::settle(Settlement settlement) {
  auto command =
      housekeeping(settlement.workspace, "outbox.settle", [settlement](Unit& unit) -> Outcome {
        const bool waits = settlement.state == DeliveryState::waiting;
        // What arrived, arrived, even if it was taken back meanwhile; otherwise that stands.
        unit.tables().exec(
            "UPDATE delivery SET attempts = $1, due = $2, last_error = $3, held = $4, state = $5,"
            " settled_at = $6 WHERE workspace = $7 AND id = $8"
            " AND (state = 'waiting' OR $5 = 'delivered')",
            settlement.attempts, settlement.due, settlement.error, settlement.held ? 1 : 0,
            describe::enum_text(settlement.state),
            waits ? std::nullopt : std::optional(settlement.at), settlement.workspace,
            settlement.id);
        return Answer{};
      });
  const auto submission =
      engine_.submit(std::move(command), [this, id = settlement.id](const Result<CommandResult>&) {
        const std::scoped_lock lock(mutex_);
        under_way_.erase(id);
      });
  if (submission == Submission::accepted) return;
  const std::scoped_lock lock(mutex_);
  unsettled_.push_back(std::move(settlement));
}

void Outbox::settle_again() {
  std::vector<Settlement> again;
  {
    const std::scoped_lock lock(mutex_);
    again.swap(unsettled_);
  }
  for (Settlement& settlement : again) settle(std::move(settlement));
}

void Outbox::forget_old() {
  const Instant now = engine_.ports().clock.now();
  if (now < forgotten_at_ + kForgetInterval) return;
  forgotten_at_ = now;
  engine_.submit(
      housekeeping(std::string(kSystemWorkspace), "outbox.forget",
                   [now](Unit& unit) -> Outcome {
                     unit.tables().exec(
                         "DELETE FROM delivery WHERE (state = 'failed' AND settled_at < $1)"
                         " OR (state IN ('delivered', 'withdrawn') AND settled_at < $2)",
                         now - kDeadLettersKept, now - kDeliveredKept);
                     return Answer{};
                   }),
      {});
}

}  // namespace holdpoint::engine
