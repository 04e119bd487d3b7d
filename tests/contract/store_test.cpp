// The SQL port over SQLite, on files and on the crashing disk: the same promises on both, and what
// is kept through power losses at any moment.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "platform/storage/sqlite.hpp"
#include "support/crash_vfs.hpp"
#include "support/scratch.hpp"

namespace holdpoint::test {
namespace {

using engine::Connection;
using engine::Row;
using engine::Store;
using engine::StoreFailed;
using engine::StoreFailure;

/// A database that can be closed and opened again.
class Database {
 public:
  virtual ~Database() = default;
  virtual std::unique_ptr<Store> open() = 0;
};

std::unique_ptr<Store> opened(const storage::SqliteOptions& options) {
  auto store = storage::open_sqlite(options);
  REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().text()));
  return std::move(*store);
}

class FileDatabase final : public Database {
 public:
  std::unique_ptr<Store> open() override {
    return opened({.path = scratch_.path("main.db"), .vfs = {}});
  }

 private:
  Scratch scratch_;
};

class CrashDatabase final : public Database {
 public:
  std::unique_ptr<Store> open() override {
    return opened({.path = "/main.db", .wal_autocheckpoint_pages = 50, .vfs = vfs_.name()});
  }
  [[nodiscard]] const std::string& vfs_name() const { return vfs_.name(); }
  CrashDisk disk{7};

 private:
  CrashVfs vfs_{disk};
};

template <class Body>
void on_both(Body&& body) {
  SUBCASE("on files") {
    FileDatabase database;
    body(database);
  }
  SUBCASE("on the crashing disk") {
    CrashDatabase database;
    body(database);
  }
}

TEST_CASE("what was committed is there after closing and opening again") {
  on_both([](Database& database) {
    {
      const auto store = database.open();
      store->writer().script("CREATE TABLE fact(id INTEGER PRIMARY KEY, body BLOB) STRICT");
      for (int i = 0; i < 500; ++i) {
        store->writer().exec("INSERT INTO fact VALUES($1, $2)", i,
                             engine::Blob{std::string(400, static_cast<char>(i))});
      }
      store->writer().exec("BEGIN IMMEDIATE");
      store->writer().exec("DELETE FROM fact");
    }
    const auto store = database.open();
    CHECK(store->writer().integer("SELECT count(*) FROM fact") == 500);
    CHECK(store->reader()->text("PRAGMA integrity_check") == "ok");
  });
}

TEST_CASE("readers keep their snapshot while the writer commits and checkpoints") {
  on_both([](Database& database) {
    const auto store = database.open();
    store->writer().script("CREATE TABLE fact(id INTEGER PRIMARY KEY) STRICT");
    const std::string_view count = "SELECT count(*) FROM fact";
    std::vector<std::shared_ptr<Connection>> readers;
    for (int i = 0; i < 3; ++i) {
      readers.push_back(store->reader());
      store->writer().exec("INSERT INTO fact VALUES($1)", i);
      store->checkpoint();
    }
    for (int i = 0; i < 3; ++i) CHECK(readers[static_cast<std::size_t>(i)]->integer(count) == i);
    readers.clear();
    store->checkpoint();
    CHECK(store->reader()->integer(count) == 3);
  });
}

TEST_CASE("a failed savepoint costs the transaction around it nothing") {
  on_both([](Database& database) {
    const auto store = database.open();
    Connection& writer = store->writer();
    writer.script("CREATE TABLE fact(id INTEGER PRIMARY KEY) STRICT");
    writer.exec("BEGIN IMMEDIATE");
    writer.exec("INSERT INTO fact VALUES(1)");
    writer.exec("SAVEPOINT command");
    writer.exec("INSERT INTO fact VALUES(2)");
    CHECK_THROWS_AS(writer.exec("INSERT INTO fact VALUES(1)"), StoreFailed);
    writer.exec("ROLLBACK TO command");
    writer.exec("RELEASE command");
    writer.exec("COMMIT");
    CHECK(store->reader()->integer("SELECT sum(id) FROM fact") == 1);
  });
}

StoreFailure failure_of(Connection& connection, const std::string& sql) {
  try {
    connection.script(sql);
  } catch (const StoreFailed& failed) {
    return failed.failure();
  }
  FAIL("nothing failed");
  return StoreFailure::other;
}

TEST_CASE("a full disk, a failed sync or read, and a damaged file are told apart") {
  CrashDatabase database;
  const auto store = database.open();
  Connection& writer = store->writer();
  writer.script("CREATE TABLE fact(id INTEGER PRIMARY KEY, body TEXT) STRICT");
  const std::string insert = "INSERT INTO fact(body) VALUES(hex(randomblob(100000)))";
  database.disk.set_trouble(CrashDisk::Trouble::full);
  CHECK(failure_of(writer, insert) == StoreFailure::full);
  database.disk.set_trouble(CrashDisk::Trouble::syncs_fail);
  CHECK(failure_of(writer, insert) == StoreFailure::io);
  database.disk.set_trouble(CrashDisk::Trouble::none);
  writer.script(insert);
  database.disk.set_trouble(CrashDisk::Trouble::reads_fail);
  const auto fresh = storage::open_sqlite({.path = "/main.db", .vfs = database.vfs_name()});
  REQUIRE_FALSE(fresh.has_value());
  CHECK(fresh.error().kind == FaultKind::io);
  database.disk.set_trouble(CrashDisk::Trouble::none);
  for (std::size_t at = 0; at < 16; ++at) database.disk.damage("/main.db", at);
  const auto damaged = storage::open_sqlite({.path = "/main.db", .vfs = database.vfs_name()});
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().kind == FaultKind::corrupt);
}

