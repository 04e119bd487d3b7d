// The exit codes are law: every command, against every kind of reply.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Outcome;
using test::Rehearsal;
using Words = std::vector<std::string>;

const std::string digest_of_report =
    "sha256:" + std::string("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
const std::string report_bytes = "hello world";

const std::string policy_text =
    "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
    "metadata: {name: gate, owner: team:quality}\nspec:\n"
    "  rules: [{id: one, message: M., require: evidence.tests.failed == 0}]\n";

std::string evidence_answer(const std::string& status) {
  return R"({"id":"evi_1","name":"r.xml","format":"junit","kind":"test_report","status":")" +
         status + R"(","digest":")" + digest_of_report + R"(","counts":{"tests":{"total":3}}})";
}

/// Every command that asks the server one question first.
std::vector<Words> asking_commands(const Rehearsal& rehearsal) {
  return {{"whoami"},
          {"apply", "-f", rehearsal.file("a.yaml", "kind: Application\n")},
          {"application", "retire", "billing"},
          {"environment", "retire", "staging"},
          {"release", "create", "billing@1.0"},
          {"release", "list"},
          {"release", "status", "billing@1.0"},
          {"evidence", "add", "billing@1.0", rehearsal.file("r.xml", report_bytes)},
          {"evidence", "list", "billing@1.0"},
          {"certify", "billing@1.0"},
          {"policy", "explain", "billing@1.0"},
          {"policy", "backtest", rehearsal.file("p.yaml", policy_text)},
          {"policy", "effect"},
          {"gate", "check", "billing@1.0", "--env", "production"},
          {"gate", "wait", "billing@1.0", "--env", "production", "--timeout", "1s"},
          {"policy", "list"},
          {"policy", "show", "GatePolicy", "window"},
          {"policy", "proposals"},
          {"policy", "approve", "prp_1"},
          {"policy", "reject", "prp_1", "--reason", "too wide"},
          {"policy", "revisions"},
          {"policy", "rollback", "1"},
          {"configuration", "record", "billing", rehearsal.file("c.json", "{}"), "--env", "test"},
          {"configuration", "list", "billing", "--env", "test"},
          {"configuration", "diff", "sha256:1", "sha256:2", "--env", "test"},
          {"incident", "declare", "--title", "t", "--severity", "sev1", "--env", "production"},
          {"incident", "list"},
          {"incident", "show", "inc_1"},
          {"incident", "change", "inc_1", "--reason", "it spread"},
          {"incident", "resolve", "inc_1", "--reason", "mended"},
          {"work", "create", "bug", "--title", "t"},
          {"work", "list"},
          {"work", "show", "BUG-1"},
          {"work", "change", "BUG-1", "--state", "in_progress"},
          {"work", "link", "BUG-1", "fixes", "inc_1"},
          {"work", "unlink", "BUG-1", "fixes", "inc_1"},
          {"work", "linked", "BUG-1"},
          {"work", "close", "BUG-1", "--reason", "mended"},
          {"document", "create", "restore", "--kind", "runbook", "--title", "t"},
          {"document", "change", "restore", "--title", "u"},
          {"document", "add", "restore", rehearsal.file("d.md", "text")},
          {"document", "submit", "restore", "--reason", "r"},
          {"document", "review", "restore", "--reason", "r"},
          {"document", "list"},
          {"document", "show", "restore"},
          {"document", "overdue"},
          {"test", "create", "TC-1", "--title", "t"},
          {"test", "change", "TC-1", "--title", "u"},
          {"test", "list"},
          {"test", "show", "TC-1"},
          {"test", "retire", "TC-1"},
          {"test", "coverage", "billing@1.0"},
          {"test", "failing"},
          {"approvals", "list"},
          {"approvals", "show", "apr_1"},
          {"approvals", "request", "billing@1.0", "--env", "production"},
          {"approvals", "withdraw", "apr_1", "--reason", "not needed"},
          {"reject", "apr_1", "--reason", "too wide"},
          {"change", "submit", "chg_1"},
          {"change", "cancel", "chg_1", "--reason", "not needed"},
          {"emergency", "review", "chg_1", "--findings", "A disk was full."},
          {"freeze", "check", "billing", "--env", "production"},
          {"deployment", "start", "billing@1.0", "--env", "production"},
          {"deployment", "finish", "dpl_1", "--outcome", "succeeded"},
          {"deployment", "verify", "dpl_1"},
          {"deployment", "list"},
          {"audit", "log"},
          {"audit", "verify"},
          {"token", "create", "--name", "ci", "--scope", "gate.check"},
          {"token", "list"},
          {"token", "revoke", "tok_1"},
          {"login", "--email", "a@example.org"}};
}

