// Front header of the engine: submits commands, reads committed state, and tells when something
// changed. One writer thread takes all commands that wait, runs each in a savepoint, and commits
// them with one fsync; an answer is given only after the commit.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ed25519.hpp"
#include "engine/module.hpp"
#include "engine/unit.hpp"

namespace holdpoint::engine {

struct Idempotency {
  std::string key;
  Digest request;  // of method, target and body: the same key with another request is refused
};

struct Command {
  std::string workspace;
  ledger::Actor actor;
  RequestOrigin origin{};
  std::optional<Idempotency> idempotency{};
  std::string name;  // for metrics: "releases.create"
  std::function<Outcome(Unit&)> run;
};

struct Ports {
  Store& store;
  ObjectStore& objects;
  PersonVault& vault;
  HeadKeeper& heads;
  Clock& clock;
  Random& random;
  Log& log;
};

class Engine;

/// One attempt to deliver a row of the outbox.
struct Delivery {
  std::string workspace;
  std::string id;  // the same for every attempt and replay, so that the receiver knows it again
  std::string recipient;
  std::string payload;
  Instant queued_at;
};

/// Why a delivery did not arrive, and what becomes of it.
struct Undelivered {
  enum class Then : std::uint8_t {
    retry,    // the attempt counts, and there is another one later
    hold,     // the server is not set up to send it: it waits, and nothing is counted
    give_up,  // no later attempt can succeed: a dead letter at once
  };
  Then then{};
  std::string because;  // shown and kept: MUST NOT hold a secret or personal data
};
using Delivered = std::expected<void, Undelivered>;

/// Sends one row. MUST NOT take much longer than a minute: the next one of the channel waits.
using Deliver = std::function<Delivered(Engine&, const Delivery&)>;
struct Channel {
  std::string name;
  Deliver deliver;
};

struct EngineOptions {
  std::string server_name = "localhost";  // origin of a log: "<server_name>/<workspace>"
  std::size_t batch_commands_max = 512;
  std::size_t queue_commands_max = 16'384;
  std::vector<Channel> channels{};
  int delivery_attempts_max = 20;  // then a delivery is a dead letter
  /// Accept, on the record, that the database is behind the last signed head (restored backup).
  std::optional<std::string> accept_rollback_because{};
};

enum class Submission : std::uint8_t { accepted, overloaded, stopped };

struct CommandResult {
  Outcome outcome;
  bool replayed = false;  // the answer of an earlier request with the same idempotency key
};
/// A Fault: the store or the command's own code failed, and nothing was recorded.
using OnResult = std::function<void(Result<CommandResult>)>;

struct EngineCounters {
  std::uint64_t commands = 0, refused = 0, batches = 0, events = 0, queue_length = 0;
  /// Commands that met something recorded which is gone or damaged.
  std::uint64_t integrity_faults = 0;
};

struct LogHead {
  std::uint64_t size = 0;
  Digest root;
  Instant at;  // of the last entry
};

struct InclusionReceipt {
  std::string entry;
  std::uint64_t index = 0;
  std::vector<Digest> proof;
  std::string checkpoint;  // signed note
};

class Engine {
 public:
  /// Creates missing tables, recovers the logs, refuses to start on a rolled-back database.
  static Result<std::unique_ptr<Engine>> open(std::vector<Module> modules, Ports ports,
                                              Ed25519Key log_key, EngineOptions options);
  virtual ~Engine() = default;

  /// Starts the threads: writer, scheduler, and one for each channel of the outbox. Tests may call
  /// step() instead.
  virtual void start() = 0;
  /// Runs what is queued, finishes the batch, joins the threads. Idempotent.
  virtual void stop() = 0;
  /// Runs one batch, due timers and due deliveries on the calling thread; for simulations. Returns
  /// the number of commands run. MUST NOT be mixed with start().
  virtual std::size_t step() = 0;

  /// `on_result` is called on the writer thread after the commit; it MUST be quick.
  virtual Submission submit(Command command, OnResult on_result) = 0;
  /// Submits and waits. Faults: exhausted (overloaded), unavailable (stopped, store failed).
  Result<CommandResult> execute(Command command);

  /// A committed snapshot for reading.
  virtual std::shared_ptr<Connection> read() = 0;
  /// Opens a sealed value of a committed event.
  virtual std::optional<std::string> personal(Connection& tables, std::string_view workspace,
                                              std::uint64_t seq, std::string_view person,
                                              std::string_view path) = 0;

  [[nodiscard]] virtual bool ready() const = 0;
  [[nodiscard]] virtual EngineCounters counters() const = 0;
  /// Called on the writer thread after each commit, before answers are given, with the events.
  virtual void on_commit(std::function<void(const std::vector<Recorded>&)> listener) = 0;
  [[nodiscard]] virtual const std::vector<Module>& modules() const = 0;
  [[nodiscard]] virtual const Ports& ports() const = 0;

  // The log of a workspace, as committed.
  [[nodiscard]] virtual std::string origin(std::string_view workspace) const = 0;
  [[nodiscard]] virtual ledger::VerifierKey verifier_key(std::string_view workspace) const = 0;
  virtual std::optional<LogHead> head(std::string_view workspace) = 0;
  /// Signs the committed head, keeps it outside the database, then returns the note.
  virtual Result<std::string> checkpoint(std::string_view workspace) = 0;
  virtual Result<InclusionReceipt> receipt(std::string_view workspace, std::uint64_t index) = 0;
  virtual Result<std::vector<Digest>> consistency(std::string_view workspace,
                                                  std::uint64_t old_size,
                                                  std::uint64_t new_size) = 0;
};

}  // namespace holdpoint::engine
