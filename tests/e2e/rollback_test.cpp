// Rollbacks by the real program against the real server, with a receiver in the place of the tool
// that deploys: a failed check is answered by a rule at once, a slow decay waits for people and is
// escalated, alerts of Alertmanager set rules off, drills are evidence, and what nobody deployed
// is raised and answered for.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/server_process.hpp"
#include "support/wall_clock.hpp"
#include "support/webhook_receiver.hpp"

namespace holdpoint::test {
namespace {

std::string places(const std::string& url) {
  return R"(apiVersion: holdpoint/v1
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
---
apiVersion: holdpoint/v1
kind: WebhookEndpoint
metadata: {name: deployer}
spec: {url: ")" +
         url + R"("}
---
apiVersion: holdpoint/v1
kind: RollbackExecutor
metadata: {name: tool}
spec: {environments: [staging, production], webhook: deployer}
---
apiVersion: holdpoint/v1
kind: RollbackPolicy
metadata: {name: severe, owner: "team:sre"}
spec:
  match: environment.kind == "production"
  triggers:
    - {name: errors, when: health.error_rate_bp > 500}
    - name: alert
      when: 'health.alerts.exists(a, a.labels["severity"] == "critical")'
  target: previous_deployment
  execution: automatic
  due: 15m
---
apiVersion: holdpoint/v1
kind: RollbackPolicy
metadata: {name: slow, owner: "team:sre"}
spec:
  match: environment.kind == "production"
  triggers: [{name: latency, when: health.latency_p95_ms > 800}]
  target: previous_deployment
  execution: confirmed
  confirmedBy: ["role:approver"]
  due: 5s
)";
}

std::string artifact_of(const std::string& version) {
  return "sha256:" + std::string(64, version.front());
}

/// Three releases of the shop, and a tool that takes orders.
struct Shop {
  WebhookReceiver tool;
  ServerProcess server{{"--webhooks-inside"}};
  Someone sam;

  Shop() {
    sam = server.someone("Sam", "sam@holdpoint-e2e.example", "approver");
    apply(places(tool.url()));
    REQUIRE(server.run({"webhook", "secret", "deployer"}).code == 0);
    for (const std::string version : {"1.0.0", "2.0.0", "3.0.0"}) {
      const json::object artifact{{"name", "shop.tar"}, {"digest", artifact_of(version)}};
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

  /// Started and ended with success; the deployment's id.
  [[nodiscard]] std::string deployed(const std::string& version,
                                     const std::string& environment = "production") const {
    const Finished started = server.run(
        {"deployment", "start", "shop@" + version, "--env", environment, "--format", "json"});
    INFO(started.all());
    REQUIRE(started.code == 0);
    const std::string id(view(json::parse(started.out).at("id").as_string()));
    REQUIRE(server.run({"deployment", "finish", id, "--outcome", "succeeded"}).code == 0);
    return id;
  }

  /// What the server says followed from it.
  [[nodiscard]] json::value measured(const std::string& id, const std::string& name, int value,
                                     int limit) const {
    const Finished reported = server.run(
        {"deployment", "health", id, "--value", name + "=" + std::to_string(value), "--limit",
         name + "=" + std::to_string(limit), "--source", "probe", "--format", "json"});
    INFO(reported.all());
    REQUIRE(reported.code == 0);
    return json::parse(reported.out);
  }

  [[nodiscard]] json::value rollback(const std::string& id) const {
    return server.get("/api/v1/main/rollbacks/" + id).document();
  }
  [[nodiscard]] std::string state(const std::string& id) const {
    return std::string(view(rollback(id).at("rollback").at("state").as_string()));
  }
};

std::string rollback_of(const json::value& taken) {
  return std::string(view(taken.at("judged").at("rollback").as_string()));
}

std::string message(const std::string& service, const std::string& fingerprint,
                    const std::string& status = "firing") {
  return R"({"receiver":"hook","status":"firing","alerts":[{"status":")" + status +
         R"(","labels":{"alertname":"ErrorRateHigh","service":")" + service +
         R"(","severity":"critical"},"annotations":{"summary":"post release check"},)"
         R"("startsAt":")" +
         (now() + Duration::minutes(1)).text() +
         R"(","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://vm:19090/graph",)"
         R"("fingerprint":")" +
         fingerprint +
         R"("}],"groupLabels":{},"commonLabels":{},"commonAnnotations":{},)"
         R"("externalURL":"http://vm:19093","version":"4","groupKey":"{}","truncatedAlerts":0})";
}

}  // namespace

