// See sequencer.hpp.
#include "engine/sequencer.hpp"

#include "engine/live_unit.hpp"

namespace holdpoint::engine {
namespace {

const ledger::Actor kSystemActor{"system", "holdpoint", std::nullopt, std::nullopt};
const RequestOrigin kNoOrigin{};

bool spares_the_batch(const StoreFailed& failure) {
  return failure.failure() == StoreFailure::unique ||
         failure.failure() == StoreFailure::constraint ||
         failure.failure() == StoreFailure::outside || failure.failure() == StoreFailure::damaged ||
         failure.fault().kind == FaultKind::invalid;
}

std::unexpected<Fault> store_failed() {
  return fault(FaultKind::unavailable, "store", "the store failed; no command is taken");
}

}  // namespace

Sequencer::Sequencer(const std::vector<Module>& modules, const EventTypes& types, Ports ports,
                     const EngineOptions& options)
    : modules_(modules),
      types_(types),
      ports_(ports),
      options_(options),
      writer_(ports.store.writer()),
      objects_(ports.objects) {}

Submission Sequencer::submit(Command command, OnResult on_result) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || failed_) return Submission::stopped;
    if (queue_.size() >= options_.queue_commands_max) return Submission::overloaded;
    queue_.push_back({std::move(command), std::move(on_result)});
    if (queue_.size() > 1) return Submission::accepted;
  }
  wake_.notify_one();
  return Submission::accepted;
}

void Sequencer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

bool Sequencer::stopped() {
  const std::lock_guard lock(mutex_);
  return stopping_ && queue_.empty();
}

void Sequencer::on_commit(std::function<void(const std::vector<Recorded>&)> listener) {
  listeners_.push_back(std::move(listener));
}

EngineCounters Sequencer::counters() {
  const std::lock_guard lock(mutex_);
  return {commands_, refused_, batches_, events_, queue_.size(), integrity_faults_};
}

OpenLog& Sequencer::log_of(const std::string& workspace) {
  const auto found = logs_.find(workspace);
  if (found != logs_.end()) return found->second;
  OpenLog log;
  if (auto head = load_head(writer_, workspace)) {
    log.range = std::move(head->range);
    log.last_at = head->at;
  }
  return logs_.emplace(workspace, std::move(log)).first->second;
}

std::size_t Sequencer::run_batch(Wait wait) {
  std::vector<Waiting> batch;
  {
    std::unique_lock lock(mutex_);
    if (wait == Wait::yes) wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    const auto count = std::min(queue_.size(), options_.batch_commands_max);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }
  if (batch.empty()) return 0;
  std::vector<Finished> finished;
  finished.reserve(batch.size());
  try {
    if (failed_) throw StoreFailed(StoreFailure::io, Fault{FaultKind::unavailable, "store", ""});
    writer_.exec("BEGIN IMMEDIATE");
    for (Waiting& waiting : batch) {
      auto result = run_command(waiting.command);
      finished.push_back({std::move(waiting.on_result), std::move(result)});
    }
    run_reactions();
    // An event may name only what is durable before it.
    if (const auto stored = objects_.store(); stored) {
      commit_batch();
      tell_listeners();
    } else {
      abandon_batch(stored.error());
      for (Finished& undone : finished) undone.result = std::unexpected(stored.error());
    }
  } catch (const std::exception& error) {
    fail("batch", error.what());
    for (Finished& undone : finished) undone.result = store_failed();
    for (std::size_t i = finished.size(); i < batch.size(); ++i) {
      finished.push_back({std::move(batch[i].on_result), store_failed()});
    }
  }
  commands_ += batch.size();
  ++batches_;
  events_ += batch_events_.size();
  forget_batch();
  for (Finished& done : finished) {
    if (done.result && !done.result->outcome) ++refused_;
    if (done.on_result) done.on_result(std::move(done.result));
  }
  return batch.size();
}

Result<CommandResult> Sequencer::run_command(const Command& command) {
  if (command.idempotency) {
    if (auto earlier = earlier_answer(command)) return std::move(*earlier);
  }
  OpenLog& log = log_of(command.workspace);
  const std::size_t pending = log.pending.size();
  const Instant last_at = log.last_at;
  const std::size_t first_event = batch_events_.size();
  const std::size_t objects_held = objects_.held();
  const auto undo = [&] {
    writer_.exec("ROLLBACK TO command");
    writer_.exec("RELEASE command");
    log.pending.resize(pending);
    log.last_at = last_at;
    batch_events_.resize(first_event);
    objects_.forget_after(objects_held);
  };
  writer_.exec("SAVEPOINT command");
  LiveUnit unit(*this, command.workspace, command.actor, command.origin, {});
  std::optional<Outcome> outcome;
  try {
    outcome = command.run(unit);
  } catch (const EventTooLarge&) {
    outcome = refuse(RefusalKind::invalid, "too_large",
                     "What is to be recorded is larger than the 65,535 bytes that an entry of the"
                     " ledger holds; say less in one request.");
  } catch (const StoreFailed& failure) {
    if (harms_integrity(failure.fault().kind)) ++integrity_faults_;
    if (!spares_the_batch(failure)) throw;
    ports_.log.write(LogLevel::error, "a command failed",
                     {{"command", command.name}, {"cause", failure.what()}});
  } catch (const std::exception& error) {
    ports_.log.write(LogLevel::error, "a command failed",
                     {{"command", command.name}, {"cause", error.what()}});
  }
  if (!outcome || !*outcome) {
    undo();
    if (!outcome) return fault(FaultKind::invalid, "command " + command.name, "it failed");
    return CommandResult{std::move(*outcome), false};
  }
  if (command.idempotency) keep_answer(command, **outcome, unit.now());
  writer_.exec("RELEASE command");
  collect_reactions(first_event);
  return CommandResult{std::move(*outcome), false};
}

