// The audit finds every kind of damage, says which, and finds nothing where there is none.
#include "engine/audit.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Outcome;
using engine::Unit;

const Digest kReceipt = sha256("a receipt");

/// 300 credits over three accounts, reviews, a receipt among the objects, and sealed values.
void fill(EngineRig& rig) {
  rig.open();
  REQUIRE(rig.objects.put("a receipt").has_value());
  for (int i = 0; i < 300; ++i) rig.submit(credit("account-" + std::to_string(i % 3), 1 + i));
  rig.submit(credit("watched", 5));
  rig.submit(command([](Unit& unit) -> Outcome {
    unit.record({"account", "sealed"}, AccountCredited{"sealed", 1, ObjectRef{kReceipt}},
                {{"/name", "per_ada", "Ada"}});
    return Answer{};
  }));
  rig.step();
}

TEST_CASE("the audit of an intact store finds nothing and says what it read") {
  EngineRig rig;
  fill(rig);
  const auto scratch = rig.scratch_store();
  const auto report = engine::audit(rig.engine(), *scratch, [](std::string_view, std::uint64_t) {});
  REQUIRE(report.has_value());
  CHECK(report->findings == std::vector<std::string>{});
  CHECK(report->entries == 303);
  CHECK(report->workspaces == 1);
  CHECK(report->projection_rows == 6);
  CHECK(report->sealed_values == 1);
  CHECK(report->objects == 1);
  CHECK(report->object_bytes == 9);
}

struct Damage {
  const char* what;
  const char* sql;
  const char* sentence;
};

// The entry's bytes are changed inside strings and numbers, so that some still decode.
const Damage kDamages[] = {
    {"a changed byte in an entry",
     "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), '\"amount\":8',"
     " '\"amount\":9') AS BLOB) WHERE seq = 7",
     "log main entry 7: its bytes are not those of its leaf hash"},
    {"a changed amount, seen in the balance",
     "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), '\"amount\":8',"
     " '\"amount\":9') AS BLOB) WHERE seq = 7",
     "table account: lacks the row (workspace = main, account = account-1, balance = 15051)"},
    {"an entry whose body is none of its type",
     "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), 'amount', 'amoumt')"
     " AS BLOB) WHERE seq = 7",
     "log main entry 7: folding it again failed: "},
    {"an entry that is no envelope", "UPDATE ledger_entry SET entry = x'7b7d' WHERE seq = 7",
     "log main entry 7: "},
    {"an entry replaced together with its leaf hash",
     "UPDATE ledger_entry SET (entry, leaf_hash) = (SELECT entry, leaf_hash FROM ledger_entry"
     " WHERE seq = 8) WHERE seq = 7",
     "log main: the stored head is not the root over its 303 entries"},
    {"a changed leaf hash", "UPDATE ledger_entry SET leaf_hash = zeroblob(32) WHERE seq = 7",
     "log main entry 7: its bytes are not those of its leaf hash"},
    {"a changed type beside the entry",
     "UPDATE ledger_entry SET type = 'account.closed' "
     "WHERE seq = 7",
     "log main entry 7: the columns beside the entry do not say what it says"},
    {"a changed time beside the entry", "UPDATE ledger_entry SET at = at + 1 WHERE seq = 7",
     "log main entry 7: the columns beside the entry do not say what it says"},
    {"a changed subject beside the entry",
     "UPDATE ledger_entry SET subject_id = 'account-0' WHERE seq = 7",
     "log main entry 7: the columns beside the entry do not say what it says"},
    {"a missing entry", "DELETE FROM ledger_entry WHERE seq = 7",
     "log main entry 8: expected entry 7"},
    {"a missing last entry", "DELETE FROM ledger_entry WHERE seq = 302",
     "log main: the stored head is not the root over its 302 entries"},
    {"a changed projection row",
     "UPDATE account SET balance = balance + 1 "
     "WHERE account = 'account-1'",
     "table account: the ledger does not explain the row (workspace = main, account = account-1,"},
    {"an extra projection row", "INSERT INTO account VALUES ('main', 'ghost', 1000)",
     "table account: the ledger does not explain the row (workspace = main, account = ghost,"},
    {"a projection row of a workspace that has no log",
     "INSERT INTO review VALUES ('other', 'ghost', 1, 1)",
     "table review: the ledger does not explain the row (workspace = other,"},
    {"a missing projection row", "DELETE FROM review WHERE account = 'watched'",
     "table review: lacks the row (workspace = main, account = watched, reviews = 1,"},
    {"a damaged sealed box", "UPDATE ledger_sealed SET sealed = sealed || x'00'",
     "log main entry 301: vault: the bytes were not sealed for this place"},
    {"a missing sealed box", "DELETE FROM ledger_sealed",
     "log main entry 301: 1 sealed values are missing"},
    {"a sealed box of no entry", "INSERT INTO ledger_sealed VALUES ('main', 5, 'per_eve', x'00')",
     "log main: sealed values are there that belong to no entry"},
    {"a damaged head", "UPDATE ledger_head SET root = zeroblob(32)",
     "the stored head does not agree with its frontier"},
    {"a head of another size", "DELETE FROM ledger_head",
     "log main: the stored head is not the root over its 303 entries"},
    {"a changed subtree hash", "UPDATE ledger_subtree SET hash = zeroblob(32)",
     "log main: the stored hash of subtree 8/0 is not that of its entries"},
    {"a missing subtree hash", "DELETE FROM ledger_subtree",
     "log main: subtree hashes are missing, or belong to no entries"},
};

bool says(const std::vector<std::string>& findings, std::string_view sentence) {
  return std::ranges::any_of(findings, [&](const std::string& finding) {
    return finding.find(sentence) != std::string::npos;
  });
}

TEST_CASE("the audit finds each kind of damage to the database and says what it is") {
  for (const Damage& damage : kDamages) {
    EngineRig rig;
    fill(rig);
    rig.damage(damage.sql);
    const auto findings = rig.audit_findings();
    std::string all;
    for (const std::string& finding : findings) all += finding + "\n";
    CAPTURE(std::string(damage.what));
    CHECK_MESSAGE(says(findings, damage.sentence), all);
  }
}

TEST_CASE("the audit finds a changed object and a missing object") {
  EngineRig rig;
  fill(rig);
  rig.objects.damage(kReceipt);
  CHECK(says(rig.audit_findings(), "log main entry 301: "));
  EngineRig other;
  other.open();
  other.run(command([](Unit& unit) -> Outcome {
    unit.record({"account", "a"}, AccountCredited{"a", 1, ObjectRef{kReceipt}});
    return Answer{};
  }));
  CHECK(says(other.audit_findings(), "log main entry 0: "));
}

TEST_CASE("a store that is damaged all over gives a bounded list that says how much was left out") {
  EngineRig rig;
  fill(rig);
  rig.damage("UPDATE ledger_entry SET leaf_hash = zeroblob(32)");
  const auto findings = rig.audit_findings();
  REQUIRE(findings.size() == engine::kFindingsMax);
  CHECK(findings.back().find("findings more") != std::string::npos);
}

}  // namespace
}  // namespace holdpoint::test
