// The order of releases in an environment, by the real program against the real server: what was
// proposed earlier does not go where something later was started, unless somebody says that it goes
// back, and why; and that passes the same gate.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view places = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: high}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: staging}
spec: {order: 20, kind: staging, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false}
)";

/// Three releases, proposed in the order of their numbers.
struct Shop {
  ServerProcess server;

  Shop() {
    apply(std::string(places));
    for (const std::string version : {"1.0.0", "2.0.0", "3.0.0"}) {
      const json::object artifact{{"name", "shop.tar"},
                                  {"digest", "sha256:" + std::string(64, version.front())}};
      const json::object release{{"application", "shop"},
                                 {"version", version},
                                 {"commits", json::array{}},
                                 {"artifacts", json::array{artifact}},
                                 {"ci", json::object{}}};
      REQUIRE(server.post("/api/v1/main/releases", json::serialize(release)).status == 201);
    }
  }

  void apply(const std::string& text) const {
    write_file(server.path("documents.yaml"), text);
    const Finished applied = server.run({"apply", "-f", server.path("documents.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  [[nodiscard]] Finished start(const std::string& version, const std::string& environment,
                               const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{
        "deployment", "start", "shop@" + version, "--env", environment, "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return server.run(arguments);
  }

  /// Started and ended so.
  void deployed(const std::string& version, const std::string& outcome,
                const std::vector<std::string>& more = {}) const {
    const Finished started = start(version, "production", more);
    INFO(started.all());
    REQUIRE(started.code == 0);
    const std::string id(view(json::parse(started.out).at("id").as_string()));
    REQUIRE(server.run({"deployment", "finish", id, "--outcome", outcome}).code == 0);
  }
};

}  // namespace

TEST_CASE("an older release does not go where a newer one was started, except as a rollback") {
  const Shop there;
  there.deployed("1.0.0", "succeeded");
  there.deployed("2.0.0", "succeeded");
  const Finished older = there.start("1.0.0", "production");
  INFO(older.all());
  CHECK(older.code != 0);
  CHECK(says(older, "newer_release_started"));
  CHECK(says(older, "shop@2.0.0 was proposed after shop@1.0.0"));
  CHECK(says(older, "--rollback --reason REASON"));
  // Elsewhere it is the first.
  CHECK(there.start("1.0.0", "staging").code == 0);
  // The same once more, and a newer one, are no step back.
  there.deployed("2.0.0", "succeeded");

  CHECK(there.start("1.0.0", "production", {"--rollback"}).code == 2);
  CHECK(there.start("1.0.0", "production", {"--reason", "why"}).code == 2);
  const Finished back =
      there.start("1.0.0", "production", {"--rollback", "--reason", "it loses orders"});
  INFO(back.all());
  REQUIRE(back.code == 0);
  const json::value begun = json::parse(back.out);
  // What a command answers is kept for repetitions, and so has no text that is sealed.
  CHECK_FALSE(begun.as_object().contains("rollback_reason"));
  CHECK(begun.at("rollback").as_object().contains("from"));
  const std::string id(view(begun.at("id").as_string()));
  REQUIRE(there.server.run({"deployment", "finish", id, "--outcome", "succeeded"}).code == 0);
  CHECK(says(there.server.run({"deployment", "list"}), "rollback: it loses orders"));
  const Reply entry =
      there.server.get("/api/v1/main/ledger/entries?limit=200&type=deployment.started");
  CHECK(entry.body.find("it loses orders") == std::string::npos);
  CHECK(entry.body.find("\"rollback\":{\"from\":\"rel_") != std::string::npos);
  // What was rolled back is still the newest that was there.
  there.deployed("2.0.0", "succeeded");
  there.deployed("3.0.0", "succeeded");
  CHECK(says(there.server.run({"deployment", "list", "--refused"}), "newer_release_started"));
  CHECK(there.server.run({"audit", "verify"}).code == 0);
}

TEST_CASE("a newer release that failed or was cancelled stands in nobody's way") {
  const Shop there;
  there.deployed("1.0.0", "succeeded");
  there.deployed("3.0.0", "failed");
  there.deployed("2.0.0", "cancelled");
  there.deployed("1.0.0", "succeeded");
  CHECK(says(there.server.run({"deployment", "list", "--refused"}), "No start was refused."));
}

TEST_CASE("a rollback passes the same gate as everything else") {
  const Shop there;
  there.deployed("1.0.0", "succeeded");
  there.deployed("2.0.0", "succeeded");
  there.apply(
      "apiVersion: holdpoint/v1\nkind: ApprovalPolicy\nmetadata: {name: people, owner: "
      "\"team:compliance\"}\nspec:\n  routes:\n    - {name: all, stages: [{name: board, roles: "
      "[approver], minimum: 1}]}\n");
  const Finished back = there.start("1.0.0", "production", {"--rollback", "--reason", "at once"});
  INFO(back.all());
  CHECK(back.code != 0);
  CHECK(says(back, "gate_not_open"));
}

}  // namespace holdpoint::test
