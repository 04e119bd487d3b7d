// Documents of every kind: what is taken, and which demand is refused because nobody could meet it.
#include "policy/kinds.hpp"

#include <doctest/doctest.h>

#include "policy/document_text.hpp"

namespace holdpoint::policy {
namespace {

const FactsSchemas& schemas() {
  static const FactsSchemas all = [] {
    FactsSchemas read;
    for (const auto& [kind, schema] : own_facts_schemas()) {
      auto compiled = cel::Schema::from_json(schema);
      REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error()));
      read.emplace(kind, std::move(*compiled));
    }
    return read;
  }();
  return all;
}

std::string document(std::string_view kind, std::string_view spec) {
  return "apiVersion: holdpoint/v1\nkind: " + std::string(kind) +
         "\nmetadata: {name: one, owner: team-a}\nspec:\n" + std::string(spec);
}

/// "" when the document is taken, else its first issue.
std::string issue_of(std::string_view kind, std::string_view spec) {
  const auto compiled = compile_policy(document(kind, spec), schemas());
  return compiled ? "" : compiled.error().front().text();
}

std::string route(std::string_view stages) {
  return "  routes:\n    - name: r\n      stages: " + std::string(stages) + "\n";
}

TEST_CASE("every kind has one row, and its name leads back to it") {
  CHECK(kinds().size() == 9);
  for (const KindRow& row : kinds()) {
    CHECK(kind_named(row.name) == row.kind);
    CHECK(row_of(row.kind).schema == row.schema);
  }
  CHECK(!kind_named("Policy"));
}

TEST_CASE("a document of a kind that nobody knows is refused with the kinds there are") {
  CHECK(issue_of("ReleasePolicy", "  rules: []\n").contains("/kind: 2:7: expected one of: Cert"));
  CHECK(issue_of("GatePolicy", "  rules: [{id: a, require: 'true', message: m}]\n") ==
        "/kind: 2:7: no facts are known for documents of this kind");
}

TEST_CASE("a level of escalation says when and whom, and never decides") {
  const auto with = [](std::string_view level) {
    return issue_of("ApprovalPolicy", route("[{name: board, roles: [approver]}]") +
                                          "  escalation: [" + std::string(level) + "]\n");
  };
  CHECK(with("{name: a, to: reminder, after: 24h, afterByCriticality: {critical: 4h}}").empty());
  CHECK(with("{name: a, to: backup, after: 24h, calendar: office, approvalRoles: [deputies], "
             "stages: [board]}")
            .empty());
  CHECK(with("{name: a, to: manager, after: 2d, people: [per_1]}").empty());
  CHECK(with("{name: a, to: approve, after: 24h}").contains("/spec/escalation/0/to"));
  CHECK(with("{name: a, to: reminder, after: soon}").contains("/spec/escalation/0/after"));
  CHECK(with("{name: a, to: reminder, after: 24h, afterByCriticality: {urgent: 4h}}")
            .contains("/spec/escalation/0/afterByCriticality/urgent"));
  CHECK(with("{name: a, to: reminder, after: 24h, roles: [approver]}")
            .contains("a reminder goes to those who may sign"));
  CHECK(with("{name: a, to: backup, after: 24h}").contains("nobody would be reached"));
  CHECK(with("{name: a, to: backup, after: 24h, roles: [boss]}").contains("no such role"));
  CHECK(with("{name: a, to: backup, after: 24h, roles: [approver], stages: [other]}")
            .contains("no route has a stage of this name"));
  CHECK(with("{name: a, to: reminder, after: 1h}, {name: a, to: reminder, after: 2h}")
            .contains("there are two of this name"));
}

