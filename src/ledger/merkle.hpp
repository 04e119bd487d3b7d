// The Merkle tree of RFC 6962 §2.1 (= RFC 9162 §2.1) over SHA-256: hashing, the compact range that
// appends, and the two proofs every client can check: that an entry is in the tree, and that a
// later tree only added to an earlier one. Storage is a function handed in; nothing here does I/O.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace holdpoint::ledger {

/// A path of 64 hashes proves a leaf among 2^64; no honest proof is longer. A consistency proof has
/// one hash more.
inline constexpr std::size_t proof_hashes_max = 65;

/// SHA-256(0x00 || entry).
Digest leaf_hash(std::string_view entry);
/// SHA-256(0x01 || left || right).
Digest node_hash(const Digest& left, const Digest& right);
/// SHA-256 of nothing: the root of the tree of size 0.
Digest empty_root();

/// Gives the hash of the complete subtree of leaves [index * 2^level, (index + 1) * 2^level).
/// Proof functions ask only for complete subtrees within the size they were given.
using SubtreeSource = std::function<Digest(unsigned level, std::uint64_t index)>;
/// Told of every complete subtree that an append closes, the leaf (level 0) first.
using SubtreeSink = std::function<void(unsigned level, std::uint64_t index, const Digest& hash)>;

/// The right edge of a growing tree: one hash per 1-bit of the size, largest subtree first.
class CompactRange {
 public:
  CompactRange() = default;
  /// nullopt unless the frontier has exactly popcount(size) hashes.
  static std::optional<CompactRange> restore(std::uint64_t size, std::vector<Digest> frontier);

  /// Appends one leaf hash; amortised O(1) hashes.
  void append(const Digest& leaf);
  void append(const Digest& leaf, const SubtreeSink& sink);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Digest root() const;
  [[nodiscard]] const std::vector<Digest>& frontier() const { return frontier_; }

  bool operator==(const CompactRange&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> frontier_;
};

enum class ProofIssue : std::uint8_t {
  index_beyond_size,  // the leaf is not in a tree of that size
  old_beyond_new,     // the earlier tree is larger than the later one
  old_empty,          // consistency with the empty tree proves nothing and has no proof
  wrong_length,       // the proof has more or fewer hashes than these sizes need
  root_differs,       // the hashes lead to another root
  old_root_differs,   // the hashes lead to another root of the earlier tree
};
std::string_view sentence(ProofIssue issue);

/// The hashes beside the path from leaf to root, the leaf's sibling first (RFC 9162 §2.1.3.1).
std::expected<std::vector<Digest>, ProofIssue> inclusion_proof(std::uint64_t index,
                                                               std::uint64_t size,
                                                               const SubtreeSource& source);
/// RFC 9162 §2.1.4.1. Empty when the sizes are equal.
std::expected<std::vector<Digest>, ProofIssue> consistency_proof(std::uint64_t old_size,
                                                                 std::uint64_t new_size,
                                                                 const SubtreeSource& source);

struct InclusionClaim {
  Digest leaf;
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  Digest root;
};
/// RFC 9162 §2.1.3.2, with the exact proof length demanded before anything is hashed.
std::expected<void, ProofIssue> verify_inclusion(const InclusionClaim& claim,
                                                 std::span<const Digest> proof);

struct ConsistencyClaim {
  std::uint64_t old_size = 0;
  Digest old_root;
  std::uint64_t new_size = 0;
  Digest new_root;
};
/// RFC 9162 §2.1.4.2, with the exact proof length demanded before anything is hashed. Equal sizes
/// need equal roots and no hashes.
std::expected<void, ProofIssue> verify_consistency(const ConsistencyClaim& claim,
                                                   std::span<const Digest> proof);

}  // namespace holdpoint::ledger
