// Policies over the API: kinds, revisions and rollback, proposals that another person approves, and
// a gate that policies close. Each case has a workspace that begins with what the one before left.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

ServerProcess& server() {
  static ServerProcess one;
  return one;
}

const std::string kApi = "/api/v1/main/";

Reply applied(const std::string& text, const std::string& query = "") {
  return server().ask({.method = "POST",
                       .target = kApi + "apply" + query,
                       .body = text,
                       .media = "application/yaml"});
}

json::value in_force(const std::string& query = "") {
  const Reply reply = server().get(kApi + "policies" + query);
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  return reply.document();
}

std::int64_t revision() {
  const auto listed = server().get(kApi + "policy-revisions?limit=1").document();
  const auto& items = listed.at("items").as_array();
  return items.empty() ? 0 : items.front().at("revision").to_number<std::int64_t>();
}

std::size_t entries() {
  return server().get(kApi + "ledger/entries?limit=200").document().at("items").as_array().size();
}

std::string gate_policy(const std::string& version, const std::string& mode = "enforce") {
  return "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: versions, owner: team-a, "
         "reviewBy: 2026-01-31}\nspec:\n  mode: " +
         mode + "\n  rules:\n    - id: known-version\n      require: release.version == \"" +
         version + "\"\n      message: Only a known version is deployed.\n";
}

json::value gate() {
  const Reply reply =
      server().get(kApi + "gate?application=shop&version=1.0.0&environment=sandbox");
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  return reply.document();
}

struct Person {
  std::string id;
  std::string session;
};

Person person(const std::string& email, const std::string& role) {
  const std::string password = "a-long-enough-password";
  const json::object body{{"name", "Some One"}, {"email", email}, {"password", password}};
  const Reply added = server().post("/api/v1/people", json::serialize(body));
  REQUIRE(added.status == 201);
  const json::object assignment{
      {"actor_kind", "person"}, {"actor_id", added.text("id")}, {"role", role}};
  REQUIRE(server().post(kApi + "role-assignments", json::serialize(assignment)).status == 201);
  const json::object credentials{{"email", email}, {"password", password}};
  const Reply signed_in = server().ask_as(
      "", {.method = "POST", .target = "/api/v1/sessions", .body = json::serialize(credentials)});
  return {added.text("id"), signed_in.text("token")};
}

Reply decide(std::string_view session, const std::string& proposal, const std::string& verb,
             const std::string& body = "{}") {
  return server().ask_as(session, {.method = "POST",
                                   .target = kApi + "policy-proposals/" + proposal + "/" + verb,
                                   .body = body});
}

std::string proposal_of(const Reply& applied) {
  const auto document = applied.document();
  const auto* id = document.at("changes").at(0).as_object().if_contains("proposal");
  return id == nullptr ? "" : std::string(view(id->as_string()));
}

std::string policy_file(const std::string& name) { return example("policies/" + name + ".yaml"); }

}  // namespace

TEST_CASE("documents of every kind come into force together, as one revision") {
  std::string all = example("criteria.yaml");
  for (const char* name :
       {"gate", "approval", "sla", "rollback", "automation", "agent", "retention"}) {
    all += "---\n" + policy_file(name);
  }
  const std::size_t before = entries();
  const Reply plan = applied(all, "?dry_run=true");
  INFO(plan.body);
  REQUIRE(plan.status == 200);
  CHECK(plan.document().at("changes").as_array().size() == 8);
  CHECK(entries() == before);
  CHECK(in_force().at("items").as_array().empty());
  const Reply done = applied(all);
  INFO(done.body);
  REQUIRE(done.status == 200);
  const auto answer = done.document();
  for (const auto& change : answer.at("changes").as_array()) {
    CHECK(change.at("action") == "created");
    CHECK(change.at("revision") == 1);
  }
  CHECK(revision() == 1);
  CHECK(entries() == before + 1);
  CHECK(in_force().at("items").as_array().size() == 8);
  const auto again = applied(all).document();
  CHECK(again.at("changes").at(0).at("action") == "unchanged");
  CHECK(revision() == 1);
  CHECK(entries() == before + 1);
}

TEST_CASE("a policy says whether anything acts on it, and its text is kept as written") {
  const auto acted = server().get(kApi + "policies/GatePolicy/production-window").document();
  CHECK(acted.at("acted_on") == true);
  CHECK(acted.at("review_by") == "2027-06-30");
  const auto kept = in_force("?kind=SlaPolicy").at("items").at(0);
  CHECK(kept.at("acted_on") == false);
  const Reply text =
      server().get(kApi + "policy-versions/" + std::string(view(kept.at("digest").as_string())));
  CHECK(text.status == 200);
  CHECK(text.body == policy_file("sla"));
  CHECK(server().get(kApi + "policy-versions/" + std::string(71, 'a')).status == 404);
  CHECK(server().get(kApi + "policies?kind=Sla").status == 422);
}

