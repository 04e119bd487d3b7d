// Tables that an earlier version of the program left in another shape: the next start folds them
// again from the ledger, and nothing else is touched.
#include "engine/projections.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* kFolded = "the ledger was folded into tables of a new shape";

std::int64_t balance(EngineRig& rig, const std::string& account) {
  return rig.number("SELECT balance FROM account WHERE account = '" + account + "'");
}

/// What the program before this one left: the same table, declared differently.
void leave_an_earlier_shape(EngineRig& rig) {
  engine::Connection& writer = rig.store().writer();
  writer.script("DROP TABLE account; CREATE TABLE account (workspace TEXT, account TEXT);");
  rig.damage("UPDATE projection_shape SET shape = 'earlier' WHERE name = 'account'");
}

TEST_CASE("a projection in an earlier shape is folded again from the ledger at the next start") {
  EngineRig rig;
  rig.open();
  for (int i = 1; i <= 50; ++i) rig.submit(credit("a-" + std::to_string(i % 2), i));
  rig.submit(credit("watched", 7));
  rig.step();
  leave_an_earlier_shape(rig);
  rig.open();
  CHECK(balance(rig, "a-0") == 650);
  CHECK(balance(rig, "a-1") == 625);
  CHECK(rig.number("SELECT reviews FROM review WHERE account = 'watched'") == 1);
  CHECK(rig.log.count(kFolded) == 1);
  CHECK(rig.audit_findings() == std::vector<std::string>{});
  rig.run(credit("a-0", 1));
  CHECK(balance(rig, "a-0") == 651);
}

bool stands(EngineRig& rig, const std::string& table) {
  return rig.number("SELECT COUNT(*) FROM sqlite_master WHERE name = '" + table + "'") == 1;
}

/// A capability as an earlier version had it, with a table of the name and class.
engine::Module earlier(const std::string& table, engine::TableClass table_class) {
  return {.name = "earlier",
          .tables = {{table, table_class,
                      "CREATE TABLE IF NOT EXISTS " + table +
                          " (workspace TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (workspace));",
                      "workspace"}}};
}

TEST_CASE("a projection that is declared no more is dropped, and nothing but projections is") {
  EngineRig rig;
  rig.modules.push_back(earlier("former", engine::TableClass::projection));
  rig.modules.push_back(earlier("kept", engine::TableClass::operational));
  rig.open();
  rig.run(credit("a", 5));
  rig.damage("INSERT INTO former VALUES ('main', 'of a fold that is gone')");
  REQUIRE(stands(rig, "former"));
  rig.modules.resize(1);
  rig.open();
  CHECK_FALSE(stands(rig, "former"));
  CHECK(stands(rig, "kept"));
  CHECK(balance(rig, "a") == 5);
  CHECK(rig.audit_findings() == std::vector<std::string>{});
  CHECK(rig.log.count(kFolded) == 1);
  rig.open();
  CHECK_MESSAGE(rig.log.count(kFolded) == 1, "what was dropped is not remembered any more");
}

TEST_CASE("a projection that becomes a table of another class begins empty, then stays") {
  EngineRig rig;
  rig.modules.push_back(earlier("former", engine::TableClass::projection));
  rig.open();
  rig.damage("INSERT INTO former VALUES ('main', 'folded')");
  rig.modules.back() = earlier("former", engine::TableClass::operational);
  rig.open();
  CHECK(rig.number("SELECT COUNT(*) FROM former") == 0);
  rig.damage("INSERT INTO former VALUES ('main', 'written')");
  rig.open();
  CHECK(rig.number("SELECT COUNT(*) FROM former") == 1);
}

TEST_CASE("tables in their declared shape are left alone") {
  EngineRig rig;
  rig.open();
  rig.run(credit("kept", 3));
  rig.damage("UPDATE account SET balance = 4 WHERE account = 'kept'");
  rig.open();
  CHECK_MESSAGE(balance(rig, "kept") == 4, "damage is for the audit to find, not for a start");
  CHECK(rig.log.count(kFolded) == 0);
}

TEST_CASE("a server does not start over a ledger that does not fold, and changes nothing") {
  EngineRig rig;
  rig.open();
  rig.run(credit("kept", 3));
  rig.damage("UPDATE projection_shape SET shape = 'earlier' WHERE name = 'account'");
  rig.damage(
      "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), 'amount', 'amoumt')"
      " AS BLOB)");
  const auto refused = rig.try_open();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == FaultKind::corrupt);
}

}  // namespace
}  // namespace holdpoint::test
