// The server put together: every table is declared with its class, every route has its permission
// or is public on purpose, and a data directory belongs to one server.
#include "main/housing.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "engine/tables.hpp"
#include "support/scratch.hpp"

namespace holdpoint::test {
namespace {

std::unique_ptr<main::Housing> open_housing(const Scratch& scratch) {
  auto housing = main::Housing::open({.data_directory = scratch.path("data"),
                                      .server_name = {},
                                      .log_level = engine::LogLevel::error,
                                      .accept_rollback_because = std::nullopt});
  REQUIRE_MESSAGE(housing.has_value(), (housing ? "" : housing.error().text()));
  return std::move(*housing);
}

std::set<std::string> tables_in(engine::Connection& database) {
  std::set<std::string> names;
  database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                 [&](const engine::Row& row) { names.emplace(row.text(0)); });
  return names;
}

TEST_CASE(
    "every table of the database is declared with its class, and every declared one is there") {
  const Scratch scratch;
  const auto housing = open_housing(scratch);
  std::map<std::string, engine::TableClass> declared;
  for (const engine::Table& table : engine::all_tables(housing->engine().modules())) {
    CAPTURE(table.name);
    CHECK(declared.emplace(table.name, table.table_class).second);
  }
  const auto present = tables_in(*housing->engine().read());
  CHECK(present.size() > 10);
  for (const std::string& name : present) {
    CHECK_MESSAGE(declared.contains(name), "the table " << name << " is declared with no class");
  }
  for (const auto& [name, table_class] : declared) {
    CHECK_MESSAGE(present.contains(name), "the declared table " << name << " is not there");
  }
}

TEST_CASE(
    "a declared table's rows have an order: its key names columns it has, by a unique index") {
  const Scratch scratch;
  const auto housing = open_housing(scratch);
  const auto database = housing->engine().read();
  for (const engine::Table& table : engine::all_tables(housing->engine().modules())) {
    CAPTURE(table.name);
    CHECK_NOTHROW(
        database->query("SELECT " + table.key + " FROM " + table.name + " ORDER BY " + table.key,
                        [](const engine::Row&) {}));
    const auto unique = database->integer(
        "SELECT count(*) FROM pragma_index_list($1) WHERE \"unique\" = 1", table.name);
    CHECK(unique.value_or(0) > 0);
  }
}

TEST_CASE("every event type is declared with a version, and its schema can be told") {
  const Scratch scratch;
  const auto housing = open_housing(scratch);
  std::size_t types = 0;
  for (const engine::Module& module : housing->engine().modules()) {
    for (const engine::EventType& type : module.events) {
      CAPTURE(type.type);
      ++types;
      CHECK(type.version >= 1);
      json::object components;
      CHECK_FALSE(type.schema(components).empty());
    }
  }
  CHECK(types > 15);
}

TEST_CASE("only sign-in, the key of certifications and the documents of the process are public") {
  const Scratch scratch;
  const auto housing = open_housing(scratch);
  std::set<std::string> open_doors;
  for (const http::Route& route : housing->routes()) {
    if (route.permission.empty()) open_doors.insert(route.operation_id);
  }
  CHECK(open_doors == std::set<std::string>{"open_session", "get_certification_key",
                                            "get_certification_key_file"});
}

TEST_CASE("a data directory in use is refused to a second server, and free again afterwards") {
  const Scratch scratch;
  auto housing = open_housing(scratch);
  const auto second = main::Housing::open({.data_directory = scratch.path("data"),
                                           .server_name = {},
                                           .log_level = engine::LogLevel::error,
                                           .accept_rollback_because = std::nullopt});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == FaultKind::unavailable);
  housing.reset();
  CHECK(open_housing(scratch) != nullptr);
}

TEST_CASE("the server's name is fixed at its first start") {
  const Scratch scratch;
  open_housing(scratch);
  const auto renamed = main::Housing::open({.data_directory = scratch.path("data"),
                                            .server_name = "other.example",
                                            .log_level = engine::LogLevel::error,
                                            .accept_rollback_because = std::nullopt});
  REQUIRE_FALSE(renamed.has_value());
  CHECK(renamed.error().text().find("cannot change") != std::string::npos);
}

}  // namespace
}  // namespace holdpoint::test