TEST_CASE("the schemas of every kind are public, for editors") {
  const Reply reply = server().ask_as("", {.target = "/schemas/policies.json"});
  REQUIRE(reply.status == 200);
  const auto schema = reply.document();
  CHECK(schema.at("oneOf").as_array().size() == 9);
  for (const auto& kind : schema.at("x-kinds").as_object()) {
    CHECK(kind.value().at("facts").as_object().contains("$defs"));
  }
  const auto document = schema.at("$defs").at("gate_policy");
  CHECK(document.at("properties").at("kind").at("const") == "GatePolicy");
  // Editors resolve references within one schema only.
  for (const auto& definition : schema.at("$defs").as_object()) {
    CHECK_FALSE(definition.value().as_object().contains("$id"));
    CHECK_FALSE(definition.value().as_object().contains("$defs"));
  }
}

TEST_CASE("two documents of one kind and name in one request are refused, with the second named") {
  const std::size_t before = entries();
  const Reply twice = applied(gate_policy("1.0.0") + "---\n" + gate_policy("2.0.0"));
  INFO(twice.body);
  CHECK(twice.status == 422);
  CHECK(twice.code() == "document_twice");
  CHECK(twice.body.find("/1/metadata/name") != std::string::npos);
  const Reply wrong = applied(gate_policy("1.0.0") + "---\n" + gate_policy("2.0.0", "maybe"));
  CHECK(wrong.code() == "invalid_policy");
  CHECK(wrong.body.find("/1/spec/mode") != std::string::npos);
  CHECK(entries() == before);
}

TEST_CASE("an enforced gate policy closes the gate, one on trial says that it would have") {
  const std::string catalog =
      "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: sandbox}\n"
      "spec: {order: 1, kind: test, requires_certification: false}\n---\n"
      "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
      "spec: {owners: [team:shop], criticality: low, environments: [sandbox]}\n";
  REQUIRE(applied(catalog).status == 200);
  const Reply release = server().post(
      kApi + "releases", R"({"application":"shop","version":"1.0.0","commits":[],"ci":{},)"
                         R"("artifacts":[]})");
  INFO(release.body);
  REQUIRE(release.status == 201);
  CHECK(gate().at("decision") == "open");
  REQUIRE(applied(gate_policy("2.0.0", "shadow")).status == 200);
  const auto trial = gate();
  CHECK(trial.at("decision") == "open");
  const auto verdict_of = [](const json::value& answer) {
    for (const auto& policy : answer.at("policies").as_array()) {
      if (policy.at("name") == "versions") return policy;
    }
    return json::value();
  };
  CHECK(verdict_of(trial).at("would_flip") == true);
  const Reply enforced = applied(gate_policy("2.0.0"));
  CHECK(enforced.document().at("changes").at(0).at("mode_before") == "shadow");
  CHECK(enforced.document().at("changes").at(0).at("mode_after") == "enforce");
  const auto closed = gate();
  CHECK(closed.at("decision") == "closed");
  CHECK(closed.at("reasons").at(0).at("code") == "gate_policy_failed");
  CHECK(closed.at("reasons").at(0).at("criterion") == "known-version");
  CHECK(!verdict_of(closed).as_object().contains("would_flip"));
  REQUIRE(applied(gate_policy("1.0.0")).status == 200);
  CHECK(gate().at("decision") == "open");
}

TEST_CASE("a policy that was to be reviewed long ago is listed as past due") {
  const auto due = in_force("?review=past_due").at("items").as_array();
  REQUIRE(due.size() == 1);
  CHECK(due[0].at("name") == "versions");
  CHECK(due[0].at("review_past_due") == true);
}

TEST_CASE("a rollback is a new revision with the documents of the earlier one") {
  const std::int64_t now = revision();
  const auto earlier = server().get(kApi + "policy-revisions/1").document();
  const Reply back = server().post(kApi + "policy-revisions/1/rollback", "{}");
  INFO(back.body);
  REQUIRE(back.status == 200);
  CHECK(revision() == now + 1);
  const auto after = server().get(kApi + "policy-revisions/" + std::to_string(now + 1)).document();
  CHECK(after.at("digest") == earlier.at("digest"));
  CHECK(after.at("manifest") == earlier.at("manifest"));
  CHECK(after.at("rolls_back_to") == 1);
  CHECK(server().get(kApi + "policies/GatePolicy/versions").status == 404);
  CHECK(server().post(kApi + "policy-revisions/1/rollback", "{}").code() == "nothing_to_roll_back");
  CHECK(server().post(kApi + "policy-revisions/99/rollback", "{}").status == 404);
}

TEST_CASE("revisions are listed in pages, and a cursor that no page gave is refused") {
  std::int64_t expected = revision();
  std::string cursor;
  do {
    const Reply page = server().get(kApi + "policy-revisions?limit=1" +
                                    (cursor.empty() ? "" : "&cursor=" + cursor));
    INFO(page.body);
    REQUIRE(page.status == 200);
    CHECK(page.document().at("items").at(0).at("revision") == expected--);
    cursor = page.text("next_cursor");
  } while (!cursor.empty());
  CHECK(expected == 0);
  for (const std::string wrong : {"eA", "LTE", "MXg", "OTk5OTk5OTk5OTk5OTk5OTk5OTk"}) {
    const Reply refused = server().get(kApi + "policy-revisions?cursor=" + wrong);
    INFO(wrong, ": ", refused.body);
    CHECK(refused.status == 422);
  }
}

