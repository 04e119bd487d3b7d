// Policies tried from the command line: checked, tested, compared and explained without a server,
// and tried on past decisions with one.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"
#include "support/shown_text.hpp"

namespace holdpoint {
namespace {

using test::Outcome;
using test::Rehearsal;

std::string criteria(const std::string& spec, const std::string& name = "gate") {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata: {name: " + name +
         ", owner: team:quality}\nspec:\n" + spec;
}

const std::string whole = criteria(
    "  rules:\n"
    "    - id: tests-passed\n"
    "      require: evidence.tests.failed == 0\n"
    "      message: Every test passes.\n"
    "      evidence: tests\n"
    "      remedy: {do: Correct the failing tests., by: role:developer}\n"
    "  tests:\n"
    "    - {name: all is well, given: {evidence: {tests: {failed: 0}}}, expect: passed}\n"
    "    - {name: one fails, given: {evidence: {tests: {failed: 1}}}, expect: failed}\n");

/// The same with another bound, so that both tests end otherwise than they say.
std::string turned() {
  std::string text = whole;
  text.replace(text.find("failed == 0"), 11, "failed == 1");
  return text;
}

/// On one line or over several, as it fits.
bool says(const Outcome& outcome, const std::string& text) {
  const std::string said = outcome.out + outcome.err;
  return said.find(text) != std::string::npos ||
         test::one_line(said).find(text) != std::string::npos;
}

std::string answer(const std::string& totals, const std::string& rest = "") {
  return R"({"baseline":"then","as_enforced":false,"candidates":[{"name":"gate","mode":"enforce",)"
         R"("action":"changed"}],"totals":)" +
         totals + R"(,"differences":[],"not_replayed":[])" + rest + "}";
}

std::string totals(int decisions, int unchanged, int not_replayed = 0, int would_block = 0) {
  return R"({"decisions":)" + std::to_string(decisions) + R"(,"certifications":)" +
         std::to_string(decisions) +
         R"(,"deployments":0,"activations":0,"approvals":0,"unchanged":)" +
         std::to_string(unchanged) + R"(,"would_block":)" + std::to_string(would_block) +
         R"(,"would_pass":0,"other_rules":0,"not_replayed":)" + std::to_string(not_replayed) + "}";
}

}  // namespace

TEST_CASE("lint names what is wrong by file, line and column, in the lines of the file") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file(
      "p.yaml",
      "kind: Application\n---\n" +
          criteria("  rules:\n    - {id: one, message: M., require: evidence.tests.faild == 0}\n"));
  const Outcome outcome = rehearsal.run({"policy", "lint", file});
  CHECK(outcome.exit == 1);
  CHECK(outcome.out == file +
                           ":8:54: error: /spec/rules/0/require: no such field 'faild', did you "
                           "mean 'failed'?\n");
  CHECK(says(outcome, "1 document of other kinds not looked at."));
  CHECK(rehearsal.transport.calls.empty());
}

TEST_CASE("lint reports a file that is no YAML beside the others, and a failing own test") {
  Rehearsal rehearsal;
  const auto broken = rehearsal.file("broken.yaml", "a: [\n");
  const auto turned_file = rehearsal.file("turned.yaml", turned());
  const Outcome outcome = rehearsal.run({"policy", "lint", broken, turned_file});
  CHECK(outcome.exit == 1);
  CHECK(says(outcome, broken + ":"));
  CHECK(says(outcome, "/spec/tests/0/expect: the test 'all is well' failed, but must pass"));
}

TEST_CASE("warnings are told apart from errors, and count only when it is asked for") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file(
      "p.yaml",
      criteria("  rules: [{id: one, message: M., require: evidence.tests.failed == 0}]\n"));
  const Outcome outcome = rehearsal.run({"policy", "lint", file});
  CHECK(outcome.exit == 0);
  CHECK(says(outcome, "warning: /spec: there is no test"));
  CHECK(rehearsal.run({"policy", "lint", file, "--strict"}).exit == 1);
  const auto good = rehearsal.file("good.yaml", whole);
  const Outcome clean = rehearsal.run({"policy", "lint", good, "--strict"});
  CHECK(clean.exit == 0);
  CHECK(clean.out.empty());
  const Outcome as_json = rehearsal.run({"policy", "lint", file, "--format", "json"});
  const auto document = json::parse(as_json.out);
  CHECK(document.at("warnings") == 1);
  CHECK(document.at("issues").at(0).at("severity") == "warning");
}

