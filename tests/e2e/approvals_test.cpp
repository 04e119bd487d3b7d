// Approvals over the real server, by the program and over HTTP: a change to cardholder data is
// approved by people who have no part in it, the gate opens once, and what was approved is void as
// soon as it is something else (B1, B4, B5, B7, B9, B11, B14, B15).
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view ann_email = "ann.blumenkohl@holdpoint-e2e.example";

constexpr std::string_view documents = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: critical, data_classes: [cardholder]}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: cardholder-changes, owner: team:compliance}
spec:
  match: has(environment.kind) && environment.kind == "production"
  validity: 7d
  requiredFields: [backout_plan]
  routes:
    - name: regulated
      when: flags.cardholder
      stages: [{name: board, roles: [approver], minimum: 2}]
    - name: standard
      when: "!flags.cardholder"
      stages: [{name: peer, roles: [developer, approver], minimum: 1}]
  tests:
    - name: cards go to the board
      given: {environment: {kind: production}, flags: {cardholder: true}}
      expect: passed
      selects: [regulated]
)";

struct Shop {
  ServerProcess server;
  Someone ann, ben, cat, zoe;

  Shop() {
    ann = server.someone("Ann Blumenkohl", ann_email, "developer");
    ben = server.someone("Ben", "ben@holdpoint-e2e.example", "approver");
    cat = server.someone("Cat", "cat@holdpoint-e2e.example", "approver");
    zoe = server.someone("Zoe", "zoe@holdpoint-e2e.example", "developer");
    apply(documents);
  }

  void apply(std::string_view text) const {
    std::ofstream(server.path("shop.yaml")) << text;
    const Finished applied = server.run({"apply", "--file", server.path("shop.yaml")});
    INFO(applied.err);
    REQUIRE(applied.code == 0);
  }

