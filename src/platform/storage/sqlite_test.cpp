// SQLite behind the SQL port: snapshots, failures by kind, one server to a file.
#include "platform/storage/sqlite.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "platform/storage/sqlite_connection.hpp"
#include "support/scratch.hpp"

namespace holdpoint::storage {
namespace {

using engine::Arg;
using engine::arg;
using engine::Blob;
using engine::Row;
using engine::StoreFailed;
using engine::StoreFailure;

constexpr const char* kSchema =
    "CREATE TABLE team(id TEXT PRIMARY KEY, size INTEGER NOT NULL CHECK(size > 0)) STRICT;"
    "CREATE TABLE member(team TEXT NOT NULL REFERENCES team(id), name TEXT UNIQUE) STRICT;";

struct Opened {
  test::Scratch scratch;
  std::unique_ptr<engine::Store> store;
  explicit Opened(std::size_t readers_max = 4, int reader_wait_ms_max = 5000) {
    auto opened = open_sqlite({.path = scratch.path("main.db"),
                               .readers_max = readers_max,
                               .reader_wait_ms_max = reader_wait_ms_max,
                               .vfs = {}});
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text()));
    store = std::move(*opened);
    store->writer().script(kSchema);
  }
  engine::Connection& writer() { return store->writer(); }
};

template <class Act>
StoreFailure failure_of(Act&& act) {
  try {
    act();
  } catch (const StoreFailed& failed) {
    return failed.failure();
  }
  FAIL("nothing failed");
  return StoreFailure::other;
}

TEST_CASE("a second server cannot open a database that is in use") {
  Opened first;
  const auto second = open_sqlite({.path = first.scratch.path("main.db"), .vfs = {}});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == FaultKind::unavailable);
  CHECK(second.error().text().find("another running server") != std::string::npos);
  first.store.reset();
  CHECK(open_sqlite({.path = first.scratch.path("main.db"), .vfs = {}}).has_value());
}

TEST_CASE("only the owner may read the database and its write-ahead log") {
  Opened opened;
  for (const char* name : {"main.db", "main.db-wal", "main.db-shm", "main.db.lock"}) {
    struct stat status{};
    REQUIRE(::stat(opened.scratch.path(name).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
  }
}

TEST_CASE("a file that is no database is refused as corrupt") {
  test::Scratch scratch;
  std::ofstream(scratch.path("main.db")) << std::string(4096, 'x');
  const auto opened = open_sqlite({.path = scratch.path("main.db"), .vfs = {}});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == FaultKind::corrupt);
}

TEST_CASE("a database in a directory that does not exist is a fault") {
  test::Scratch scratch;
  const auto opened = open_sqlite({.path = scratch.path("absent/main.db"), .vfs = {}});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == FaultKind::not_found);
}

TEST_CASE("parameters are bound by their number, in any order and more than once") {
  Opened opened;
  std::string seen;
  opened.writer().query(
      "SELECT $2, $1, $2",
      [&](const Row& row) {
        for (int i = 0; i < row.columns(); ++i) seen += row.text(i);
      },
      "a", "b");
  CHECK(seen == "bab");
  CHECK(opened.writer().integer("SELECT $10 - $9 - $1", 1, 0, 0, 0, 0, 0, 0, 0, 2, 10) == 7);
}

TEST_CASE("every kind of value comes back as it went in") {
  Opened opened;
  const std::string with_zero("a\0b", 3);
  opened.writer().script("CREATE TABLE kept(a INTEGER, b TEXT, c BLOB, d BLOB, e TEXT) STRICT");
  opened.writer().exec("INSERT INTO kept VALUES($1,$2,$3,$4,$5)", std::int64_t{-5}, "", Blob{},
                       Blob{with_zero}, std::optional<std::string>());
  int rows = 0;
  opened.writer().query("SELECT a,b,c,d,e FROM kept", [&](const Row& row) {
    ++rows;
    CHECK(row.columns() == 5);
    CHECK(row.column_name(3) == "d");
    CHECK(std::get<std::int64_t>(row.value(0)) == -5);
    CHECK(std::get<std::string_view>(row.value(1)).empty());
    CHECK_FALSE(row.null(1));
    CHECK(std::get<Blob>(row.value(2)).bytes.empty());
    CHECK(std::get<Blob>(row.value(3)).bytes == with_zero);
    CHECK(std::holds_alternative<std::monostate>(row.value(4)));
    CHECK(row.null(4));
  });
  CHECK(rows == 1);
}