struct Row {
  int status;  // 0: no reply at all
  std::string body;
  int exit;
};

}  // namespace

TEST_CASE("whatever goes wrong on the way, every command ends with the code for it") {
  const std::vector<Row> rows{
      {0, "", 3},
      {200, "no json", 3},
      {200, "[]", 3},
      {200, "", 3},
      {301, "", 3},
      {400, R"({"code":"malformed","detail":"The body is no JSON."})", 2},
      {401, R"({"code":"sign_in_required","detail":"Sign in first."})", 3},
      {403, R"({"code":"permission_denied","detail":"This needs a permission."})", 3},
      {403, R"({"code":"cross_site_request","detail":"From another site."})", 3},
      {403, R"({"code":"own_part","detail":"You wrote a commit of it."})", 1},
      {403, R"({"detail":"The proxy says no."})", 3},
      {404, R"({"code":"not_found","detail":"There is no such release."})", 2},
      {409, R"({"code":"gate_not_open","detail":"The gate is not open."})", 1},
      {409, R"({"detail":"The proxy says no."})", 3},
      {413, R"({"code":"too_large","detail":"Too large."})", 2},
      {422, R"({"code":"invalid","detail":"Wrong.","errors":[{"path":"/a","message":"no"}]})", 2},
      {429, R"({"code":"too_many","detail":"Slow down."})", 3},
      {500, "", 3},
      {502, "<html>Bad gateway</html>", 3},
      {503, R"({"code":"not_ready","detail":"Starting."})", 3},
  };
  for (const Row& row : rows) {
    Rehearsal names;
    for (const Words& words : asking_commands(names)) {
      Rehearsal rehearsal;
      if (row.status != 0) {
        for (int i = 0; i < 4; ++i) rehearsal.reply(row.status, row.body);
      }
      const Outcome outcome = rehearsal.run(words);
      INFO(words[0], " ", words.size() > 1 ? words[1] : "", " with ", row.status, " ", row.body);
      // A deletion has no body to misread.
      const bool deleted = words[0] == "token" && words[1] == "revoke" && row.status == 200;
      CHECK(outcome.exit == (deleted ? 0 : row.exit));
      if (!deleted) CHECK(outcome.err.find("error: ") != std::string::npos);
      if (row.status >= 400 && row.status != 500 && row.status != 502) {
        CHECK(outcome.err.find("  at ") != std::string::npos);
      }
      CHECK(outcome.out.find(Rehearsal::token) == std::string::npos);
      CHECK(outcome.err.find(Rehearsal::token) == std::string::npos);
      CHECK(outcome.out.find(rehearsal.secret) == std::string::npos);
      CHECK(outcome.err.find(rehearsal.secret) == std::string::npos);
    }
  }
}

TEST_CASE("only the exact decision open opens a gate") {
  const std::vector<Row> rows{
      {200, R"({"decision":"open","reasons":[]})", 0},
      {200, R"({"decision":"closed","reasons":[]})", 1},
      {200, R"({"decision":"unknown","reasons":[]})", 3},
      {200, R"({"decision":"Open","reasons":[]})", 3},
      {200, R"({"decision":true,"reasons":[]})", 3},
      {200, R"({"decision":"open"})", 3},
      {200, R"({"decision":"open","decision":"closed","reasons":[]})", 3},
      {200, R"({"decision":"open","reasons":[]} trailing)", 3},
      {200, R"({"decision":"open","reasons":[])", 3},
      {202, R"({"decision":"open","reasons":[]})", 3},
      {200, R"({"reasons":[]})", 3},
      {200, R"({"decision":"open","reasons":[],"environment":"staging"})", 3},
      {200, R"({"decision":"open","reasons":[],"version":"0.9"})", 3},
      {200, R"({"decision":"open","reasons":[],"version":"1.0","application":"billing"})", 0},
      {200, R"({})", 3},
      {404, R"({"decision":"open","reasons":[]})", 2},
      {500, R"({"decision":"open","reasons":[]})", 3},
  };
  for (const Row& row : rows) {
    for (const char* format : {"table", "json"}) {
      Rehearsal rehearsal;
      rehearsal.reply(row.status, row.body);
      INFO(row.body);
      CHECK(
          rehearsal.run({"gate", "check", "billing@1.0", "--env", "production", "--format", format})
              .exit == row.exit);
    }
  }
}