/// One transfer of value between accounts per transaction: the sum never changes, and the journal
/// says how many transfers there were.
void transfer(Connection& writer, SeededRandom& random, std::int64_t number) {
  writer.exec("BEGIN IMMEDIATE");
  const auto from = random.below(40);
  const auto to = random.below(40);
  writer.exec("UPDATE account SET value = value - 1 WHERE id = $1", from);
  writer.exec("UPDATE account SET value = value + 1 WHERE id = $1", to);
  writer.exec("INSERT INTO journal VALUES($1, $2)", number,
              std::string(100 + random.below(3000), 'j'));
  writer.exec("DELETE FROM journal WHERE number <= $1", number - 60);
  writer.exec("COMMIT");
}

struct Losses {
  std::int64_t crashes = 0;
  std::int64_t lost = 0;
  std::int64_t broken = 0;
  std::int64_t commits = 0;
};

/// Runs transfers until the power fails, again and again on the same database.
void run_through_crashes(std::uint64_t seed, int crashes, Losses& losses) {
  CrashDisk disk(seed);
  CrashVfs vfs(disk);
  SeededRandom random(seed + 1);
  const storage::SqliteOptions options{
      .path = "/main.db", .wal_autocheckpoint_pages = 20, .vfs = vfs.name()};
  std::int64_t acknowledged = 0;
  {
    const auto store = opened(options);
    store->writer().script(
        "CREATE TABLE account(id INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;"
        "CREATE TABLE journal(number INTEGER PRIMARY KEY, body TEXT) STRICT;");
    for (int i = 0; i < 40; ++i) store->writer().exec("INSERT INTO account VALUES($1, 100)", i);
  }
  for (int i = 0; i < crashes; ++i) {
    disk.power_off_after(random.below(i % 3 == 0 ? 30 : 400));
    std::int64_t attempted = acknowledged;
    if (auto store = storage::open_sqlite(options)) {
      try {
        for (;;) {
          transfer((*store)->writer(), random, ++attempted);
          acknowledged = attempted;
          ++losses.commits;
          if (random.below(20) == 0) (*store)->checkpoint();
        }
      } catch (const StoreFailed& failed) {
        REQUIRE(failed.failure() == StoreFailure::io);
      }
    }
    REQUIRE(disk.power_is_off());
    disk.crash();
    ++losses.crashes;
    const auto store = opened(options);
    const auto reader = store->reader();
    const auto last = reader->integer("SELECT max(number) FROM journal").value_or(0);
    // The transaction whose commit was cut off may be there or not; no other may.
    if (last < acknowledged || last > attempted) ++losses.lost;
    acknowledged = last;
    const bool sum_kept = reader->integer("SELECT sum(value) FROM account") == 4000;
    const bool rows_kept =
        reader->integer("SELECT count(*) FROM journal") == std::min<std::int64_t>(last, 60);
    if (!sum_kept || !rows_kept || reader->text("PRAGMA integrity_check") != "ok") ++losses.broken;
  }
}

TEST_CASE("no power loss at any moment loses a commit that was acknowledged, or tears one") {
  const std::uint64_t chains = std::getenv("HP_LONG") != nullptr ? 400 : 20;
  Losses losses;
  for (std::uint64_t seed = 1; seed <= chains; ++seed) {
    CAPTURE(seed);
    run_through_crashes(seed, 50, losses);
  }
  CHECK(losses.crashes == static_cast<std::int64_t>(chains) * 50);
  CHECK(losses.lost == 0);
  CHECK(losses.broken == 0);
  MESSAGE(losses.crashes << " crashes, " << losses.commits << " commits");
}

TEST_CASE("the crashing disk does lose commits of a database that does not sync") {
  std::int64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CrashDisk disk(seed);
    CrashVfs vfs(disk);
    const storage::SqliteOptions options{.path = "/main.db", .vfs = vfs.name()};
    {
      const auto store = opened(options);
      store->writer().script("CREATE TABLE fact(id INTEGER PRIMARY KEY) STRICT");
    }
    auto store = opened(options);
    store->writer().script("PRAGMA synchronous=OFF");
    for (int i = 0; i < 20; ++i) store->writer().exec("INSERT INTO fact VALUES($1)", i);
    disk.power_off_after(0);
    store.reset();
    disk.crash();
    if (opened(options)->reader()->integer("SELECT count(*) FROM fact") != 20) ++lost;
  }
  CHECK(lost > 0);
}

}  // namespace
}  // namespace holdpoint::test
