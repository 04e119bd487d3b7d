// The stored tree at the edges of its tiles: every proof it gives is accepted by the verifier.
#include "engine/log_tree.hpp"

#include <doctest/doctest.h>

#include <map>

#include "engine/tables.hpp"
#include "platform/storage/sqlite.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

/// A log of leaves made up, stored in batches, with the root it had at each wanted size.
class StoredTree {
 public:
  StoredTree() {
    auto opened = storage::open_sqlite({.path = scratch_.path("tree.db"), .vfs = {}});
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
    engine::create_tables(tables(), engine::engine_tables());
  }

  engine::Connection& tables() { return store_->writer(); }

  void grow_to(std::uint64_t size) {
    tables().exec("BEGIN");
    std::vector<Digest> leaves;
    for (std::uint64_t seq = range_.size(); seq < size; ++seq) {
      leaves.push_back(ledger::leaf_hash("entry " + std::to_string(seq)));
      tables().exec(
          "INSERT INTO ledger_entry (workspace, seq, id, type, at, subject_kind, subject_id,"
          " entry, leaf_hash) VALUES ('main', $1, '', '', 0, '', '', x'', $2)",
          seq, leaves.back());
    }
    engine::store_leaves(tables(), "main", range_, leaves, kRigStart);
    tables().exec("COMMIT");
    roots_[size] = range_.root();
  }

  [[nodiscard]] const std::map<std::uint64_t, Digest>& roots() const { return roots_; }
  ledger::SubtreeSource source() { return engine::subtree_source(tables(), "main"); }

 private:
  Scratch scratch_;
  std::unique_ptr<engine::Store> store_;
  ledger::CompactRange range_;
  std::map<std::uint64_t, Digest> roots_;
};

const std::vector<std::uint64_t> kEdges{1,   2,   3,      255,    256,    257,   511,
                                        512, 513, 65'535, 65'536, 65'537, 65'792};

TEST_CASE("the stored tree proves every entry and every growth around the edges of its tiles") {
  StoredTree tree;
  for (const std::uint64_t size : kEdges) tree.grow_to(size);
  std::size_t proved = 0;
  for (const auto& [size, root] : tree.roots()) {
    CAPTURE(size);
    CHECK(engine::root_at(size, tree.source()) == root);
    for (const std::uint64_t edge : kEdges) {
      if (edge > size) break;
      const std::uint64_t index = edge - 1;
      const auto proof = ledger::inclusion_proof(index, size, tree.source());
      REQUIRE(proof.has_value());
      const auto leaf = ledger::leaf_hash("entry " + std::to_string(index));
      CHECK(ledger::verify_inclusion({leaf, index, size, root}, *proof).has_value());
      const auto growth = ledger::consistency_proof(edge, size, tree.source());
      REQUIRE(growth.has_value());
      CHECK(ledger::verify_consistency({edge, tree.roots().at(edge), size, root}, *growth)
                .has_value());
      ++proved;
    }
  }
  CHECK(proved == kEdges.size() * (kEdges.size() + 1) / 2);
}

TEST_CASE("the stored head is read back as it was written, and an empty log has none") {
  StoredTree tree;
  CHECK_FALSE(engine::load_head(tree.tables(), "main").has_value());
  for (const std::uint64_t size : {1U, 255U, 256U, 300U}) {
    tree.grow_to(size);
    const auto head = engine::load_head(tree.tables(), "main");
    REQUIRE(head.has_value());
    CHECK(head->range.size() == size);
    CHECK(head->range.root() == tree.roots().at(size));
    CHECK(head->at == kRigStart);
  }
}

TEST_CASE("one row is stored for every 256 entries and one for every 65536") {
  StoredTree tree;
  tree.grow_to(65'536 + 255);
  const auto rows = [&](int level) {
    return tree.tables().integer("SELECT count(*) FROM ledger_subtree WHERE level = $1", level);
  };
  CHECK(rows(8) == 256);
  CHECK(rows(16) == 1);
  CHECK(tree.tables().integer("SELECT count(*) FROM ledger_subtree") == 257);
}

TEST_CASE("a damaged head row is told apart from a head") {
  StoredTree tree;
  tree.grow_to(5);
  const auto damaged = [&](std::string_view sql) {
    tree.tables().exec("SAVEPOINT damage");
    tree.tables().exec(sql);
    CHECK_THROWS_AS(engine::load_head(tree.tables(), "main"), engine::StoreFailed);
    tree.tables().exec("ROLLBACK TO damage");
    tree.tables().exec("RELEASE damage");
  };
  damaged("UPDATE ledger_head SET size = 7");
  damaged("UPDATE ledger_head SET root = zeroblob(32)");
  damaged("UPDATE ledger_head SET frontier = zeroblob(64)");
  damaged("UPDATE ledger_head SET frontier = zeroblob(63)");
  CHECK_NOTHROW(engine::load_head(tree.tables(), "main"));
}

TEST_CASE("a missing hash is a fault of the store, not a wrong proof") {
  StoredTree tree;
  tree.grow_to(600);
  tree.tables().exec("DELETE FROM ledger_subtree WHERE level = 8 AND position = 0");
  CHECK_THROWS_AS(ledger::inclusion_proof(599, 600, tree.source()), engine::StoreFailed);
}

}  // namespace
}  // namespace holdpoint::test
