// Starts that the gate refused, by the real program against the real server: who tried stands on
// the record once, in the list, the statement for auditors and the backtest of gate policies.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view places =
    "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
    "spec: {owners: [\"team:shop\"], criticality: high}\n---\n"
    "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
    "spec: {order: 30, kind: production, requires_certification: false}\n---\n";

std::string gate(const std::string& require) {
  return "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: complete, owner: "
         "\"team:quality\"}\nspec:\n  mode: enforce\n  rules:\n"
         "    - {id: whole, message: It must hold., require: '" +
         require + "'}\n";
}

struct Shop {
  ServerProcess server;
  Someone ben;

  Shop() {
    ben = server.someone("Ben", "ben@holdpoint-refused.example", "release_manager");
    apply(std::string(places) + gate("size(artifacts) >= 2"));
    const json::object artifact{{"name", "shop.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
    const json::object release{{"application", "shop"},
                               {"version", "1.0.0"},
                               {"commits", json::array{}},
                               {"artifacts", json::array{artifact}},
                               {"ci", json::object{}}};
    REQUIRE(server.post("/api/v1/main/releases", json::serialize(release)).status == 201);
  }

  void apply(const std::string& text) const {
    write_file(server.path("documents.yaml"), text);
    const Finished applied = server.run({"apply", "-f", server.path("documents.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  [[nodiscard]] Reply start(std::string_view token, const std::string& key,
                            const std::string& version = "1.0.0") const {
    const json::object wanted{
        {"application", "shop"}, {"version", version}, {"environment", "production"}};
    return server.ask_as(token, {.method = "POST",
                                 .target = "/api/v1/main/deployments",
                                 .body = json::serialize(wanted),
                                 .headers = {{"Idempotency-Key", key}}});
  }

  [[nodiscard]] json::array refused() const {
    return server.get("/api/v1/main/deployments/refused").document().at("items").as_array();
  }
};

}  // namespace

TEST_CASE("a refused start is on the record once for each who tried, until something differs") {
  const Shop there;
  const Reply first = there.start(there.server.session(), "one");
  CHECK(first.status == 409);
  CHECK(first.code() == "gate_not_open");
  const Reply again = there.start(there.server.session(), "two");
  CHECK(again.status == first.status);
  CHECK(again.body == first.body);
  CHECK(again.header("Content-Type") == first.header("Content-Type"));
  CHECK(there.refused().size() == 1);
  CHECK(there.start(there.ben.token, "three").code() == "gate_not_open");
  CHECK(there.refused().size() == 2);
  // What is no release is no attempt to deploy one.
  CHECK(there.start(there.ben.token, "four", "9.9.9").code() == "gate_not_open");
  CHECK(there.refused().size() == 2);

  const json::array all = there.refused();
  const json::value& newest = all.at(0);
  CHECK(view(newest.at("actor").as_string()) == there.ben.id);
  CHECK(view(newest.at("decision").as_string()) == "closed");
  CHECK(view(newest.at("reasons").at(0).at("code").as_string()) == "gate_policy_failed");
  CHECK(view(newest.at("reasons").at(0).at("criterion").as_string()) == "whole");
  CHECK(newest.as_object().contains("facts"));
  const Finished listed = there.server.run({"deployment", "list", "--refused"});
  INFO(listed.all());
  CHECK(listed.code == 0);
  CHECK(says(listed, "shop@1.0.0 to production: refused, gate_not_open"));
  CHECK(says(listed, "gate_policy_failed complete/whole (fail)"));
  CHECK(says(there.server.run({"deployment", "list"}), "No deployment."));

  const Finished statement = there.server.run({"approvals", "segregation", "shop@1.0.0"});
  INFO(statement.all());
  CHECK(says(statement, "shop@1.0.0 to production, never started"));
  CHECK(says(statement, "gate_not_open: gate_policy_failed"));
  CHECK(there.server.run({"audit", "verify"}).code == 0);
}

TEST_CASE("the key of a refused start gets its answer again, and another key is judged anew") {
  const Shop there;
  const Reply first = there.start(there.ben.token, "mine");
  CHECK(first.status == 409);
  CHECK(there.refused().size() == 1);
  there.apply(gate("size(artifacts) >= 1"));
  const Reply again = there.start(there.ben.token, "mine");
  CHECK(again.status == first.status);
  CHECK(again.body == first.body);
  CHECK(there.refused().size() == 1);
  const Reply started = there.start(there.ben.token, "another");
  INFO(started.body);
  CHECK(started.status == 201);
  CHECK(there.start(there.ben.token, "another").body == started.body);
}

TEST_CASE("a second trigger of what runs is no refused attempt") {
  const Shop there;
  there.apply(gate("size(artifacts) >= 1"));
  CHECK(there.start(there.ben.token, "one").status == 201);
  there.apply(gate("size(artifacts) >= 2"));
  const Reply again = there.start(there.ben.token, "two");
  CHECK(again.status == 409);
  CHECK(again.code() == "deployment_running");
  CHECK(there.refused().empty());
}

TEST_CASE("a backtest says which refused start another policy would have let through, and why") {
  const Shop there;
  CHECK(there.start(there.ben.token, "one").status == 409);
  const auto tried = [&](const std::string& require) {
    write_file(there.server.path("candidate.yaml"), gate(require));
    return there.server.run({"policy", "backtest", there.server.path("candidate.yaml")});
  };
  const Finished same = tried("size(artifacts) >= 2");
  INFO(same.all());
  CHECK(same.code == 0);
  CHECK(says(same, "1  decision tried"));
  CHECK(says(same, "1  unchanged"));
  const Finished looser = tried("size(artifacts) >= 1");
  INFO(looser.all());
  CHECK(looser.code == 1);
  CHECK(says(looser, "shop@1.0.0"));
  CHECK(says(looser, "deployment to production  ✗ failed → ✓ passed"));
  CHECK(says(looser, "size(artifacts) is 1, needs >= 2"));
  CHECK(says(looser, "1  blocked, would pass"));

  // What waits for something else as well stays closed, whatever policies say.
  there.apply(
      "apiVersion: holdpoint/v1\nkind: ApprovalPolicy\nmetadata: {name: people, owner: "
      "\"team:compliance\"}\nspec:\n  routes:\n    - {name: all, stages: [{name: board, "
      "roles: [approver], minimum: 1}]}\n");
  CHECK(there.start(there.ben.token, "two").status == 409);
  CHECK(there.refused().size() == 2);
  const Finished waiting = tried("size(artifacts) >= 1");
  INFO(waiting.all());
  CHECK(says(waiting, "0  blocked, would pass"));
  CHECK(says(waiting, "0  could not be replayed"));
}

}  // namespace holdpoint::test
