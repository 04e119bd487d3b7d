// The tree: published constants and roots, appending, and both proofs, including every way we could
// think of to bend one.
#include "ledger/merkle.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>

#include "base/encoding.hpp"
#include "support/tree_fixture.hpp"

namespace holdpoint::ledger {
namespace {

const std::vector<std::string>& classic_leaves() {
  static const std::vector<std::string> leaves = [] {
    std::vector<std::string> raw;
    for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                            "606162636465666768696a6b6c6d6e6f"}) {
      raw.push_back(*from_hex(hex));
    }
    return raw;
  }();
  return leaves;
}

constexpr const char* classic_roots[] = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

Digest with_bit_flipped(Digest digest, std::size_t bit) {
  digest.bytes[bit / 8 % 32] ^= static_cast<std::uint8_t>(1U << bit % 8);
  return digest;
}

using Proof = std::vector<Digest>;

/// Every proof that differs from an honest one by one flip, swap, cut or addition.
std::vector<Proof> bent(const Proof& proof) {
  std::vector<Proof> all;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Proof flipped = proof;
    flipped[i] = with_bit_flipped(flipped[i], i * 37 + 4);
    all.push_back(flipped);
    Proof without = proof;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(without);
    Proof twice = proof;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    all.push_back(twice);
    if (i + 1 < proof.size()) {
      Proof swapped = proof;
      std::swap(swapped[i], swapped[i + 1]);
      all.push_back(swapped);
    }
  }
  Proof before = proof;
  before.insert(before.begin(), Digest{});
  all.push_back(before);
  Proof after = proof;
  after.push_back(Digest{});
  all.push_back(after);
  if (!proof.empty()) all.push_back({});
  return all;
}