TEST_CASE("a route of approval is refused when its demand cannot be met") {
  const auto with = [](std::string_view stages) {
    return issue_of("ApprovalPolicy", route(stages));
  };
  CHECK(with("[{name: a, roles: [approver], minimum: 2}]").empty());
  CHECK(with("[{name: a, people: [ann, ben], minimum: 2}]").empty());
  CHECK(with("[{name: a, roles: [approver], minimum: 0}]")
            .contains("/spec/routes/0/stages/0/minimum: 7:54: expected 1 to 50"));
  CHECK(with("[{name: a, people: [ann], minimum: 2}]").contains("needs 2 people and names 1"));
  CHECK(with("[{name: a, people: [ann, ann], minimum: 2}]").contains("stands twice"));
  CHECK(with("[{name: a, minimum: 1}]").contains("nobody could sign this stage"));
  CHECK(with("[{name: a, roles: [aprover], minimum: 1}]").contains("there is no such role"));
  CHECK(with("[]").contains("expected 1 to 20 stages"));
  CHECK(issue_of("ApprovalPolicy", "  routes: []\n").contains("expected at least a route"));
}

TEST_CASE("an approval may be tried again so often, and not any number of times") {
  const auto with = [](const std::string& retries) {
    return issue_of("ApprovalPolicy", "  retries: " + retries + "\n" +
                                          route("[{name: board, roles: [approver], minimum: 1}]"));
  };
  CHECK(with("0").empty());
  CHECK(with("10").empty());
  for (const char* wrong : {"-1", "11"}) {
    CHECK(with(wrong).contains("/spec/retries: 5:"));
  }
  CHECK(with("often").contains("/spec/retries"));
}

TEST_CASE("who changed a policy is kept from signing for an hour to ninety days") {
  const auto with = [](const std::string& time) {
    return issue_of("ApprovalPolicy", "  excludeEditors: " + time + "\n" +
                                          route("[{name: board, roles: [approver], minimum: 1}]"));
  };
  for (const char* right : {"1h", "7d", "90d"}) CHECK(with(right).empty());
  for (const char* wrong : {"59m", "91d", "0d", "soon", "'-7d'"}) {
    CHECK(with(wrong).contains("/spec/excludeEditors: 5:"));
  }
  CHECK(with("7").contains("/spec/excludeEditors"));
}

TEST_CASE("a person signs one stage of a route, so two stages cannot share their only people") {
  const auto with = [](std::string_view stages) {
    return issue_of("ApprovalPolicy", route(stages));
  };
  CHECK(with("[{name: a, people: [ann], minimum: 1}, {name: b, people: [ann], minimum: 1}]")
            .contains("/spec/routes/0/stages/1/people: 7:"));
  CHECK(with("[{name: a, people: [ann, ben], minimum: 1}, {name: b, people: [ann], minimum: 1}]")
            .empty());
  CHECK(with("[{name: a, people: [ann, ben], minimum: 2}, {name: b, people: [ann, ben, cy], "
             "minimum: 1}, {name: c, people: [cy], minimum: 1}]")
            .contains("more than one stage"));
}

TEST_CASE("a goal of time needs a warning before it and somebody who hears of the breach") {
  const std::string escalation = "  escalation: [{at: 100, to: [lead]}]\n";
  const std::string goal = "  goals: [{name: a, within: 24h, warnAt: [50, 80]}]\n";
  CHECK(issue_of("SlaPolicy", goal + escalation).empty());
  CHECK(issue_of("SlaPolicy", goal).contains("/spec/escalation: 5:3: expected at least a step"));
  CHECK(issue_of("SlaPolicy", "  goals: [{name: a, within: soon, warnAt: [50]}]\n" + escalation)
            .contains("/spec/goals/0/within: 5:29: expected a time such as 30m"));
  CHECK(issue_of("SlaPolicy", "  goals: [{name: a, within: 1h, warnAt: [80, 50]}]\n" + escalation)
            .contains("rising"));
  CHECK(issue_of("SlaPolicy", "  goals: [{name: a, within: 1h}]\n" + escalation)
            .contains("a goal warns before"));
  CHECK(issue_of("SlaPolicy", goal + "  escalation: [{at: 100, to: []}]\n")
            .contains("/spec/escalation/0/to"));
}

