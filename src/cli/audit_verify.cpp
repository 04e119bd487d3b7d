// holdpoint audit verify: has the server check everything it stores against the ledger, and checks
// by itself, without trusting the server, that the ledger is signed by the key we know and has only
// grown since we looked last.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/log_memory.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr Duration poll_interval = Duration::seconds(1);
constexpr std::size_t findings_shown_max = 50;

struct Options {
  std::string timeout = "30m";
  std::string vkey;
};

struct LogResult {
  SeenCheckpoint seen;
  std::int64_t grown_from = -1;  // -1: not seen before
};

Failure untrusted(const Distrust& distrust, const std::string& where) {
  Failure failure{Exit::no, Cause::answered, distrust.sentence, where, "", 0};
  failure.next.push_back(
      {"an auditor", "Keep the checkpoint as proof and find out who runs this server.", ""});
  return failure;
}

Tried<LogResult> verify_log(const Options& options, Session& session) {
  const std::string checkpoint_path = path_of({"ledger", session.workspace(), "checkpoint"});
  HP_TRY(const std::string note, session.get_text(checkpoint_path));
  HP_TRY(const Answer key, session.get(session.in_workspace({"ledger", "key"})));
  const auto vkey = text_at(key.document, "vkey");
  if (!vkey) return malformed("The answer holds no key.", "GET ledger/key");
  const std::string where = session.server() + checkpoint_path;
  const auto seen = open_seen(note, *vkey, options.vkey, session.config());
  if (!seen) return std::unexpected(untrusted(seen.error(), where));
  const ledger::Checkpoint& now = seen->checkpoint;

  LogResult result{*seen, -1};
  if (const KnownLog* known = session.config().log(now.origin); known != nullptr) {
    std::vector<Digest> hashes;
    if (needs_proof(*known, now)) {
      HP_TRY(const Answer answer, session.get(session.in_workspace({"ledger", "consistency"}) +
                                              query_of({{"old", std::to_string(known->size)},
                                                        {"new", std::to_string(now.size)}})));
      auto proof = read_proof(answer.document);
      if (!proof) return malformed("The answer holds no proof.", "GET ledger/consistency");
      hashes = std::move(*proof);
    }
    const auto grown = check_growth(*known, now, hashes);
    if (!grown) return std::unexpected(untrusted(grown.error(), where));
    result.grown_from = known->size;
  }
  remember(session.config(), result.seen);
  HP_TRY_VOID(save_config(session.environment(), session.config()));
  return result;
}

std::string done_text(const json::object& document) {
  const auto done = integer_at(document, "done");
  return "verifying: " + shown_at(document, "step") +
         (done ? ", " + std::to_string(*done) + " done" : "");
}

/// Waits for the verification's end. The answer's state is "done" or "failed".
Tried<Answer> wait_for_report(Duration timeout, Session& session) {
  World& world = session.world();
  const Instant end = world.now() + timeout;
  for (;;) {
    HP_TRY(Answer answer, session.get("/audit/verification"));
    const std::string state = shown_at(answer.document, "state");
    if (state == "done" || state == "failed") return answer;
    if (state != "running") {
      return malformed("The answer has no state that we know.", "GET audit/verification");
    }
    session.progress(done_text(answer.document));
    if (world.now() >= end || world.sleep(poll_interval) == Pause::interrupted) {
      Failure failure{Exit::unknown,
                      Cause::away,
                      "The verification did not end in time.",
                      "GET audit/verification",
                      "",
                      0};
      failure.next.push_back({"you", "Give it more time with --timeout.", ""});
      return std::unexpected(std::move(failure));
    }
  }
}

Tried<Duration> timeout_of(const Options& options) {
  const auto timeout = parse_duration(options.timeout);
  if (!timeout) {
    return wrong_use("`" + options.timeout + "` is no time to wait.", "--timeout",
                     "Write a duration such as 30m.");
  }
  return *timeout;
}

