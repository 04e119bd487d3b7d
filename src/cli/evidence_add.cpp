// holdpoint evidence add: sends reports as the tools wrote them; the server recognises the format.
// When the server is away, and it was asked for, they are kept on disk; that is no success.
#include <memory>
#include <ostream>

#include "cli/ci.hpp"
#include "cli/commands.hpp"
#include "cli/evidence.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"
#include "cli/queue.hpp"
#include "cli/release_ref.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string release;
  std::vector<std::string> files;
  std::string name;
  std::string kind;
  std::string tool;
  std::string tool_version;
  std::string commit;
  std::string configuration;
  std::string pipeline_run;
  std::string started_at;
  bool queue_when_away = false;
};

Query query_for(const Options& options, const std::filesystem::path& file,
                const std::optional<CiRun>& ci) {
  const std::string run =
      !ci ? "" : (ci->run_url.empty() ? ci->provider + " " + ci->run_id : ci->run_url);
  return {{"name", options.name.empty() ? file.filename().string() : options.name},
          {"kind", options.kind},
          {"tool", options.tool},
          {"tool_version", options.tool_version},
          {"commit", options.commit.empty() && ci ? ci->commit : options.commit},
          {"configuration", options.configuration},
          {"pipeline_run", options.pipeline_run.empty() ? run : options.pipeline_run},
          {"started_at", options.started_at}};
}

Tried<Report> report_of(const Options& options, const std::string& file,
                        const std::optional<CiRun>& ci) {
  HP_TRY(const HashedFile hashed, hash_file(file));
  if (hashed.size == 0) {
    return wrong_use("The report is empty.", file, "Check that the tool ran to its end.");
  }
  if (hashed.size > report_bytes_max) {
    return wrong_use("The report is larger than " + size_text(report_bytes_max) + ".", file,
                     "Split it, or let the tool report less.");
  }
  return Report{options.release, file, hashed.digest, hashed.size, query_for(options, file, ci)};
}

Exit keep(const Report& report, const Failure& away, Session& session) {
  const auto directory = queue_directory(session.environment());
  if (!directory) return worst(Exit::unknown, session.fail(directory.error()));
  QueuedReport queued{session.server(),      session.workspace(),
                      report.release,        report.file.filename().string(),
                      report.digest,         static_cast<std::int64_t>(report.size),
                      session.world().now(), {}};
  for (const auto& [name, value] : report.query) {
    if (!value.empty()) queued.query.emplace(name, value);
  }
  const auto entry = enqueue(*directory, report, std::move(queued));
  if (!entry) {
    session.fail(away);
    return worst(Exit::unknown, session.fail(entry.error()));
  }
  session.fail(away);
  session.err() << "queued, NOT sent: " << printable(report.file.string()) << '\n'
                << "  kept at " << printable(entry->report.string()) << '\n'
                << "  → you: Send it when the server is back.\n      holdpoint evidence send\n";
  return Exit::unknown;
}

Exit add_one(const Options& options, const std::string& file, const std::optional<CiRun>& ci,
             Session& session) {
  const auto report = report_of(options, file, ci);
  if (!report) return session.fail(report.error());
  const auto answer = send_report(*report, session);
  if (answer) return show_evidence(*answer, session);
  if (options.queue_when_away && answer.error().cause == Cause::away) {
    return keep(*report, answer.error(), session);
  }
  return session.fail(answer.error());
}

Exit add(Options options, Session& session) {
  const auto ref = checked_release_ref(options.release);
  if (!ref) return session.fail(ref.error());
  if (!options.name.empty() && options.files.size() > 1) {
    return session.fail(wrong_use("--name names one report, and there are several.", "--name",
                                  "Add them one by one.")
                            .error());
  }
  const auto ci = detect_ci(session.environment());
  Exit result = Exit::yes;
  for (const std::string& file : options.files) {
    result = worst(result, add_one(options, file, ci, session));
  }
  return result;
}

}  // namespace

Command evidence_add_command() {
  const auto o = std::make_shared<Options>();
  return {
      "evidence add",
      "Send reports of tests, scans and builds",
      {{"release", "APP@VERSION", "The release they are about", &o->release, Presence::required},
       {"files",
        "FILE",
        "Reports; the format is recognised",
        &o->files,
        Presence::required,
        {},
        ValueKind::path},
       {"--name", "NAME", "Name of the evidence, instead of the file's", &o->name},
       {"--kind", "KIND", "Kind of evidence, when it cannot be recognised", &o->kind},
       {"--tool", "NAME", "Tool that wrote the report", &o->tool},
       {"--tool-version", "VERSION", "Its version", &o->tool_version},
       {"--commit", "SHA", "Commit that was tested, when it cannot be detected", &o->commit},
       {"--configuration", "NAME", "Configuration of the run", &o->configuration},
       {"--pipeline-run", "URL", "Pipeline run, when it cannot be detected", &o->pipeline_run},
       {"--started-at", "TIME", "When the run began, as 2026-01-31T12:00:00Z", &o->started_at},
       {"--queue-when-away", "", "Keep reports on disk when the server is away (exits 3)",
        &o->queue_when_away}},
      [o](Session& session) { return add(*o, session); }};
}

}  // namespace holdpoint::cli
