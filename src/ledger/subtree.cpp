// See subtree.hpp. Every split is at the largest power of two below the size (RFC 9162 §2.1.1); a
// part that is a complete aligned subtree comes from the source, the rest is hashed here.
#include "ledger/subtree.hpp"

#include <algorithm>
#include <bit>

#include "base/assert.hpp"

namespace holdpoint::ledger {
namespace {

constexpr std::uint64_t half_of_all = std::uint64_t{1} << 63;

/// The first leaf of the right part of a node with two leaves or more. std::bit_ceil is undefined
/// above 2^63, where the split is at 2^63.
std::uint64_t split_of(LeafRange node) {
  const bool huge = node.size() > half_of_all;
  return node.begin + (huge ? half_of_all : std::bit_ceil(node.size()) / 2);
}

}  // namespace

bool LeafRange::is_subtree() const {
  if (begin > end) return false;
  if (begin == 0 || begin == end) return true;
  return size() <= half_of_all && begin % std::bit_ceil(size()) == 0;
}

Digest subtree_root(LeafRange range, const SubtreeSource& source) {
  HP_ASSERT(range.is_subtree(), "LE-1: a root is asked for a subtree only");
  if (range.size() == 0) return empty_root();
  std::vector<Digest> parts;
  while (!std::has_single_bit(range.size())) {
    const std::uint64_t middle = split_of(range);
    const auto level = static_cast<unsigned>(std::countr_zero(middle - range.begin));
    parts.push_back(source(level, range.begin >> level));
    range.begin = middle;
  }
  const auto level = static_cast<unsigned>(std::countr_zero(range.size()));
  Digest root = source(level, range.begin >> level);
  for (; !parts.empty(); parts.pop_back()) root = node_hash(parts.back(), root);
  return root;
}

std::vector<Digest> subtree_inclusion_proof(std::uint64_t index, LeafRange range,
                                            const SubtreeSource& source) {
  HP_ASSERT(range.is_subtree() && index >= range.begin && index < range.end,
            "LE-2: a path is asked for a leaf of a subtree only");
  std::vector<Digest> proof;
  while (range.size() > 1) {
    const std::uint64_t middle = split_of(range);
    if (index < middle) {
      proof.push_back(subtree_root({middle, range.end}, source));
      range.end = middle;
    } else {
      proof.push_back(subtree_root({range.begin, middle}, source));
      range.begin = middle;
    }
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

std::vector<Digest> subtree_consistency_proof(LeafRange range, std::uint64_t size,
                                              const SubtreeSource& source) {
  HP_ASSERT(range.is_subtree() && range.end <= size,
            "LE-3: consistency is asked for a subtree of the tree only");
  std::vector<Digest> proof;
  if (range.size() == 0) return proof;
  LeafRange node{0, size};
  bool root_is_known = true;  // whoever checks holds the hash of the range itself
  while (range != node) {
    const std::uint64_t middle = split_of(node);
    if (range.end <= middle) {
      proof.push_back(subtree_root({middle, node.end}, source));
      node.end = middle;
      continue;
    }
    proof.push_back(subtree_root({node.begin, middle}, source));
    if (range.begin < middle) {
      root_is_known = false;
      range.begin = middle;
    }
    node.begin = middle;
  }
  if (!root_is_known) proof.push_back(subtree_root(node, source));
  std::reverse(proof.begin(), proof.end());
  return proof;
}

std::pair<LeafRange, LeafRange> covering_subtrees(LeafRange range) {
  HP_ASSERT(range.begin <= range.end, "LE-4: a range ends after it begins");
  if (range.size() <= 1) return {range, {range.end, range.end}};
  const std::uint64_t last = range.end - 1;
  const auto split = std::bit_width(range.begin ^ last) - 1;
  const std::uint64_t below = (std::uint64_t{1} << split) - 1;
  const std::uint64_t middle = last & ~below;
  const auto left_split = std::bit_width(~range.begin & below);
  const std::uint64_t begin = range.begin & ~((std::uint64_t{1} << left_split) - 1);
  return {{begin, middle}, {middle, range.end}};
}

}  // namespace holdpoint::ledger
