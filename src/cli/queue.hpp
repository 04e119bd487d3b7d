// Evidence that could not be sent because the server was away, kept on disk until `evidence send`.
// The directory is private and bounded; every report is kept with its digest, so that one that was
// changed in the meantime is never sent as what was measured.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/instant.hpp"
#include "cli/cli.hpp"
#include "cli/evidence.hpp"
#include "cli/failure.hpp"

namespace holdpoint::cli {

inline constexpr std::size_t queue_entries_max = 1'000;
inline constexpr std::uint64_t queue_bytes_max = 4'000'000'000;

struct QueuedReport {
  std::string server;
  std::string workspace;
  std::string release;
  std::string file_name;
  Digest digest;
  std::int64_t size = 0;
  Instant queued_at;
  std::map<std::string, std::string> query;
};

HP_DESCRIBE(QueuedReport, server, workspace, release, file_name, digest, size, queued_at, query)

struct QueueEntry {
  std::filesystem::path manifest;
  std::filesystem::path report;
  QueuedReport queued;
};

/// HOLDPOINT_QUEUE, or holdpoint/queue in XDG_STATE_HOME or ~/.local/state.
Tried<std::filesystem::path> queue_directory(const Environment& environment);

/// Copies the report; wrong use when the queue is full.
Tried<QueueEntry> enqueue(const std::filesystem::path& directory, const Report& report,
                          QueuedReport queued);
/// Oldest first. An unreadable manifest is a failure: nothing is passed over in silence.
Tried<std::vector<QueueEntry>> queued_reports(const std::filesystem::path& directory);
void forget(const QueueEntry& entry);

}  // namespace holdpoint::cli
