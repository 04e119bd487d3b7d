// The Merkle tree of one workspace's log as the database holds it: leaf hashes stand with their
// entries, complete subtrees of every eighth level in their own rows, so that an append writes one
// extra row per 256 entries and any proof reads at most a few hundred hashes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/module.hpp"

namespace holdpoint::engine {

inline constexpr unsigned kSubtreeLevelStep = 8;

struct StoredHead {
  ledger::CompactRange range;
  Instant at;
};

/// The head row; nullopt when the log has no entry. Throws StoreFailed (corrupt) when the row is
/// not a head.
std::optional<StoredHead> load_head(Connection& tables, std::string_view workspace);

/// Appends leaves to the range and writes the closed subtrees and the head row.
void store_leaves(Connection& tables, const std::string& workspace, ledger::CompactRange& range,
                  const std::vector<Digest>& leaves, Instant at);

/// Hashes of complete subtrees, for proofs. The connection MUST outlive the source.
ledger::SubtreeSource subtree_source(Connection& tables, std::string workspace);

/// The root the log had at an earlier size.
Digest root_at(std::uint64_t size, const ledger::SubtreeSource& source);

}  // namespace holdpoint::engine
