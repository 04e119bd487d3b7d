// An engine on the fakes with one tiny capability, accounts: credits are events, balances a
// projection, and there are reactions, a timer and a delivery to watch. For tests of the engine.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_ref.hpp"
#include "engine/engine.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_heads.hpp"
#include "support/memory_objects.hpp"
#include "support/memory_vault.hpp"
#include "support/scratch.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::test {

inline constexpr Instant kRigStart{1'795'500'000'000'000};

struct AccountCredited {
  static constexpr std::string_view event_type = "account.credited";
  static constexpr int event_version = 1;
  std::string account;
  std::int64_t amount = 0;
  std::optional<ObjectRef> receipt;
};
HP_DESCRIBE(AccountCredited, account, amount, receipt)

/// Recorded by the reaction to credits of watched accounts.
struct AccountReviewed {
  static constexpr std::string_view event_type = "account.reviewed";
  static constexpr int event_version = 1;
  std::string account;
  std::int64_t balance = 0;
};
HP_DESCRIBE(AccountReviewed, account, balance)

/// A log that keeps its lines for the test to look at.
class KeptLog final : public engine::Log {
 public:
  void write(engine::LogLevel level, std::string_view message,
             std::span<const Field> fields) override;
  [[nodiscard]] std::size_t count(std::string_view message) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// The credited account "watched…" is reviewed by a reaction; a review of "endless" is followed by
/// another; a review of "broken" fails. The timer "credit" credits its key, one for "stuck" fails.
engine::Module accounts_module();

engine::Command credit(std::string account, std::int64_t amount, std::string key = "");
engine::Command command(std::function<engine::Outcome(engine::Unit&)> run);

using Reply = std::shared_ptr<std::optional<Result<engine::CommandResult>>>;

class EngineRig {
 public:
  EngineRig();
  ~EngineRig();

  FakeClock clock{kRigStart};
  SeededRandom random{17};
  MemoryObjects objects;
  MemoryVault vault{random};
  MemoryHeads heads;
  KeptLog log;
  Scratch scratch{ScratchPlace::memory};
  engine::EngineOptions options;
  /// Besides the engine's own; a test of another capability puts its module here before open().
  std::vector<engine::Module> modules{accounts_module()};
  std::string database;  // path
  std::string vfs;       // "" for files

  /// Opens the store and the engine; with a fault when the engine refuses to start.
  Result<void> try_open();
  void open();
  void close();

  [[nodiscard]] engine::Engine& engine() { return *engine_; }
  [[nodiscard]] engine::Store& store() { return *store_; }
  /// Hands the command in; the reply is filled by a later step().
  Reply submit(engine::Command command);
  /// Hands in, steps, and gives the answer.
  Result<engine::CommandResult> run(engine::Command command);
  std::size_t step() { return engine_->step(); }

  std::int64_t number(std::string_view sql);
  std::string text(std::string_view sql);
  /// Changes the database behind the engine's back.
  void damage(std::string_view sql);
  [[nodiscard]] std::vector<std::string> audit_findings();
  [[nodiscard]] std::unique_ptr<engine::Store> scratch_store();

 private:
  std::unique_ptr<engine::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
  int scratch_stores_ = 0;
};

/// Whether it was answered, with that status.
bool answered(const Reply& reply, int status);
bool refused(const Reply& reply, std::string_view code);

}  // namespace holdpoint::test
