// What the gate commands ask, and what people read.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

const std::string closed =
    R"({"decision":"closed","environment":"production","sequence":7,)"
    R"("checked_at":"2026-11-20T06:00:00Z","reasons":[{"code":"not_certified",)"
    R"("sentence":"The release is not certified.","criterion":"security",)"
    R"("detail":"evidence.findings.critical is 2, needs == 0",)"
    R"("next":[{"actor":"developer","action":"Fix the findings.",)"
    R"("command":"holdpoint certify billing@1.0"}]}]})";
const std::string open = R"({"decision":"open","environment":"production","reasons":[],)"
                         R"("valid_until":"2026-11-21T06:00:00Z"})";

const std::vector<std::string> wait{"gate",      "wait", "billing@1.0", "--env", "production",
                                    "--timeout", "1m",   "--interval",  "10s"};

}  // namespace

TEST_CASE("a closed gate says why, what is needed and who can act") {
  Rehearsal rehearsal;
  rehearsal.reply(200, closed);
  const auto outcome = rehearsal.run({"gate", "check", "billing@1.0", "--env", "production"});
  CHECK(outcome.out ==
        "✗ closed  billing@1.0 → production\n"
        "  • security: The release is not certified. (not_certified)\n"
        "    evidence.findings.critical is 2, needs == 0\n"
        "    → developer: Fix the findings.\n"
        "        holdpoint certify billing@1.0\n");
  CHECK(outcome.err.empty());
}

TEST_CASE("the people who can act are said by name where the answer has it, and by id where not") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"decision":"closed","environment":"production","names":{"per_1":"Ben"},)"
                       R"("reasons":[{"code":"approval_pending","sentence":"It waits for people.",)"
                       R"("next":[{"actor":"per_1, per_2","action":"decide","command":""}]}]})");
  const auto outcome = rehearsal.run({"gate", "check", "billing@1.0", "--env", "production"});
  CHECK(outcome.out ==
        "✗ closed  billing@1.0 → production\n"
        "  • It waits for people. (approval_pending)\n"
        "    → Ben (per_1), per_2: decide\n");
}

TEST_CASE("a step says by when it is due and whether it was proved, and a gate when it opens") {
  Rehearsal rehearsal;
  rehearsal.reply(
      200, R"({"decision":"closed","environment":"production",)"
           R"("opens_at":"2026-11-21T16:00:00Z","reasons":[{"code":"certification_refused",)"
           R"("sentence":"Lines are covered.","criterion":"coverage",)"
           R"("detail":"line_bp is 7312, needs >= 8000","unblocks_at":"2026-11-21T15:00:00Z",)"
           R"("next":[{"actor":"role:developer","action":"Add tests.","command":"",)"
           R"("due":"2026-11-21T14:00:00Z","verified":true},)"
           R"({"actor":"","action":"Ask.","command":"","verified":false}]}]})");
  const auto outcome = rehearsal.run({"gate", "check", "billing@1.0", "--env", "production"});
  CHECK(outcome.out ==
        "✗ closed  billing@1.0 → production  opens by itself at 2026-11-21T16:00:00Z\n"
        "  • coverage: Lines are covered. (certification_refused)\n"
        "    line_bp is 7312, needs >= 8000\n"
        "    opens by itself at 2026-11-21T15:00:00Z\n"
        "    → role:developer, by 2026-11-21T14:00:00Z: Add tests. ✓ verified\n"
        "    → next: Ask. (not verified)\n"
        "  In full: holdpoint policy explain billing@1.0\n");
}

