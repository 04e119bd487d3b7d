// What people read of a judgement in full: elements of lists, what a count left out, what would
// have to change, what all remedies come to, and whom to ask where none is known.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Outcome;
using test::Rehearsal;

/// A rule that counts approvals and got one too few.
const std::string counted_rule =
    R"({"id":"two-people","result":"fail","message":"Two people approved.",)"
    R"("detail":"count is 1, needs >= 2; approvals[1] does not count: a.state is \"open\"",)"
    R"("blame":[{"expression":"count","have":"1","relation":">=","need":"2"}],)"
    R"("elements":[{"path":"approvals[1]","keys":{"id":"a2","state":"open"},"blame":[)"
    R"({"expression":"a.state","have":"\"open\"","relation":"==","need":"\"approved\""}]},)"
    R"({"path":"approvals[2]","keys":{"id":"a3"},"blame":[{"expression":"a.late","have":"true",)"
    R"("relation":"==","need":"false"}]}],)"
    R"("excluded":[{"path":"approvals[1]","keys":{"id":"a2","state":"open"},)"
    R"("reason":"does not count: a.state is \"open\", needs == \"approved\""}],"missing":[],)"
    R"("remedy":{"action":"Ask for approval.","by":"role:approver","command":"holdpoint approve",)"
    R"("due":"2026-11-21T14:00:00Z","verified":false,"unverified_because":"nobody knows whose",)"
    R"("changes":[]},"unblocks_at":"2026-11-22T06:00:00Z","evidence":"","line":9})";

const std::string changed_rule =
    R"({"id":"tests","result":"fail","message":"All pass.","detail":"failed is 3, needs == 0",)"
    R"("blame":[{"expression":"failed","have":"3","relation":"==","need":"0"}],"elements":[],)"
    R"("excluded":[],"missing":[],"remedy":{"action":"Correct them.","by":"role:developer",)"
    R"("command":"","verified":true,"changes":[{"path":"failed","from":"3","to":"0"},)"
    R"({"path":"tags","from":"","to":"with \"c\""}]},"evidence":"tests","line":4})";

std::string judged(const std::string& rules, const std::string& more) {
  return R"({"state":"refused","at":"2026-11-20T06:00:00Z","obstacles":[],"criteria":[{)"
         R"("name":"ready","mode":"enforce","applicable":true,"passed":false,)" +
         more + R"("rules":[)" + rules + "]}]}";
}

