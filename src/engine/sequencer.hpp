// The writer: one thread that takes all commands that wait, runs each in a savepoint, follows the
// reactions, writes the heads, commits once, and only then answers (group commit).
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/batch_objects.hpp"
#include "engine/engine.hpp"
#include "engine/event_types.hpp"
#include "engine/log_tree.hpp"

namespace holdpoint::engine {

inline constexpr int kReactionDepthMax = 8;

/// A log as the writer sees it: the committed tree and the leaves of the batch under way.
struct OpenLog {
  ledger::CompactRange range;
  Instant last_at;
  std::vector<Digest> pending;
  [[nodiscard]] std::uint64_t next_seq() const { return range.size() + pending.size(); }
};

class Sequencer {
 public:
  Sequencer(const std::vector<Module>& modules, const EventTypes& types, Ports ports,
            const EngineOptions& options);

  Submission submit(Command command, OnResult on_result);
  /// Takes what waits and runs it as one batch; returns how many commands. `wait` blocks until
  /// there is one or stop() was called.
  enum class Wait : std::uint8_t { no, yes };
  std::size_t run_batch(Wait wait);
  /// Refuses further commands and wakes run_batch.
  void stop();
  [[nodiscard]] bool stopped();
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] EngineCounters counters();

  void on_commit(std::function<void(const std::vector<Recorded>&)> listener);

 private:
  friend class LiveUnit;
  struct Waiting {
    Command command;
    OnResult on_result;
  };
  struct Finished {
    OnResult on_result;
    Result<CommandResult> result;
  };
  struct Follow {
    const Reaction* reaction = nullptr;
    std::string workspace;
    std::string key;
    std::string cause;
    std::string root;
    int depth = 0;
  };

  OpenLog& log_of(const std::string& workspace);
  Result<CommandResult> run_command(const Command& command);
  std::optional<CommandResult> earlier_answer(const Command& command);
  void keep_answer(const Command& command, const Answer& answer, Instant at);
  void collect_reactions(std::size_t first_event);
  void run_reactions();
  void commit_batch();
  /// Takes everything back: the objects failed, not the database, and the node goes on.
  void abandon_batch(const Fault& fault);
  void tell_listeners();
  void forget_batch();
  void fail(std::string_view doing, std::string_view what);

  const std::vector<Module>& modules_;
  const EventTypes& types_;
  Ports ports_;
  const EngineOptions& options_;
  Connection& writer_;
  BatchObjects objects_;

  std::map<std::string, OpenLog> logs_;
  std::vector<Recorded> batch_events_;
  std::vector<Follow> follows_;
  std::set<std::tuple<std::string, std::string, std::string>> follow_keys_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> queue_;
  bool stopping_ = false;
  std::atomic<bool> failed_ = false;
  std::vector<std::function<void(const std::vector<Recorded>&)>> listeners_;
  std::atomic<std::uint64_t> commands_ = 0, refused_ = 0, batches_ = 0, events_ = 0;
  std::atomic<std::uint64_t> integrity_faults_ = 0;
};

}  // namespace holdpoint::engine