TEST_CASE("a wrong number of arguments or another way of writing parameters is refused") {
  Opened opened;
  engine::Connection& writer = opened.writer();
  CHECK(failure_of([&] { writer.exec("SELECT $1"); }) == StoreFailure::other);
  CHECK(failure_of([&] { writer.exec("SELECT $1", 1, 2); }) == StoreFailure::other);
  CHECK(failure_of([&] { writer.exec("SELECT ?", 1); }) == StoreFailure::other);
  CHECK(failure_of([&] { writer.exec("SELECT :one", 1); }) == StoreFailure::other);
  CHECK(failure_of([&] { writer.exec("SELECT 1; SELECT 2"); }) == StoreFailure::other);
  CHECK(failure_of([&] { writer.exec(""); }) == StoreFailure::other);
  CHECK(failure_of([&] { writer.exec("SELEC 1"); }) == StoreFailure::other);
}

TEST_CASE("a failure says which rule of the table was broken") {
  Opened opened;
  engine::Connection& writer = opened.writer();
  writer.exec("INSERT INTO team VALUES('red', 3)");
  writer.exec("INSERT INTO member VALUES('red', 'ada')");
  const auto failing = [&](const char* sql) { return failure_of([&] { writer.exec(sql); }); };
  CHECK(failing("INSERT INTO team VALUES('red', 4)") == StoreFailure::unique);
  CHECK(failing("INSERT INTO member VALUES('red', 'ada')") == StoreFailure::unique);
  CHECK(failing("INSERT INTO member VALUES('blue', 'eve')") == StoreFailure::constraint);
  CHECK(failing("INSERT INTO team VALUES('blue', 0)") == StoreFailure::constraint);
  CHECK(failing("INSERT INTO team VALUES('blue', NULL)") == StoreFailure::constraint);
  CHECK(failing("INSERT INTO team VALUES('blue', 'many')") == StoreFailure::constraint);
  CHECK(writer.integer("SELECT count(*) FROM team") == 1);
}

TEST_CASE("the number of rows changed is told for changes only") {
  Opened opened;
  engine::Connection& writer = opened.writer();
  CHECK(writer.exec("BEGIN IMMEDIATE") == 0);
  CHECK(writer.exec("INSERT INTO team VALUES('a',1),('b',2),('c',3)") == 3);
  CHECK(writer.exec("SELECT * FROM team") == 0);
  CHECK(writer.exec("UPDATE team SET size = size + 1 WHERE size > $1", 1) == 2);
  CHECK(writer.exec("UPDATE team SET size = 9 WHERE id = 'z'") == 0);
  CHECK(writer.exec("COMMIT") == 0);
  int returned = 0;
  CHECK(writer.query("DELETE FROM team RETURNING id", [&](const Row&) { ++returned; }) == 3);
  CHECK(returned == 3);
}

TEST_CASE("a row callback may run other statements, even the same one") {
  Opened opened;
  engine::Connection& writer = opened.writer();
  writer.exec("INSERT INTO team VALUES('a',1),('b',2)");
  const std::string_view sql = "SELECT id FROM team ORDER BY id";
  int inner = 0;
  std::string outer;
  writer.query(sql, [&](const Row& row) {
    outer += row.text(0);
    writer.query(sql, [&](const Row&) { ++inner; });
    outer += row.text(0);
  });
  CHECK(outer == "aabb");
  CHECK(inner == 4);
}

TEST_CASE("an exception out of a row callback leaves the statement fit for use") {
  Opened opened;
  engine::Connection& writer = opened.writer();
  writer.exec("INSERT INTO team VALUES('a',1),('b',2)");
  const std::string_view sql = "SELECT id FROM team";
  CHECK_THROWS_AS(writer.query(sql, [](const Row&) { throw std::out_of_range("stop"); }),
                  std::out_of_range);
  int rows = 0;
  writer.query(sql, [&](const Row&) { ++rows; });
  CHECK(rows == 2);
  writer.exec("DROP TABLE member");  // fails as locked while a statement still reads
}

