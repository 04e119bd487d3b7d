// See engine.hpp: the sequencer with its threads, the signed heads, the duties that follow the
// clock (timers, the outside copy of the heads), and the outbox.
#include "engine/engine.hpp"

#include <chrono>
#include <future>
#include <thread>

#include "engine/duties.hpp"
#include "engine/heads.hpp"
#include "engine/outbox.hpp"
#include "engine/projections.hpp"
#include "engine/sealed_values.hpp"
#include "engine/sequencer.hpp"

namespace holdpoint::engine {
namespace {

constexpr std::chrono::milliseconds kDutyInterval{500};

class LiveEngine final : public Engine {
 public:
  LiveEngine(std::vector<Module> modules, Ports ports, Ed25519Key log_key, EngineOptions options)
      : modules_(std::move(modules)),
        ports_(ports),
        options_(std::move(options)),
        types_(modules_),
        sequencer_(modules_, types_, ports_, options_),
        heads_(ports_, std::move(log_key), options_.server_name),
        duties_(*this),
        outbox_(*this, options_) {}

  ~LiveEngine() override { stop(); }

  void start() override {
    writer_ = std::thread([this] {
      while (!sequencer_.stopped()) sequencer_.run_batch(Sequencer::Wait::yes);
    });
    clockwork_ = std::thread([this] { follow_the_clock(); });
    // One for each channel, so that a mail server that does not answer delays no webhook.
    for (const std::string& channel : outbox_.channels()) {
      senders_.emplace_back([this, channel] { send_on(channel); });
    }
  }

  void stop() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    outbox_.stop();
    for (std::thread& sender : senders_) {
      if (sender.joinable()) sender.join();
    }
    if (clockwork_.joinable()) clockwork_.join();
    sequencer_.stop();
    if (writer_.joinable()) writer_.join();
    if (!sequencer_.failed()) publish_heads();
  }

  std::size_t step() override {
    std::size_t ran = sequencer_.run_batch(Sequencer::Wait::no);
    duties_.submit_due_timers();
    for (const std::string& channel : outbox_.channels()) outbox_.attempt(channel);
    while (const std::size_t more = sequencer_.run_batch(Sequencer::Wait::no)) ran += more;
    publish_heads();
    return ran;
  }

  Submission submit(Command command, OnResult on_result) override {
    return sequencer_.submit(std::move(command), std::move(on_result));
  }

  std::shared_ptr<Connection> read() override { return ports_.store.reader(); }

  std::optional<std::string> personal(Connection& tables, std::string_view workspace,
                                      std::uint64_t seq, std::string_view person,
                                      std::string_view path) override {
    return open_value(tables, ports_.vault, workspace, seq, person, path);
  }

  [[nodiscard]] bool ready() const override { return !sequencer_.failed(); }
  [[nodiscard]] EngineCounters counters() const override { return sequencer_.counters(); }
  void on_commit(std::function<void(const std::vector<Recorded>&)> listener) override {
    sequencer_.on_commit(std::move(listener));
  }
  [[nodiscard]] const std::vector<Module>& modules() const override { return modules_; }
  [[nodiscard]] const Ports& ports() const override { return ports_; }

  [[nodiscard]] std::string origin(std::string_view workspace) const override {
    return heads_.origin(workspace);
  }
  [[nodiscard]] ledger::VerifierKey verifier_key(std::string_view workspace) const override {
    return heads_.verifier_key(workspace);
  }
  std::optional<LogHead> head(std::string_view workspace) override {
    const auto tables = read();
    const auto stored = load_head(*tables, workspace);
    if (!stored) return std::nullopt;
    return LogHead{stored->range.size(), stored->range.root(), stored->at};
  }
  Result<std::string> checkpoint(std::string_view workspace) override {
    return heads_.sign(workspace);
  }
  Result<InclusionReceipt> receipt(std::string_view workspace, std::uint64_t index) override {
    return heads_.receipt(workspace, index);
  }
  Result<std::vector<Digest>> consistency(std::string_view workspace, std::uint64_t old_size,
                                          std::uint64_t new_size) override {
    return heads_.consistency(workspace, old_size, new_size);
  }

  Result<void> recover() {
    try {
      settle_tables(ports_.store.writer(), modules_, ports_.log);
      release_held_deliveries(ports_.store.writer());
      return heads_.check_kept(options_.accept_rollback_because, *this);
    } catch (const StoreFailed& failure) {
      return std::unexpected(failure.fault());
    }
  }

 private:
  /// Runs the duty in its interval until the engine stops.
  void repeat(std::string_view name, const std::function<void()>& duty) {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      wake_.wait_for(lock, kDutyInterval, [this] { return stopping_; });
      lock.unlock();
      try {
        duty();
      } catch (const std::exception& error) {
        ports_.log.write(LogLevel::error, "a duty failed",
                         {{"duty", std::string(name)}, {"cause", error.what()}});
      }
      lock.lock();
    }
  }

  void follow_the_clock() {
    repeat("clock", [this] {
      duties_.submit_due_timers();
      duties_.forget_old_answers();
      outbox_.forget_old();
      publish_heads();
      ports_.store.checkpoint();
    });
  }

  void send_on(const std::string& channel) {
    repeat("deliveries", [&] { outbox_.attempt(channel); });
  }

  void publish_heads() {
    try {
      heads_.sign_all();
    } catch (const std::exception& error) {
      ports_.log.write(LogLevel::error, "heads were not signed", {{"cause", error.what()}});
    }
  }

  std::vector<Module> modules_;
  Ports ports_;
  EngineOptions options_;
  EventTypes types_;
  mutable Sequencer sequencer_;
  Heads heads_;
  Duties duties_;
  Outbox outbox_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread writer_;
  std::thread clockwork_;
  std::vector<std::thread> senders_;
};

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(std::vector<Module> modules, Ports ports,
                                             Ed25519Key log_key, EngineOptions options) {
  auto engine = std::make_unique<LiveEngine>(std::move(modules), ports, std::move(log_key),
                                             std::move(options));
  HP_TRY_VOID(engine->recover());
  return engine;
}

Result<CommandResult> Engine::execute(Command command) {
  auto promise = std::make_shared<std::promise<Result<CommandResult>>>();
  auto future = promise->get_future();
  const auto submission = submit(std::move(command), [promise](Result<CommandResult> result) {
    promise->set_value(std::move(result));
  });
  switch (submission) {
    case Submission::accepted: return future.get();
    case Submission::overloaded:
      return fault(FaultKind::exhausted, "engine", "too many commands are waiting");
    case Submission::stopped: return fault(FaultKind::unavailable, "engine", "not taking commands");
  }
  return fault(FaultKind::unavailable, "engine", "unknown submission");
}

}  // namespace holdpoint::engine
