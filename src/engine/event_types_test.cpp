// Folding: an event goes to the tables of its type first, and then to whoever follows every event.
#include "engine/event_types.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::engine {
namespace {

/// Counts every event, and notes the balance that it finds of the account named in credits.
Module follower() {
  Module module{.name = "follower"};
  module.tables.push_back({"followed", TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS followed (workspace TEXT NOT NULL,"
                           " seq BIGINT NOT NULL, type TEXT NOT NULL, balance BIGINT,"
                           " PRIMARY KEY (workspace, seq));",
                           "workspace, seq"});
  module.follow = [](Connection& tables, const Recorded& recorded) {
    tables.exec(
        "INSERT INTO followed (workspace, seq, type, balance) VALUES ($1, $2, $3,"
        " (SELECT max(balance) FROM account WHERE workspace = $1))",
        recorded.workspace, recorded.seq, recorded.type);
  };
  return module;
}

}  // namespace

TEST_CASE("who follows sees every event, of every module, as it left the tables of its type") {
  test::EngineRig rig;
  rig.modules.push_back(follower());
  rig.open();
  REQUIRE(rig.run(test::credit("watched-one", 5)));
  CHECK(rig.number("SELECT count(*) FROM followed WHERE type = 'account.credited'") == 1);
  CHECK(rig.number("SELECT count(*) FROM followed WHERE type = 'account.reviewed'") == 1);
  CHECK(rig.number("SELECT balance FROM followed WHERE type = 'account.credited'") == 5);
}

TEST_CASE("who comes to follow later is told of everything that happened before") {
  test::EngineRig rig;
  rig.open();
  REQUIRE(rig.run(test::credit("one", 5)));
  REQUIRE(rig.run(test::credit("two", 7)));
  rig.close();
  rig.modules.push_back(follower());
  rig.open();
  CHECK(rig.number("SELECT count(*) FROM followed WHERE type = 'account.credited'") == 2);
}

}  // namespace holdpoint::engine