std::optional<CommandResult> Sequencer::earlier_answer(const Command& command) {
  std::optional<CommandResult> result;
  writer_.query(
      "SELECT request, status, answer FROM idempotency"
      " WHERE workspace = $1 AND actor = $2 AND key = $3",
      [&](const Row& row) {
        if (row.blob(0) != command.idempotency->request.view()) {
          result = CommandResult{
              refuse(RefusalKind::invalid, "idempotency_key_reused",
                     "This Idempotency-Key was used for another request; use a new key."),
              false};
        } else {
          result = CommandResult{Answer{static_cast<int>(row.integer(1)), std::string(row.text(2))},
                                 true};
        }
      },
      command.workspace, command.actor.id, command.idempotency->key);
  return result;
}

void Sequencer::keep_answer(const Command& command, const Answer& answer, Instant at) {
  writer_.exec(
      "INSERT INTO idempotency (workspace, actor, key, request, status, answer, at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
      command.workspace, command.actor.id, command.idempotency->key, command.idempotency->request,
      answer.status, answer.body, at);
}

void Sequencer::collect_reactions(std::size_t first_event) {
  for (std::size_t i = first_event; i < batch_events_.size(); ++i) {
    const Recorded& event = batch_events_[i];
    for (const Module& module : modules_) {
      for (const Reaction& reaction : module.reactions) {
        auto key = reaction.key(event);
        if (!key) continue;
        if (!follow_keys_.emplace(event.workspace, reaction.name, *key).second) continue;
        follows_.push_back(
            {&reaction, event.workspace, std::move(*key), event.id, event.root, event.depth + 1});
      }
    }
  }
}

void Sequencer::run_reactions() {
  for (std::size_t i = 0; i < follows_.size(); ++i) {
    const Follow follow = follows_[i];
    follow_keys_.erase({follow.workspace, follow.reaction->name, follow.key});
    if (follow.depth > kReactionDepthMax) {
      ports_.log.write(LogLevel::error, "a chain of reactions was cut",
                       {{"reaction", follow.reaction->name}, {"root", follow.root}});
      continue;
    }
    Command command{.workspace = follow.workspace,
                    .actor = kSystemActor,
                    .origin = kNoOrigin,
                    .idempotency = std::nullopt,
                    .name = follow.reaction->name,
                    .run = {}};
    OpenLog& log = log_of(follow.workspace);
    const std::size_t pending = log.pending.size();
    const Instant last_at = log.last_at;
    const std::size_t first_event = batch_events_.size();
    const std::size_t objects_held = objects_.held();
    writer_.exec("SAVEPOINT reaction");
    LiveUnit unit(*this, command.workspace, command.actor, command.origin,
                  {follow.cause, follow.root, follow.depth});
    try {
      follow.reaction->run(unit, follow.key);
      writer_.exec("RELEASE reaction");
      collect_reactions(first_event);
    } catch (const std::exception& error) {
      const auto* failure = dynamic_cast<const StoreFailed*>(&error);
      if (failure != nullptr && harms_integrity(failure->fault().kind)) ++integrity_faults_;
      if (failure != nullptr && !spares_the_batch(*failure)) throw;
      ports_.log.write(LogLevel::error, "a reaction failed",
                       {{"reaction", follow.reaction->name}, {"cause", error.what()}});
      writer_.exec("ROLLBACK TO reaction");
      writer_.exec("RELEASE reaction");
      log.pending.resize(pending);
      log.last_at = last_at;
      batch_events_.resize(first_event);
      objects_.forget_after(objects_held);
    }
  }
}

void Sequencer::commit_batch() {
  std::vector<std::pair<OpenLog*, ledger::CompactRange>> grown;
  for (auto& [workspace, log] : logs_) {
    if (log.pending.empty()) continue;
    ledger::CompactRange range = log.range;
    store_leaves(writer_, workspace, range, log.pending, log.last_at);
    grown.emplace_back(&log, std::move(range));
  }
  writer_.exec("COMMIT");
  for (auto& [log, range] : grown) {
    log->range = std::move(range);
    log->pending.clear();
  }
}

void Sequencer::abandon_batch(const Fault& fault) {
  ports_.log.write(LogLevel::error, "objects were not stored; their batch was undone",
                   {{"cause", fault.text()}});
  writer_.exec("ROLLBACK");
  logs_.clear();  // they are read again
  batch_events_.clear();
}

void Sequencer::tell_listeners() {
  // The batch is durable: a listener that fails must not make its callers hear otherwise. What it
  // keeps in memory may now be stale, so the node takes nothing more.
  for (const auto& listener : listeners_) {
    try {
      listener(batch_events_);
    } catch (const std::exception& error) {
      failed_ = true;
      ports_.log.write(LogLevel::error, "a listener failed; no further command is taken",
                       {{"cause", error.what()}});
    }
  }
}

void Sequencer::forget_batch() {
  batch_events_.clear();
  objects_.forget_after(0);
  follows_.clear();
  follow_keys_.clear();
}

void Sequencer::fail(std::string_view doing, std::string_view what) {
  // What a failed write left behind is unknown: the node stops taking commands and says so, and
  // never retries the fsync (a later success would not mean that the earlier bytes are durable).
  failed_ = true;
  ports_.log.write(LogLevel::error, "the store failed; no further command is taken",
                   {{"doing", std::string(doing)}, {"cause", std::string(what)}});
  logs_.clear();
  batch_events_.clear();
}

}  // namespace holdpoint::engine
