// Where the server is and as whom we ask: options, environment, configuration; and the token's way.
#include "cli/session.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

namespace fs = std::filesystem;
using test::Rehearsal;

const std::string somebody =
    R"({"actor":{"kind":"person","id":"per_1"},"name":"Ada","workspaces":[)"
    R"({"name":"main","roles":["developer"],"permissions":["evidence.add","gate.check"]}]})";
const std::string signed_in =
    R"({"token":"hp_Fresh","expires_at":"2026-11-21T06:00:00Z","person":{"id":"per_1",)"
    R"("name":"Ada"}})";

std::string authorization(const cli::Call& call) {
  for (const auto& [name, value] : call.headers) {
    if (name == "Authorization") return value;
  }
  return "";
}

}  // namespace

TEST_CASE("signing in keeps the token, readable by its owner only, and later commands use it") {
  Rehearsal rehearsal;
  rehearsal.variables.erase("HOLDPOINT_TOKEN");
  rehearsal.reply(201, signed_in);
  auto outcome = rehearsal.run({"login", "--email", "ada@example.org", "--server",
                                "https://h.example", "--workspace", "team"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out == "Signed in to https://h.example as Ada, until 2026-11-21T06:00:00Z.\n");
  CHECK(rehearsal.transport.calls[0].url == "https://h.example/api/v1/sessions");
  CHECK(rehearsal.transport.calls[0].body ==
        R"({"email":"ada@example.org","password":"correct horse"})");
  const fs::path config = rehearsal.path("config/holdpoint/config.json");
  CHECK((fs::status(config).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));

  rehearsal.reply(200, somebody);
  outcome = rehearsal.run({"whoami"});
  CHECK(outcome.out ==
        "Ada (person per_1) at https://h.example\n"
        "WORKSPACE  ROLES      PERMISSIONS\n"
        "main       developer  evidence.add, gate.check\n");
  CHECK(authorization(rehearsal.transport.calls[1]) == "Bearer hp_Fresh");

  SUBCASE("but never for another server") {
    rehearsal.reply(200, somebody);
    rehearsal.run({"whoami", "--server", "https://evil.example"});
    CHECK(authorization(rehearsal.transport.calls[2]).empty());
  }
  SUBCASE("and not from a file that others can read") {
    fs::permissions(config, fs::perms::group_read, fs::perm_options::add);
    outcome = rehearsal.run({"whoami"});
    CHECK(outcome.exit == 2);
    CHECK(outcome.err.find("chmod 600") != std::string::npos);
  }
}

namespace {

/// Signed in to https://h.example, with a token of a pipeline besides.
void sign_in(Rehearsal& rehearsal) {
  rehearsal.reply(201, signed_in);
  REQUIRE(rehearsal.run({"login", "--email", "ada@example.org", "--server", "https://h.example"})
              .exit == 0);
}

bool is_signed_in(Rehearsal& rehearsal) {
  rehearsal.variables.erase("HOLDPOINT_TOKEN");
  rehearsal.reply(200, somebody);
  rehearsal.run({"whoami"});
  return !authorization(rehearsal.transport.calls.back()).empty();
}

}  // namespace

TEST_CASE("signing out ends the kept session at the server and forgets its token") {
  Rehearsal rehearsal;
  sign_in(rehearsal);
  rehearsal.reply(204, "");
  const auto outcome = rehearsal.run({"logout"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out == "Signed out of https://h.example.\n");
  const auto& call = rehearsal.transport.calls.back();
  CHECK(call.method == "DELETE");
  CHECK(call.url == "https://h.example/api/v1/sessions/current");
  CHECK_MESSAGE(authorization(call) == "Bearer hp_Fresh", "and not with the pipeline's token");
  CHECK_FALSE(is_signed_in(rehearsal));
  CHECK(rehearsal.run({"logout"}).out == "Not signed in to https://h.example.\n");
}

TEST_CASE("a session that the server has forgotten is forgotten here too") {
  Rehearsal rehearsal;
  sign_in(rehearsal);
  rehearsal.reply(401, R"({"code":"token_unknown","detail":"Unknown."})");
  CHECK(rehearsal.run({"logout"}).exit == 0);
  CHECK_FALSE(is_signed_in(rehearsal));
}

TEST_CASE("a session that could not be ended is kept, so that it can be") {
  for (const int status : {0, 403, 500, 503}) {
    CAPTURE(status);
    Rehearsal rehearsal;
    sign_in(rehearsal);
    if (status != 0) rehearsal.reply(status, R"({"code":"permission_denied","detail":"No."})");
    CHECK(rehearsal.run({"logout"}).exit == 3);
    CHECK(is_signed_in(rehearsal));
  }
}

TEST_CASE("signing out of another server than the one signed in to asks nobody") {
  Rehearsal rehearsal;
  sign_in(rehearsal);
  const auto calls = rehearsal.transport.calls.size();
  CHECK(rehearsal.run({"logout", "--server", "https://other.example"}).out ==
        "Not signed in to https://other.example.\n");
  CHECK(rehearsal.transport.calls.size() == calls);
  CHECK(is_signed_in(rehearsal));
}

TEST_CASE("the token of a pipeline comes from the environment, or from a file it names") {
  Rehearsal rehearsal;
  rehearsal.reply(200, somebody);
  rehearsal.run({"whoami"});
  CHECK(authorization(rehearsal.transport.calls[0]) == "Bearer " + std::string(Rehearsal::token));
  rehearsal.variables.erase("HOLDPOINT_TOKEN");
  rehearsal.variables["HOLDPOINT_TOKEN_FILE"] = rehearsal.file("token", "hp_FromFile\n");
  rehearsal.reply(200, somebody);
  rehearsal.run({"whoami"});
  CHECK(authorization(rehearsal.transport.calls[1]) == "Bearer hp_FromFile");
  rehearsal.variables["HOLDPOINT_TOKEN_FILE"] = rehearsal.path("absent");
  CHECK(rehearsal.run({"whoami"}).exit == 2);
}

TEST_CASE("a password is read from standard input when asked, and its way is checked") {
  Rehearsal rehearsal;
  rehearsal.input = "from stdin\nmore";
  rehearsal.reply(201, signed_in);
  const auto outcome = rehearsal.run(
      {"login", "--email", "a@b", "--password-stdin", "--server", "http://h.example"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.err.find("not encrypted") != std::string::npos);
  CHECK(rehearsal.transport.calls[0].body == R"({"email":"a@b","password":"from stdin"})");
}

TEST_CASE("without a terminal and without --password-stdin nobody can sign in") {
  Rehearsal rehearsal;
  rehearsal.secret.clear();
  CHECK(rehearsal.run({"login", "--email", "a@b"}).exit == 2);
}

TEST_CASE("a damaged configuration is named, not guessed at") {
  Rehearsal rehearsal;
  fs::create_directories(rehearsal.path("config/holdpoint"));
  rehearsal.file("config/holdpoint/config.json", "{\"server\":");
  fs::permissions(rehearsal.path("config/holdpoint/config.json"),
                  fs::perms::owner_read | fs::perms::owner_write);
  const auto outcome = rehearsal.run({"whoami"});
  CHECK(outcome.exit == 2);
  CHECK(outcome.err.find("config.json") != std::string::npos);
}

TEST_CASE("a problem is told with its errors, their places, and what to do next") {
  Rehearsal rehearsal;
  rehearsal.reply(422,
                  R"({"code":"invalid","detail":"The documents are wrong.","errors":)"
                  R"([{"path":"/1/spec/mode","message":"2:3: unknown mode"}],"next":[{"actor":)"
                  R"("you","action":"Correct the file.","command":"holdpoint apply --dry-run"}]})");
  const auto a = rehearsal.file("a.yaml", "kind: A\n");
  const auto b = rehearsal.file("b.yaml", "kind: B\n");
  const auto outcome = rehearsal.run({"apply", "-f", a, "-f", b});
  CHECK(outcome.exit == 2);
  CHECK(outcome.err ==
        "error: The documents are wrong.\n"
        "  at POST http://127.0.0.1:8321/api/v1/main/apply (invalid)\n"
        "  " +
            b +
            " document 1 /spec/mode: 2:3: unknown mode\n"
            "  → you: Correct the file.\n"
            "      holdpoint apply --dry-run\n");
  CHECK(rehearsal.transport.calls[0].body == "kind: A\n---\nkind: B\n");
}

TEST_CASE("apply prints the plan and says when nothing was changed") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"dry_run":true,"changes":[{"kind":"Application","name":"billing",)"
                       R"("action":"created"},{"kind":"Environment","name":"production",)"
                       R"("action":"unchanged","digest":"sha256:abcdef0123456789"}]})");
  rehearsal.input = "kind: Application\n";
  const auto outcome = rehearsal.run({"apply", "--dry-run", "-f", "-"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out ==
        "ACTION     KIND         NAME        MODE  DIGEST\n"
        "created    Application  billing\n"
        "unchanged  Environment  production        sha256:abcdef012345\n"
        "Dry run: nothing was changed.\n");
  CHECK(rehearsal.transport.calls[0].url.ends_with("/main/apply?dry_run=true"));
}

TEST_CASE("a file that is no YAML is refused here, with its line") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("a.yaml", "kind: A\nname: [\n");
  const auto outcome = rehearsal.run({"apply", "-f", file});
  CHECK(outcome.exit == 2);
  CHECK(outcome.err.find(file + ":") != std::string::npos);
  CHECK(rehearsal.transport.calls.empty());
}

TEST_CASE("a new token stands alone on standard output, and nowhere else") {
  Rehearsal rehearsal;
  rehearsal.reply(201, R"({"id":"tok_1","token":"hp_New","expires_at":"2026-12-20T06:00:00Z"})");
  const auto outcome = rehearsal.run({"token", "create", "--name", "ci", "--scope", "gate.check",
                                      "--scope", "evidence.add", "--expires-in", "12h"});
  CHECK(outcome.out == "hp_New\n");
  CHECK(outcome.err.find("hp_New") == std::string::npos);
  CHECK(rehearsal.transport.calls[0].body ==
        R"({"name":"ci","expires_in":"12h","scopes":["gate.check","evidence.add"]})");
}

}  // namespace holdpoint
