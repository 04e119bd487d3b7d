// See engine_rig.hpp.
#include "support/engine_rig.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/audit.hpp"
#include "engine/heads.hpp"
#include "engine/links.hpp"
#include "platform/storage/sqlite.hpp"

namespace holdpoint::test {
namespace {

using engine::Connection;
using engine::Recorded;
using engine::Unit;

constexpr std::string_view kSeed = "a seed of thirty-two bytes: rig!";

void review(Unit& unit, const std::string& account) {
  if (account == "broken") throw std::runtime_error("the review broke");
  const auto balance =
      unit.tables().integer("SELECT balance FROM account WHERE workspace = $1 AND account = $2",
                            unit.workspace(), account);
  unit.record({"account", account}, AccountReviewed{account, balance.value_or(0)});
}

std::optional<std::string> account_to_review(const Recorded& recorded) {
  const std::string& account = recorded.subject.id;
  if (recorded.subject.kind != "account") return std::nullopt;
  if (recorded.type == AccountReviewed::event_type) {
    return account == "endless" ? std::optional(account) : std::nullopt;
  }
  const bool watched =
      account.starts_with("watched") || account == "endless" || account == "broken";
  return watched ? std::optional(account) : std::nullopt;
}

void fold_credit(Connection& tables, const Recorded& recorded, const AccountCredited& credited) {
  tables.exec(
      "INSERT INTO account (workspace, account, balance) VALUES ($1, $2, $3)"
      " ON CONFLICT (workspace, account) DO UPDATE SET balance = balance + excluded.balance",
      recorded.workspace, credited.account, credited.amount);
}

void fold_review(Connection& tables, const Recorded& recorded, const AccountReviewed& reviewed) {
  tables.exec(
      "INSERT INTO review (workspace, account, reviews, balance) VALUES ($1, $2, 1, $3)"
      " ON CONFLICT (workspace, account) DO UPDATE SET reviews = reviews + 1,"
      " balance = excluded.balance",
      recorded.workspace, reviewed.account, reviewed.balance);
}

}  // namespace

void KeptLog::write(engine::LogLevel, std::string_view message, std::span<const Field>) {
  const std::scoped_lock lock(mutex_);
  lines_.emplace_back(message);
}

std::size_t KeptLog::count(std::string_view message) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count(lines_, message));
}

engine::Module accounts_module() {
  engine::Module module{.name = "accounts"};
  module.tables = {{"account", engine::TableClass::projection,
                    "CREATE TABLE IF NOT EXISTS account (workspace TEXT NOT NULL,"
                    " account TEXT NOT NULL, balance BIGINT NOT NULL CHECK (balance >= 0),"
                    " PRIMARY KEY (workspace, account));",
                    "workspace, account"},
                   {"review", engine::TableClass::projection,
                    "CREATE TABLE IF NOT EXISTS review (workspace TEXT NOT NULL,"
                    " account TEXT NOT NULL, reviews BIGINT NOT NULL, balance BIGINT NOT NULL,"
                    " PRIMARY KEY (workspace, account));",
                    "workspace, account"}};
  module.events = {engine::event<AccountCredited>(fold_credit),
                   engine::event<AccountReviewed>(fold_review)};
  module.reactions = {{"account.review", account_to_review, review}};
  module.timers = {{"credit", [](Unit& unit, const std::string& account) {
                      if (account == "stuck") throw std::runtime_error("it is stuck");
                      unit.record({"account", account}, AccountCredited{account, 1, {}});
                    }}};
  return module;
}

engine::Command command(std::function<engine::Outcome(Unit&)> run) {
  return {.workspace = "main",
          .actor = {"person", "per_ada", std::nullopt, std::nullopt},
          .name = "test",
          .run = std::move(run)};
}