TEST_CASE("more statements than the cache holds still run, also while one of them runs") {
  Opened opened;
  engine::Connection& writer = opened.writer();
  std::int64_t sum = 0;
  writer.query("SELECT 1 UNION ALL SELECT 2", [&](const Row& row) {
    for (std::size_t i = 0; i < kStatements_max + 10; ++i) {
      sum += writer.integer("SELECT $1 + " + std::to_string(i), row.integer(0)).value_or(0);
    }
  });
  const auto n = static_cast<std::int64_t>(kStatements_max + 10);
  CHECK(sum == n * 3 + n * (n - 1));
}

TEST_CASE("a reader sees the committed state of its lease and nothing later") {
  Opened opened;
  opened.writer().exec("INSERT INTO team VALUES('a',1)");
  const std::string_view count = "SELECT count(*) FROM team";
  const auto early = opened.store->reader();
  opened.writer().exec("BEGIN IMMEDIATE");
  opened.writer().exec("INSERT INTO team VALUES('b',2)");
  const auto during = opened.store->reader();
  CHECK(during->integer(count) == 1);
  opened.writer().exec("COMMIT");
  CHECK(early->integer(count) == 1);
  CHECK(during->integer(count) == 1);
  CHECK(opened.store->reader()->integer(count) == 2);
}

TEST_CASE("a reader cannot write") {
  Opened opened;
  const auto reader = opened.store->reader();
  CHECK(failure_of([&] { reader->exec("INSERT INTO team VALUES('a',1)"); }) == StoreFailure::other);
  CHECK(failure_of([&] { reader->exec("DROP TABLE team"); }) == StoreFailure::other);
}

TEST_CASE("when all readers stay taken, the wait ends as busy, and a returned one is lent again") {
  Opened opened(2, 30);
  auto one = opened.store->reader();
  const auto two = opened.store->reader();
  CHECK(failure_of([&] { opened.store->reader(); }) == StoreFailure::busy);
  one.reset();
  CHECK(opened.store->reader()->integer("SELECT 1") == 1);
}

TEST_CASE("a reader may outlive the store") {
  Opened opened;
  opened.writer().exec("INSERT INTO team VALUES('a',1)");
  const auto reader = opened.store->reader();
  opened.store.reset();
  CHECK(reader->integer("SELECT count(*) FROM team") == 1);
}

TEST_CASE("concurrent readers see only whole transactions") {
  Opened opened;
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::atomic<int> reads = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto reader = opened.store->reader();
        const auto teams = reader->integer("SELECT count(*) FROM team");
        const auto members = reader->integer("SELECT count(*) FROM member");
        if (teams != members) ++torn;
        ++reads;
      }
    });
  }
  engine::Connection& writer = opened.writer();
  for (int i = 0; i < 300; ++i) {
    const std::string id = std::to_string(i);
    writer.exec("BEGIN IMMEDIATE");
    writer.exec("INSERT INTO team VALUES($1, 1)", id);
    writer.exec("INSERT INTO member VALUES($1, $1)", id);
    writer.exec(i % 3 == 0 ? "ROLLBACK" : "COMMIT");
    if (i % 50 == 0) opened.store->checkpoint();
  }
  done = true;
  readers.clear();
  CHECK(torn == 0);
  CHECK(reads > 0);
  CHECK(writer.integer("SELECT count(*) FROM team") == 200);
}

TEST_CASE("a checkpoint moves committed pages into the database file, with readers about") {
  Opened opened;
  const auto reader = opened.store->reader();
  opened.writer().exec("INSERT INTO team VALUES('a',1)");
  opened.store->checkpoint();
  CHECK(reader->integer("SELECT count(*) FROM team") == 0);
  opened.writer().exec("BEGIN IMMEDIATE");
  opened.store->checkpoint();  // a writer at work does not hinder it
  opened.writer().exec("COMMIT");
}

TEST_CASE("a commit that returned is there when the database is opened again") {
  Opened opened;
  opened.writer().exec("INSERT INTO team VALUES('a',1)");
  opened.store.reset();
  auto again = open_sqlite({.path = opened.scratch.path("main.db"), .vfs = {}});
  REQUIRE(again.has_value());
  CHECK((*again)->writer().integer("SELECT size FROM team WHERE id = $1", "a") == 1);
  CHECK((*again)->writer().integer("PRAGMA synchronous") == 2);
  CHECK((*again)->writer().integer("PRAGMA foreign_keys") == 1);
  CHECK((*again)->writer().integer("PRAGMA trusted_schema") == 0);
}

}  // namespace
}  // namespace holdpoint::storage
