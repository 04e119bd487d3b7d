// holdpoint evidence send: sends what was queued while the server was away. Exit 0 means that the
// queue of this server and workspace is empty and everything in it was accepted as complete.
#include <ostream>

#include "cli/commands.hpp"
#include "cli/evidence.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"
#include "cli/queue.hpp"

namespace holdpoint::cli {
namespace {

bool is_for(const QueueEntry& entry, const Session& session) {
  return entry.queued.server == session.server() && entry.queued.workspace == session.workspace();
}

Tried<Report> report_of(const QueueEntry& entry) {
  HP_TRY(const HashedFile present, hash_file(entry.report));
  if (present.digest != entry.queued.digest) {
    Failure failure{Exit::no,
                    Cause::local,
                    "The queued report was changed on disk and is not sent.",
                    entry.report.string(),
                    "",
                    0};
    failure.next.push_back({"you", "Remove it and add the original report again.", ""});
    return std::unexpected(std::move(failure));
  }
  Report report{entry.queued.release, entry.report, present.digest, present.size, {}};
  for (const auto& [name, value] : entry.queued.query) report.query.emplace_back(name, value);
  return report;
}

/// A report that the server took is forgotten, whatever it found in it.
Exit send_one(const QueueEntry& entry, Session& session) {
  const auto report = report_of(entry);
  if (!report) return session.fail(report.error());
  const auto answer = send_report(*report, session);
  if (!answer) return session.fail(answer.error());
  const Exit result = show_evidence(*answer, session);
  if (result != Exit::unknown) forget(entry);
  return result;
}

Exit send(Session& session) {
  const auto directory = queue_directory(session.environment());
  if (!directory) return session.fail(directory.error());
  const auto entries = queued_reports(*directory);
  if (!entries) return session.fail(entries.error());
  Exit result = Exit::yes;
  std::size_t sent = 0;
  std::size_t elsewhere = 0;
  for (const QueueEntry& entry : *entries) {
    if (!is_for(entry, session)) {
      ++elsewhere;
      continue;
    }
    const Exit one = send_one(entry, session);
    result = worst(result, one);
    if (one == Exit::unknown) break;
    ++sent;
  }
  session.note(std::to_string(sent) + " of " + std::to_string(entries->size() - elsewhere) +
               " queued reports were handled.");
  if (elsewhere > 0) {
    session.note(std::to_string(elsewhere) +
                 " are for another server or workspace; name it with --server and --workspace.");
  }
  return result;
}

}  // namespace

Command evidence_send_command() {
  return {"evidence send", "Send the evidence that was queued while the server was away", {}, send};
}

}  // namespace holdpoint::cli
