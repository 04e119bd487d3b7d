// Ways around approvals that other systems have left open, each tried on the running server: by
// another content, another rule, another identity, another channel or at another time.
#include <doctest/doctest.h>

#include "support/approval_house.hpp"

namespace holdpoint::test {
namespace {

struct Town : ApprovalHouse {
  Someone ann = person("Ann", "developer");
  Someone ben = person("Ben", "approver");
  Someone cat = person("Cat", "approver");
  Someone dan = person("Dan", "approver");

  /// A release of ann's that is asked for.
  std::string asked(const std::string& version) {
    release(version, {ann.email});
    return request(version);
  }
};

Town& town() {
  static Town one;
  return one;
}

}  // namespace

TEST_CASE("work that is added after the approval is not covered by it") {
  Town& here = town();
  const std::string id = here.asked("1.0");
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(code_of(here.approve(here.cat, id)).empty());
  CHECK(here.is_open("1.0"));
  // More commits are another content: not under the same name, and not approved under another.
  CHECK(code_of(here.propose("1.0", {here.ann.email, here.dan.email}, here.server.session())) ==
        "release_exists");
  here.release("1.0.1", {here.ann.email, here.dan.email});
  CHECK_FALSE(here.is_open("1.0.1"));
  here.configure(here.server.session(), "added later");
  CHECK_FALSE(here.is_open("1.0"));
  CHECK(here.start(here.server.session(), "1.0").status == 409);
}

TEST_CASE("the rules of a request are not taken from it, by its author or by a later policy") {
  Town& here = town();
  const std::string id = here.asked("2.0");
  for (const char* method : {"PUT", "PATCH", "DELETE"}) {
    const Reply tried = here.server.ask_as(
        here.ann.token, {.method = method, .target = "/api/v1/main/approvals/" + id, .body = "{}"});
    CHECK(tried.status == 405);
  }
  here.apply(ApprovalHouse::policy(1));
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(here.state(id) == "pending");
  here.apply(ApprovalHouse::policy(2));
  CHECK(code_of(here.approve(here.cat, id)).empty());
  CHECK(here.state(id) == "granted");
}

TEST_CASE("where no route says who approves, nobody does and nothing is let through") {
  Town& here = town();
  const auto ask_for_blog = [&] {
    return here.server.post("/api/v1/main/approvals",
                            R"({"kind":"promotion","id":"blog@1.0/production","reason":"",)"
                            R"("fields":{"backout_plan":"x"}})");
  };
  REQUIRE(here.server
              .post("/api/v1/main/releases",
                    R"({"application":"blog","version":"1.0","commits":[],"artifacts":[]})")
              .status == 201);
  // The policy applies to blog as well, and its only route does not.
  CHECK(code_of(ask_for_blog()) == "no_route");
  const Reply gate =
      here.server.get("/api/v1/main/gate?application=blog&version=1.0&environment=production");
  CHECK(gate.text("decision") == "unknown");
}

TEST_CASE("what a request says of itself selects no other rules") {
  Town& here = town();
  here.release("3.0", {here.ann.email});
  const auto with = [&](const std::string& more) {
    return here.server.post(
        "/api/v1/main/approvals",
        R"({"kind":"promotion","id":"shop@3.0/production","reason":"",)" + more + "}");
  };
  // A digest, demands or facts that the asker states are not read at all.
  CHECK(with(R"("fields":{"backout_plan":"x"},"digest":"sha256:0")").status == 422);
  CHECK(with(R"("fields":{"backout_plan":"x"},"demands":[])").status == 422);
  const Reply asked =
      with(R"("fields":{"backout_plan":"x","flags.cardholder":"false","cardholder":"no"})");
  REQUIRE(asked.status == 201);
  const auto stages = here.shown(asked.text("id")).at("stages").as_array();
  CHECK(stages.size() == 1);
  CHECK(stages.at(0).at("need").as_int64() == 2);
}

TEST_CASE("a role that was taken away counts no more, neither to sign nor for what was signed") {
  Town& here = town();
  Someone eve = here.person("Eve", "approver");
  Someone fay = here.person("Fay", "approver");
  const std::string id = here.asked("4.0");
  CHECK(code_of(here.approve(eve, id)).empty());
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(here.is_open("4.0"));
  here.take_role(eve, "approver");
  CHECK_FALSE(here.is_open("4.0"));
  CHECK(here.start(here.server.session(), "4.0").status == 409);
  const std::string other = here.asked("4.1");
  here.take_role(fay, "approver");
  CHECK(here.approve(fay, other).status == 403);
  CHECK(here.votes(other) == 0);
}

TEST_CASE("a right that was lent for a role is never wider than the role, and gone with it") {
  Town& here = town();
  Someone guy = here.person("Guy", "developer");
  REQUIRE(here.lend(here.ben, guy, {"auditor"}).status == 201);
  const std::string id = here.asked("5.0");
  CHECK(code_of(here.approve(guy, id)) == "not_eligible");
  // The stage names the board too, which ben is not on: to lend it lends nothing.
  here.apply(
      "apiVersion: holdpoint/v1\nkind: ApprovalRole\nmetadata: {name: city-board}\nspec: {people: "
      "[" +
      here.dan.email + "]}\n");
  std::string wider = ApprovalHouse::policy(2);
  wider.replace(wider.find("roles: [approver]"), 17,
                "roles: [approver], approvalRoles: [city-board]");
  here.apply(wider);
  const std::string again = here.request("5.0");
  Someone hal = here.person("Hal", "developer");
  REQUIRE(here.lend(here.ben, hal, {"city-board"}).status == 201);
  CHECK(code_of(here.approve(hal, again)) == "not_eligible");
  REQUIRE(here.lend(here.dan, hal, {"city-board"}).status == 201);
  CHECK(code_of(here.approve(hal, again)).empty());
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("the token of a program is no person, whatever role it has") {
  Town& here = town();
  const Someone pipeline = here.account("approver");
  const std::string id = here.asked("6.0");
  CHECK(code_of(here.approve(pipeline, id)) == "approver_not_a_person");
  CHECK(here.votes(id) == 0);
  CHECK(here.shown(id).at("refused_attempts").as_array().size() == 1);
}

TEST_CASE("a decision names what was shown, and is taken for nothing else") {
  Town& here = town();
  const std::string id = here.asked("7.0");
  CHECK(here.decide(here.ben.token, id, {{"choice", "approve"}}).status == 422);
  CHECK(code_of(here.decide(here.ben.token, id,
                            {{"choice", "approve"},
                             {"digest", "sha256:" + std::string(64, '0')}})) == "content_changed");
  // The digest of another request, though it is right there.
  const std::string other = here.asked("7.1");
  CHECK(code_of(here.decide(here.ben.token, id,
                            {{"choice", "approve"}, {"digest", here.digest(other)}})) ==
        "content_changed");
  CHECK(here.votes(id) == 0);
  REQUIRE(code_of(here.approve(here.ben, id)).empty());
  CHECK(here.shown(id).at("request").at("votes").at(0).at("presented").as_string() ==
        here.digest(id).c_str());
}

TEST_CASE("whoever had a part in it keeps it, though somebody else has put a name to the same") {
  Town& here = town();
  const Someone ida = here.person("Ida", "release_manager");
  const Someone jim = here.person("Jim", "release_manager");
  here.configure(ida.token, "her own");
  here.configure(jim.token, "another");
  here.configure(jim.token, "her own");
  // The same document for another application, by somebody else again.
  here.configure(here.server.session(), "her own", "blog");
  std::string both = ApprovalHouse::policy(2);
  both.replace(both.find("roles: [approver]"), 17, "roles: [approver, release_manager]");
  here.apply(both);
  const std::string id = here.asked("8.0");
  CHECK(code_of(here.approve(ida, id)) == "own_part");
  CHECK(code_of(here.approve(jim, id)) == "own_part");
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("somebody unknown among the authors is nobody to pass over") {
  Town& here = town();
  const std::string stranger = "stranger@house.example";
  here.release("9.0", {stranger});
  const std::string id = here.request("9.0");
  CHECK(code_of(here.approve(here.ben, id)) == "unknown_people");
  REQUIRE(here.server
              .post("/api/v1/people", R"({"name":"No Stranger","email":"stranger@house.example"})")
              .status == 201);
  CHECK(code_of(here.approve(here.ben, id)).empty());
}

TEST_CASE("people are counted, not votes, sessions or other requests") {
  Town& here = town();
  const std::string id = here.asked("10.0");
  const std::string other = here.asked("10.1");
  REQUIRE(code_of(here.approve(here.ben, id)).empty());
  Someone twice = here.ben;
  twice.token = here.sign_in(here.ben);
  CHECK(code_of(here.approve(twice, id)) == "signed_already");
  CHECK(here.state(id) == "pending");
  // A rejection of one request is none of another.
  REQUIRE(code_of(here.reject(here.cat, other)).empty());
  CHECK(here.state(other) == "rejected");
  CHECK(here.state(id) == "pending");
  REQUIRE(code_of(here.approve(here.dan, id)).empty());
  CHECK(here.state(id) == "granted");
}

TEST_CASE("who asks may withdraw, and does not approve") {
  Town& here = town();
  here.release("11.0", {here.ann.email});
  const Someone kit = here.person("Kit", "release_manager");
  std::string both = ApprovalHouse::policy(2);
  both.replace(both.find("roles: [approver]"), 17, "roles: [approver, release_manager]");
  here.apply(both);
  const Reply asked = here.request_as(kit.token, "11.0");
  REQUIRE(asked.status == 201);
  CHECK(code_of(here.approve(kit, asked.text("id"))) == "own_part");
  const auto withdraw = [&](const Someone& who) {
    return here.server.ask_as(
        who.token, {.method = "POST",
                    .target = "/api/v1/main/approvals/" + asked.text("id") + "/withdrawal",
                    .body = R"({"reason":"not needed"})"});
  };
  CHECK(withdraw(here.ben).status == 403);
  CHECK(withdraw(kit).status == 200);
  CHECK(here.state(asked.text("id")) == "withdrawn");
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("everything that applies has to be satisfied, not any of it") {
  Town& here = town();
  std::string second = ApprovalHouse::policy(1);
  second.replace(second.find("name: changes"), 13, "name: cards");
  second.replace(second.find("roles: [approver]"), 17, "roles: [developer]");
  here.apply(second);
  const Someone lea = here.person("Lea", "developer");
  const std::string id = here.asked("12.0");
  REQUIRE(code_of(here.approve(here.ben, id)).empty());
  REQUIRE(code_of(here.approve(here.cat, id)).empty());
  CHECK(here.state(id) == "pending");
  CHECK_FALSE(here.is_open("12.0"));
  REQUIRE(code_of(here.approve(lea, id)).empty());
  CHECK(here.state(id) == "granted");
  second.insert(second.find("  match:"), "  mode: warn\n");
  here.apply(second);
}

TEST_CASE("a deployment uses the approval of what it deploys, and does not choose another") {
  Town& here = town();
  const Someone rob = here.person("Rob", "release_manager");
  std::string both = ApprovalHouse::policy(2);
  both.replace(both.find("roles: [approver]"), 17, "roles: [approver, release_manager]");
  here.apply(both);
  const std::string id = here.asked("13.0");
  REQUIRE(code_of(here.approve(rob, id)).empty());
  REQUIRE(code_of(here.approve(here.cat, id)).empty());
  here.asked("13.1");
  CHECK(code_of(here.start(here.server.session(), "13.1")) == "gate_not_open");
  const Reply chosen = here.server.post(
      "/api/v1/main/deployments",
      R"({"application":"shop","version":"13.1","environment":"production","approval":")" + id +
          "\"}");
  CHECK(chosen.status == 422);
  CHECK(here.state(id) == "granted");
  // Nor does one who approved take it there.
  CHECK(code_of(here.start(rob.token, "13.0")) == "approver_deploys");
  CHECK(here.state(id) == "granted");
  const Reply started = here.start(here.server.session(), "13.0");
  CHECK(started.status == 201);
  CHECK(started.text("approval") == id);
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("what was stated when it was asked for is approved, and nothing that is stated later") {
  Town& here = town();
  const std::string id = here.asked("14.0");
  REQUIRE(code_of(here.approve(here.ben, id)).empty());
  const Reply other = here.request_as(here.server.session(), "14.0", "there is none");
  REQUIRE(other.status == 201);
  CHECK(other.text("id") != id);
  CHECK(here.state(id) == "superseded");
  CHECK(here.votes(other.text("id")) == 0);
  CHECK(code_of(here.approve(here.cat, id)) == "request_ended");
}

TEST_CASE("whoever asked first does not approve what somebody else asks for once more") {
  Town& here = town();
  const Someone pia = here.person("Pia", "release_manager");
  std::string both = ApprovalHouse::policy(2);
  both.replace(both.find("roles: [approver]"), 17, "roles: [approver, release_manager]");
  here.apply(both);
  here.release("16.0", {here.ann.email});
  const Reply first = here.request_as(pia.token, "16.0");
  REQUIRE(first.status == 201);
  const Reply again = here.request_as(here.server.session(), "16.0", "another plan");
  REQUIRE(again.status == 201);
  const std::string id = again.text("id");
  CHECK(here.state(first.text("id")) == "superseded");
  const Reply own = here.approve(pia, id);
  CHECK(code_of(own) == "own_part");
  CHECK(own.body.find("asked for an earlier approval of it") != std::string::npos);
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(code_of(here.approve(here.cat, id)).empty());
  CHECK(here.state(id) == "granted");

  // Nor after withdrawing it first.
  here.release("16.1", {here.ann.email});
  const Reply withdrawn = here.request_as(pia.token, "16.1");
  REQUIRE(withdrawn.status == 201);
  REQUIRE(here.server
              .run_as(pia.token, {"approvals", "withdraw", withdrawn.text("id"), "--reason",
                                  "somebody else asks"})
              .code == 0);
  const Reply after = here.request_as(here.server.session(), "16.1");
  REQUIRE(after.status == 201);
  CHECK(code_of(here.approve(pia, after.text("id"))) == "own_part");
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("a rejection is not passed over when the request has come to lack nobody") {
  Town& here = town();
  std::string majority = ApprovalHouse::policy(2);
  majority.replace(majority.find("roles: [approver], minimum: 2"), 29,
                   "approvalRoles: [council], quorum: majority");
  const auto council = [&](const std::vector<Someone>& members) {
    std::string people;
    for (const Someone& one : members) people += (people.empty() ? "" : ", ") + one.id;
    here.apply(
        "apiVersion: holdpoint/v1\nkind: ApprovalRole\nmetadata: {name: council}\nspec: {people: "
        "[" +
        people + "]}\n");
  };
  const Someone nan = here.person("Nan", "approver");
  council({here.ben, here.cat, here.dan, nan});
  here.apply(majority);
  const std::string id = here.asked("15.0");
  REQUIRE(code_of(here.approve(here.ben, id)).empty());
  REQUIRE(code_of(here.approve(here.cat, id)).empty());
  CHECK(here.state(id) == "pending");  // three of four are the majority
  council({here.ben, here.cat, here.dan});
  CHECK(here.is_open("15.0"));  // two of three are
  REQUIRE(code_of(here.reject(here.dan, id)).empty());
  CHECK(here.state(id) == "rejected");
  CHECK_FALSE(here.is_open("15.0"));
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("the ledger verifies after all of this") {
  const Finished verified = town().server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

}  // namespace holdpoint::test
