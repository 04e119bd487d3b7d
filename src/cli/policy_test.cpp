// The commands on policies: what they ask the server, and what people read.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Outcome;
using test::Rehearsal;

std::string proposal(const std::string& state, const std::string& more = "") {
  return R"({"passed":false,"proposal":{"id":"prp_1","state":")" + state + R"(","changes":[)" +
         R"({"change":"changed","kind":"GatePolicy","name":"window","mode_before":"shadow",)" +
         R"("mode_after":"enforce"}])" + more +
         R"(},"policies":[{"name":"eyes","mode":"enforce","applicable":true,"passed":false,)" +
         R"("rules":[{"rule_id":"another-person","result":"fail","message":"Somebody approves.",)" +
         R"("detail":"","remedy":{"action":"Approve it.","by":"role:approver","command":""}}]}]})";
}

}  // namespace

TEST_CASE("policies are listed with their mode, and what is only kept is said to be") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"items":[
    {"kind":"GatePolicy","name":"window","mode":"enforce","owner":"team:a","revision":3,
     "review_by":"2026-01-31","review_past_due":true,"acted_on":true},
    {"kind":"SlaPolicy","name":"decisions","mode":"enforce","owner":"team:b","revision":2,
     "review_past_due":false,"acted_on":false}]})");
  const Outcome outcome = rehearsal.run({"policy", "list", "--kind", "GatePolicy", "--past-due"});
  CHECK(outcome.exit == 0);
  CHECK(rehearsal.transport.calls.at(0).url.find(
            "/api/v1/main/policies?kind=GatePolicy&review=past_due") != std::string::npos);
  CHECK(outcome.out.find("2026-01-31 past due") != std::string::npos);
  CHECK(outcome.out.find("enforce, kept only") != std::string::npos);
}

TEST_CASE("an approval that is not the last one says what the change still waits for") {
  Rehearsal rehearsal;
  rehearsal.reply(200, proposal("open"));
  const Outcome outcome = rehearsal.run({"policy", "approve", "prp_1"});
  CHECK(outcome.exit == 0);
  CHECK(rehearsal.transport.calls.at(0).method == "POST");
  CHECK(rehearsal.transport.calls.at(0).url.find("/policy-proposals/prp_1/approval") !=
        std::string::npos);
  CHECK(outcome.out.find("GatePolicy window (shadow → enforce)") != std::string::npos);
  CHECK(outcome.out.find("Not in force yet:") != std::string::npos);
  CHECK(outcome.out.find("Somebody approves.") != std::string::npos);
}

TEST_CASE("the last approval says with which revision the change is in force") {
  Rehearsal rehearsal;
  rehearsal.reply(200, proposal("activated", R"(,"revision":8)"));
  const Outcome outcome = rehearsal.run({"policy", "approve", "prp_1"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("In force as revision 8.") != std::string::npos);
}

TEST_CASE("a rejection needs a reason and sends it") {
  Rehearsal silent;
  CHECK(silent.run({"policy", "reject", "prp_1"}).exit == 2);
  Rehearsal rehearsal;
  rehearsal.reply(200, proposal("rejected"));
  CHECK(rehearsal.run({"policy", "reject", "prp_1", "--reason", "too wide"}).exit == 0);
  CHECK(rehearsal.transport.calls.at(0).body == R"({"reason":"too wide"})");
}

TEST_CASE("a rollback says whether it is in force or waits") {
  Rehearsal at_once;
  at_once.reply(200, R"({"revision":9})");
  CHECK(at_once.run({"policy", "rollback", "4"}).out ==
        "The policies of revision 4 are in force again, as revision 9.\n");
  Rehearsal waits;
  waits.reply(200, R"({"proposal":"prp_1"})");
  CHECK(waits.run({"policy", "rollback", "4"}).out ==
        "Not in force yet: proposal prp_1 waits for approval.\n");
  Rehearsal nothing;
  nothing.reply(200, "{}");
  CHECK(nothing.run({"policy", "rollback", "4"}).exit == 3);
}

TEST_CASE("the text of a policy is shown as it was written") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"digest":"sha256:aa","kind":"GatePolicy","name":"window"})");
  rehearsal.reply(200, "kind: GatePolicy # as written\n");
  const Outcome outcome = rehearsal.run({"policy", "show", "GatePolicy", "window"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out == "kind: GatePolicy # as written\n");
  CHECK(rehearsal.transport.calls.at(1).url.find("/policy-versions/sha256") != std::string::npos);
}