TEST_CASE("a rollback that is confirmed names who confirms it") {
  const auto with = [](std::string_view more) {
    return issue_of("RollbackPolicy",
                    "  triggers: [{name: a, when: health.error_rate_bp > 1}]\n"
                    "  target: last_certified\n  due: 15m\n" +
                        std::string(more));
  };
  CHECK(with("  execution: automatic\n").empty());
  CHECK(with("  execution: confirmed\n  confirmedBy: [lead]\n").empty());
  CHECK(with("  execution: confirmed\n").contains("names who confirms it"));
  CHECK(with("  execution: perhaps\n").contains("expected one of: automatic, confirmed"));
  CHECK(issue_of("RollbackPolicy",
                 "  triggers: [{name: a, when: health.latency > 1}]\n  target: last_certified\n"
                 "  due: 15m\n  execution: automatic\n")
            .contains("/spec/triggers/0/when: 5:"));
}

TEST_CASE("an automation is set off by one thing, says what it does, and never by the key `on`") {
  const std::string actions = "  actions: [{type: notify, to: [lead]}]\n";
  CHECK(issue_of("AutomationPolicy", "  trigger: {event: a.b}\n" + actions).empty());
  CHECK(issue_of("AutomationPolicy", "  on: {event: a.b}\n" + actions)
            .contains("'on' is a boolean to some readers"));
  CHECK(issue_of("AutomationPolicy", "  trigger: {event: a.b, every: 1h}\n" + actions)
            .contains("either 'event' or 'every'"));
  CHECK(issue_of("AutomationPolicy", "  trigger: {event: a.b}\n  actions: [{type: notify}]\n")
            .contains("somebody it is addressed to"));
  CHECK(issue_of("AutomationPolicy",
                 "  trigger: {event: a.b}\n  actions: [{type: call_webhook, url: 'http://x'}]\n")
            .contains("https://"));
  CHECK(issue_of("AutomationPolicy", "  trigger: {event: a.b}\n  loopDepth: 11\n" + actions)
            .contains("expected 1 to 10"));
}

TEST_CASE("what an agent may do is named, and there is no way to allow the rest") {
  CHECK(issue_of("AgentPolicy", "  mutations: [{mutation: evidence.add, decision: allowed}]\n")
            .empty());
  CHECK(issue_of("AgentPolicy",
                 "  default: allowed\n  mutations: [{mutation: a.b, decision: allowed}]\n")
            .contains("/spec/default: 5:12: there is no such key"));
  CHECK(issue_of("AgentPolicy", "  mutations: [{mutation: a.b, decision: maybe}]\n")
            .contains("expected one of: forbidden, needs_approval, allowed"));
}

TEST_CASE("a rule of retention names types, framework and years, each type once") {
  CHECK(issue_of("RetentionPolicy",
                 "  retain: [{recordTypes: [evidence], framework: sox, years: 7}]\n")
            .empty());
  CHECK(issue_of("RetentionPolicy",
                 "  retain: [{recordTypes: [evidence], framework: sox, years: 0}]\n")
            .contains("expected 1 to 100"));
  CHECK(issue_of("RetentionPolicy", "  retain: [{recordTypes: [a, a], framework: sox, years: 1}]\n")
            .contains("has a rule for the framework already"));
}

TEST_CASE("activation rules come with a test that passes, so that they cannot lock everything") {
  const std::string rule =
      "  rules: [{id: a, require: approvals.size() > 0, message: Somebody approves.}]\n";
  CHECK(issue_of("PolicyActivation", rule).contains("needs a test that is passed"));
  CHECK(issue_of("PolicyActivation",
                 rule + "  tests: [{name: t, given: {approvals: [{person: b, at: 1}]}, "
                        "expect: passed}]\n")
            .empty());
  CHECK(issue_of("PolicyActivation", "  rules: []\n").contains("needs at least one rule"));
}