std::string document(const std::string& name, const std::string& spec) {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata: {name: " + name +
         ", owner: team:quality}\nspec:\n" + spec;
}

const std::string with_tests = R"({"evidence":{"tests":{"failed":3}}})";

bool says(const Outcome& outcome, const std::string& text) {
  return (outcome.out + outcome.err).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("an explanation names who was left out of a count and why, and each element once") {
  Rehearsal rehearsal;
  rehearsal.reply(200, judged(counted_rule, R"("remedies_suffice":false,)"));
  const Outcome outcome = rehearsal.run({"policy", "explain", "billing@1.0"});
  CHECK(outcome.out ==
        "billing@1.0  ✗ refused  judged 2026-11-20T06:00:00Z\n"
        "✗ failed  ready\n"
        "  ✗ failed  two-people  (line 9)\n"
        "      Two people approved.\n"
        "      • count is 1, needs >= 2\n"
        "        • approvals[2] (id a3): a.late is true, needs == false\n"
        "        • approvals[1] (id a2, state open) does not count: a.state is \"open\",\n"
        "          needs == \"approved\"\n"
        "      opens by itself at 2026-11-22T06:00:00Z\n"
        "      → role:approver, by 2026-11-21T14:00:00Z: Ask for approval. (not verified:\n"
        "        nobody knows whose)\n"
        "          holdpoint approve\n"
        "  Together: that it passes with all remedies done is not verified\n");
}

TEST_CASE("an explanation says which facts have to change, and what all remedies come to") {
  Rehearsal rehearsal;
  const std::string opens = R"("remedies_suffice":true,"unblocks_at":"2026-11-23T06:00:00Z",)";
  rehearsal.reply(200, judged(changed_rule, opens));
  const Outcome outcome = rehearsal.run({"policy", "explain", "billing@1.0"});
  CHECK(says(outcome,
             "      → role:developer: Correct them. ✓ verified\n"
             "          • failed: 3 → 0\n"
             "          • tags → with \"c\"\n"
             "  Together: with all remedies done it passes ✓ verified; opens by itself at\n"
             "  2026-11-23T06:00:00Z\n"));
}

TEST_CASE("a change that the action itself names is not told twice") {
  Rehearsal rehearsal;
  std::string derived = changed_rule;
  derived.replace(derived.find("Correct them."), 13, "bring failed from 3 to 0");
  rehearsal.reply(200, judged(derived, ""));
  const Outcome outcome = rehearsal.run({"policy", "explain", "billing@1.0"});
  CHECK_FALSE(says(outcome, "failed: 3"));
  CHECK(says(outcome, "• tags → with \"c\""));
}

TEST_CASE("where no remedy is known the owner is to be asked, and is told why") {
  Rehearsal rehearsal;
  rehearsal.reply(200, judged(R"({"id":"match","result":"unknown","message":"It cannot be told.",)"
                              R"("detail":"the facts lack x","missing":["x"]})",
                              ""));
  const Outcome judged_there = rehearsal.run({"policy", "explain", "billing@1.0"});
  CHECK(says(judged_there,
             "      → owner of ready: see to what the rule names (not verified: no remedy is\n"
             "        known)\n"
             "          holdpoint policy list\n"));
  const auto file = rehearsal.file(
      "p.yaml", document("ready",
                         "  rules: [{id: one, message: M., require: evidence.coverage.line_bp >= "
                         "8000}]\n"));
  const auto facts = rehearsal.file("facts.json", with_tests);
  const Outcome here = rehearsal.run({"policy", "explain", file, "--facts", facts});
  CHECK(here.exit == 1);
  CHECK(says(here, "→ team:quality: see to what the rule names (not verified: the facts lack"));
  CHECK(says(here, "holdpoint policy show CertificationCriteria ready"));
  const auto untold = rehearsal.file(
      "u.yaml",
      document("ready",
               "  match: evidence.coverage.line_bp > 0\n"
               "  rules: [{id: one, message: M., require: evidence.tests.failed == 0}]\n"));
  CHECK(says(rehearsal.run({"policy", "explain", untold, "--facts", facts}),
             "→ team:quality: see to what the rule names (not verified: no remedy is\n"
             "        known)\n"));
}

TEST_CASE("what does not apply is neither passed nor failed, and the answer is no yes") {
  Rehearsal rehearsal;
  const auto facts = rehearsal.file("facts.json", with_tests);
  const std::string rule = "{id: one, message: M., require: evidence.tests.failed == 0";
  const auto elsewhere = rehearsal.file(
      "a.yaml",
      document("elsewhere", "  match: evidence.tests.failed == 7\n  rules: [" + rule + "}]\n"));
  const auto idle = rehearsal.file(
      "b.yaml", document("idle", "  rules: [" + rule + ", when: evidence.tests.failed == 7}]\n"));
  for (const auto& file : {elsewhere, idle}) {
    const Outcome shown = rehearsal.run({"policy", "explain", file, "--facts", facts});
    CHECK(shown.exit == 3);
    CHECK(shown.out.starts_with("– not applicable  "));
    CHECK(says(shown, "so nothing was judged"));
    const Outcome as_json =
        rehearsal.run({"policy", "explain", file, "--facts", facts, "--format", "json"});
    CHECK(as_json.exit == 3);
    const auto answer = json::parse(as_json.out);
    CHECK(answer.at("passed") == false);
    CHECK(answer.at("result") == "not_applicable");
    CHECK(answer.at("criteria").at(0).at("applicable") == false);
    CHECK(answer.at("criteria").at(0).at("passed") == false);
  }
}

TEST_CASE("beside a document that passes, one that does not apply blocks nothing") {
  Rehearsal rehearsal;
  const auto facts = rehearsal.file("facts.json", R"({"evidence":{"tests":{"failed":0}}})");
  const std::string rule = "{id: one, message: M., require: evidence.tests.failed == 0";
  const auto both = rehearsal.file(
      "both.yaml",
      document("asked", "  rules: [" + rule + "}]\n") + "---\n" +
          document("idle", "  rules: [" + rule + ", when: evidence.tests.failed == 7}]\n"));
  const Outcome shown = rehearsal.run({"policy", "explain", both, "--facts", facts});
  CHECK(shown.exit == 0);
  CHECK(says(shown, "✓ passed  asked"));
  CHECK(says(shown, "– not applicable  idle"));
  const Outcome as_json =
      rehearsal.run({"policy", "explain", both, "--facts", facts, "--format", "json"});
  CHECK(json::parse(as_json.out).at("result") == "passed");
}

TEST_CASE("a certification too tells a document none of whose rules apply from one that passed") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"state":"certified","criteria":[{"name":"idle","mode":"enforce",)"
                       R"("applicable":true,"passed":true,"rules":[{"id":"one",)"
                       R"("result":"not_applicable"}]},{"name":"asked","mode":"enforce",)"
                       R"("applicable":true,"passed":true,"rules":[{"id":"one",)"
                       R"("result":"pass"}]}]})");
  const Outcome outcome = rehearsal.run({"certify", "billing@1.0"});
  CHECK(outcome.exit == 0);
  CHECK(says(outcome, "– not applicable  idle\n"));
  CHECK(says(outcome, "✓ passed  asked\n"));
}

TEST_CASE("a gate names the elements that a policy of its own is about, and what is on trial") {
  Rehearsal rehearsal;
  std::string policies = R"("policies":[{"name":"people","mode":"enforce","applicable":true,)"
                         R"("passed":false,"remedies_suffice":false,"rules":[)" +
                         counted_rule +
                         R"(]},{"name":"next","mode":"shadow","applicable":true,)"
                         R"("passed":false,"remedies_suffice":true,)"
                         R"("would_flip":false,"rules":[)" +
                         changed_rule + "]}]";
  rehearsal.reply(200, R"({"decision":"closed","environment":"production","reasons":[{"code":)"
                       R"("gate_policy_failed","sentence":"Two people approved.","criteria":)"
                       R"("people","criterion":"two-people","result":"fail","detail":"D.",)"
                       R"("next":[{"actor":"role:approver","action":"Ask for approval.",)"
                       R"("command":"holdpoint approve","verified":false}]}],)" +
                           policies + "}");
  const Outcome outcome = rehearsal.run({"gate", "check", "billing@1.0", "--env", "production"});
  CHECK(outcome.out ==
        "✗ closed  billing@1.0 → production\n"
        "  • people: two-people: Two people approved. (gate_policy_failed)\n"
        "    • count is 1, needs >= 2\n"
        "      • approvals[2] (id a3): a.late is true, needs == false\n"
        "      • approvals[1] (id a2, state open) does not count: a.state is \"open\",\n"
        "        needs == \"approved\"\n"
        "    → role:approver: Ask for approval. (not verified: nobody knows whose)\n"
        "        holdpoint approve\n"
        "  people: that it passes with all remedies done is not verified\n"
        "  next (shadow only) would have kept the gate closed too\n"
        "  ✗ failed  tests  (evidence: tests; line 4)\n"
        "      All pass.\n"
        "      • failed is 3, needs == 0\n"
        "      → role:developer: Correct them. ✓ verified\n"
        "          • failed: 3 → 0\n"
        "          • tags → with \"c\"\n"
        "  Together: with all remedies done it passes ✓ verified\n");
}

TEST_CASE("a gate that a refused certification keeps closed says where it is told in full") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"decision":"closed","environment":"production","reasons":[{"code":)"
                       R"("certification_refused","sentence":"S.","criteria":"ready",)"
                       R"("criterion":"one","detail":"D.","next":[]}]})");
  const Outcome outcome = rehearsal.run({"gate", "check", "billing@1.0", "--env", "production"});
  CHECK(says(outcome, "    → owner of ready: see to what the rule names"));
  CHECK(outcome.out.ends_with("  In full: holdpoint policy explain billing@1.0\n"));
}

}  // namespace holdpoint
