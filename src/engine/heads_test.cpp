// Signed heads: what was shown to the world is never taken back, and what is shown can be proved.
#include "engine/heads.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

namespace fs = std::filesystem;

ledger::Checkpoint opened(engine::Engine& engine, std::string_view note) {
  const std::vector<ledger::VerifierKey> keys{engine.verifier_key("main")};
  const auto checkpoint = ledger::open_checkpoint(note, keys);
  REQUIRE(checkpoint.has_value());
  return checkpoint->checkpoint;
}

TEST_CASE("a log without entries has no head to sign") {
  EngineRig rig;
  rig.open();
  const auto note = rig.engine().checkpoint("main");
  REQUIRE_FALSE(note.has_value());
  CHECK(note.error().kind == FaultKind::not_found);
}

TEST_CASE("a signed head names its log and is kept outside the database before it is shown") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1));
  const auto note = rig.engine().checkpoint("main");
  REQUIRE(note.has_value());
  CHECK(opened(rig.engine(), *note).origin == "test.example/main");
  CHECK(opened(rig.engine(), *note).size == 1);
  CHECK(*rig.heads.load("main") == *note);
}

TEST_CASE("a receipt proves that an entry is in the log, and no other entry in its place") {
  EngineRig rig;
  rig.open();
  for (int i = 0; i < 30; ++i) rig.submit(credit("a", i + 1));
  rig.step();
  for (std::uint64_t index : {0U, 1U, 15U, 29U}) {
    const auto receipt = rig.engine().receipt("main", index);
    REQUIRE(receipt.has_value());
    const auto head = opened(rig.engine(), receipt->checkpoint);
    ledger::InclusionClaim claim{ledger::leaf_hash(receipt->entry), index, head.size, head.root};
    CHECK(ledger::verify_inclusion(claim, receipt->proof).has_value());
    claim.leaf = ledger::leaf_hash(receipt->entry + " ");
    CHECK_FALSE(ledger::verify_inclusion(claim, receipt->proof).has_value());
  }
  const auto beyond = rig.engine().receipt("main", 30);
  REQUIRE_FALSE(beyond.has_value());
  CHECK(beyond.error().kind == FaultKind::not_found);
}

TEST_CASE("any two heads that were ever signed are proved consistent") {
  EngineRig rig;
  rig.open();
  std::vector<ledger::Checkpoint> heads;
  for (int i = 0; i < 12; ++i) {
    for (int j = 0; j <= i; ++j) rig.submit(credit("a", 1));
    rig.step();
    heads.push_back(opened(rig.engine(), *rig.engine().checkpoint("main")));
  }
  for (const auto& older : heads) {
    for (const auto& newer : heads) {
      if (older.size > newer.size) continue;
      const auto proof = rig.engine().consistency("main", older.size, newer.size);
      REQUIRE(proof.has_value());
      CHECK(ledger::verify_consistency({older.size, older.root, newer.size, newer.root}, *proof)
                .has_value());
    }
  }
  CHECK_FALSE(rig.engine().consistency("main", 1, 1'000).has_value());
}

TEST_CASE("a head over a shorter log than the one signed before is not signed") {
  EngineRig rig;
  rig.open();
  for (int i = 0; i < 3; ++i) rig.run(credit("a", 1));
  REQUIRE(rig.engine().checkpoint("main").has_value());
  const auto kept = *rig.heads.load("main");
  rig.damage("DELETE FROM ledger_head WHERE workspace = 'main'");
  rig.damage("DELETE FROM ledger_entry WHERE seq > 0");
  auto& tables = rig.store().writer();
  ledger::CompactRange range;
  std::vector<Digest> leaves;
  tables.query("SELECT leaf_hash FROM ledger_entry",
               [&](const engine::Row& row) { leaves.push_back(*Digest::from_bytes(row.blob(0))); });
  range.append(leaves.at(0));
  tables.exec(
      "INSERT INTO ledger_head (workspace, size, at, root, frontier)"
      " VALUES ('main', 1, 0, $1, $1)",
      leaves[0]);
  const auto note = rig.engine().checkpoint("main");
  REQUIRE_FALSE(note.has_value());
  CHECK(note.error().kind == FaultKind::corrupt);
  CHECK(*rig.heads.load("main") == kept);
}

/// Makes the database what it was when `copy` was taken.
void restore(EngineRig& rig, const std::string& copy) {
  rig.close();
  for (const auto* suffix : {"", "-wal", "-shm"}) fs::remove(rig.database + suffix);
  fs::copy_file(copy, rig.database);
}

std::string backup(EngineRig& rig) {
  rig.close();
  const std::string copy = rig.scratch.path("backup.db");
  fs::copy_file(rig.database, copy);
  rig.open();
  return copy;
}

TEST_CASE("a database restored from an older backup is refused at the start") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1));
  const std::string copy = backup(rig);
  rig.run(credit("a", 1));
  restore(rig, copy);
  const auto refused = rig.try_open();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == FaultKind::corrupt);
  CHECK(refused.error().text().find("--accept-rollback") != std::string::npos);
}

TEST_CASE("a rollback is accepted with a reason, which stands in the system's log for good") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1));
  const std::string copy = backup(rig);
  rig.run(credit("a", 1));
  restore(rig, copy);
  rig.options.accept_rollback_because = "the disk of node one died";
  REQUIRE(rig.try_open().has_value());
  rig.step();
  std::string body;
  rig.engine().read()->query(
      "SELECT entry FROM ledger_entry WHERE workspace = 'system'",
      [&](const engine::Row& row) { body = engine::recorded_of("system", row.blob(0)).body; });
  const auto accepted = from_json_text<engine::RollbackAccepted>(body);
  REQUIRE(accepted.has_value());
  CHECK(accepted->log == "main");
  CHECK(accepted->kept_size == 2);
  CHECK(accepted->found_size == 1);
  CHECK(accepted->reason == "the disk of node one died");
  rig.options.accept_rollback_because.reset();
  rig.run(credit("a", 1));
  CHECK(rig.try_open().has_value());
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("a log that the database lost whole is not begun anew under its old name") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1));
  REQUIRE(rig.engine().checkpoint("main").has_value());
  const auto kept = *rig.heads.load("main");
  rig.damage("DELETE FROM ledger_head");
  rig.damage("DELETE FROM ledger_entry");
  rig.close();
  REQUIRE(rig.try_open().has_value());
  rig.run(credit("b", 7));
  const auto note = rig.engine().checkpoint("main");
  REQUIRE_FALSE(note.has_value());
  CHECK(note.error().kind == FaultKind::corrupt);
  CHECK(*rig.heads.load("main") == kept);
  CHECK_FALSE(rig.try_open().has_value());
}

TEST_CASE("a database of the same length with another content is refused too") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1));
  const std::string copy = backup(rig);
  rig.run(credit("a", 1));
  const auto kept = *rig.heads.load("main");
  restore(rig, copy);
  rig.options.accept_rollback_because = "to make another second entry";
  REQUIRE(rig.try_open().has_value());
  rig.run(credit("b", 7));
  rig.options.accept_rollback_because.reset();
  REQUIRE(rig.heads.save("main", *kept).has_value());
  const auto refused = rig.try_open();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == FaultKind::corrupt);
}

TEST_CASE("a kept head by another key or server name stops the start") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1));
  rig.close();
  rig.options.server_name = "other.example";
  const auto refused = rig.try_open();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text().find("signing key or the server name") != std::string::npos);
}

}  // namespace
}  // namespace holdpoint::test
