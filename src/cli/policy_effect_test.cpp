// What the criteria in force did, as people read it: which rule never blocked, and that counts over
// a part of the decisions are no answer.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Outcome;
using test::Rehearsal;

const std::string tests_rule =
    R"({"rule":"tests","judged":30,"passed":28,"failed":1,"error":0,"unknown":1,)"
    R"("not_applicable":0,"last_not_passed":{"certification":"crt_7","subject":"billing@1.0",)"
    R"("at":"2026-11-21T06:00:00Z","result":"unknown"},"last_failed":{"certification":"crt_5",)"
    R"("subject":"billing@0.9","at":"2026-11-20T06:00:00Z","result":"fail"},"never_blocked":false,)"
    R"("never_applicable":false})";
const std::string idle_rule =
    R"({"rule":"coverage","judged":30,"passed":30,"failed":0,"error":0,"unknown":0,)"
    R"("not_applicable":0,"never_blocked":true,"never_applicable":false})";

std::string document(const std::string& rules, int untold = 0) {
  return R"({"name":"baseline","owner":"team:quality","mode":"enforce","digest":"sha256:ab",)"
         R"("revision":3,"in_force_since":"2026-10-01T00:00:00Z","decisions":30,)"
         R"("other_versions":4,"untold":)" +
         std::to_string(untold) + R"(,"rules":[)" + rules + "]}";
}

const std::string trial =
    R"({"name":"extra","owner":"team:quality","mode":"shadow","digest":"sha256:cd","revision":4,)"
    R"("in_force_since":"2026-10-02T00:00:00Z","decisions":12,"other_versions":0,"untold":0,)"
    R"("would_flip":5,"rules":[]})";

std::string answer(const std::string& documents,
                   const std::string& reach = R"(,"untold":0,)"
                                              R"("reached_all":true)") {
  return R"({"since":"2026-08-26T00:00:00Z","judged_min":20,"all_versions":false,"decisions":34)" +
         reach + R"(,"oldest":"2026-09-01T00:00:00Z","documents":[)" + documents + "]}";
}

bool says(const Outcome& outcome, const std::string& text) {
  return outcome.out.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("each rule is shown with its counts, and one that never blocked with a mark") {
  Rehearsal rehearsal;
  rehearsal.reply(200, answer(document(tests_rule + "," + idle_rule) + "," + trial));
  const Outcome outcome = rehearsal.run({"policy", "effect"});
  INFO(outcome.out, outcome.err);
  CHECK(outcome.exit == 0);
  for (const std::string text :
       {"34 decisions read since 2026-08-26.",
        "baseline  enforce, revision 3 since 2026-10-01, 30 decisions",
        "tests     30      28    1     0      1        0       0    fail on 2026-11-20",
        "coverage  30      30    0     0      0        0       0    ! never blocked",
        "4 decisions by other versions not counted",
        "extra  shadow, revision 4 since 2026-10-02, 12 decisions",
        "it alone would have changed 5 of them"}) {
    INFO(text);
    CHECK(says(outcome, text));
  }
}

TEST_CASE("the question goes to the server as it was put") {
  Rehearsal rehearsal;
  rehearsal.reply(200, answer(""));
  const Outcome outcome = rehearsal.run({"policy", "effect", "baseline", "--since", "2026-01-31",
                                         "--never-blocked", "--judged-min", "5", "--all-versions"});
  CHECK(outcome.exit == 0);
  CHECK(rehearsal.transport.calls.at(0).url.ends_with(
      "/policies/effect?name=baseline&since=2026-01-31T00%3A00%3A00Z&judged_min=5"
      "&all_versions=true&never_blocked=true"));
  CHECK(says(outcome, "No rule is known to have never blocked"));
  CHECK(rehearsal.run({"policy", "effect", "--since", "yesterday"}).exit == 2);
}

TEST_CASE("counts over a part are shown, said to be a part, and are no answer") {
  struct Row {
    std::string body;
    std::string says;
  };
  const std::vector<Row> rows{
      {answer(document(tests_rule), R"(,"untold":0,"reached_all":false)"),
       "! Older decisions were not read: the counts begin at 2026-09-01T00:00:00Z."},
      {answer(document(tests_rule), R"(,"untold":2,"reached_all":true)"),
       "! 2 verdicts could not be read."},
      {answer(document(tests_rule, 1)), "Of 1 decision it cannot be said what it decided"},
  };
  for (const Row& row : rows) {
    Rehearsal rehearsal;
    rehearsal.reply(200, row.body);
    const Outcome outcome = rehearsal.run({"policy", "effect"});
    INFO(outcome.out, outcome.err);
    CHECK(outcome.exit == 3);
    CHECK(says(outcome, row.says));
    rehearsal.reply(200, row.body);
    const Outcome as_json = rehearsal.run({"policy", "effect", "--format", "json"});
    CHECK(as_json.exit == 3);
    CHECK(as_json.out == row.body + "\n");
  }
}

TEST_CASE("counts that do not add up are no answer") {
  std::string lost = tests_rule;
  lost.replace(lost.find("\"judged\":30"), 11, "\"judged\":31");
  for (const std::string& body : {answer(document(lost)), std::string("{}")}) {
    Rehearsal rehearsal;
    rehearsal.reply(200, body);
    CHECK(rehearsal.run({"policy", "effect"}).exit == 3);
  }
}

}  // namespace holdpoint
