// Approvals where two rules meet, on the running server: what comes second, after an end or once
// more, what nobody could ever satisfy, and what freezes and incidents leave of an approval.
#include <doctest/doctest.h>

#include "support/approval_house.hpp"

namespace holdpoint::test {
namespace {

struct Village : ApprovalHouse {
  Someone ann = person("Ann", "developer");
  Someone ben = person("Ben", "approver");
  Someone cat = person("Cat", "approver");
  Someone dan = person("Dan", "approver");

  std::string asked(const std::string& version) {
    release(version, {ann.email});
    return request(version);
  }
  std::string granted(const std::string& version) {
    const std::string id = asked(version);
    REQUIRE(code_of(approve(ben, id)).empty());
    REQUIRE(code_of(approve(cat, id)).empty());
    REQUIRE(state(id) == "granted");
    return id;
  }
  [[nodiscard]] Reply finish(const Reply& started, const std::string& outcome) const {
    return server.post("/api/v1/main/deployments/" + started.text("id") + "/finish",
                       R"({"outcome":")" + outcome + "\"}");
  }
};

Village& village() {
  static Village one;
  return one;
}

}  // namespace

TEST_CASE("who comes second is told how it has ended") {
  Village& here = village();
  const std::string rejected = here.asked("1.0");
  REQUIRE(code_of(here.reject(here.ben, rejected)).empty());
  const Reply late = here.approve(here.cat, rejected);
  CHECK(late.status == 409);
  CHECK(late.text("code") == "request_ended");
  CHECK(late.body.find("This request is rejected.") != std::string::npos);
  CHECK(json::serialize(here.shown(rejected)).find("it is not ready") != std::string::npos);

  // The attempt is on the record, once.
  CHECK(code_of(here.approve(here.cat, rejected)) == "request_ended");
  const json::value shown = here.shown(rejected);
  const auto& attempts = shown.at("refused_attempts").as_array();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts.front().at("person") == json::value(here.cat.id));
  CHECK(attempts.front().at("code") == "request_ended");
}

TEST_CASE("who may sign takes back what was granted by rejecting it, until it is used") {
  Village& here = village();
  const std::string granted = here.granted("1.1");
  CHECK(code_of(here.reject(here.ann, granted)) == "own_part");
  CHECK(here.state(granted) == "granted");
  const Finished said =
      here.server.run_as(here.dan.token, {"reject", granted, "--reason", "the vendor warns"});
  INFO(said.all());
  CHECK(said.code == 0);
  CHECK(said.all().find("revoked") != std::string::npos);
  CHECK(said.all().find("an approver rejected it after it was granted") != std::string::npos);
  CHECK(here.state(granted) == "revoked");
  CHECK(json::serialize(here.shown(granted)).find("the vendor warns") != std::string::npos);
  CHECK(code_of(here.start(here.server.session(), "1.1")) == "gate_not_open");

  // Also who signed it, whose signature is taken back with that.
  const std::string regretted = here.granted("1.2");
  CHECK(code_of(here.reject(here.ben, regretted)).empty());
  CHECK(here.state(regretted) == "revoked");
  const std::string used = here.granted("1.3");
  const Reply started = here.start(here.server.session(), "1.3");
  REQUIRE(started.status == 201);
  const Reply late = here.reject(here.dan, used);
  CHECK(late.status == 409);
  CHECK(code_of(late) == "request_ended");
  CHECK(here.state(used) == "consumed");
  REQUIRE(here.finish(started, "succeeded").status == 200);
}

TEST_CASE("a decision that is sent twice is one decision, and its key is good for no other") {
  Village& here = village();
  const std::string id = here.asked("2.0");
  const auto send = [&](const std::string& choice) {
    return here.server.ask_as(
        here.ben.token,
        {.method = "POST",
         .target = "/api/v1/main/approvals/" + id + "/decisions",
         .body = json::serialize(json::object{
             {"choice", choice}, {"digest", here.digest(id)}, {"reason", "as before"}}),
         .media = "application/json",
         .headers = {{"Idempotency-Key", "one-click"}}});
  };
  const Reply first = send("approve");
  REQUIRE(first.status == 200);
  const Reply again = send("approve");
  CHECK(again.status == 200);
  CHECK(again.body == first.body);
  CHECK(code_of(send("reject")) == "idempotency_key_reused");
  CHECK(here.votes(id) == 1);
}

