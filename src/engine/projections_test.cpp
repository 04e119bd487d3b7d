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
