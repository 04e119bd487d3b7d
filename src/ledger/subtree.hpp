// Roots and proofs of any range of leaves that is a node of some Merkle tree (the "subtrees" of
// draft-ietf-plants-merkle-tree-certs). The classic proofs are the case begin = 0; a range that
// begins elsewhere lets a follower check a batch of entries alone.
#pragma once

#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "ledger/merkle.hpp"

namespace holdpoint::ledger {

/// Leaves [begin, end).
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  auto operator<=>(const LeafRange&) const = default;
  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  /// Whether the range is a subtree: empty, from 0, or aligned to the power of two that covers it.
  [[nodiscard]] bool is_subtree() const;
};

/// MTH of the leaves. `range` MUST be a subtree.
Digest subtree_root(LeafRange range, const SubtreeSource& source);

/// The path of leaf `index` to the root of `range`. `range` MUST be a subtree that holds the leaf.
std::vector<Digest> subtree_inclusion_proof(std::uint64_t index, LeafRange range,
                                            const SubtreeSource& source);

/// Proves that `range` is a part of the tree of `size` leaves. `range` MUST be a subtree within it.
std::vector<Digest> subtree_consistency_proof(LeafRange range, std::uint64_t size,
                                              const SubtreeSource& source);

/// One or two adjacent subtrees that together cover the range, the second possibly empty.
std::pair<LeafRange, LeafRange> covering_subtrees(LeafRange range);

}  // namespace holdpoint::ledger