TEST_CASE("an approval that a failed deployment used up is used up") {
  Village& here = village();
  const std::string id = here.granted("3.0");
  const Reply started = here.start(here.server.session(), "3.0");
  REQUIRE(started.status == 201);
  CHECK(here.finish(started, "failed").status == 200);
  CHECK(here.state(id) == "consumed");
  CHECK_FALSE(here.is_open("3.0"));
  CHECK(here.start(here.server.session(), "3.0").status == 409);
  const std::string again = here.request("3.0");
  CHECK(again != id);
  CHECK(here.shown(again).at("request").at("replaces").as_string() == id.c_str());
}

TEST_CASE(
    "an approval does not outlive terms that became stricter, and whoever signed signs anew") {
  Village& here = village();
  const std::string id = here.granted("3.5");
  REQUIRE(here.is_open("3.5"));
  here.apply(ApprovalHouse::policy(2, "  password: required\n  rationale: required\n"));
  CHECK_FALSE(here.is_open("3.5"));
  const Reply gate =
      here.server.get("/api/v1/main/gate?application=shop&version=3.5&environment=production");
  CHECK(gate.body.find("the password with each signature") != std::string::npos);
  CHECK(gate.body.find("withdraw " + id + " --signature") != std::string::npos);
  CHECK(here.start(here.server.session(), "3.5").status == 409);
  for (const Someone& who : {here.ben, here.cat}) {
    CHECK_FALSE(here.is_open("3.5"));
    const Reply back = here.server.ask_as(
        who.token, {.method = "POST",
                    .target = "/api/v1/main/approvals/" + id + "/signature-withdrawal",
                    .body = R"({"reason":"with the password"})"});
    REQUIRE(back.status == 200);
    const Reply again = here.decide(who.token, id,
                                    {{"choice", "approve"},
                                     {"digest", here.digest(id)},
                                     {"reason", "tested on staging"},
                                     {"password", person_password}});
    REQUIRE(again.status == 200);
  }
  CHECK(here.state(id) == "granted");
  CHECK(here.is_open("3.5"));
  here.apply(ApprovalHouse::policy(2));
  CHECK(here.is_open("3.5"));
}

TEST_CASE("whoever answers for the account that proposed it has a part in it") {
  Village& here = village();
  const Someone ora = here.person("Ora", "administrator");
  const Reply account = here.server.ask_as(ora.token, {.method = "POST",
                                                       .target = "/api/v1/main/service-accounts",
                                                       .body = R"({"name":"builder"})"});
  REQUIRE(account.status == 201);
  REQUIRE(
      here.server
          .post("/api/v1/main/role-assignments", R"({"actor_kind":"service_account","actor_id":")" +
                                                     account.text("id") + R"(","role":"pipeline"})")
          .status == 201);
  const Reply token = here.server.ask_as(
      ora.token,
      {.method = "POST",
       .target = "/api/v1/main/tokens",
       .body =
           R"({"service_account_id":")" + account.text("id") +
           R"(","name":"build","scopes":["releases.write","releases.read"],"expires_in":"1d"})"});
  REQUIRE(token.status == 201);
  REQUIRE(here.propose("4.0", {here.ann.email}, token.text("token")).status == 201);
  std::string both = ApprovalHouse::policy(2);
  both.replace(both.find("roles: [approver]"), 17, "roles: [approver, administrator]");
  here.apply(both);
  const std::string id = here.request("4.0");
  CHECK(code_of(here.approve(ora, id)) == "own_part");
  CHECK(code_of(here.approve(here.ben, id)).empty());
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("what nobody could ever satisfy is not asked for") {
  Village& here = village();
  here.apply(ApprovalHouse::policy(9));
  here.release("5.0", {here.ann.email});
  const Reply asked = here.request_as(here.server.session(), "5.0");
  CHECK(code_of(asked) == "unsatisfiable");
  CHECK(asked.body.find("board") != std::string::npos);
  // Three approvers are enough for three, unless one of them has a part in it.
  here.apply(ApprovalHouse::policy(3));
  CHECK(here.request_as(here.server.session(), "5.0").status == 201);
  here.release("5.1", {here.dan.email});
  CHECK(code_of(here.request_as(here.server.session(), "5.1")) == "unsatisfiable");
  here.apply(ApprovalHouse::policy(2));
}