TEST_CASE("a PolicyActivation that no change can pass where it applies is refused") {
  const auto with = [](std::string_view require, std::string_view more) {
    return issue_of("PolicyActivation",
                    "  match: changes.size() > 0\n  rules: [{id: one, message: m, require: '" +
                        std::string(require) +
                        "'}]\n  tests:\n"
                        "    - {name: nothing changes, given: {changes: []}, expect: passed}\n" +
                        std::string(more));
  };
  const std::string changed =
      "given: {approvals: [{person: p, at: 1}], changes: [{kind: k, name: gate, change: created, "
      "mode_before: '', mode_after: enforce}]}";
  const std::string fails = "    - {name: a change, expect: failed, " + changed + "}\n";
  const std::string passes = "    - {name: a change, expect: passed, " + changed + "}\n";
  for (const std::string& more : {std::string(), fails}) {
    const std::string issue = with("false", more);
    CHECK_MESSAGE(issue.starts_with("/spec/tests: 8:5: a PolicyActivation needs a test in which it "
                                    "applies and every rule passes"),
                  issue);
  }
  CHECK(with("approvals.size() > 0", passes).empty());
  CHECK(with("approvals.size() > 1", fails).contains("needs a test in which it applies"));
}

TEST_CASE(
    "a test says which parts are selected, and a condition that cannot be told selects none") {
  const std::string spec =
      "  triggers:\n    - {name: errors, when: health.error_rate_bp > 500}\n"
      "    - {name: incident, when: health.incidents_open > 0}\n"
      "  target: last_certified\n  execution: automatic\n  due: 15m\n"
      "  tests:\n    - {name: t, given: {health: {error_rate_bp: 600}}, expect: passed, selects: ";
  CHECK(issue_of("RollbackPolicy", spec + "[errors]}\n").empty());
  CHECK(issue_of("RollbackPolicy", spec + "[errors, incident]}\n")
            .contains("in the test 't' there is selected: errors"));
  CHECK(issue_of("RollbackPolicy", spec + "[error]}\n").contains("there is nothing of this name"));
}

TEST_CASE("the date of a review is a date") {
  const auto with = [](std::string_view date) {
    const std::string text =
        "apiVersion: holdpoint/v1\nkind: RetentionPolicy\nmetadata: {name: a, "
        "owner: b, reviewBy: " +
        std::string(date) + "}\nspec: {retain: [{recordTypes: [e], framework: f, years: 1}]}\n";
    const auto compiled = compile_policy(text, schemas());
    return compiled ? compiled->document().review_by : compiled.error().front().text();
  };
  CHECK(with("2027-03-31") == "2027-03-31");
  CHECK(with("2027-02-30").contains("expected a date such as 2027-03-31"));
  CHECK(with("next year").contains("expected a date"));
}

TEST_CASE("no key of any kind is one that a reader of YAML 1.1 takes for a boolean") {
  for (const KindRow& row : kinds()) {
    const std::string schema = json::serialize(document_schema(row.kind));
    for (const std::string_view trap : {R"("on":)", R"("off":)", R"("yes":)", R"("no":)"}) {
      CHECK_MESSAGE(!schema.contains(trap), row.name);
    }
  }
}

TEST_CASE("the schema for editors names every key that the reader takes and how much of it") {
  const json::value schema = document_schema(Kind::sla_policy);
  const json::object& spec = schema.at("properties").at("spec").at("properties").as_object();
  for (const char* key : {"mode", "match", "variables", "rules", "tests", "goals", "escalation"}) {
    CHECK_MESSAGE(spec.contains(key), key);
  }
  CHECK(spec.size() == 7);
  CHECK(spec.at("rules").at("maxItems") == CriteriaDocument::rules_max);
  CHECK(schema.at("properties").at("kind").at("const") == "SlaPolicy");
  CHECK(remedy_keys() == std::vector<std::string>{"do", "by", "command", "within", "effect"});
  CHECK(document_schema(Kind::gate_policy).at("properties").at("spec").at("required").as_array() ==
        json::array{"rules"});
}

}  // namespace
}  // namespace holdpoint::policy
