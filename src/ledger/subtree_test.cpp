// The four rolling vectors of draft-ietf-plants-merkle-tree-certs ("Subtree Test Vectors"): every
// subtree, path, consistency proof and covering of a tree of 130 one-byte leaves, folded into one
// digest each.
#include "ledger/subtree.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/tree_fixture.hpp"

namespace holdpoint::ledger {
namespace {

constexpr std::uint64_t size_max = 130;

std::string range_text(LeafRange range) {
  return "[" + std::to_string(range.begin) + ", " + std::to_string(range.end) + ")";
}

void fold(Sha256& hasher, const std::string& line, const std::vector<Digest>& hashes) {
  hasher.update(line);
  for (const Digest& hash : hashes) hasher.update(" " + hash.hex());
  hasher.update("\n");
}

TEST_CASE("the hash of every subtree is the published one") {
  TreeFixture tree = TreeFixture::of_bytes(size_max);
  Sha256 hasher;
  int lines = 0;
  for (std::uint64_t end = 0; end <= size_max; ++end) {
    for (std::uint64_t begin = 0; begin <= end; ++begin) {
      const LeafRange range{begin, end};
      if (!range.is_subtree()) continue;
      fold(hasher, range_text(range), {subtree_root(range, tree.source())});
      ++lines;
    }
  }
  CHECK(lines == 712);
  CHECK(hasher.finish().hex() ==
        "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
}

TEST_CASE("every inclusion proof is the published one") {
  TreeFixture tree = TreeFixture::of_bytes(size_max);
  Sha256 hasher;
  int lines = 0;
  for (std::uint64_t end = 0; end <= size_max; ++end) {
    for (std::uint64_t begin = 0; begin < end; ++begin) {
      const LeafRange range{begin, end};
      if (!range.is_subtree()) continue;
      for (std::uint64_t index = begin; index < end; ++index) {
        fold(hasher, std::to_string(index) + " " + range_text(range),
             subtree_inclusion_proof(index, range, tree.source()));
        ++lines;
      }
    }
  }
  CHECK(lines == 12'807);
  CHECK(hasher.finish().hex() ==
        "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
}

TEST_CASE("every consistency proof is the published one") {
  TreeFixture tree = TreeFixture::of_bytes(size_max);
  Sha256 hasher;
  int lines = 0;
  for (std::uint64_t size = 0; size <= size_max; ++size) {
    for (std::uint64_t end = 0; end <= size; ++end) {
      for (std::uint64_t begin = 0; begin <= end; ++begin) {
        const LeafRange range{begin, end};
        if (!range.is_subtree()) continue;
        fold(hasher, range_text(range) + " " + std::to_string(size),
             subtree_consistency_proof(range, size, tree.source()));
        ++lines;
      }
    }
  }
  CHECK(lines == 42'893);
  CHECK(hasher.finish().hex() ==
        "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74");
}

TEST_CASE("every covering by two subtrees is the published one") {
  Sha256 hasher;
  int lines = 0;
  for (std::uint64_t end = 0; end <= size_max; ++end) {
    for (std::uint64_t begin = 0; begin <= end; ++begin) {
      const auto [left, right] = covering_subtrees({begin, end});
      CHECK(left.is_subtree());
      CHECK(right.is_subtree());
      fold(hasher, range_text(left) + " " + range_text(right), {});
      ++lines;
    }
  }
  CHECK(lines == 8'646);
  CHECK(hasher.finish().hex() ==
        "7fd9c8b926e9d2b5cf831560e8ce295a5ef97ad5c5ede4ea0dea28a8c8fc8bb0");
}

TEST_CASE("a range that is no node of any tree is told apart") {
  CHECK(LeafRange{0, 5}.is_subtree());
  CHECK(LeafRange{4, 7}.is_subtree());
  CHECK(LeafRange{7, 7}.is_subtree());
  CHECK(!LeafRange{2, 5}.is_subtree());
  CHECK(!LeafRange{5, 4}.is_subtree());
  CHECK(!LeafRange{1, UINT64_MAX}.is_subtree());
  CHECK(LeafRange{0, UINT64_MAX}.is_subtree());
}

}  // namespace
}  // namespace holdpoint::ledger