TEST_CASE("what is no file of policies is wrong use") {
  Rehearsal rehearsal;
  const auto other = rehearsal.file("other.yaml", "kind: Application\n");
  for (const std::string command : {"lint", "test", "backtest"}) {
    INFO(command);
    CHECK(rehearsal.run({"policy", command, rehearsal.path("none.yaml")}).exit == 2);
    const Outcome outcome = rehearsal.run({"policy", command, other});
    CHECK(outcome.exit == 2);
    CHECK(says(outcome, "hold no policy"));
  }
  const auto broken = rehearsal.file("broken.yaml", criteria("  rules: []\n"));
  CHECK(rehearsal.run({"policy", "test", broken}).exit == 2);
  CHECK(rehearsal.run({"policy", "diff", broken, broken}).exit == 2);
  CHECK(rehearsal.run({"policy", "backtest", broken}).exit == 2);
}

TEST_CASE("every test of a document is run and told, with the reason where it came out otherwise") {
  Rehearsal rehearsal;
  const Outcome good = rehearsal.run({"policy", "test", rehearsal.file("p.yaml", whole)});
  CHECK(good.exit == 0);
  CHECK(says(good, "✓ passed  all is well"));
  CHECK(says(good, "2 tests: 2 passed, 0 failed"));
  const Outcome bad = rehearsal.run({"policy", "test", rehearsal.file("t.yaml", turned())});
  CHECK(bad.exit == 1);
  CHECK(says(bad, "✗ failed  one fails"));
  CHECK(says(bad, "evidence.tests.failed is 0, needs == 1"));
  CHECK(says(bad, "2 tests: 0 passed, 2 failed"));
}

TEST_CASE("tests are chosen by their names, and a choice of none is wrong use") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  const Outcome one = rehearsal.run({"policy", "test", file, "--run", "^one"});
  CHECK(one.exit == 0);
  CHECK(says(one, "1 test: 1 passed, 0 failed"));
  CHECK(rehearsal.run({"policy", "test", file, "--run", "nothing like it"}).exit == 2);
  CHECK(rehearsal.run({"policy", "test", file, "--run", "("}).exit == 2);
  const auto untested = rehearsal.file(
      "u.yaml",
      criteria("  rules: [{id: one, message: M., require: evidence.tests.failed == 0}]\n"));
  CHECK(rehearsal.run({"policy", "test", untested}).exit == 1);
}

TEST_CASE("coverage says of each rule whether tests show it passing and failing") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  CHECK(says(rehearsal.run({"policy", "test", file, "--coverage"}), "both ways"));
  CHECK(
      says(rehearsal.run({"policy", "test", file, "--coverage", "--run", "one"}), "failing only"));
  const auto document =
      json::parse(rehearsal.run({"policy", "test", file, "--format", "json"}).out);
  CHECK(document.at("passed") == 2);
  CHECK(document.at("policies").at(0).at("coverage").at(0).at("held") == 1);
}

TEST_CASE("results are written as JUnit XML too") {
  Rehearsal rehearsal;
  std::string text = turned();
  text.replace(text.find("one fails"), 9, "\"a < b & c\"");
  const auto junit = rehearsal.path("results.xml");
  CHECK(rehearsal.run({"policy", "test", rehearsal.file("p.yaml", text), "--junit", junit}).exit ==
        1);
  std::ifstream file(junit);
  std::ostringstream written;
  written << file.rdbuf();
  CHECK(written.str().find("tests=\"2\" failures=\"2\"") != std::string::npos);
  CHECK(written.str().find("name=\"a &lt; b &amp; c\"") != std::string::npos);
  CHECK(rehearsal
            .run({"policy", "test", rehearsal.file("p.yaml", whole), "--junit",
                  rehearsal.path("no/such/folder.xml")})
            .exit == 2);
}

TEST_CASE("a diff tells what differs in what policies say, and which tests end otherwise") {
  Rehearsal rehearsal;
  const auto before = rehearsal.file("before.yaml", whole);
  const auto after = rehearsal.file("after.yaml", turned());
  const Outcome none = rehearsal.run({"policy", "diff", before, before});
  CHECK(none.exit == 0);
  CHECK(none.out == "No difference in what the policies say.\n");
  const Outcome some = rehearsal.run({"policy", "diff", before, after});
  CHECK(some.exit == 1);
  CHECK(says(some, "~ changed  rule tests-passed"));
  CHECK(says(some, "- evidence.tests.failed == 0"));
  CHECK(says(some, "+ evidence.tests.failed == 1"));
  CHECK(says(some, "all is well: ✓ passed → ✗ failed"));
  const auto document =
      json::parse(rehearsal.run({"policy", "diff", before, after, "--format", "json"}).out);
  CHECK(document.at("tests").as_array().size() == 2);
}

