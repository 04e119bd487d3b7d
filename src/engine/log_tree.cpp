// See log_tree.hpp.
#include "engine/log_tree.hpp"

#include <bit>
#include <memory>
#include <unordered_map>

namespace holdpoint::engine {
namespace {

[[noreturn]] void corrupt(std::string_view workspace, std::string what) {
  throw StoreFailed(StoreFailure::corrupt,
                    Fault{FaultKind::corrupt, "ledger " + std::string(workspace), std::move(what)});
}

/// Reads hashes in runs of one 256-leaf tile, because proofs ask for neighbours.
class Subtrees {
 public:
  Subtrees(Connection& tables, std::string workspace)
      : tables_(tables), workspace_(std::move(workspace)) {}

  Digest hash(unsigned level, std::uint64_t index) {
    const unsigned stored = level - level % kSubtreeLevelStep;
    if (level == stored) return stored_hash(level, index);
    const unsigned below = level % kSubtreeLevelStep;
    std::vector<Digest> row;
    const std::uint64_t first = index << below;
    for (std::uint64_t i = 0; i < (1ULL << below); ++i) {
      row.push_back(stored_hash(stored, first + i));
    }
    while (row.size() > 1) {
      for (std::size_t i = 0; i < row.size() / 2; ++i) {
        row[i] = ledger::node_hash(row[2 * i], row[2 * i + 1]);
      }
      row.resize(row.size() / 2);
    }
    return row.front();
  }

 private:
  Digest stored_hash(unsigned level, std::uint64_t index) {
    const std::uint64_t tile = index >> kSubtreeLevelStep;
    const std::uint64_t key = (static_cast<std::uint64_t>(level) << 58) | tile;
    auto found = tiles_.find(key);
    if (found == tiles_.end()) found = tiles_.emplace(key, load(level, tile)).first;
    const std::size_t offset = index & 255;
    if (offset >= found->second.size()) {
      corrupt(workspace_, "the hash of subtree " + std::to_string(level) + "/" +
                              std::to_string(index) + " is missing");
    }
    return found->second[offset];
  }

  std::vector<Digest> load(unsigned level, std::uint64_t tile) {
    std::vector<Digest> hashes;
    const std::uint64_t first = tile << kSubtreeLevelStep;
    const auto take = [&](const Row& row) {
      const auto digest = Digest::from_bytes(row.blob(1));
      if (!digest || static_cast<std::uint64_t>(row.integer(0)) != first + hashes.size()) {
        corrupt(workspace_, "the hashes of tile " + std::to_string(tile) + " have a gap");
      }
      hashes.push_back(*digest);
    };
    if (level == 0) {
      tables_.query(
          "SELECT seq, leaf_hash FROM ledger_entry"
          " WHERE workspace = $1 AND seq >= $2 AND seq < $3 ORDER BY seq",
          take, workspace_, first, first + 256);
    } else {
      tables_.query(
          "SELECT position, hash FROM ledger_subtree"
          " WHERE workspace = $1 AND level = $2 AND position >= $3 AND position < $4"
          " ORDER BY position",
          take, workspace_, level, first, first + 256);
    }
    return hashes;
  }

  Connection& tables_;
  std::string workspace_;
  std::unordered_map<std::uint64_t, std::vector<Digest>> tiles_;
};

}  // namespace

std::optional<StoredHead> load_head(Connection& tables, std::string_view workspace) {
  std::optional<StoredHead> head;
  tables.query(
      "SELECT size, at, root, frontier FROM ledger_head WHERE workspace = $1",
      [&](const Row& row) {
        std::vector<Digest> frontier;
        std::string_view bytes = row.blob(3);
        for (; bytes.size() >= 32; bytes.remove_prefix(32)) {
          frontier.push_back(*Digest::from_bytes(bytes.substr(0, 32)));
        }
        auto range = ledger::CompactRange::restore(static_cast<std::uint64_t>(row.integer(0)),
                                                   std::move(frontier));
        if (!bytes.empty() || !range || row.blob(2) != range->root().view()) {
          corrupt(workspace, "the stored head does not agree with its frontier");
        }
        head = StoredHead{std::move(*range), Instant{row.integer(1)}};
      },
      workspace);
  return head;
}

void store_leaves(Connection& tables, const std::string& workspace, ledger::CompactRange& range,
                  const std::vector<Digest>& leaves, Instant at) {
  for (const Digest& leaf : leaves) {
    range.append(leaf, [&](unsigned level, std::uint64_t index, const Digest& hash) {
      if (level == 0 || level % kSubtreeLevelStep != 0) return;
      tables.exec(
          "INSERT INTO ledger_subtree (workspace, level, position, hash)"
          " VALUES ($1, $2, $3, $4)",
          workspace, level, index, hash);
    });
  }
  std::string frontier;
  for (const Digest& hash : range.frontier()) frontier += hash.view();
  tables.exec(
      "INSERT INTO ledger_head (workspace, size, at, root, frontier) VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (workspace) DO UPDATE SET size = excluded.size, at = excluded.at,"
      " root = excluded.root, frontier = excluded.frontier",
      workspace, range.size(), at, range.root(), Blob{frontier});
}

ledger::SubtreeSource subtree_source(Connection& tables, std::string workspace) {
  auto subtrees = std::make_shared<Subtrees>(tables, std::move(workspace));
  return [subtrees](unsigned level, std::uint64_t index) { return subtrees->hash(level, index); };
}

Digest root_at(std::uint64_t size, const ledger::SubtreeSource& source) {
  if (size == 0) return ledger::empty_root();
  std::vector<Digest> frontier;
  std::uint64_t covered = 0;
  for (unsigned level = 64; level-- > 0;) {
    const std::uint64_t width = 1ULL << level;
    if ((size & width) == 0) continue;
    frontier.push_back(source(level, covered >> level));
    covered += width;
  }
  const auto range = ledger::CompactRange::restore(size, std::move(frontier));
  HP_ASSERT(range.has_value(), "EN-3: the binary digits of a size name its frontier");
  return range->root();
}

}  // namespace holdpoint::engine
