// Duties at the start of a deployment, by the real program: who approved the change or the override
// that a start would use does not start it, in none of its places, and who tried stands on record.
#include <doctest/doctest.h>

#include "e2e/change_house.hpp"

namespace holdpoint::test {
namespace {

/// Rob and Eva may approve and deploy, so nothing but the duties keeps them apart.
constexpr std::string_view press = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: press}
spec: {owners: [team:web], criticality: low}
---
apiVersion: holdpoint/v1
kind: ApprovalRole
metadata: {name: press}
spec: {people: [rob@holdpoint-e2e.example, eva@holdpoint-e2e.example]}
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: press, owner: "team:compliance"}
spec:
  match: subject.kind == "change" && application.name == "press"
  routes:
    - name: press
      stages: [{name: press, approvalRoles: [press], minimum: 1}]
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: press-overrides, owner: "team:compliance"}
spec:
  match: subject.kind == "freeze_override" && application.name == "press"
  routes:
    - name: press
      stages: [{name: press, approvalRoles: [press], minimum: 1}]
)";

Finished start(const ChangeHouse& there, const Someone& who, const std::string& release,
               const std::string& environment) {
  return there.run(who, {"deployment", "start", release, "--env", environment, "--format", "json"});
}

std::size_t refused_of(const ChangeHouse& there, const Someone& who, std::string_view code) {
  const Reply answer = there.server.ask({.target = "/api/v1/main/deployments/refused"});
  const json::value document = answer.document();
  std::size_t count = 0;
  for (const json::value& one : document.at("items").as_array()) {
    const bool is_by = view(one.at("actor").as_string()) == who.id;
    count += is_by && view(one.at("code").as_string()) == code ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("who approved a change starts it in none of its places, and the attempt is recorded") {
  const ChangeHouse& there = change_house();
  there.apply(std::string(press));
  there.release("press", "1.0.0");
  auto options = there.options("press", "press@1.0.0");
  options.insert(options.end(), {"--env", "staging", "--customer-impact", "nobody notices"});
  const Finished made = there.run(there.ann, {"change", "create"}, options);
  INFO(made.all());
  REQUIRE(made.code == 0);
  const std::string change(view(json::parse(made.out).at("change").at("id").as_string()));
  REQUIRE(there.run(there.ann, {"change", "submit", change}).code == 0);
  const std::string request = there.request(change);
  REQUIRE(there.approve(there.rob, request).code == 0);
  REQUIRE(there.approve(there.ben, request).code == 0);

  const Finished first = start(there, there.rob, "press@1.0.0", "production");
  INFO(first.all());
  CHECK(first.code == 1);
  CHECK(says(first, "approver_deploys"));
  CHECK(refused_of(there, there.rob, "approver_deploys") == 1);
  CHECK(start(there, there.rob, "press@1.0.0", "production").code == 1);
  CHECK(refused_of(there, there.rob, "approver_deploys") == 1);
  there.finish(start(there, there.eva, "press@1.0.0", "production"));

  // Its approval is used up by now, and still nobody deploys what they approved.
  const Finished second = start(there, there.rob, "press@1.0.0", "staging");
  INFO(second.all());
  CHECK(second.code == 1);
  CHECK(says(second, "approver_deploys"));
  CHECK(refused_of(there, there.rob, "approver_deploys") == 2);
  there.finish(start(there, there.eva, "press@1.0.0", "staging"));
  CHECK(says(there.server.run({"approvals", "segregation", "press@1.0.0"}), "approver_deploys"));
}

TEST_CASE("who approved the override of a freeze does not deploy by it, and the attempt is kept") {
  const ChangeHouse& there = change_house();
  there.apply(std::string(press));
  there.release("press", "2.0.0");
  there.apply(
      "apiVersion: holdpoint/v1\nkind: Freeze\nmetadata: {name: press-night}\n"
      "spec:\n  owner: team-web\n  reason: The press runs.\n  applications: [press]\n"
      "  environments: [staging]\n  once: {from: \"" +
      there.at(Duration::hours(-1)) + "\", until: \"" + there.at(Duration::hours(100)) + "\"}\n");
  const Finished asked = there.run(
      there.zoe, {"freeze", "override", "--release", "press@2.0.0", "--env", "staging", "--hours",
                  "2", "--reason", "Readers see an error on every page.", "--format", "json"});
  INFO(asked.err);
  REQUIRE(asked.code == 0);
  const std::string request(view(json::parse(asked.out).at("request").as_string()));
  REQUIRE(there.approve(there.rob, request).code == 0);
  REQUIRE(there.approve(there.ben, request).code == 0);
  const std::size_t before = refused_of(there, there.rob, "approver_deploys");
  const Finished own = start(there, there.rob, "press@2.0.0", "staging");
  INFO(own.all());
  CHECK(own.code == 1);
  CHECK(says(own, "approver_deploys"));
  CHECK(refused_of(there, there.rob, "approver_deploys") == before + 1);
  // Nothing was used up by the attempt.
  there.finish(start(there, there.eva, "press@2.0.0", "staging"));
  CHECK(there.server.run({"freeze", "retire", "press-night"}).code == 0);
}

TEST_CASE("a refusal that is on the record is the first answer of its key, wherever it is made") {
  const ChangeHouse& there = change_house();
  there.apply(std::string(press));
  there.release("press", "3.0.0");
  auto options = there.options("press", "press@3.0.0");
  options.insert(options.end(), {"--customer-impact", "none", "--category", "outage",
                                 "--justification", "Nobody can read anything since 11:20."});
  const Finished declared = there.run(there.zoe, {"emergency", "declare"}, options);
  INFO(declared.all());
  REQUIRE(declared.code == 0);
  const std::string change(view(json::parse(declared.out).at("change").at("id").as_string()));
  const std::string request = there.request(change);
  const auto twice = [&](const Someone& who, const std::string& target, const json::object& wanted,
                         const std::string& type) {
    const auto entries = [&] {
      const Finished log = there.server.run({"audit", "log", "--type", type});
      std::size_t count = 0;
      for (std::size_t at = log.out.find(type); at != std::string::npos;
           at = log.out.find(type, at + 1)) {
        ++count;
      }
      return count;
    };
    const auto ask = [&] {
      return there.server.ask_as(who.token, {.method = "POST",
                                             .target = "/api/v1/main/" + target,
                                             .body = json::serialize(wanted),
                                             .headers = {{"Idempotency-Key", "key " + target}}});
    };
    const std::size_t before = entries();
    const Reply first = ask();
    INFO(first.body);
    CHECK(first.status >= 400);
    CHECK(entries() == before + 1);
    const Reply again = ask();
    CHECK(again.status == first.status);
    CHECK(again.body == first.body);
    CHECK(entries() == before + 1);
  };
  const std::string digest(view(there.kept(request).at("subject").at("digest").as_string()));
  // Zoe declared it, Ben is no endorser, and nobody has approved or endorsed it for Rob.
  twice(there.zoe, "approvals/" + request + "/decisions",
        {{"choice", "approve"}, {"digest", digest}, {"reason", "now"}},
        "approval.signature_refused");
  twice(there.ben, "changes/" + change + "/endorsement", {{"digest", digest}, {"reason", "now"}},
        "emergency.act_refused");
  twice(there.rob, "deployments",
        {{"application", "press"}, {"version", "3.0.0"}, {"environment", "production"}},
        "deployment.refused");
}

}  // namespace holdpoint::test