TEST_CASE("with an activation policy in force, a change waits until another person approves it") {
  const Reply activation = applied(policy_file("activation"));
  REQUIRE(activation.status == 200);
  CHECK(proposal_of(activation).empty());
  const std::int64_t before = revision();
  const Reply waits = applied(gate_policy("2.0.0"));
  INFO(waits.body);
  const std::string id = proposal_of(waits);
  REQUIRE(!id.empty());
  CHECK(proposal_of(applied(gate_policy("2.0.0"))) == id);
  CHECK(revision() == before);
  CHECK(gate().at("decision") == "open");
  const auto shown = server().get(kApi + "policy-proposals/" + id).document();
  CHECK(shown.at("passed") == false);
  CHECK(shown.at("policies").at(0).at("rules").at(0).at("result") == "fail");

  const Reply own = decide(server().session(), id, "approval");
  CHECK(own.status == 403);
  CHECK(own.code() == "own_proposal");
  const Person developer = person("dev@policies.example", "developer");
  CHECK(decide(developer.session, id, "approval").code() == "permission_denied");
  const std::string robot = server().token_of("main", "administrator", {"policy.approve"});
  CHECK(decide(robot, id, "approval").code() == "approver_not_a_person");
  CHECK(revision() == before);

  const Person approver = person("approver@policies.example", "approver");
  const Reply approved = decide(approver.session, id, "approval");
  INFO(approved.body);
  REQUIRE(approved.status == 200);
  CHECK(approved.document().at("proposal").at("state") == "activated");
  CHECK(revision() == before + 1);
  CHECK(gate().at("decision") == "closed");
  CHECK(decide(approver.session, id, "approval").code() == "proposal_closed");
}

TEST_CASE("the policies in force judge a change, not the ones it brings") {
  std::string weaker = policy_file("activation");
  const std::string from = "approvals.size() >= 1";
  weaker.replace(weaker.find(from), from.size(), "approvals.size() >= 0");
  weaker = weaker.substr(0, weaker.find("    - name: a change that is enforced needs")) +
           weaker.substr(weaker.find("    - name: one approval is enough"));
  const Reply waits = applied(weaker);
  INFO(waits.body);
  const std::string id = proposal_of(waits);
  REQUIRE(!id.empty());
  const Person approver = person("strict@policies.example", "approver");
  CHECK(decide(approver.session, id, "rejection", R"({"reason":""})").code() == "reason_needed");
  const Reply rejected =
      decide(approver.session, id, "rejection", R"({"reason":"Nobody would have to agree."})");
  CHECK(rejected.status == 200);
  CHECK(rejected.document().at("proposal").at("state") == "rejected");
  CHECK(decide(approver.session, id, "approval").code() == "proposal_closed");
}

TEST_CASE(
    "a proposal made for policies that changed since is overtaken, a rollback waits as well") {
  const Person approver = person("third@policies.example", "approver");
  const std::string first = proposal_of(applied(gate_policy("3.0.0")));
  const std::string second = proposal_of(applied(gate_policy("4.0.0")));
  REQUIRE(!first.empty());
  REQUIRE(first != second);
  REQUIRE(decide(approver.session, second, "approval").status == 200);
  CHECK(server().get(kApi + "policy-proposals/" + first).document().at("proposal").at("state") ==
        "overtaken");
  CHECK(decide(approver.session, first, "approval").code() == "proposal_closed");
  const std::int64_t before = revision();
  const Reply back = server().post(kApi + "policy-revisions/1/rollback", "{}");
  INFO(back.body);
  CHECK(back.status == 200);
  CHECK(!back.document().as_object().contains("revision"));
  CHECK(revision() == before);
  REQUIRE(decide(approver.session, back.text("proposal"), "approval").status == 200);
  CHECK(revision() == before + 1);
  CHECK(server().get(kApi + "policies/PolicyActivation/two-eyes").status == 404);
}

TEST_CASE("the ledger, folded again from nothing, gives the same policies") {
  const Finished verified = server().run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

TEST_CASE("the program lists, shows and takes back policies") {
  const Finished listed = server().run({"policy", "list"});
  INFO(listed.all());
  CHECK(listed.code == 0);
  CHECK(listed.out.find("production-window") != std::string::npos);
  CHECK(listed.out.find("kept only") != std::string::npos);
  const Finished shown = server().run({"policy", "show", "RetentionPolicy", "records"});
  CHECK(shown.out == policy_file("retention"));
  CHECK(server().run({"policy", "show", "RetentionPolicy", "nothing"}).code == 2);
  const Finished revisions = server().run({"policy", "revisions", "--limit", "5"});
  CHECK(revisions.out.find("back to 1:") != std::string::npos);
  const Finished proposals = server().run({"policy", "proposals", "--state", "all"});
  CHECK(proposals.out.find("overtaken") != std::string::npos);
}

}  // namespace holdpoint::test