TEST_CASE("a failed check is answered by the rule at once, carried out, watched and cleared") {
  Shop there;
  const std::string first = there.deployed("1.0.0");
  const std::string second = there.deployed("2.0.0");
  // What is well sets nothing off.
  CHECK_FALSE(there.measured(second, "error_rate_bp", 20, 500)
                  .at("judged")
                  .as_object()
                  .contains("rollback"));
  const std::string id = rollback_of(there.measured(second, "error_rate_bp", 700, 500));
  REQUIRE(there.tool.await(1));
  const auto order = there.tool.received();
  REQUIRE(order.size() == 1);
  CHECK_FALSE(order[0].header("webhook-signature").empty());
  const json::value body = json::parse(order[0].body);
  CHECK(body.at("type") == "rollback.order");
  const json::value& details = body.at("data").at("details");
  CHECK(details.at("rollback") == json::value(id));
  CHECK(details.at("version") == "1.0.0");
  CHECK(details.at("from_version") == "2.0.0");
  CHECK(details.at("environment") == "production");
  CHECK(there.state(id) == "executing");
  // The same once more is the same rollback.
  CHECK_FALSE(there.measured(second, "error_rate_bp", 900, 500)
                  .at("judged")
                  .as_object()
                  .contains("rollback"));

  const Finished back = there.server.run(
      {"rollback", "executed", id, "--reason", "Ann Quillfeather saw it", "--follow-up", "PAY-1"});
  INFO(back.all());
  REQUIRE(back.code == 0);
  CHECK(there.state(id) == "executed");
  const auto clear = [&](const std::string& token, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"rollback", "clear", id, "--reason", "errors are gone"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return there.server.run_as(token, arguments);
  };
  CHECK(says(clear(there.server.session()), "own_deployment"));
  CHECK(says(clear(there.sam.token), "health_unknown"));
  CHECK(there.measured(second, "error_rate_bp", 700, 500).at("after") == json::value(id));
  CHECK(says(clear(there.sam.token), "not_healthy"));
  CHECK(there.measured(second, "error_rate_bp", 10, 500).at("after") == json::value(id));
  const Finished cleared = clear(there.sam.token);
  INFO(cleared.all());
  CHECK(cleared.code == 0);
  CHECK(there.state(id) == "cleared");
  const Finished shown = there.server.run({"rollback", "show", id});
  INFO(shown.all());
  CHECK(says(shown, "health.error_rate_bp > 500"));
  CHECK(says(shown, "error_rate_bp 700, limit 500: unhealthy (probe)"));
  CHECK(says(shown, "measured since it took effect"));
  CHECK(says(shown, "Ann Quillfeather saw it"));
  CHECK(says(shown, "PAY-1"));
  CHECK(says(there.server.run({"deployment", "health", second}), "taken_back"));
  // The other one is watched until somebody else clears it.
  const Finished watched = there.server.run({"deployment", "watched"});
  CHECK(says(watched, first));
  CHECK_FALSE(says(watched, second));
  CHECK(there.server
            .run_as(there.sam.token,
                    {"rollback", "clear", first, "--reason", "all quiet", "--unmeasured"})
            .code == 0);
  CHECK(says(there.server.run({"deployment", "watched"}), "No deployment is watched."));
  // What people say is no part of the ledger.
  CHECK(there.server.run({"audit", "log", "--format", "json"}).out.find("Quillfeather") ==
        std::string::npos);
  const Finished verified = there.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

TEST_CASE("a slow decay waits for whom the rule names, and is escalated when nobody decides") {
  Shop there;
  (void)there.deployed("1.0.0");
  const std::string second = there.deployed("2.0.0");
  const std::string id = rollback_of(there.measured(second, "latency_p95_ms", 900, 800));
  CHECK(there.state(id) == "proposed");
  CHECK(there.tool.received().empty());
  CHECK(says(there.server.run({"rollback", "confirm", id}), "not_a_confirmer"));
  for (int i = 0; i < 200; ++i) {
    if (there.rollback(id).at("rollback").as_object().contains("overdue_at")) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(there.rollback(id).at("rollback").as_object().contains("overdue_at"));
  CHECK(says(there.server.run({"audit", "log", "--type", "rollback.overdue"}), id));
  const Finished declined = there.server.run_as(
      there.sam.token, {"rollback", "decline", id, "--reason", "the database was slow"});
  INFO(declined.all());
  CHECK(declined.code == 0);
  CHECK(there.state(id) == "declined");
  // It holds for a while, and by hand another one is asked for.
  CHECK_FALSE(there.measured(second, "latency_p95_ms", 950, 800)
                  .at("judged")
                  .as_object()
                  .contains("rollback"));
  const Finished asked = there.server.run(
      {"rollback", "propose", second, "--reason", "it is slow still", "--format", "json"});
  INFO(asked.all());
  REQUIRE(asked.code == 0);
  const std::string by_hand(view(json::parse(asked.out).at("id").as_string()));
  const Finished confirmed = there.server.run_as(there.sam.token, {"rollback", "confirm", by_hand});
  INFO(confirmed.all());
  CHECK(confirmed.code == 0);
  REQUIRE(there.tool.await(1));
  CHECK(
      there.server.run({"rollback", "executed", by_hand, "--failed", "--reason", "no disk"}).code ==
      0);
  CHECK(there.state(by_hand) == "failed");
  CHECK(there.server.run_as(there.sam.token, {"rollback", "confirm", by_hand}).code == 0);
  REQUIRE(there.tool.await(2));
  CHECK(json::parse(there.tool.received()[1].body).at("data").at("details").at("attempt") == "2");
}

TEST_CASE("what was deployed since a rollback was proposed is not taken back by it") {
  Shop there;
  (void)there.deployed("1.0.0");
  const std::string second = there.deployed("2.0.0");
  const std::string id = rollback_of(there.measured(second, "latency_p95_ms", 900, 800));
  (void)there.deployed("3.0.0");
  const Finished late = there.server.run_as(there.sam.token, {"rollback", "confirm", id});
  INFO(late.all());
  CHECK(late.code != 0);
  CHECK(says(late, "not_the_newest"));
  CHECK(there.tool.received().empty());
  CHECK(there.server
            .run_as(there.sam.token, {"rollback", "decline", id, "--reason", "3.0.0 mends it"})
            .code == 0);
  CHECK(
      says(there.server.run({"rollback", "propose", second, "--reason", "why"}), "not_the_newest"));
}

TEST_CASE("an alert of Alertmanager sets a rule off, once, and what it does not place is kept") {
  Shop there;
  (void)there.deployed("1.0.0");
  (void)there.deployed("2.0.0");
  const std::string token = there.server.token_of("main", "pipeline", {"health.report"});
  const std::string target =
      "/hooks/alertmanager/main?environment=production&application_label=service";
  const auto post = [&](std::string_view as, const std::string& body) {
    return there.server.ask_as(as, {.method = "POST", .target = target, .body = body});
  };
  const std::string firing = message("shop", "91ec78a1c1c6349b");
  CHECK(post("", firing).status == 401);
  CHECK(post("hp_forged", firing).status == 401);
  CHECK(post(token, R"({"version":"4"})").status == 422);
  const Reply taken = post(token, firing);
  INFO(taken.body);
  REQUIRE(taken.status == 200);
  CHECK(taken.document().at("recorded") == 1);
  const std::string id(view(taken.document().at("judged").at(0).at("rollback").as_string()));
  REQUIRE(there.tool.await(1));
  CHECK(there.rollback(id).at("rollback").at("trigger").at("alerts").as_array().size() == 1);
  const Reply again = post(token, firing);
  CHECK(again.document().at("known") == 1);
  CHECK(again.document().at("recorded") == 0);
  const Reply elsewhere = post(token, message("unheard-of", "00ec78a1c1c6349b"));
  CHECK(elsewhere.status == 200);
  CHECK(elsewhere.document().at("unplaced") == 1);
  CHECK(there.server.get("/api/v1/main/alerts").document().at("items").as_array().size() == 2);
  CHECK(there.server.get("/api/v1/main/rollbacks").document().at("items").as_array().size() == 1);
  CHECK(there.server.run({"audit", "verify"}).code == 0);
}

TEST_CASE("a drill is carried out where nobody is hurt, and is what a rule is tested by") {
  Shop there;
  (void)there.deployed("1.0.0", "staging");
  const std::string second = there.deployed("2.0.0", "staging");
  const Finished untested = there.server.run({"rollback", "rules"});
  CHECK(untested.code == 1);
  CHECK(says(untested, "it was never carried out, nor drilled"));
  const auto drill = [&](const std::string& id, const std::string& rule) {
    return there.server.run(
        {"rollback", "drill", id, "--rule", rule, "--reason", "quarterly", "--format", "json"});
  };
  CHECK(says(drill(second, "no-such-rule"), "rule_not_found"));
  const Finished begun = drill(second, "severe");
  INFO(begun.all());
  REQUIRE(begun.code == 0);
  const std::string id(view(json::parse(begun.out).at("id").as_string()));
  REQUIRE(there.tool.await(1));
  CHECK(json::parse(there.tool.received()[0].body).at("data").at("details").at("drill") == "true");
  REQUIRE(there.server.run({"rollback", "executed", id}).code == 0);
  const json::value rules = there.server.get("/api/v1/main/rollbacks/rules").document();
  for (const json::value& rule : rules.at("items").as_array()) {
    CHECK(rule.at("tested") == (rule.at("name") == "severe"));
  }
  (void)there.deployed("1.0.0");
  const std::string live = there.deployed("2.0.0");
  CHECK(says(drill(live, "severe"), "drill_in_production"));
}

TEST_CASE("what no deployment brought there is raised, and stays when somebody answered for it") {
  Shop there;
  (void)there.deployed("1.0.0");
  (void)there.deployed("2.0.0");
  const auto report = [&](const std::string& version) {
    return there.server.run({"deployment", "report", "shop", "--env", "production", "--artifact",
                             artifact_of(version), "--source", "cluster agent", "--format",
                             "json"});
  };
  CHECK(report("2.0.0").code == 0);
  const Finished old = report("1.0.0");
  INFO(old.all());
  CHECK(old.code == 1);
  const std::string id(view(json::parse(old.out).at("unauthorised").as_string()));
  // Seen again it is the same.
  CHECK(json::parse(report("1.0.0").out).at("unauthorised") == json::value(id));
  CHECK(report("9.0.0").code == 1);
  const Finished open = there.server.run({"deployment", "unauthorised", "--state", "open"});
  CHECK(says(open, "not_current"));
  CHECK(says(open, "unknown_artifact"));
  const std::string token =
      there.server.token_of("main", "release_manager", {"deployments.verify"});
  CHECK(says(there.server.run_as(token, {"deployment", "acknowledge", id, "--reason", "x"}),
             "not_a_person"));
  REQUIRE(there.server
              .run_as(there.sam.token,
                      {"deployment", "acknowledge", id, "--reason", "a node was left behind"})
              .code == 0);
  CHECK(says(there.server.run({"deployment", "acknowledge", id, "--reason", "again"}),
             "acknowledged_already"));
  const Reply one = there.server.get("/api/v1/main/deployments/unauthorised/" + id);
  CHECK(one.document().at("reason") == "a node was left behind");
  CHECK(says(there.server.run({"deployment", "unauthorised", "--state", "acknowledged"}), "Sam"));
  CHECK(there.server.run({"audit", "verify"}).code == 0);
}

}  // namespace holdpoint::test
