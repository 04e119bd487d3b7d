// Who made the rule by which they would decide: whoever brought a policy into force shortly before
// a request is kept from signing it, where the policy says so, and in no other way can they.
#include <doctest/doctest.h>

#include "base/instant.hpp"
#include "support/approval_house.hpp"

namespace holdpoint::test {
namespace {

/// Two of the roles approver and release_manager sign, and who changed it so shortly before do not.
std::string rule(const std::string& time) {
  std::string text =
      ApprovalHouse::policy(2, time.empty() ? "" : "  excludeEditors: " + time + "\n");
  text.replace(text.find("roles: [approver]"), 17, "roles: [approver, release_manager]");
  return text;
}

struct Court : ApprovalHouse {
  Someone ann = person("Ann", "developer");
  Someone ben = person("Ben", "approver");
  Someone cat = person("Cat", "approver");
  Someone dan = person("Dan", "approver");
  Someone kim = person("Kim", "release_manager");

  Reply applied_by(const std::string& token, const std::string& text) const {
    Reply reply = server.ask_as(token, {.method = "POST",
                                        .target = "/api/v1/main/apply",
                                        .body = text,
                                        .media = "application/yaml",
                                        .headers = {}});
    REQUIRE(reply.status == 200);
    return reply;
  }
  /// A release of ann's that is asked for.
  [[nodiscard]] std::string asked(const std::string& version) const {
    release(version, {ann.email});
    return request(version);
  }
  [[nodiscard]] bool names(const std::string& id, const Someone& who) const {
    for (const json::value& one : shown(id).at("excluded").as_array()) {
      if (one.at("person").as_string() != who.id.c_str()) continue;
      return one.at("because").as_string() == "changed the policy that asks for it";
    }
    return false;
  }
};

}  // namespace

TEST_CASE("who changed the policy does not sign what it asks for, nor does a delegate of theirs") {
  Court here;
  here.applied_by(here.kim.token, rule("7d"));
  const std::string id = here.asked("1.0");
  const auto pinned = here.shown(id).at("request").at("exclude_editors_us").as_int64();
  CHECK(pinned == Duration::days(7).us);
  CHECK(here.names(id, here.kim));
  const Reply own = here.approve(here.kim, id);
  CHECK(code_of(own) == "own_part");
  CHECK(own.body.find("changed the policy that asks for it") != std::string::npos);
  const Someone guy = here.person("Guy", "developer");
  REQUIRE(here.lend(here.kim, guy).status == 201);
  CHECK(code_of(here.approve(guy, id)) == "not_eligible");
  CHECK(here.votes(id) == 0);
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(code_of(here.approve(here.cat, id)).empty());
  CHECK(here.is_open("1.0"));
}

TEST_CASE("to have an account change the policy is to have changed it") {
  Court here;
  const Reply account =
      here.server.post("/api/v1/main/service-accounts", R"({"name":"policy-bot"})");
  REQUIRE(account.status == 201);
  REQUIRE(here.server
              .post("/api/v1/main/role-assignments",
                    json::serialize(json::object{{"actor_kind", "service_account"},
                                                 {"actor_id", account.text("id")},
                                                 {"role", "release_manager"}}))
              .status == 201);
  const Someone lea = here.person("Lea", "administrator");
  const Reply token = here.server.ask_as(
      lea.token,
      {.method = "POST",
       .target = "/api/v1/main/tokens",
       .body = json::serialize(json::object{{"service_account_id", account.text("id")},
                                            {"name", "bot"},
                                            {"scopes", json::array{"catalog.read", "policy.write"}},
                                            {"expires_in", "1d"}})});
  REQUIRE(token.status == 201);
  here.applied_by(token.text("token"), rule("7d"));
  CHECK(here.names(here.asked("1.0"), lea));
}

TEST_CASE("nobody is kept from signing by a policy that they left alone, or that does not say so") {
  Court here;
  here.apply(rule("7d"));
  // Kim changes one that does not apply, and applies the present version of the other once more.
  std::string other = rule("7d");
  other.replace(other.find("name: changes"), 13, "name: staging");
  other.replace(other.find("\"production\""), 12, "\"staging\"");
  here.applied_by(here.kim.token, other);
  here.applied_by(here.kim.token, rule("7d"));
  const std::string id = here.asked("1.0");
  CHECK_FALSE(here.names(id, here.kim));
  CHECK(code_of(here.approve(here.kim, id)).empty());

  here.applied_by(here.kim.token, rule(""));
  const std::string plain = here.asked("1.1");
  CHECK(here.shown(plain).at("request").as_object().if_contains("exclude_editors_us") == nullptr);
  CHECK(code_of(here.approve(here.kim, plain)).empty());
}

TEST_CASE("who changed it before that time signs, also after the server was started again") {
  Court here;
  here.applied_by(here.kim.token, rule("1h"));
  const std::string early = here.asked("1.0");
  CHECK(code_of(here.approve(here.kim, early)) == "own_part");
  here.server.stop();
  here.server.start({}, clock_ahead(65 * 60));
  // What was asked for within the time stays as it was.
  CHECK(code_of(here.approve(here.kim, early)) == "own_part");
  const std::string late = here.asked("1.1");
  CHECK_FALSE(here.names(late, here.kim));
  CHECK(code_of(here.approve(here.kim, late)).empty());
}

TEST_CASE("of several policies the longest time counts, for the editors of each") {
  Court here;
  here.applied_by(here.kim.token, rule(""));
  std::string second = rule("2d");
  second.replace(second.find("name: changes"), 13, "name: cards");
  here.apply(second);
  const std::string id = here.asked("1.0");
  CHECK(here.shown(id).at("request").at("exclude_editors_us").as_int64() == Duration::days(2).us);
  CHECK(code_of(here.approve(here.kim, id)) == "own_part");
}

TEST_CASE("a longer time counts for what was signed before, as far as editors signed it") {
  Court here;
  here.applied_by(here.kim.token, rule(""));
  const std::string id = here.asked("1.0");
  const std::string other = here.asked("1.1");
  REQUIRE(code_of(here.approve(here.kim, id)).empty());
  REQUIRE(code_of(here.approve(here.ben, id)).empty());
  REQUIRE(code_of(here.approve(here.cat, other)).empty());
  REQUIRE(code_of(here.approve(here.dan, other)).empty());
  CHECK(here.is_open("1.0"));
  here.apply(rule("7d"));
  CHECK_FALSE(here.is_open("1.0"));
  const Reply started = here.start(here.server.session(), "1.0");
  CHECK(started.status == 409);
  CHECK(started.body.find("did not change the policy within 7d") != std::string::npos);
  CHECK(here.is_open("1.1"));
  const Reply again = here.request_as(here.server.session(), "1.0");
  REQUIRE(again.status == 201);
  CHECK(again.text("id") != id);
  CHECK(code_of(here.approve(here.kim, again.text("id"))) == "own_part");
}

TEST_CASE("who proposed a change of the policy and who agreed to it are both kept from signing") {
  Court here;
  here.apply(example("policies/activation.yaml"));
  const Reply waits = here.applied_by(here.kim.token, rule("7d"));
  const std::string proposal(view(waits.document().at("changes").at(0).at("proposal").as_string()));
  const Reply agreed = here.server.ask_as(
      here.ben.token, {.method = "POST",
                       .target = "/api/v1/main/policy-proposals/" + proposal + "/approval",
                       .body = "{}"});
  REQUIRE(agreed.status == 200);
  const std::string id = here.asked("1.0");
  CHECK(code_of(here.approve(here.kim, id)) == "own_part");
  CHECK(code_of(here.approve(here.ben, id)) == "own_part");
  CHECK(code_of(here.approve(here.cat, id)).empty());
  CHECK(code_of(here.approve(here.dan, id)).empty());
  CHECK(here.is_open("1.0"));
  const Finished verified = here.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

TEST_CASE("who signed for a proposed change of the policy has brought it into force") {
  Court here;
  here.apply(R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: policy-changes, owner: team:compliance}
spec:
  match: subject.kind == "policy_proposal"
  routes: [{name: main, stages: [{name: compliance, roles: [approver], minimum: 1}]}]
)");
  const Reply waits = here.applied_by(here.kim.token, rule("7d"));
  const std::string proposal(view(waits.document().at("changes").at(0).at("proposal").as_string()));
  const Reply wanted = here.server.post("/api/v1/main/approvals",
                                        json::serialize(json::object{{"kind", "policy_proposal"},
                                                                     {"id", proposal},
                                                                     {"reason", ""},
                                                                     {"fields", json::object{}}}));
  REQUIRE(wanted.status == 201);
  REQUIRE(code_of(here.approve(here.ben, wanted.text("id"))).empty());
  REQUIRE(here.state(wanted.text("id")) == "consumed");
  const std::string id = here.asked("1.0");
  CHECK(code_of(here.approve(here.ben, id)) == "own_part");
  CHECK(code_of(here.approve(here.kim, id)) == "own_part");
  // The server itself brought it into force, and is nobody who would have to be known.
  CHECK(here.shown(id).at("unknown_people").as_array().empty());
  CHECK(code_of(here.approve(here.cat, id)).empty());
}

}  // namespace holdpoint::test