TEST_CASE("leaf, node and empty hashes are the published ones") {
  CHECK(empty_root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(leaf_hash("").hex() == classic_roots[0]);
  CHECK(leaf_hash("L123456").hex() ==
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

TEST_CASE("a leaf can never be taken for a node") {
  const Digest left = leaf_hash("a");
  const Digest right = leaf_hash("b");
  const std::string both = std::string(left.view()) + std::string(right.view());
  CHECK(leaf_hash(both) != node_hash(left, right));
  CHECK(leaf_hash('\1' + both) != node_hash(left, right));
  CHECK(node_hash(left, right) != node_hash(right, left));
}

TEST_CASE("the roots of the eight classic leaves are the published ones") {
  CompactRange range;
  CHECK(range.root() == empty_root());
  for (std::size_t i = 0; i < 8; ++i) {
    range.append(leaf_hash(classic_leaves()[i]));
    CHECK(range.size() == i + 1);
    CHECK(range.root().hex() == classic_roots[i]);
    CHECK(range.frontier().size() == static_cast<std::size_t>(std::popcount(i + 1)));
  }
}

TEST_CASE("the proofs of RFC 6962's example tree of seven leaves are those of its text") {
  TreeFixture tree = TreeFixture::of_bytes(7);
  const auto h = [&](std::uint64_t begin, std::uint64_t end) { return tree.hash(begin, end); };
  const Digest i = h(4, 6);
  const Digest j = h(6, 7);
  const Digest k = h(0, 4);
  const Digest l = h(4, 7);
  CHECK(*inclusion_proof(0, 7, tree.source()) == Proof{h(1, 2), h(2, 4), l});
  CHECK(*inclusion_proof(3, 7, tree.source()) == Proof{h(2, 3), h(0, 2), l});
  CHECK(*inclusion_proof(4, 7, tree.source()) == Proof{h(5, 6), j, k});
  CHECK(*inclusion_proof(6, 7, tree.source()) == Proof{i, k});
  CHECK(*consistency_proof(3, 7, tree.source()) == Proof{h(2, 3), h(3, 4), h(0, 2), l});
  CHECK(*consistency_proof(4, 7, tree.source()) == Proof{l});
  CHECK(*consistency_proof(6, 7, tree.source()) == Proof{i, j, k});
}

TEST_CASE("every entry of every tree is proved, and no bent proof passes") {
  TreeFixture tree = TreeFixture::of_bytes(130);
  for (const std::uint64_t size :
       {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64, 100, 127, 128, 130}) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const InclusionClaim claim{tree.hash(index, index + 1), index, size, tree.hash(0, size)};
      const Proof proof = *inclusion_proof(index, size, tree.source());
      REQUIRE(verify_inclusion(claim, proof).has_value());
      for (const Proof& wrong : bent(proof)) REQUIRE(!verify_inclusion(claim, wrong).has_value());
      for (InclusionClaim wrong : {claim, claim, claim, claim, claim}) {
        static int turn = 0;
        switch (turn++ % 5) {
          case 0: wrong.index = index ^ 2; break;
          case 1: wrong.index = index + 1; break;
          case 2: wrong.size = size + size; break;
          case 3: wrong.root = with_bit_flipped(wrong.root, index); break;
          case 4: wrong.leaf = with_bit_flipped(wrong.leaf, size); break;
        }
        REQUIRE(!verify_inclusion(wrong, proof).has_value());
      }
    }
  }
}

TEST_CASE("an index outside the tree is refused before any hash") {
  TreeFixture tree = TreeFixture::of_bytes(4);
  CHECK(inclusion_proof(4, 4, tree.source()).error() == ProofIssue::index_beyond_size);
  CHECK(inclusion_proof(0, 0, tree.source()).error() == ProofIssue::index_beyond_size);
  CHECK(verify_inclusion({tree.hash(0, 1), 1, 1, tree.hash(0, 1)}, {}).error() ==
        ProofIssue::index_beyond_size);
  CHECK(verify_inclusion({{}, UINT64_MAX, UINT64_MAX, {}}, {}).error() ==
        ProofIssue::index_beyond_size);
  CHECK(verify_inclusion({{}, UINT64_MAX - 1, UINT64_MAX, {}}, {}).error() ==
        ProofIssue::wrong_length);
  CHECK(verify_inclusion({{}, 0, UINT64_MAX, {}}, Proof(64)).error() == ProofIssue::root_differs);
}

TEST_CASE("every later tree is proved to hold every earlier one, and no bent proof passes") {
  TreeFixture tree = TreeFixture::of_bytes(70);
  for (std::uint64_t new_size = 1; new_size <= 70; ++new_size) {
    for (std::uint64_t old_size = 1; old_size <= new_size; ++old_size) {
      const ConsistencyClaim claim{old_size, tree.hash(0, old_size), new_size,
                                   tree.hash(0, new_size)};
      const Proof proof = *consistency_proof(old_size, new_size, tree.source());
      REQUIRE(verify_consistency(claim, proof).has_value());
      for (const Proof& wrong : bent(proof)) {
        REQUIRE(!verify_consistency(claim, wrong).has_value());
      }
      ConsistencyClaim wrong = claim;
      wrong.old_root = with_bit_flipped(wrong.old_root, old_size);
      REQUIRE(!verify_consistency(wrong, proof).has_value());
      wrong = claim;
      wrong.new_root = with_bit_flipped(wrong.new_root, new_size);
      REQUIRE(!verify_consistency(wrong, proof).has_value());
      wrong = claim;
      std::swap(wrong.old_root, wrong.new_root);
      REQUIRE(verify_consistency(wrong, proof).has_value() == (old_size == new_size));
    }
  }
}

TEST_CASE("an earlier tree of size zero, an equal and a larger one are told apart") {
  TreeFixture tree = TreeFixture::of_bytes(8);
  const Digest root = tree.hash(0, 8);
  CHECK(consistency_proof(0, 8, tree.source()).error() == ProofIssue::old_empty);
  CHECK(consistency_proof(9, 8, tree.source()).error() == ProofIssue::old_beyond_new);
  CHECK(consistency_proof(8, 8, tree.source())->empty());
  CHECK(verify_consistency({0, empty_root(), 8, root}, {}).error() == ProofIssue::old_empty);
  CHECK(verify_consistency({9, root, 8, root}, {}).error() == ProofIssue::old_beyond_new);
  CHECK(verify_consistency({8, root, 8, root}, {}).has_value());
  CHECK(verify_consistency({8, root, 8, empty_root()}, {}).error() == ProofIssue::root_differs);
  CHECK(verify_consistency({8, root, 8, root}, Proof{root}).error() == ProofIssue::wrong_length);
  CHECK(verify_consistency({4, tree.hash(0, 4), 8, root}, Proof{tree.hash(0, 4)}).error() ==
        ProofIssue::root_differs);
}

TEST_CASE("a consistency proof that leads to another earlier root says so") {
  TreeFixture tree = TreeFixture::of_bytes(8);
  const Proof proof = *consistency_proof(6, 8, tree.source());
  CHECK(verify_consistency({6, tree.hash(0, 5), 8, tree.hash(0, 8)}, proof).error() ==
        ProofIssue::old_root_differs);
  CHECK(!sentence(ProofIssue::old_root_differs).empty());
}

TEST_CASE("a range restored from its frontier goes on as if never stopped") {
  TreeFixture tree = TreeFixture::of_bytes(130);
  CompactRange whole;
  for (std::uint64_t size = 0; size < 130; ++size) {
    auto restored = CompactRange::restore(whole.size(), whole.frontier());
    REQUIRE(restored);
    REQUIRE(*restored == whole);
    whole.append(tree.hash(size, size + 1));
    restored->append(tree.hash(size, size + 1));
    REQUIRE(restored->root() == tree.hash(0, size + 1));
  }
  CHECK(!CompactRange::restore(3, {Digest{}}));
  CHECK(!CompactRange::restore(0, {Digest{}}));
  CHECK(CompactRange::restore(UINT64_MAX >> 1, Proof(63)));
}

TEST_CASE("an append tells of every subtree it closes, leaf first, each once") {
  TreeFixture tree = TreeFixture::of_bytes(128);
  std::map<std::pair<unsigned, std::uint64_t>, Digest> seen;
  CompactRange range;
  for (std::uint64_t i = 0; i < 128; ++i) {
    unsigned next_level = 0;
    range.append(tree.hash(i, i + 1), [&](unsigned level, std::uint64_t index, const Digest& h) {
      CHECK(level == next_level++);
      CHECK(h == tree.hash(index << level, (index + 1) << level));
      CHECK(seen.emplace(std::pair(level, index), h).second);
    });
  }
  CHECK(seen.size() == 255);
}

TEST_CASE("any leaf of any tree of any entries is proved") {
  CHECK(rc::check("inclusion and consistency hold", [] {
    const auto entries = *rc::gen::nonEmpty<std::vector<std::string>>();
    const auto size = entries.size();
    const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
    const auto old_size = *rc::gen::inRange<std::uint64_t>(1, size + 1);
    TreeFixture tree(entries);
    CompactRange range;
    for (const auto& entry : entries) range.append(leaf_hash(entry));
    const auto inclusion = inclusion_proof(index, size, tree.source());
    const auto consistency = consistency_proof(old_size, size, tree.source());
    return range.root() == tree.hash(0, size) &&
           verify_inclusion({leaf_hash(entries[index]), index, size, range.root()}, *inclusion)
               .has_value() &&
           verify_consistency({old_size, tree.hash(0, old_size), size, range.root()}, *consistency)
               .has_value();
  }));
}

}  // namespace
}  // namespace holdpoint::ledger