TEST_CASE("the gate is asked for the version, the environment and the artifact's digest") {
  Rehearsal rehearsal;
  rehearsal.reply(200, open);
  rehearsal.variables["HOLDPOINT_WORKSPACE"] = "team a";
  const auto artifact = rehearsal.file("app.tar", "hello world");
  const auto outcome = rehearsal.run({"gate", "check", "billing@1.0+b", "--env", "production",
                                      "--artifact", artifact, "--server", "https://h.example/"});
  CHECK(outcome.exit == 0);
  REQUIRE(rehearsal.transport.calls.size() == 1);
  const cli::Call& call = rehearsal.transport.calls[0];
  CHECK(call.method == "GET");
  CHECK(call.url ==
        "https://h.example/api/v1/team%20a/gate?application=billing&version=1.0%2Bb"
        "&environment=production&artifact=sha256%3A"
        "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
  CHECK(outcome.out == "✓ open  billing@1.0+b → production  valid until 2026-11-21T06:00:00Z\n");
}

TEST_CASE("json is the server's answer, byte for byte") {
  Rehearsal rehearsal;
  rehearsal.reply(200, closed);
  const auto outcome =
      rehearsal.run({"--format", "json", "gate", "check", "billing@1.0", "--env", "production"});
  CHECK(outcome.out == closed + "\n");
  CHECK(outcome.exit == 1);
}

TEST_CASE("waiting ends when the gate opens, also when the server was away in between") {
  Rehearsal rehearsal;
  rehearsal.reply(200, closed);
  rehearsal.reply({FaultKind::unavailable, "client.call", "Connection refused"});
  rehearsal.reply(503, "{}");
  rehearsal.reply(200, open);
  const auto outcome = rehearsal.run(wait);
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.starts_with("✓ open"));
  CHECK(rehearsal.transport.calls.size() == 4);
}

TEST_CASE("waiting in vain ends with the last answer: closed is no, away is unknown") {
  Rehearsal rehearsal;
  for (int i = 0; i < 20; ++i) rehearsal.reply(200, closed);
  auto outcome = rehearsal.run(wait);
  CHECK(outcome.exit == 1);
  CHECK(outcome.out.find("The release is not certified.") != std::string::npos);
  CHECK(outcome.err == "The gate did not open within 1m.\n");
  CHECK(rehearsal.transport.calls.size() == 7);

  Rehearsal away;
  outcome = away.run(wait);
  CHECK(outcome.exit == 3);
  CHECK(outcome.err.find("cannot be reached") != std::string::npos);
}

TEST_CASE("waiting ends at once when the question is refused or the answer makes no sense") {
  for (const auto& [status, exit] :
       std::vector<std::pair<int, int>>{{404, 2}, {401, 3}, {200, 3}}) {
    Rehearsal rehearsal;
    rehearsal.reply(status, "{}");
    rehearsal.reply(200, open);
    CHECK(rehearsal.run(wait).exit == exit);
    CHECK(rehearsal.transport.calls.size() == 1);
  }
}

TEST_CASE("what the server says cannot steer the terminal") {
  Rehearsal rehearsal;
  rehearsal.reply(200,
                  R"({"decision":"closed","reasons":[{"sentence":"a\u001b[2Jb\u009b31m\u0007"}]})");
  const auto outcome = rehearsal.run({"gate", "check", "billing@1.0", "--env", "production"});
  CHECK(outcome.out == "✗ closed  billing@1.0 → production\n  • a?[2Jb?31m?\n");
}

TEST_CASE("colours are for terminals, and NO_COLOR is honoured") {
  const std::vector<std::string> check{"gate", "check", "billing@1.0", "--env", "production"};
  Rehearsal rehearsal;
  rehearsal.face = cli::Face::terminal;
  rehearsal.reply(200, closed);
  CHECK(rehearsal.run(check).out.starts_with("\x1b[31m✗ closed\x1b[0m"));
  rehearsal.reply(200, closed);
  auto plain = check;
  plain.emplace_back("--no-color");
  CHECK(rehearsal.run(plain).out.starts_with("✗ closed"));
  rehearsal.variables["NO_COLOR"] = "1";
  rehearsal.reply(200, closed);
  CHECK(rehearsal.run(check).out.starts_with("✗ closed"));
}

}  // namespace holdpoint
