// See merkle.hpp. Verification follows the iterative algorithms of RFC 9162; generation goes
// through the subtree functions, of which the classic proofs are one case.
#include "ledger/merkle.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "ledger/subtree.hpp"

namespace holdpoint::ledger {
namespace {

constexpr bool is_odd(std::uint64_t number) { return (number & 1) != 0; }

struct PathShape {
  std::size_t inner;   // hashes below the point where the path meets the right edge
  std::size_t border;  // hashes of whole subtrees to the left, above that point
};

PathShape path_shape(std::uint64_t index, std::uint64_t size) {
  const auto inner = static_cast<std::size_t>(std::bit_width(index ^ (size - 1)));
  const std::uint64_t above = inner >= 64 ? 0 : index >> inner;
  return {inner, static_cast<std::size_t>(std::popcount(above))};
}

std::size_t consistency_length(std::uint64_t old_size, std::uint64_t new_size) {
  const PathShape shape = path_shape(old_size - 1, new_size);
  const auto shift = static_cast<std::size_t>(std::countr_zero(old_size));
  const std::size_t start = std::has_single_bit(old_size) ? 0 : 1;
  return start + shape.inner - shift + shape.border;
}

/// Where a verifier stands: the node on the path, and the last node, of one level.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  [[nodiscard]] bool takes_left() const { return is_odd(node) || node == last; }
  void up() {
    node >>= 1;
    last >>= 1;
  }
  /// Skips the levels on which the path's node has no sibling.
  void skip_lonely() {
    while (!is_odd(node) && node != 0) up();
  }
};

}  // namespace

Digest leaf_hash(std::string_view entry) {
  thread_local Sha256 hasher;
  return hasher.update(std::string_view("\0", 1)).update(entry).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<char, 65> bytes;
  bytes[0] = 1;
  std::memcpy(bytes.data() + 1, left.bytes.data(), 32);
  std::memcpy(bytes.data() + 33, right.bytes.data(), 32);
  return sha256({bytes.data(), bytes.size()});
}

Digest empty_root() { return sha256({}); }

std::optional<CompactRange> CompactRange::restore(std::uint64_t size,
                                                  std::vector<Digest> frontier) {
  if (frontier.size() != static_cast<std::size_t>(std::popcount(size))) return std::nullopt;
  CompactRange range;
  range.size_ = size;
  range.frontier_ = std::move(frontier);
  return range;
}

void CompactRange::append(const Digest& leaf) { append(leaf, SubtreeSink()); }

void CompactRange::append(const Digest& leaf, const SubtreeSink& sink) {
  Digest hash = leaf;
  unsigned level = 0;
  std::uint64_t index = size_;
  if (sink) sink(level, index, hash);
  while (is_odd(index)) {
    hash = node_hash(frontier_.back(), hash);
    frontier_.pop_back();
    index >>= 1;
    ++level;
    if (sink) sink(level, index, hash);
  }
  frontier_.push_back(hash);
  ++size_;
}

Digest CompactRange::root() const {
  if (frontier_.empty()) return empty_root();
  Digest root = frontier_.back();
  for (std::size_t i = frontier_.size() - 1; i > 0; --i) root = node_hash(frontier_[i - 1], root);
  return root;
}

std::string_view sentence(ProofIssue issue) {
  switch (issue) {
    case ProofIssue::index_beyond_size: return "the index is not in a tree of that size";
    case ProofIssue::old_beyond_new: return "the earlier tree is larger than the later one";
    case ProofIssue::old_empty: return "consistency with the empty tree proves nothing";
    case ProofIssue::wrong_length:
      return "the proof has more or fewer hashes than these sizes need";
    case ProofIssue::root_differs: return "the proof leads to another root";
    case ProofIssue::old_root_differs: return "the proof leads to another root of the earlier tree";
  }
  return "";
}

std::expected<std::vector<Digest>, ProofIssue> inclusion_proof(std::uint64_t index,
                                                               std::uint64_t size,
                                                               const SubtreeSource& source) {
  if (index >= size) return std::unexpected(ProofIssue::index_beyond_size);
  return subtree_inclusion_proof(index, {0, size}, source);
}

std::expected<std::vector<Digest>, ProofIssue> consistency_proof(std::uint64_t old_size,
                                                                 std::uint64_t new_size,
                                                                 const SubtreeSource& source) {
  if (old_size > new_size) return std::unexpected(ProofIssue::old_beyond_new);
  if (old_size == new_size) return std::vector<Digest>();
  if (old_size == 0) return std::unexpected(ProofIssue::old_empty);
  return subtree_consistency_proof({0, old_size}, new_size, source);
}

std::expected<void, ProofIssue> verify_inclusion(const InclusionClaim& claim,
                                                 std::span<const Digest> proof) {
  if (claim.index >= claim.size) return std::unexpected(ProofIssue::index_beyond_size);
  const PathShape shape = path_shape(claim.index, claim.size);
  if (proof.size() != shape.inner + shape.border) return std::unexpected(ProofIssue::wrong_length);
  Climb climb{claim.index, claim.size - 1};
  Digest root = claim.leaf;
  for (const Digest& hash : proof) {
    if (climb.last == 0) return std::unexpected(ProofIssue::wrong_length);
    if (climb.takes_left()) {
      root = node_hash(hash, root);
      climb.skip_lonely();
    } else {
      root = node_hash(root, hash);
    }
    climb.up();
  }
  if (climb.last != 0) return std::unexpected(ProofIssue::wrong_length);
  if (root != claim.root) return std::unexpected(ProofIssue::root_differs);
  return {};
}

std::expected<void, ProofIssue> verify_consistency(const ConsistencyClaim& claim,
                                                   std::span<const Digest> proof) {
  if (claim.old_size > claim.new_size) return std::unexpected(ProofIssue::old_beyond_new);
  if (claim.old_size == claim.new_size) {
    if (!proof.empty()) return std::unexpected(ProofIssue::wrong_length);
    if (claim.old_root != claim.new_root) return std::unexpected(ProofIssue::root_differs);
    return {};
  }
  if (claim.old_size == 0) return std::unexpected(ProofIssue::old_empty);
  if (proof.size() != consistency_length(claim.old_size, claim.new_size)) {
    return std::unexpected(ProofIssue::wrong_length);
  }
  Climb climb{claim.old_size - 1, claim.new_size - 1};
  while (is_odd(climb.node)) climb.up();
  const bool old_is_subtree = std::has_single_bit(claim.old_size);
  Digest old_root = old_is_subtree ? claim.old_root : proof.front();
  Digest new_root = old_root;
  for (const Digest& hash : proof.subspan(old_is_subtree ? 0 : 1)) {
    if (climb.last == 0) return std::unexpected(ProofIssue::wrong_length);
    if (climb.takes_left()) {
      old_root = node_hash(hash, old_root);
      new_root = node_hash(hash, new_root);
      climb.skip_lonely();
    } else {
      new_root = node_hash(new_root, hash);
    }
    climb.up();
  }
  if (climb.last != 0) return std::unexpected(ProofIssue::wrong_length);
  if (old_root != claim.old_root) return std::unexpected(ProofIssue::old_root_differs);
  if (new_root != claim.new_root) return std::unexpected(ProofIssue::root_differs);
  return {};
}

}  // namespace holdpoint::ledger