Tried<Answer> server_report(Duration timeout, Session& session) {
  const auto started = session.post("/audit/verification", json::object());
  // One that is running already answers our question as well.
  if (!started && started.error().status != 409) return std::unexpected(started.error());
  HP_TRY(Answer answer, wait_for_report(timeout, session));
  session.end_progress();
  const json::object* report = object_at(answer.document, "report");
  if (report == nullptr || array_at(*report, "findings") == nullptr) {
    if (shown_at(answer.document, "state") == "failed") {
      return std::unexpected(Failure{Exit::unknown, Cause::answered,
                                     "The server could not finish the verification.",
                                     "GET audit/verification", "", 0});
    }
    return malformed("The answer holds no report.", "GET audit/verification");
  }
  return answer;
}

std::string finding_text(const json::value& finding) {
  if (finding.is_string()) return std::string(view(finding.get_string()));
  const auto* object = finding.if_object();
  if (object == nullptr) return json::serialize(finding);
  for (const std::string_view name : {"sentence", "message", "detail"}) {
    if (const auto text = text_at(*object, name)) return *text;
  }
  return json::serialize(finding);
}

void print_report(const json::object& report, Session& session) {
  Table table({"CHECKED", "COUNT"});
  for (const auto& member : report) {
    const auto count = member.value().if_int64();
    if (count == nullptr) continue;
    std::string name(member.key().data(), member.key().size());
    std::replace(name.begin(), name.end(), '_', ' ');
    table.add({{name}, {std::to_string(*count)}});
  }
  session.out() << table.text(session.colour());
  std::size_t shown = 0;
  for (const json::value& finding : *array_at(report, "findings")) {
    if (++shown > findings_shown_max) break;
    session.out() << indented("✗ " + finding_text(finding), 2);
  }
}

void print_log(const LogResult& log, Session& session) {
  const ledger::Checkpoint& now = log.seen.checkpoint;
  session.out() << session.paint("✓ passed", Tone::good) << "  checkpoint of "
                << printable(now.origin) << ", " << now.size << " entries\n"
                << "    key  " << printable(log.seen.key.text())
                << (log.seen.trust == LogTrust::first_use ? "\n    key pinned on first use"
                                                          : "\n    key as pinned")
                << '\n';
  if (log.grown_from >= 0) {
    session.out() << "    contains the tree of " << log.grown_from << " entries seen before\n";
  }
}

void print_as_json(const LogResult& log, const Answer& report, Session& session) {
  const ledger::Checkpoint& now = log.seen.checkpoint;
  json::object client{{"origin", now.origin},
                      {"size", static_cast<std::int64_t>(now.size)},
                      {"root", now.root.text()},
                      {"vkey", log.seen.key.text()},
                      {"pinned", log.seen.trust == LogTrust::known ? "before" : "now"}};
  if (log.grown_from >= 0) client["consistent_with_size"] = log.grown_from;
  session.out() << json::serialize(json::object{{"checkpoint", std::move(client)},
                                                {"verification", report.document}})
                << '\n';
}

Exit verify(const Options& options, Session& session) {
  const auto timeout = timeout_of(options);
  if (!timeout) return session.fail(timeout.error());
  const auto log = verify_log(options, session);
  if (!log) return session.fail(log.error());
  const auto report = server_report(*timeout, session);
  if (!report) return session.fail(report.error());
  const json::object& findings_of = *object_at(report->document, "report");
  const bool sound =
      array_at(findings_of, "findings")->empty() && shown_at(report->document, "state") == "done";
  if (session.format() == Format::json) {
    print_as_json(*log, *report, session);
    return sound ? Exit::yes : Exit::no;
  }
  print_log(*log, session);
  const StatusWord word = rule_word(sound ? "pass" : "fail");
  session.out() << session.paint(word.text(), word.tone)
                << "  the server's store against its ledger\n";
  print_report(findings_of, session);
  return sound ? Exit::yes : Exit::no;
}

}  // namespace

Command audit_verify_command() {
  const auto o = std::make_shared<Options>();
  return {"audit verify",
          "Verify the ledger, on the server and from here",
          {{"--timeout", "DURATION", "How long to wait for the server (30m)", &o->timeout},
           {"--key", "VKEY", "The log's key, learnt another way", &o->vkey}},
          [o](Session& session) { return verify(*o, session); }};
}

}  // namespace holdpoint::cli