TEST_CASE("an approval is for one environment") {
  Village& here = village();
  here.apply(
      "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production-eu}\n"
      "spec: {order: 40, kind: production, requires_certification: false}\n");
  here.granted("6.0");
  CHECK(here.is_open("6.0"));
  const Reply other =
      here.server.get("/api/v1/main/gate?application=shop&version=6.0&environment=production-eu");
  CHECK(other.text("decision") == "closed");
}

TEST_CASE("a freeze stops what was approved, and leaves the approval as it was") {
  Village& here = village();
  const std::string id = here.granted("7.0");
  const std::string freeze =
      "apiVersion: holdpoint/v1\nkind: Freeze\nmetadata: {name: books}\nspec:\n"
      "  owner: team-finance\n  reason: The books are closed.\n  environments: [production]\n"
      "  recurring: {repeats: daily, from: \"00:00\", until: \"24:00\"}\n  zone: Europe/Berlin\n";
  here.apply(freeze);
  const Reply stopped = here.start(here.server.session(), "7.0");
  CHECK(stopped.status == 409);
  CHECK(stopped.body.find("/frozen") != std::string::npos);
  CHECK(here.state(id) == "granted");
  // Who asks and decides meanwhile may, and is told of it.
  const std::string meanwhile = here.asked("7.1");
  const std::string warnings = json::serialize(here.shown(meanwhile).at("warnings"));
  CHECK(warnings.find("The freeze books holds there now") != std::string::npos);
  CHECK(code_of(here.approve(here.ben, meanwhile)).empty());
  here.apply(freeze + "  state: retired\n");
  const Reply started = here.start(here.server.session(), "7.0");
  CHECK(started.status == 201);
  CHECK(here.finish(started, "succeeded").status == 200);
}

TEST_CASE("while an incident is open nobody decides and nothing starts; then it goes on") {
  Village& here = village();
  const std::string approved = here.granted("8.0");
  const std::string waiting = here.asked("8.1");
  const Reply incident =
      here.server.post("/api/v1/main/incidents",
                       R"({"title":"Cards fail","severity":"sev1","environments":["production"],)"
                       R"("applications":[]})");
  REQUIRE(incident.status == 201);
  CHECK(code_of(here.approve(here.ben, waiting)) == "paused_by_incident");
  CHECK(here.start(here.server.session(), "8.0").status == 409);
  CHECK(here.state(approved) == "granted");
  REQUIRE(here.server
              .post("/api/v1/main/incidents/" + incident.text("id") + "/resolution",
                    R"({"reason":"mended"})")
              .status == 200);
  CHECK(code_of(here.approve(here.ben, waiting)).empty());
  const Reply started = here.start(here.server.session(), "8.0");
  CHECK(started.status == 201);
  CHECK(here.finish(started, "succeeded").status == 200);
}

TEST_CASE("somebody who left fills no seat, neither own nor lent") {
  Village& here = village();
  const Someone pia = here.person("Pia", "approver");
  const Someone quy = here.person("Quy", "developer");
  REQUIRE(here.lend(pia, quy).status == 201);
  const std::string id = here.asked("9.0");
  REQUIRE(here.server.post("/api/v1/people/" + pia.id + "/deactivation", "").status == 204);
  CHECK(here.approve(pia, id).status == 401);
  CHECK(code_of(here.approve(quy, id)) == "not_eligible");
}

