// The queue on disk: `<name>.report` with the bytes, then `<name>.json` that makes it count.
#include "cli/queue.hpp"

#include <algorithm>

#include "cli/local_file.hpp"

namespace holdpoint::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t manifest_bytes_max = 64U << 10;

/// Sorts by time; the digest keeps two reports of one moment apart.
std::string name_of(const QueuedReport& queued) {
  std::string time = std::to_string(queued.queued_at.us);
  time.insert(0, time.size() < 20 ? 20 - time.size() : 0, '0');
  return time + "-" + queued.digest.hex().substr(0, 16);
}

}  // namespace

Tried<fs::path> queue_directory(const Environment& environment) {
  if (const auto named = environment("HOLDPOINT_QUEUE"); named && !named->empty()) {
    return fs::path(*named);
  }
  if (const auto state = environment("XDG_STATE_HOME"); state && state->starts_with('/')) {
    return fs::path(*state) / "holdpoint" / "queue";
  }
  if (const auto home = environment("HOME"); home && !home->empty()) {
    return fs::path(*home) / ".local" / "state" / "holdpoint" / "queue";
  }
  return wrong_use("There is no place for the queue.", "", "Set HOME or HOLDPOINT_QUEUE.");
}

Tried<std::vector<QueueEntry>> queued_reports(const fs::path& directory) {
  std::vector<QueueEntry> entries;
  std::error_code error;
  if (!fs::exists(directory, error)) return entries;
  std::vector<fs::path> manifests;
  for (const auto& file : fs::directory_iterator(directory, error)) {
    if (file.path().extension() == ".json") manifests.push_back(file.path());
  }
  if (error) {
    return wrong_use("Cannot read the queue: " + error.message() + ".", directory.string(),
                     "Check its permissions.");
  }
  std::sort(manifests.begin(), manifests.end());
  for (const fs::path& manifest : manifests) {
    HP_TRY(const std::string text, read_file(manifest, manifest_bytes_max));
    auto queued = from_json_text<QueuedReport>(text);
    if (!queued || queued->size < 0) {
      return wrong_use("An entry of the queue is damaged.", manifest.string(),
                       "Look at it, remove it, and add the evidence again.");
    }
    fs::path report = manifest;
    report.replace_extension(".report");
    entries.push_back({manifest, std::move(report), std::move(*queued)});
  }
  return entries;
}

Tried<QueueEntry> enqueue(const fs::path& directory, const Report& report, QueuedReport queued) {
  HP_TRY_VOID(make_private_directory(directory));
  HP_TRY(const std::vector<QueueEntry> present, queued_reports(directory));
  std::uint64_t bytes = report.size;
  for (const QueueEntry& entry : present) bytes += static_cast<std::uint64_t>(entry.queued.size);
  if (present.size() >= queue_entries_max || bytes > queue_bytes_max) {
    return wrong_use("The queue is full; the evidence was NOT kept.", directory.string(),
                     "Run `holdpoint evidence send` when the server is back.");
  }
  QueueEntry entry{directory / (name_of(queued) + ".json"),
                   directory / (name_of(queued) + ".report"), std::move(queued)};
  HP_TRY(const HashedFile copied, copy_private_file(report.file, entry.report));
  if (copied.digest != report.digest) {
    return wrong_use("The file changed while it was read; it was NOT kept.", report.file.string(),
                     "Run the command when the report is complete.");
  }
  HP_TRY_VOID(write_private_file(entry.manifest, to_json_text(entry.queued) + "\n"));
  return entry;
}

void forget(const QueueEntry& entry) {
  // The manifest goes first: a report without one is not queued.
  std::error_code error;
  fs::remove(entry.manifest, error);
  fs::remove(entry.report, error);
}

}  // namespace holdpoint::cli
