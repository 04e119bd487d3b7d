// The commands of auditors: what they ask, in which words they answer, and that only a control that
// is shown to hold is a yes.
#include <doctest/doctest.h>

#include <tuple>

#include "base/digest.hpp"
#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

std::string control(const std::string& status) {
  return R"({"standing":{"framework":"soc2","id":"CC8.1","title":"Changes","status":")" + status +
         R"(","applications":["shop"],"findings":[{"proof":"tests","application":"shop",)" +
         R"("status":")" + status + R"(","sentence":"shop@1 has no test results.",)" +
         R"("records":[{"kind":"evidence","id":"evd_1","at":"2026-11-20T00:00:00Z"}],)" +
         R"("records_total":3}],"findings_total":1},"also":[],"needs":[],"in_force":true})";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a control is exit 0 when it is satisfied, and 1 when it is not shown to be") {
  for (const auto& [status, exit, word, proof] :
       {std::tuple{"satisfied", 0, "✓ satisfied", "✓ passed"},
        std::tuple{"at_risk", 1, "! at risk", "… waiting"},
        std::tuple{"failing", 1, "✗ failing", "✗ failed"},
        std::tuple{"no_evidence", 1, "? no evidence", "? not evaluated"},
        std::tuple{"not_applicable", 0, "– not applicable", "– not applicable"},
        std::tuple{"something_new", 1, "? no evidence", "? not evaluated"}}) {
    Rehearsal rehearsal;
    rehearsal.reply(200, control(status));
    const auto outcome = rehearsal.run({"control", "show", "soc2/CC8.1"});
    INFO(status, ": ", outcome.out);
    CHECK(outcome.exit == exit);
    CHECK(has(outcome.out, word));
    CHECK(has(outcome.out, proof));
    CHECK(has(outcome.out, "by evd_1 and 2 more"));
    CHECK(rehearsal.transport.calls[0].url.ends_with("/api/v1/main/controls/soc2/CC8.1"));
  }
}

TEST_CASE("an answer that does not say how a control stands is never exit 0") {
  for (const std::string body : {R"({})", R"({"standing":{}})", R"({"standing":{"status":1}})"}) {
    Rehearsal rehearsal;
    rehearsal.reply(200, body);
    CHECK(rehearsal.run({"control", "show", "soc2/CC8.1"}).exit == 3);
  }
  CHECK(Rehearsal().run({"control", "show", "soc2/CC8.1"}).exit == 3);
  CHECK(Rehearsal().run({"control", "show", "CC8.1"}).exit == 2);
}

TEST_CASE("a period and a release go with the question, and one bad answer is exit 1") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"answers":[{"question":"test_validation","asks":"Tested?","status":)"
                       R"("satisfied","findings":[]},{"question":"access_governance","asks":)"
                       R"("Who?","status":"no_evidence","findings":[]}]})");
  const auto outcome =
      rehearsal.run({"question", "answer", "--release", "shop@1", "--period", "2026-Q3"});
  CHECK(outcome.exit == 1);
  CHECK(rehearsal.transport.calls[0].url.ends_with("/questions?release=shop%401&period=2026-Q3"));
  CHECK(has(outcome.out, "✓ satisfied  Tested?"));
  CHECK(has(outcome.out, "? no evidence  Who?"));
  rehearsal.reply(200, R"({"answers":[]})");
  CHECK(rehearsal.run({"question", "answer"}).exit == 3);
}

TEST_CASE("an export whose bytes are not those that the server names is not written") {
  const std::string content = "entry,at\r\n";
  const auto reply = [&](const Digest& digest) {
    return json::serialize(json::object{{"name", "records.csv"},
                                        {"rows", 1},
                                        {"digest", digest.text()},
                                        {"content", content},
                                        {"envelope", "{}"}});
  };
  Rehearsal rehearsal;
  const std::string file = rehearsal.path("out.csv");
  rehearsal.reply(200, reply(sha256("something else")));
  CHECK(rehearsal.run({"question", "export", "--saved", "q3", "--output", file}).exit == 3);
  CHECK(!std::ifstream(file).good());
  rehearsal.reply(200, reply(sha256(content)));
  const auto outcome = rehearsal.run({"question", "export", "--saved", "q3", "--output", file});
  INFO(outcome.err);
  CHECK(outcome.exit == 0);
  CHECK(has(outcome.out, "1 record in"));
  CHECK(std::ifstream(file + ".dsse.json").good());
}

TEST_CASE("figures are shown in units that people read, and what has no value as none") {
  Rehearsal rehearsal;
  rehearsal.reply(
      200,
      R"({"complete":false,"rows":[{"team":"team:shop","figures":[)"
      R"({"name":"deployment_frequency","unit":"per_day_milli","value":1500,"count":45,"of":30},)"
      R"({"name":"change_failure_rate","unit":"basis_points","value":3333,"count":1,"of":3},)"
      R"({"name":"time_to_restore","unit":"microseconds","count":0,"of":0},)"
      R"({"name":"lead_time","unit":"microseconds","value":7200000000,"p90":10800000000,)"
      R"("count":4,"of":4}]}]})");
  const auto outcome = rehearsal.run({"figures", "--by", "team", "--env", "production"});
  CHECK(outcome.exit == 0);
  CHECK(rehearsal.transport.calls[0].url.ends_with("/figures?by=team&environment=production"));
  CHECK(has(outcome.out, "1.5 a day"));
  CHECK(has(outcome.out, "33.3 %"));
  CHECK(has(outcome.out, "2h"));
  CHECK(has(outcome.out, "nine of ten within 3h"));
  CHECK(has(outcome.out, "–"));
  CHECK(has(outcome.err, "ask for a shorter one"));
}

}  // namespace holdpoint