engine::Command credit(std::string account, std::int64_t amount, std::string key) {
  auto made = command([account, amount](Unit& unit) -> engine::Outcome {
    if (amount == 0) return refuse(RefusalKind::invalid, "nothing", "Nothing is no credit.");
    unit.record({"account", account}, AccountCredited{account, amount, {}});
    const auto balance =
        unit.tables().integer("SELECT balance FROM account WHERE workspace = $1 AND account = $2",
                              unit.workspace(), account);
    return engine::Answer{201, "{\"balance\":" + std::to_string(balance.value_or(-1)) + "}"};
  });
  if (!key.empty()) {
    made.idempotency = engine::Idempotency{key, sha256(account + std::to_string(amount))};
  }
  return made;
}

EngineRig::EngineRig() : database(scratch.path("main.db")) { options.server_name = "test.example"; }

EngineRig::~EngineRig() { close(); }

Result<void> EngineRig::try_open() {
  close();
  HP_TRY(store_, storage::open_sqlite({.path = database, .readers_max = 8, .vfs = vfs}));
  auto key = Ed25519Key::from_seed(kSeed);
  HP_ASSERT(key.has_value(), "TS-3: the rig's seed has 32 bytes");
  std::vector<engine::Module> all{engine::ledger_module(), engine::links_module()};
  all.insert(all.end(), modules.begin(), modules.end());
  auto opened =
      engine::Engine::open(std::move(all), {*store_, objects, vault, heads, clock, random, log},
                           std::move(*key), options);
  if (!opened) {
    store_.reset();
    return std::unexpected(std::move(opened).error());
  }
  engine_ = std::move(*opened);
  return {};
}

void EngineRig::open() {
  const auto opened = try_open();
  HP_ASSERT(opened.has_value(), "TS-4: the rig's engine opens");
}

void EngineRig::close() {
  engine_.reset();
  store_.reset();
}

Reply EngineRig::submit(engine::Command command) {
  auto reply = std::make_shared<std::optional<Result<engine::CommandResult>>>();
  const auto submission = engine_->submit(
      std::move(command),
      [reply](Result<engine::CommandResult> result) { *reply = std::move(result); });
  if (submission != engine::Submission::accepted) {
    *reply = fault(FaultKind::unavailable, "rig", "the engine takes no command");
  }
  return reply;
}

Result<engine::CommandResult> EngineRig::run(engine::Command command) {
  const auto reply = submit(std::move(command));
  step();
  HP_ASSERT(reply->has_value(), "TS-5: a step answers what was handed in");
  return **reply;
}

std::int64_t EngineRig::number(std::string_view sql) {
  return engine_->read()->integer(sql).value_or(-1);
}

std::string EngineRig::text(std::string_view sql) {
  return engine_->read()->text(sql).value_or("");
}

void EngineRig::damage(std::string_view sql) {
  const auto changed = store_->writer().exec(sql);
  HP_ASSERT(changed > 0, "TS-6: damage changes something");
}

std::unique_ptr<engine::Store> EngineRig::scratch_store() {
  auto opened = storage::open_sqlite(
      {.path = scratch.path("scratch" + std::to_string(++scratch_stores_) + ".db"),
       .readers_max = 1,
       .vfs = {}});
  HP_ASSERT(opened.has_value(), "TS-7: a store in the temporary directory opens");
  return std::move(*opened);
}

std::vector<std::string> EngineRig::audit_findings() {
  const auto empty = scratch_store();
  auto report = engine::audit(*engine_, *empty, [](std::string_view, std::uint64_t) {});
  if (!report) return {"the audit could not run: " + report.error().text()};
  return std::move(report->findings);
}

bool answered(const Reply& reply, int status) {
  const auto& result = *reply;
  return result && *result && (*result)->outcome && (*result)->outcome->status == status;
}

bool refused(const Reply& reply, std::string_view code) {
  const auto& result = *reply;
  return result && *result && !(*result)->outcome && (*result)->outcome.error().code == code;
}

}  // namespace holdpoint::test