TEST_CASE("versions on the server are named by their revision, and compared as they were written") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", turned());
  rehearsal.reply(200, R"({"revision":3,"manifest":[{"kind":"GatePolicy","name":"other","digest":)"
                       R"("sha256:00"},{"kind":"CertificationCriteria","name":"gate","digest":)"
                       R"("sha256:ab"}]})");
  rehearsal.reply(200, whole);
  const Outcome outcome = rehearsal.run({"policy", "diff", "gate@3", file});
  CHECK(outcome.exit == 1);
  CHECK(says(outcome, "CertificationCriteria gate"));
  CHECK(says(outcome, "~ changed  rule tests-passed"));
  REQUIRE(rehearsal.transport.calls.size() == 2);
  CHECK(rehearsal.transport.calls[0].url.ends_with("/main/policy-revisions/3"));
  CHECK(rehearsal.transport.calls[1].url.ends_with("/policy-versions/sha256%3Aab"));
  rehearsal.reply(200, R"({"items":[]})");
  CHECK(rehearsal.run({"policy", "diff", "gate@now", file}).exit == 2);
  CHECK(rehearsal.run({"policy", "diff", "gate@latest", file}).exit == 2);
  CHECK(rehearsal.run({"policy", "diff", "gate@3", file}).exit == 3);
}

TEST_CASE("a review that is overdue is warned about") {
  Rehearsal rehearsal;
  for (const auto& [day, exit] : {std::pair{"2020-01-31", 1}, {"2999-01-31", 0}}) {
    std::string text = whole;
    text.replace(text.find("owner: team:quality"), 19,
                 "owner: team:quality, reviewBy: " + std::string("\"") + day + "\"");
    const Outcome outcome =
        rehearsal.run({"policy", "lint", rehearsal.file("p.yaml", text), "--strict"});
    INFO(outcome.out, outcome.err);
    CHECK(outcome.exit == exit);
    CHECK(says(outcome, "the review of 'gate' was due by") == (exit == 1));
  }
}

TEST_CASE("policies of every kind are checked and tested, and those without decisions not tried") {
  Rehearsal rehearsal;
  const auto file =
      rehearsal.file("agent.yaml",
                     "apiVersion: holdpoint/v1\nkind: AgentPolicy\n"
                     "metadata: {name: agents, owner: team:quality}\nspec:\n"
                     "  mutations: [{mutation: evidence.add, decision: allowed}]\n"
                     "  rules: [{id: owned, message: M., require: agent.owner != \"\"}]\n"
                     "  tests:\n    - {name: owned, given: {agent: {owner: a}}, expect: passed}\n"
                     "    - {name: not owned, given: {agent: {owner: \"\"}}, expect: failed}\n");
  const Outcome lint = rehearsal.run({"policy", "lint", file});
  INFO(lint.out, lint.err);
  CHECK(lint.exit == 0);
  CHECK(rehearsal.run({"policy", "test", file}).exit == 0);
  const Outcome tried = rehearsal.run({"policy", "backtest", file});
  CHECK(tried.exit == 2);
  CHECK(says(tried, "no past decisions are kept"));
  CHECK(says(tried, "CertificationCriteria, GatePolicy, ApprovalPolicy, PolicyActivation"));
}

TEST_CASE("policies in a file are explained over facts in a file") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  const auto good = rehearsal.file("good.json", R"({"evidence":{"tests":{"failed":0}}})");
  const auto bad = rehearsal.file("bad.json", R"({"evidence":{"tests":{"failed":3}}})");
  const auto empty = rehearsal.file("empty.json", R"({"evidence":{}})");
  CHECK(rehearsal.run({"policy", "explain", file, "--facts", good}).exit == 0);
  const Outcome failed = rehearsal.run({"policy", "explain", file, "--facts", bad});
  CHECK(failed.exit == 1);
  CHECK(says(failed, "✗ failed  tests-passed  (evidence: tests; line 7)"));
  CHECK(says(failed, "• evidence.tests.failed is 3, needs == 0"));
  CHECK(says(failed, "→ role:developer: Correct the failing tests."));
  const Outcome missing = rehearsal.run({"policy", "explain", file, "--facts", empty});
  CHECK(missing.exit == 1);
  CHECK(says(missing, "Missing: evidence.tests"));
  CHECK(rehearsal.run({"policy", "explain", file}).exit == 2);
  CHECK(rehearsal.run({"policy", "explain", file, "--facts", rehearsal.file("x.json", "[")}).exit ==
        2);
}

