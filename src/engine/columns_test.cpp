// Columns from a description: what was bound is what is read back, whatever the type.
#include "engine/columns.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "base/ids.hpp"
#include "platform/storage/sqlite.hpp"
#include "support/scratch.hpp"

namespace holdpoint::test {

enum class Colour : std::uint8_t { red, green };
HP_DESCRIBE_ENUM(Colour, red, green)

struct ThingTag {
  static constexpr std::string_view prefix = "thg";
};
using ThingId = Id<ThingTag>;

struct Everything {
  ThingId id;
  std::string name;
  std::int64_t count = 0;
  bool is_open = false;
  Instant at;
  Colour colour = Colour::red;
  std::vector<std::string> labels;
  std::map<std::string, std::string> values;
  std::optional<std::string> note;
  std::optional<std::int64_t> limit;
  std::optional<Colour> other;
  std::optional<Digest> digest;
};
HP_DESCRIBE(Everything, id, name, count, is_open, at, colour, labels, values, note, limit, other,
            digest)

namespace {

TEST_CASE("numbers become BIGINT, everything else TEXT, and only optional members may be null") {
  CHECK(engine::columns::definitions<Everything>() ==
        "id TEXT NOT NULL, name TEXT NOT NULL, count BIGINT NOT NULL, is_open BIGINT NOT NULL,"
        " at BIGINT NOT NULL, colour TEXT NOT NULL, labels TEXT NOT NULL, values TEXT NOT NULL,"
        " note TEXT, limit BIGINT, other TEXT, digest TEXT");
  CHECK(engine::columns::count<Everything> == 12);
  CHECK(engine::columns::placeholders(3) == "$1, $2, $3");
  CHECK(engine::columns::placeholders(0).empty());
}

/// Writes the value as one row and reads it back.
Everything round_trip(engine::Connection& tables, const Everything& value) {
  engine::columns::Bound bound;
  bound.add_all(value);
  std::optional<Everything> found;
  tables.run("SELECT " + engine::columns::placeholders(engine::columns::count<Everything>),
             bound.args(),
             [&](const engine::Row& row) { found = engine::columns::read<Everything>(row); });
  REQUIRE(found.has_value());
  return *found;
}

/// Two of its names are words of SQL.
std::string definitions_quoted() {
  std::string text = engine::columns::definitions<Everything>();
  for (const std::string_view word : {"values ", "limit "}) {
    text.replace(text.find(word), word.size() - 1,
                 '"' + std::string(word.substr(0, word.size() - 1)) + '"');
  }
  return text;
}

std::unique_ptr<engine::Store> open_store(const Scratch& scratch) {
  auto store = storage::open_sqlite({.path = scratch.path("columns.db"), .vfs = {}});
  REQUIRE(store.has_value());
  return std::move(*store);
}

TEST_CASE(
    "a row reads back as the value it was bound from, with and without its optional members") {
  const Scratch scratch;
  const auto store = open_store(scratch);
  Everything value{.id = ThingId::make(Instant{1'795'500'000'000'000}, {}),
                   .name = "a 'quoted' \"name\"; DROP TABLE",
                   .count = INT64_MIN,
                   .is_open = true,
                   .at = {1},
                   .colour = Colour::green,
                   .labels = {"x", "", "ü"},
                   .values = {{"k", "v"}},
                   .note = std::nullopt,
                   .limit = std::nullopt,
                   .other = std::nullopt,
                   .digest = std::nullopt};
  CHECK(to_json_text(round_trip(store->writer(), value)) == to_json_text(value));
  value.note = "";
  value.limit = 0;
  value.other = Colour::green;
  value.digest = sha256("x");
  CHECK(to_json_text(round_trip(store->writer(), value)) == to_json_text(value));
}

TEST_CASE("any texts and numbers survive the database unchanged") {
  const Scratch scratch;
  const auto store = open_store(scratch);
  CHECK(rc::check("a row reads back as it was bound", [&] {
    Everything value;
    value.id = ThingId::make(Instant{1'795'500'000'000'000}, {});
    value.count = *rc::gen::arbitrary<std::int64_t>();
    value.at.us = *rc::gen::arbitrary<std::int64_t>();
    const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    value.name = *text;
    value.labels = *rc::gen::container<std::vector<std::string>>(text);
    const auto back = round_trip(store->writer(), value);
    return back.count == value.count && back.at.us == value.at.us && back.name == value.name &&
           back.labels == value.labels;
  }));
}

struct Damage {
  const char* column;
  const char* stored;  // as SQL
};

TEST_CASE("a value that was never written there is a fault of its row, and never a default") {
  const Scratch scratch;
  const auto store = open_store(scratch);
  engine::Connection& tables = store->writer();
  tables.script("CREATE TABLE everything (" + definitions_quoted() + ")");
  const Everything value{.id = ThingId::make(Instant{1'795'500'000'000'000}, {})};
  engine::columns::Bound bound;
  bound.add_all(value);
  tables.run("INSERT INTO everything VALUES (" +
                 engine::columns::placeholders(engine::columns::count<Everything>) + ")",
             bound.args(), {});
  const auto read = [&] {
    tables.query("SELECT * FROM everything", [](const engine::Row& row) {
      static_cast<void>(engine::columns::read<Everything>(row));
    });
  };
  CHECK_NOTHROW(read());
  for (const Damage& damage :
       {Damage{"id", "'thg_1'"}, Damage{"id", "''"}, Damage{"colour", "'re'"},
        Damage{"colour", "''"}, Damage{"count", "'many'"}, Damage{"is_open", "2"},
        Damage{"at", "x'00'"}, Damage{"labels", "'[\"x\"'"}, Damage{"labels", "'{}'"},
        Damage{"\"values\"", "'{\"k\":1}'"}, Damage{"other", "'blue'"},
        Damage{"digest", "'sha256:00'"}}) {
    CAPTURE(damage.column);
    CAPTURE(damage.stored);
    tables.exec("BEGIN");
    tables.exec(std::string("UPDATE everything SET ") + damage.column + " = " + damage.stored);
    try {
      read();
      FAIL_CHECK("it was read");
    } catch (const engine::StoreFailed& failure) {
      CHECK(failure.failure() == engine::StoreFailure::damaged);
      CHECK(failure.fault().kind == FaultKind::corrupt);
    }
    tables.exec("ROLLBACK");
  }
}

}  // namespace
}  // namespace holdpoint::test