TEST_CASE("what the server does at a restart it does once") {
  Village& here = village();
  const std::string granted = here.granted("10.0");
  const std::string waiting = here.asked("10.1");
  REQUIRE(code_of(here.approve(here.ben, waiting)).empty());
  here.server.kill();
  here.server.start();
  CHECK(here.state(granted) == "granted");
  CHECK(here.votes(waiting) == 1);
  CHECK(code_of(here.approve(here.ben, waiting)) == "signed_already");
  CHECK(code_of(here.approve(here.cat, waiting)).empty());
  CHECK(here.state(waiting) == "granted");
  const Finished verified = here.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

TEST_CASE("a deployment that failed is tried again as often as policy allows, and no more") {
  Village here;
  here.apply(ApprovalHouse::policy(2, "  retries: 1\n"));
  const std::string id = here.granted("20.0");
  const Reply first = here.start(here.server.session(), "20.0");
  REQUIRE(first.status == 201);
  CHECK(first.document().at("attempt") == 1);
  // While it runs, and after it succeeded, there is nothing to try again.
  CHECK(code_of(here.start(here.server.session(), "20.0")) == "deployment_running");
  REQUIRE(here.finish(first, "failed").status == 200);
  CHECK(here.is_open("20.0"));
  const Reply second = here.start(here.server.session(), "20.0");
  INFO(second.body);
  REQUIRE(second.status == 201);
  CHECK(second.document().at("attempt") == 2);
  CHECK(second.text("approval") == id);
  REQUIRE(here.finish(second, "cancelled").status == 200);
  const Reply third = here.start(here.server.session(), "20.0");
  CHECK(code_of(third) == "gate_not_open");
  CHECK(third.body.find("as often as policy allows") != std::string::npos);
  CHECK(here.state(id) == "consumed");

  here.granted("20.1");
  const Reply fine = here.start(here.server.session(), "20.1");
  REQUIRE(fine.status == 201);
  REQUIRE(here.finish(fine, "succeeded").status == 200);
  CHECK(here.start(here.server.session(), "20.1").body.find("only when that has failed") !=
        std::string::npos);

  here.granted("20.2");
  const Reply tried = here.start(here.server.session(), "20.2");
  REQUIRE(tried.status == 201);
  REQUIRE(here.finish(tried, "failed").status == 200);
  CHECK(here.is_open("20.2"));
  here.apply(ApprovalHouse::policy(2));
  CHECK_FALSE(here.is_open("20.2"));
  CHECK(here.start(here.server.session(), "20.2").body.find("as often as policy allows") !=
        std::string::npos);
}

TEST_CASE("what is asked for again while policy allows other retries is another request") {
  Village here;
  const std::string id = here.asked("22.0");
  CHECK(here.request_as(here.server.session(), "22.0").text("id") == id);
  here.apply(ApprovalHouse::policy(2, "  retries: 1\n"));
  const Reply other = here.request_as(here.server.session(), "22.0");
  INFO(other.body);
  CHECK(other.status == 201);
  CHECK(other.text("id") != id);
  CHECK(here.state(id) == "superseded");
  CHECK(here.request_as(here.server.session(), "22.0").text("id") == other.text("id"));
}

TEST_CASE("without a word of the policy a failed deployment needs a new approval") {
  Village& here = village();
  here.granted("21.0");
  const Reply started = here.start(here.server.session(), "21.0");
  REQUIRE(started.status == 201);
  REQUIRE(here.finish(started, "failed").status == 200);
  CHECK(code_of(here.start(here.server.session(), "21.0")) == "gate_not_open");
}

TEST_CASE(
    "a request that comes to lack people who may sign says so, and goes on with enough of them") {
  Village here;
  const std::string id = here.asked("22.0");
  const auto is_satisfiable = [&] { return here.shown(id).at("satisfiable") == true; };
  CHECK(is_satisfiable());
  here.take_role(here.cat, "approver");
  here.take_role(here.dan, "approver");
  CHECK_FALSE(is_satisfiable());
  CHECK(here.shown(id).at("stages").at(0).at("satisfiable") == false);
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(here.state(id) == "pending");
  CHECK_FALSE(here.is_open("22.0"));
  const Someone eva = here.person("Eva", "approver");
  CHECK(is_satisfiable());
  CHECK(code_of(here.approve(eva, id)).empty());
  CHECK(here.state(id) == "granted");
}

}  // namespace holdpoint::test