  /// A release that ann wrote and the administrator proposed.
  void release(const std::string& version) const {
    const json::object commit{
        {"sha", std::string(40, 'a')},
        {"author", json::object{{"name", "Ann Blumenkohl"}, {"email", ann_email}}}};
    const json::object artifact{{"name", "shop.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
    const json::object body{{"application", "shop"},
                            {"version", version},
                            {"commits", json::array{commit}},
                            {"artifacts", json::array{artifact}},
                            {"ci", json::object{}}};
    const Reply made = server.post("/api/v1/main/releases", json::serialize(body));
    INFO(made.body);
    REQUIRE(made.status == 201);
  }

  [[nodiscard]] std::string request(const std::string& version) const {
    const Finished asked =
        server.run({"approvals", "request", "shop@" + version, "--env", "production", "--field",
                    "backout_plan=deploy the last one", "--format", "json"});
    INFO(asked.err);
    REQUIRE(asked.code == 0);
    return std::string(view(json::parse(asked.out).at("id").as_string()));
  }

  [[nodiscard]] int gate(const std::string& version) const {
    return server.run({"gate", "check", "shop@" + version, "--env", "production"}).code;
  }

  [[nodiscard]] Finished approve(const Someone& who, const std::string& id) const {
    return server.run_as(who.token, {"approve", id, "--reason", "looked at it"});
  }

  [[nodiscard]] Reply sign(const Someone& who, const std::string& id,
                           const std::string& digest) const {
    return server.ask_as(
        who.token,
        {.method = "POST",
         .target = "/api/v1/main/approvals/" + id + "/decisions",
         .body = json::serialize(json::object{{"choice", "approve"}, {"digest", digest}})});
  }

  [[nodiscard]] json::value shown(const std::string& id) const {
    return server.get("/api/v1/main/approvals/" + id).document();
  }
  [[nodiscard]] std::string state(const std::string& id) const {
    return std::string(view(shown(id).at("request").at("state").as_string()));
  }
  [[nodiscard]] std::string digest(const std::string& id) const {
    return std::string(view(shown(id).at("request").at("subject").at("digest").as_string()));
  }
};

Shop& shop() {
  static Shop one;
  return one;
}

}  // namespace

TEST_CASE("a release is approved by people without a part in it, and deployed once") {
  const Shop& there = shop();
  there.release("1.0.0");
  const Finished closed = there.server.run({"gate", "check", "shop@1.0.0", "--env", "production"});
  CHECK(closed.code == 1);
  CHECK(says(closed, "holdpoint approvals request shop@1.0.0 --env production"));
  CHECK(there.server.run({"deployment", "start", "shop@1.0.0", "--env", "production"}).code == 1);

  const Finished bare =
      there.server.run({"approvals", "request", "shop@1.0.0", "--env", "production"});
  CHECK(bare.code != 0);
  CHECK(says(bare, "backout_plan"));
  const std::string id = there.request("1.0.0");
  CHECK(there.request("1.0.0") == there.request("1.0.0"));

  // Who wrote it, who asked for it and proposed it, a program, and whoever the author sends.
  CHECK(says(there.approve(there.ann, id), "wrote a commit of it"));
  CHECK(says(there.server.run({"approve", id}), "asked for this approval"));
  const Finished sent = there.server.run_as(
      there.ann.token,
      {"delegate", "--to", "zoe@holdpoint-e2e.example", "--until", "2d", "--reason", "away"});
  INFO(sent.err);
  REQUIRE(sent.code == 0);
  const Finished through = there.approve(there.zoe, id);
  CHECK(says(through, "none of the roles"));
  CHECK(says(through, "You stand in for " + there.ann.id + ", but whoever wrote a commit of it"));

  CHECK(there.approve(there.ben, id).code == 0);
  CHECK(says(there.approve(there.ben, id), "one person has one vote"));
  const Finished waiting = there.server.run({"gate", "check", "shop@1.0.0", "--env", "production"});
  CHECK(waiting.code == 1);
  CHECK(says(waiting, "board 1 of 2"));
  CHECK(says(waiting, "Cat (" + there.cat.id + ")"));
  CHECK(there.approve(there.cat, id).code == 0);
  CHECK(there.state(id) == "granted");
  CHECK(there.gate("1.0.0") == 0);

  const Finished started = there.server.run(
      {"deployment", "start", "shop@1.0.0", "--env", "production", "--format", "json"});
  INFO(started.err);
  REQUIRE(started.code == 0);
  const std::string deployment(view(json::parse(started.out).at("id").as_string()));
  CHECK(there.state(id) == "consumed");
  CHECK(there.gate("1.0.0") == 1);
  CHECK(there.server.run({"deployment", "start", "shop@1.0.0", "--env", "production"}).code == 1);

  REQUIRE(there.server.run({"deployment", "finish", deployment, "--outcome", "succeeded"}).code ==
          0);
  CHECK(says(there.server.run({"deployment", "verify", deployment}), "somebody else"));
  CHECK(there.server.run_as(there.ben.token, {"deployment", "verify", deployment}).code == 0);

  const Finished record = there.server.run({"approvals", "show", id});
  CHECK(says(record, "Refused attempts"));
  CHECK(says(record, "Ann Blumenkohl (" + there.ann.id + ") own_part"));
}

TEST_CASE("another version and another configuration are not what was approved") {
  const Shop& there = shop();
  there.release("2.0.0");
  const std::string id = there.request("2.0.0");
  REQUIRE(there.approve(there.ben, id).code == 0);
  const std::string shown = there.digest(id);
  there.release("2.0.1");
  CHECK(there.gate("2.0.1") == 1);

  std::ofstream(there.server.path("configuration.json")) << R"({"replicas":3})";
  REQUIRE(there.server
              .run({"configuration", "record", "shop", "--env", "production",
                    there.server.path("configuration.json")})
              .code == 0);
  const Reply late = there.sign(there.cat, id, shown);
  CHECK(late.status == 409);
  CHECK(there.state(id) == "invalidated");
  CHECK(there.gate("2.0.0") == 1);

  const std::string again = there.request("2.0.0");
  CHECK(again != id);
  REQUIRE(there.approve(there.ben, again).code == 0);
  REQUIRE(there.approve(there.cat, again).code == 0);
  CHECK(there.gate("2.0.0") == 0);
}

TEST_CASE("a signature on what was not shown is refused and counts for nothing") {
  const Shop& there = shop();
  there.release("3.0.0");
  const std::string id = there.request("3.0.0");
  const Reply other = there.sign(there.ben, id, "sha256:" + std::string(64, '0'));
  CHECK(other.status == 409);
  CHECK(other.text("code") == "content_changed");
  CHECK(there.state(id) == "pending");
  CHECK(there.shown(id).at("request").at("votes").as_array().empty());
}

TEST_CASE("the inbox says in whose place somebody decides, or why not") {
  const Shop& there = shop();
  there.release("4.0.0");
  const std::string id = there.request("4.0.0");
  const auto inbox = [&](const Someone& who) {
    return there.server.run_as(who.token, {"approvals", "inbox"}).out;
  };
  CHECK(inbox(there.ben).find("approving as Ben") != std::string::npos);
  CHECK(inbox(there.ben).find("(" + there.ben.id + ")") != std::string::npos);
  CHECK(inbox(there.ann).find("not you") != std::string::npos);
}

TEST_CASE("what was approved does not open a gate whose policies demand more by now") {
  const Shop& there = shop();
  there.release("5.0.0");
  const std::string id = there.request("5.0.0");
  REQUIRE(there.approve(there.ben, id).code == 0);
  REQUIRE(there.approve(there.cat, id).code == 0);
  CHECK(there.gate("5.0.0") == 0);
  std::string stricter(documents);
  stricter.replace(stricter.find("minimum: 2"), 10, "minimum: 3");
  there.apply(stricter);
  const Finished closed = there.server.run({"gate", "check", "shop@5.0.0", "--env", "production"});
  CHECK(closed.code == 1);
  CHECK(says(closed, "demand more"));
  CHECK(there.server.run({"deployment", "start", "shop@5.0.0", "--env", "production"}).code == 1);
  there.apply(documents);
  CHECK(there.gate("5.0.0") == 0);
}

TEST_CASE("two last approvers at one instant make one grant, two deployments one use") {
  const Shop& there = shop();
  for (int round = 0; round < 12; ++round) {
    const std::string version = "9.0." + std::to_string(round);
    there.release(version);
    const std::string id = there.request(version);
    const std::string digest = there.digest(id);
    std::atomic<int> signed_count = 0;
    const auto sign = [&](const Someone& who) {
      if (there.sign(who, id, digest).status == 200) ++signed_count;
    };
    std::thread first([&] { sign(there.ben); });
    std::thread second([&] { sign(there.cat); });
    first.join();
    second.join();
    CHECK(signed_count == 2);
    CHECK(there.state(id) == "granted");
    std::atomic<int> started = 0;
    const auto start = [&] {
      const json::object body{
          {"application", "shop"}, {"version", version}, {"environment", "production"}};
      const Reply reply = there.server.post("/api/v1/main/deployments", json::serialize(body));
      if (reply.status != 201) return;
      ++started;
      there.server.post("/api/v1/main/deployments/" + reply.text("id") + "/finish",
                        R"({"outcome":"succeeded"})");
    };
    std::thread one(start);
    std::thread two(start);
    one.join();
    two.join();
    CHECK(started == 1);
    CHECK(there.state(id) == "consumed");
  }
  const Finished verified = there.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

}  // namespace holdpoint::test