TEST_CASE("a version is shown under a kind and a name only when it is of them") {
  const std::string old = "kind: GatePolicy\nmetadata: {name: window}\n";
  const std::string current = R"({"digest":"sha256:aa","kind":"GatePolicy","name":"window"})";
  const std::vector<std::string> show{"policy", "show",     "GatePolicy",
                                      "window", "--digest", "sha256:bb"};
  Rehearsal own;
  own.reply(200, current);
  own.reply(200, old);
  const Outcome outcome = own.run(show);
  CHECK(outcome.exit == 0);
  CHECK(outcome.out == old);
  CHECK(outcome.err.contains("GatePolicy window, not the version in force, sha256:bb"));
  for (const std::string other : {"kind: GatePolicy\nmetadata: {name: other}\n",
                                  "kind: SlaPolicy\nmetadata: {name: window}\n"}) {
    Rehearsal foreign;
    foreign.reply(200, current);
    foreign.reply(200, other);
    const Outcome refused = foreign.run(show);
    CHECK(refused.exit == 2);
    CHECK(refused.out.empty());
    CHECK(refused.err.contains("not of GatePolicy window."));
  }
  Rehearsal unreadable;
  unreadable.reply(200, current);
  unreadable.reply(200, "[");
  CHECK(unreadable.run(show).exit == 3);
  Rehearsal as_json;
  as_json.reply(200, current);
  as_json.reply(200, old);
  std::vector<std::string> words = show;
  words.insert(words.end(), {"--format", "json"});
  const auto answer = json::parse(as_json.run(words).out);
  CHECK(answer.at("digest") == "sha256:bb");
  CHECK(answer.at("in_force") == false);
  CHECK(answer.at("text").as_string() == old);
}

TEST_CASE("an apply whose policies wait for approval says that they are not in force") {
  const std::string answer =
      R"({"dry_run":false,"changes":[{"kind":"GatePolicy","name":"window","action":"changed",)"
      R"("mode_before":"shadow","mode_after":"enforce","proposal":"prp_1"}]})";
  Rehearsal rehearsal;
  rehearsal.reply(200, answer);
  const Outcome outcome =
      rehearsal.run({"apply", "-f", rehearsal.file("a.yaml", "kind: GatePolicy\n")});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("shadow → enforce") != std::string::npos);
  CHECK(outcome.out.find("Not in force yet: the changes of policies wait for approval as prp_1.") !=
        std::string::npos);
}

TEST_CASE("an apply says in which mode a new policy is, and as which revision it came into force") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"dry_run":false,"changes":[{"kind":"GatePolicy","name":"window",)"
                       R"("action":"created","mode_after":"shadow","revision":7}]})");
  const Outcome outcome =
      rehearsal.run({"apply", "-f", rehearsal.file("a.yaml", "kind: GatePolicy\n")});
  CHECK(outcome.out ==
        "ACTION   KIND        NAME    MODE    DIGEST\n"
        "created  GatePolicy  window  shadow\n"
        "The policies are in force as revision 7.\n");
}

TEST_CASE("a revision names its changes while they are few, and counts them when they are many") {
  const auto change = [](const std::string& kind, const std::string& name) {
    return R"({"change":"created","kind":")" + kind + R"(","name":")" + name +
           R"(","mode_before":"","mode_after":"enforce"})";
  };
  const std::string few = change("GatePolicy", "a") + "," + change("GatePolicy", "b");
  const std::string many = few + "," + change("SlaPolicy", "c") + "," + change("SlaPolicy", "d");
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"items":[{"revision":2,"changes":[)" + many +
                           R"(]},{"revision":1,"changes":[)" + few + "]}]}");
  const Outcome outcome = rehearsal.run({"policy", "revisions"});
  CHECK(outcome.out.find("created 2 GatePolicy, 2 SlaPolicy") != std::string::npos);
  CHECK(outcome.out.find("created GatePolicy a (enforce)") != std::string::npos);
}

TEST_CASE("what is on trial says whether it would have changed the decision") {
  Rehearsal gate;
  gate.reply(200, R"({"decision":"open","environment":"production","reasons":[],"policies":[)"
                  R"({"name":"window","mode":"shadow","would_flip":true},)"
                  R"({"name":"other","mode":"warn","would_flip":false}]})");
  CHECK(gate.run({"gate", "check", "billing@1.0", "--env", "production"}).out ==
        "✓ open  billing@1.0 → production\n"
        "  window (shadow only) would have closed the gate\n");
  Rehearsal certify;
  certify.reply(200, R"({"state":"certified","criteria":[{"name":"next","mode":"shadow",)"
                     R"("applicable":true,"passed":false,"would_flip":true,"rules":[]}]})");
  CHECK(certify.run({"certify", "billing@1.0"})
            .out.find("next (shadow only, would have changed the decision)") != std::string::npos);
}

}  // namespace holdpoint
