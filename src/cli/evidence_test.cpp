// Evidence on its way: its metadata, what is shown, and the queue for when the server is away.
#include "cli/evidence.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

namespace fs = std::filesystem;
using test::Rehearsal;

const std::string answer =
    R"({"id":"evi_1","name":"scan.sarif","format":"sarif","kind":"security_scan",)"
    R"("status":"complete","digest":)"
    R"("sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",)"
    R"("counts":{"open":{"medium":4,"critical":1,"low":0},"suppressed":5}})";

std::vector<std::string> add(const std::string& file) {
  return {"evidence", "add", "billing@1.0", file, "--queue-when-away"};
}

}  // namespace

TEST_CASE("a report is shown with its format, its status and its counts, worst first") {
  Rehearsal rehearsal;
  rehearsal.reply(201, answer);
  const auto outcome = rehearsal.run(
      {"evidence", "add", "billing@1.0", rehearsal.file("scan.sarif", "hello world")});
  CHECK(outcome.out ==
        "✓ complete  scan.sarif  sarif (security_scan)\n"
        "    critical 1, medium 4, suppressed 5\n"
        "    evi_1  sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9\n");
}

TEST_CASE("the pipeline and what was said go with the report") {
  Rehearsal rehearsal;
  rehearsal.variables["GITHUB_ACTIONS"] = "true";
  rehearsal.variables["GITHUB_SHA"] = "abc";
  rehearsal.variables["GITHUB_RUN_ID"] = "42";
  rehearsal.reply(201, answer);
  CHECK(rehearsal
            .run({"evidence", "add", "billing@1.0", rehearsal.file("scan.sarif", "hello world"),
                  "--kind", "security_scan", "--tool", "Scan & Co"})
            .exit == 0);
  CHECK(rehearsal.transport.calls[0].url ==
        "http://127.0.0.1:8321/api/v1/main/releases/billing%401.0/evidence?name=scan.sarif"
        "&kind=security_scan&tool=Scan%20%26%20Co&commit=abc&pipeline_run=github_actions%2042");
}

TEST_CASE("the reason of a report that is no evidence is told") {
  Rehearsal rehearsal;
  std::string unparsed = answer;
  unparsed.replace(unparsed.find("complete"), 8, "unparsed");
  unparsed.insert(1, R"("reason":"line 3: not XML",)");
  rehearsal.reply(201, unparsed);
  const auto outcome = rehearsal.run(
      {"evidence", "add", "billing@1.0", rehearsal.file("scan.sarif", "hello world")});
  CHECK(outcome.exit == 1);
  CHECK(outcome.err == "error: scan.sarif is unparsed: line 3: not XML\n");
}

TEST_CASE("progress is shown on a terminal only, and not when it shall be quiet") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("scan.sarif", "hello world");
  rehearsal.reply(201, answer);
  CHECK(rehearsal.run({"evidence", "add", "billing@1.0", file}).err.empty());
  rehearsal.face = cli::Face::terminal;
  rehearsal.reply(201, answer);
  CHECK(rehearsal.run({"evidence", "add", "billing@1.0", file}).err.find("100 % of 11 B") !=
        std::string::npos);
  rehearsal.reply(201, answer);
  CHECK(rehearsal.run({"evidence", "add", "billing@1.0", file, "--quiet"}).err.empty());
}

TEST_CASE("evidence is queued when the server is away, which is no success, and sent later") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("scan.sarif", "hello world");
  auto outcome = rehearsal.run(add(file));
  CHECK(outcome.exit == 3);
  CHECK(outcome.err.find("queued, NOT sent") != std::string::npos);
  CHECK(outcome.err.find("holdpoint evidence send") != std::string::npos);
  const fs::path queue = rehearsal.path("state/holdpoint/queue");
  CHECK((fs::status(queue).permissions() & fs::perms::all) == fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(queue)) {
    CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
          fs::perms::none);
  }

  fs::remove(file);
  outcome = rehearsal.run({"evidence", "send"});
  CHECK(outcome.exit == 3);
  CHECK(!fs::is_empty(queue));

  rehearsal.transport.calls.clear();
  rehearsal.reply(201, answer);
  outcome = rehearsal.run({"evidence", "send"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.err == "1 of 1 queued reports were handled.\n");
  CHECK(rehearsal.transport.uploads.back() == "hello world");
  CHECK(rehearsal.transport.calls[0].url.ends_with("evidence?name=scan.sarif"));
  CHECK(fs::is_empty(queue));
}

TEST_CASE("a report that was changed in the queue is not sent") {
  Rehearsal rehearsal;
  CHECK(rehearsal.run(add(rehearsal.file("scan.sarif", "hello world"))).exit == 3);
  for (const auto& entry : fs::directory_iterator(rehearsal.path("state/holdpoint/queue"))) {
    if (entry.path().extension() == ".report") {
      std::ofstream(entry.path(), std::ios::binary) << "better results";
    }
  }
  rehearsal.transport.calls.clear();
  const auto outcome = rehearsal.run({"evidence", "send"});
  CHECK(outcome.exit == 1);
  CHECK(outcome.err.find("changed on disk") != std::string::npos);
  CHECK(rehearsal.transport.calls.empty());
}

TEST_CASE("what is queued for one server is not sent to another") {
  Rehearsal rehearsal;
  CHECK(rehearsal.run(add(rehearsal.file("scan.sarif", "hello world"))).exit == 3);
  rehearsal.transport.calls.clear();
  const auto outcome = rehearsal.run({"evidence", "send", "--server", "https://other.example"});
  CHECK(outcome.exit == 0);
  CHECK(rehearsal.transport.calls.empty());
  CHECK(outcome.err.find("1 are for another server") != std::string::npos);
}

TEST_CASE("evidence that the server refuses is not queued") {
  Rehearsal rehearsal;
  rehearsal.reply(404, R"({"code":"not_found","detail":"There is no such release."})");
  CHECK(rehearsal.run(add(rehearsal.file("scan.sarif", "hello world"))).exit == 2);
  CHECK(!fs::exists(rehearsal.path("state/holdpoint/queue")));
}

TEST_CASE("sizes are said in units people read") {
  CHECK(cli::size_text(0) == "0 B");
  CHECK(cli::size_text(999) == "999 B");
  CHECK(cli::size_text(1000) == "1.0 kB");
  CHECK(cli::size_text(1'450'000) == "1.4 MB");
  CHECK(cli::size_text(1'000'000'000) == "1.0 GB");
}

}  // namespace holdpoint