TEST_CASE("a certification is yes only when the server certified") {
  const std::vector<Row> rows{{200, R"({"state":"certified","criteria":[]})", 0},
                              {200, R"({"state":"refused","criteria":[]})", 1},
                              {200, R"({"state":"maybe","criteria":[]})", 3},
                              {200, R"({"state":"certified"})", 3}};
  for (const Row& row : rows) {
    Rehearsal rehearsal;
    rehearsal.reply(row.status, row.body);
    INFO(row.body);
    CHECK(rehearsal.run({"certify", "billing@1.0"}).exit == row.exit);
  }
}

TEST_CASE("evidence is a success only when it is complete and stored as it was sent") {
  const std::vector<std::pair<std::string, int>> rows{
      {"complete", 0}, {"failed_to_run", 1}, {"unparsed", 1}, {"fine", 3}};
  for (const auto& [status, exit] : rows) {
    Rehearsal rehearsal;
    rehearsal.reply(201, evidence_answer(status));
    const auto report = rehearsal.file("r.xml", report_bytes);
    INFO(status);
    CHECK(rehearsal.run({"evidence", "add", "billing@1.0", report}).exit == exit);
    CHECK(rehearsal.transport.uploads == std::vector<std::string>{report_bytes});
  }
  Rehearsal rehearsal;
  rehearsal.reply(201, evidence_answer("complete"));
  const auto outcome =
      rehearsal.run({"evidence", "add", "billing@1.0", rehearsal.file("r.xml", "other bytes")});
  CHECK(outcome.exit == 3);
  CHECK(outcome.err.find("did not store the bytes") != std::string::npos);
}

TEST_CASE("of several reports the worst result counts") {
  Rehearsal rehearsal;
  rehearsal.reply(201, evidence_answer("unparsed"));
  rehearsal.reply(201, evidence_answer("complete"));
  const auto report = rehearsal.file("r.xml", report_bytes);
  CHECK(rehearsal.run({"evidence", "add", "billing@1.0", report, report}).exit == 1);
  rehearsal.reply(201, evidence_answer("complete"));
  CHECK(rehearsal.run({"evidence", "add", "billing@1.0", report, rehearsal.path("absent")}).exit ==
        2);
}