TEST_CASE("a release is explained as the server judged it, and one never judged is no answer") {
  const std::string judged =
      R"({"id":"crt_1","state":"refused","at":"2026-11-20T06:00:00Z","obstacles":[],"criteria":[)"
      R"({"name":"gate","mode":"enforce","applicable":true,"passed":false,"rules":[{"id":"one",)"
      R"("result":"fail","message":"M.","detail":"d","blame":[{"expression":"a","have":"1",)"
      R"("relation":"==","need":"0"}],"elements":[{"path":"list[1]","keys":{"id":"x"},"blame":[)"
      R"({"expression":"b","have":"2","relation":"<","need":"1"}]}],"missing":[]}]}]})";
  Rehearsal rehearsal;
  rehearsal.reply(200, judged);
  const Outcome outcome = rehearsal.run({"policy", "explain", "billing@1.0"});
  CHECK(outcome.exit == 1);
  CHECK(says(outcome, "billing@1.0  ✗ refused  judged 2026-11-20T06:00:00Z"));
  CHECK(says(outcome, "• a is 1, needs == 0"));
  CHECK(says(outcome, "• list[1] (id x): b is 2, needs < 1"));
  rehearsal.reply(404, R"({"code":"certification_not_found","detail":"None."})");
  const Outcome unjudged = rehearsal.run({"policy", "explain", "billing@1.0"});
  CHECK(unjudged.exit == 3);
  CHECK(says(unjudged, "holdpoint certify billing@1.0"));
  rehearsal.reply(200, R"({"state":"odd","criteria":[]})");
  CHECK(rehearsal.run({"policy", "explain", "billing@1.0"}).exit == 3);
}

TEST_CASE("a backtest without a difference is yes, with one is no, and what is untold is neither") {
  struct Row {
    std::string body;
    int exit;
  };
  const std::vector<Row> rows{
      {answer(totals(3, 3)), 0},
      {answer(totals(0, 0)), 0},
      {answer(totals(3, 2, 0, 1)), 1},
      {answer(totals(3, 2, 1)), 3},
      {answer(totals(3, 1, 1, 1)), 1},
      {answer(totals(3, 2)), 3},  // one decision is counted nowhere
      {R"({"totals":{}})", 3},
  };
  for (const Row& row : rows) {
    Rehearsal rehearsal;
    const auto file = rehearsal.file("p.yaml", whole);
    rehearsal.reply(200, row.body);
    INFO(row.body);
    CHECK(rehearsal.run({"policy", "backtest", file}).exit == row.exit);
  }
}

TEST_CASE("a backtest follows the cursor to the end, or to the bound that was given") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  const auto more = answer(totals(10'000, 10'000), R"(,"next_cursor":"abc")");
  rehearsal.reply(200, more);
  rehearsal.reply(200, answer(totals(5, 5)));
  const Outcome all = rehearsal.run(
      {"policy", "backtest", file, "--application", "billing", "--since", "2026-01-31", "--every"});
  CHECK(all.exit == 0);
  CHECK(says(all, "10005  decisions tried"));
  REQUIRE(rehearsal.transport.calls.size() == 2);
  const std::string first = rehearsal.transport.calls[0].url;
  CHECK(first.find("application=billing") != std::string::npos);
  CHECK(first.find("since=2026-01-31T00%3A00%3A00Z") != std::string::npos);
  CHECK(first.find("decisions=every") != std::string::npos);
  CHECK(rehearsal.transport.calls[1].url.find("cursor=abc") != std::string::npos);
  CHECK(rehearsal.transport.calls[0].body == "---\n" + whole);
  rehearsal.reply(200, answer(totals(7, 7), R"(,"next_cursor":"abc")"));
  const Outcome bounded = rehearsal.run({"policy", "backtest", file, "--limit", "7"});
  CHECK(bounded.exit == 0);
  CHECK(rehearsal.transport.calls[2].url.find("limit=7") != std::string::npos);
  CHECK(says(bounded, "Older decisions were not looked at."));
  CHECK(rehearsal.run({"policy", "backtest", file, "--since", "yesterday"}).exit == 2);
}