TEST_CASE("wrong use ends with code 2 and never reaches the server") {
  const std::vector<Words> rows{
      {},
      {"frobnicate"},
      {"gate"},
      {"gate", "check"},
      {"gate", "check", "billing@1.0"},
      {"gate", "check", "billing", "--env", "production"},
      {"gate", "check", "@1.0", "--env", "production"},
      {"gate", "check", "billing@", "--env", "production"},
      {"gate", "check", "billing@1.0", "--env"},
      {"gate", "check", "billing@1.0", "--env", "production", "--artifact", "sha256:abc"},
      {"gate", "check", "billing@1.0", "--env", "production", "--artifact", "/no/such/file"},
      {"gate", "check", "billing@1.0", "--env", "production", "--frob"},
      {"gate", "wait", "billing@1.0", "--env", "production", "--timeout", "soon"},
      {"gate", "wait", "billing@1.0", "--env", "production", "--interval", "0s"},
      {"release", "create", "billing@1.0", "--artifact", "app"},
      {"release", "create", "billing@1.0", "--artifact", "app=/no/such/file"},
      {"release", "create", "billing@1.0", "--git"},
      {"release", "list", "--limit", "many"},
      {"release", "list", "--limit", "-1"},
      {"evidence", "add", "billing@1.0"},
      {"evidence", "add", "billing@1.0", "/no/such/file"},
      {"evidence", "add", "billing@1.0", "/"},
      {"apply"},
      {"environment", "retire"},
      {"incident", "declare", "--title", "t", "--env", "production"},
      {"configuration", "record", "billing", "/no/such/file", "--env", "test"},
      {"configuration", "list", "billing"},
      {"incident", "declare", "--title", "t", "--env", "production", "--severity", "sev9"},
      {"incident", "resolve", "inc_1"},
      {"incident", "change", "inc_1", "--reason", "r", "--application", "a", "--all-applications"},
      {"work", "create", "wish", "--title", "t"},
      {"work", "create", "bug"},
      {"work", "change", "BUG-1", "--field", "nothing"},
      {"work", "close", "BUG-1"},
      {"document", "create", "restore", "--title", "t"},
      {"document", "add", "restore", "/no/such/file"},
      {"test", "create", "TC-1"},
      {"test", "coverage", "billing"},
      {"apply", "-f", "/no/such/file"},
      {"token", "create", "--name", "ci"},
      {"token", "create", "--name", "ci", "--scope", "x", "--expires-in", "soon"},
      {"audit", "verify", "--timeout", "soon"},
      {"completion", "tcsh"},
      {"whoami", "--format", "xml"},
      {"whoami", "--server", "example.org"},
      {"whoami", "--server", "https://user:password@example.org"},
      {"whoami", "--token", "two words"},
      {"login", "--password-stdin", "--email", "a@example.org"},
      {"serve", "--tls-cert", "only.pem"},
      {"serve", "--log-level", "loud"},
      {"init"},
  };
  for (const Words& words : rows) {
    Rehearsal rehearsal;
    const Outcome outcome = rehearsal.run(words);
    std::string line;
    for (const std::string& word : words) line += word + " ";
    INFO(line, outcome.err);
    CHECK(outcome.exit == 2);
    CHECK(outcome.err.starts_with("error: "));
    CHECK(rehearsal.transport.calls.empty());
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("an empty report is refused before it is sent") {
  Rehearsal rehearsal;
  const auto outcome =
      rehearsal.run({"evidence", "add", "billing@1.0", rehearsal.file("r.xml", "")});
  CHECK(outcome.exit == 2);
  CHECK(outcome.err.find("The report is empty.") != std::string::npos);
}

TEST_CASE("a command that does not exist is named") {
  Rehearsal rehearsal;
  CHECK(rehearsal.run({"frobnicate"}).err ==
        "error: there is no command `frobnicate`\n  Run `holdpoint --help`.\n");
}

TEST_CASE("help is a success on standard output") {
  for (const Words& words :
       {Words{"--help"}, Words{"gate", "--help"}, Words{"gate", "check", "--help"}}) {
    Rehearsal rehearsal;
    const Outcome outcome = rehearsal.run(words);
    CHECK(outcome.exit == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find("holdpoint") != std::string::npos);
  }
}

TEST_CASE("serve and init hand their options to the server") {
  Rehearsal rehearsal;
  cli::ServeOptions served;
  cli::InitOptions made;
  rehearsal.server.serve = [&](const cli::ServeOptions& options) {
    served = options;
    return 0;
  };
  rehearsal.server.init = [&](const cli::InitOptions& options) {
    made = options;
    return 1;
  };
  rehearsal.variables["HOLDPOINT_DATA"] = "/srv/holdpoint";
  CHECK(rehearsal
            .run({"serve", "--listen", "0.0.0.0:443", "--workers", "7", "--accept-rollback",
                  "disk lost"})
            .exit == 0);
  CHECK(served.data_directory == "/srv/holdpoint");
  CHECK(served.listen == "0.0.0.0:443");
  CHECK(served.workers == 7);
  CHECK(served.accept_rollback_reason == "disk lost");
  CHECK(rehearsal
            .run({"init", "--data", "here", "--admin-email", "a@example.org", "--admin-name", "Ada",
                  "--admin-password-file", "secret"})
            .exit == 1);
  CHECK(made.data_directory == "here");
  CHECK(made.admin_name == "Ada");
  CHECK(made.workspace == "main");
}

}  // namespace holdpoint