TEST_CASE("a difference is shown release by release, with both results and the reason") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  rehearsal.reply(
      200, R"({"candidates":[],"totals":)" + totals(2, 0, 1, 1) +
               R"(,"differences":[{"kind":"certification","id":"crt_1","subject":"billing@1.0",)"
               R"("application":"billing",)"
               R"("decided_at":"2026-11-20T06:00:00Z","effect":"would_block","passed_before":true,)"
               R"("passed_after":false,"rules":[{"document":"gate","rule":"one","before":)"
               R"({"result":"pass","mode":"enforce","message":"M.","detail":""},"after":)"
               R"({"result":"fail","mode":"enforce","message":"It holds.",)"
               R"("detail":"n is 1, needs > 1"}}],)"
               R"("rules_omitted":2,"note":"","stages_omitted":0}],)"
               R"("not_replayed":[{"kind":"certification","id":"crt_2",)"
               R"("subject":"billing@0.9",)"
               R"("decided_at":"2026-11-19T06:00:00Z","reason":"its facts are gone"}]})");
  const Outcome outcome = rehearsal.run({"policy", "backtest", file});
  CHECK(outcome.exit == 1);
  for (const std::string text :
       {"billing@1.0", "2026-11-20T06:00:00Z  certification  ✓ passed → ✗ failed",
        "gate/one  ✓ passed → ✗ failed", "It holds.", "n is 1, needs > 1", "and 2 more rules",
        "Could not be replayed", "billing@0.9", "its facts are gone",
        "1  passed, would be blocked"}) {
    INFO(text);
    CHECK(says(outcome, text));
  }
}

TEST_CASE(
    "a difference says what kind the decision was, and which document would have flipped it") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  rehearsal.reply(
      200,
      R"({"candidates":[{"kind":"GatePolicy","name":"window","mode":"shadow","action":"created"}],)"
      R"("totals":{"decisions":3,"certifications":1,"deployments":2,"activations":0,"approvals":0,)"
      R"("unchanged":1,"would_block":0,"would_pass":0,"other_rules":1,"not_replayed":1},)"
      R"("differences":[{"kind":"deployment",)"
      R"("id":"dpl_1","subject":"billing@1.0","application":"billing","environment":"production",)"
      R"("decided_at":"2026-11-20T06:00:00Z","effect":"other_rules","passed_before":true,)"
      R"("passed_after":true,"rules":[],"rules_omitted":0,"would_flip":["window"],"note":"",)"
      R"("stages_omitted":0}],)"
      R"("not_replayed":[{"kind":"deployment","id":"dpl_2","subject":"billing@0.9",)"
      R"("environment":"staging","decided_at":"2026-11-19T06:00:00Z","reason":"it is old"}]})");
  const Outcome outcome = rehearsal.run({"policy", "backtest", file});
  CHECK(outcome.exit == 1);
  for (const std::string text :
       {"2026-11-20T06:00:00Z  deployment to production  ✓ passed as before, by other rules",
        "window would have flipped it, had it blocked", "deployment to staging",
        "1  of them certifications", "2  of them deployments"}) {
    INFO(text);
    CHECK(says(outcome, text));
  }
}

TEST_CASE("a request that would be routed otherwise is shown stage by stage") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  rehearsal.reply(
      200, R"({"candidates":[],"totals":{"decisions":1,"certifications":0,"deployments":0,)"
           R"("activations":0,"approvals":1,"unchanged":0,"would_block":0,"would_pass":0,)"
           R"("other_rules":1,"not_replayed":0},"differences":[{"kind":"approval","id":"apr_1",)"
           R"("subject":"shop@1.0 to production","application":"shop","environment":"production",)"
           R"("decided_at":"2026-11-20T06:00:00Z","effect":"other_rules","passed_before":true,)"
           R"("passed_after":true,"rules":[],"rules_omitted":0,"note":"","stages":[)"
           R"({"document":"changes","route":"main","stage":"board","before":"2 of approver",)"
           R"("after":"3 of approver"},{"document":"cards","route":"main","stage":"security",)"
           R"("after":"1 of security"},{"document":"changes","route":"main","stage":"peer",)"
           R"("before":"1 of developer"}],"stages_omitted":4}],"not_replayed":[]})");
  const Outcome outcome = rehearsal.run({"policy", "backtest", file});
  CHECK(outcome.exit == 1);
  for (const std::string text :
       {"shop@1.0 to production", "approval to production  ✓ passed as before, by other rules",
        "~ changes/main/board: 2 of approver → 3 of approver",
        "+ cards/main/security: 1 of security", "- changes/main/peer: 1 of developer",
        "and 4 more stages"}) {
    INFO(text);
    CHECK(says(outcome, text));
  }
}

TEST_CASE("a backtest whose decisions are of no kind is no answer") {
  Rehearsal rehearsal;
  const auto file = rehearsal.file("p.yaml", whole);
  std::string body = answer(totals(3, 3));
  body.replace(body.find(R"("deployments":0)"), 15, R"("deployments":1)");
  rehearsal.reply(200, body);
  CHECK(rehearsal.run({"policy", "backtest", file}).exit == 3);
}

}  // namespace holdpoint
