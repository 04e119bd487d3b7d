// Waivers over the real server: one violation of one rule does not count for a time, somebody else
// agrees to that, it is shown as waived and never as passed, and whatever is new or over closes the
// gate again (A6).
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view owner_email = "otto@holdpoint-e2e.example";

constexpr std::string_view documents = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: high, data_classes: []}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: true}
---
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: baseline, owner: team:quality}
spec:
  rules:
    - id: no-high-findings
      require: evidence.sast.findings.all(f, f.severity != "high")
      message: Static analysis leaves no high finding.
    - id: tests-passed
      require: evidence.tests.failed == 0
      message: Every test passes.
      waivable: false
)";

constexpr std::string_view approval_policy = R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: waivers, owner: team:compliance}
spec:
  match: subject.kind == "waiver"
  routes: [{name: risk, stages: [{name: risk, roles: [approver], minimum: 1}]}]
  tests:
    - name: a waiver needs an approver
      given: {subject: {kind: waiver}}
      expect: passed
      selects: [risk]
)";

struct Shop {
  ServerProcess server;
  Someone dora, ben, otto;

  Shop() {
    dora = server.someone("Dora", "dora@holdpoint-e2e.example", "developer");
    ben = server.someone("Ben", "ben@holdpoint-e2e.example", "approver");
    otto = server.someone("Otto", owner_email, "viewer");
    apply(documents);
  }

  void apply(std::string_view text) const {
    write_file(server.path("shop.yaml"), std::string(text));
    const Finished applied = server.run({"apply", "--file", server.path("shop.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  void add(const std::string& version, const std::string& name, const std::string& report) const {
    write_file(server.path(name), report);
    const Finished added =
        server.run({"evidence", "add", "shop@" + version, server.path(name), "--name", name});
    INFO(added.all());
    REQUIRE(added.code <= 1);
  }

  /// Of the shop, with tests that pass and nothing else yet.
  void propose(const std::string& version) const {
    const json::object artifact{{"name", "shop.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
    const json::object body{{"application", "shop"},
                            {"version", version},
                            {"commits", json::array{}},
                            {"artifacts", json::array{artifact}},
                            {"ci", json::object{}}};
    REQUIRE(server.post("/api/v1/main/releases", json::serialize(body)).status == 201);
    add(version, "unit.xml", junit(3, 0));
  }

  /// The same, with findings of these levels.
  void release(const std::string& version, const std::vector<std::string>& levels) const {
    propose(version);
    add(version, "code.sarif", sarif(levels));
  }

  [[nodiscard]] Finished ask(const std::string& version, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"waiver",
                                       "request",
                                       "shop@" + version,
                                       "--criteria",
                                       "baseline",
                                       "--owner",
                                       std::string(owner_email),
                                       "--reason",
                                       "Dora Quillfeather looks into it",
                                       "--format",
                                       "json"};
    if (std::ranges::find(more, "--rule") == more.end()) {
      more.insert(more.end(), {"--rule", "no-high-findings"});
    }
    if (std::ranges::find(more, "--until") == more.end()) {
      more.insert(more.end(), {"--until", "30d"});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return server.run_as(dora.token, arguments);
  }

  struct Asked {
    std::string waiver;
    std::string approval;
  };
  [[nodiscard]] Asked asked(const std::string& version, std::vector<std::string> more = {}) const {
    const Finished done = ask(version, std::move(more));
    INFO(done.all());
    REQUIRE(done.code == 0);
    const json::value answer = json::parse(done.out);
    return {std::string(view(answer.at("id").as_string())),
            std::string(view(answer.at("approval").as_string()))};
  }

  [[nodiscard]] Finished approve(const Someone& who, const std::string& approval) const {
    return server.run_as(who.token, {"approve", approval, "--reason", "looked at it"});
  }
  [[nodiscard]] std::string state(const std::string& waiver) const {
    return server.get("/api/v1/main/waivers/" + waiver).text("state");
  }
  [[nodiscard]] int gate(const std::string& version) const {
    return server.run({"gate", "check", "shop@" + version, "--env", "production"}).code;
  }
  [[nodiscard]] json::value certification(const std::string& version) const {
    return server.get("/api/v1/main/releases/shop@" + version + "/certification").document();
  }
  [[nodiscard]] std::string result(const std::string& version) const {
    const json::value document = certification(version);
    return std::string(
        view(document.at("criteria").at(0).at("rules").at(0).at("result").as_string()));
  }
};

Shop& shop() {
  static Shop one;
  return one;
}

}  // namespace

TEST_CASE("a failing rule is waived by somebody else, shown as waived, and the gate opens") {
  const Shop& there = shop();
  there.release("1.0.0", {"error"});
  CHECK(there.gate("1.0.0") == 1);
  CHECK(says(there.ask("1.0.0"), "no_policy_applies"));
  there.apply(approval_policy);

  const auto [waiver, request] = there.asked("1.0.0");
  CHECK(there.state(waiver) == "requested");
  CHECK(says(there.ask("1.0.0"), "already_requested"));
  CHECK(says(there.server.run({"waiver", "show", waiver}), "waits for: risk 0 of 1"));
  CHECK(there.gate("1.0.0") == 1);
  // Who asked has the role of a developer only, and the administrator that of no approver.
  CHECK(says(there.approve(there.dora, request), "asked for this approval"));
  CHECK(there.state(waiver) == "requested");
  const Finished approved = there.approve(there.ben, request);
  INFO(approved.all());
  REQUIRE(approved.code == 0);
  CHECK(there.state(waiver) == "in_force");
  CHECK(there.result("1.0.0") == "waived");
  const json::value document = there.certification("1.0.0");
  CHECK(document.at("state") == "certified");
  CHECK(document.at("criteria").at(0).at("passed") == false);
  CHECK(document.at("criteria").at(0).at("waived") == true);
  CHECK(there.gate("1.0.0") == 0);

  const Finished judged = there.server.run({"certify", "shop@1.0.0"});
  CHECK(judged.code == 0);
  CHECK(says(judged, "~ waived"));
  CHECK(says(judged, "waived by " + waiver));
  const Finished shown = there.server.run({"waiver", "show", waiver});
  CHECK(says(shown, "Dora Quillfeather looks into it"));
  CHECK(says(shown, "Otto"));
  // The reason is no part of the ledger.
  CHECK(there.server.run({"audit", "log", "--format", "json"}).out.find("Quillfeather") ==
        std::string::npos);
  const std::string facts = there.server
                                .get("/api/v1/main/certifications/" +
                                     std::string(view(document.at("id").as_string())) + "/facts")
                                .body;
  CHECK(facts.find(waiver) != std::string::npos);
  const std::string envelope =
      there.server
          .get("/api/v1/main/certifications/" + std::string(view(document.at("id").as_string())) +
               "/envelope")
          .body;
  CHECK_FALSE(envelope.empty());
}

TEST_CASE("another finding is another violation, and closes the gate again") {
  const Shop& there = shop();
  there.release("2.0.0", {"error"});
  const auto [waiver, request] = there.asked("2.0.0");
  REQUIRE(there.approve(there.ben, request).code == 0);
  CHECK(there.gate("2.0.0") == 0);
  there.add("2.0.0", "code.sarif", sarif({"error", "error"}));
  CHECK(there.result("2.0.0") == "fail");
  CHECK(there.gate("2.0.0") == 1);
  CHECK(there.state(waiver) == "in_force");
  // The other one has a waiver of its own; the rule has only one that is not covered.
  const auto second = there.asked("2.0.0");
  REQUIRE(there.approve(there.ben, second.approval).code == 0);
  CHECK(there.gate("2.0.0") == 0);
  // Mended, both are moot, and the rule passes.
  there.add("2.0.0", "code.sarif", sarif({"note"}));
  CHECK(there.state(waiver) == "moot");
  CHECK(there.state(second.waiver) == "moot");
  CHECK(there.result("2.0.0") == "pass");
  CHECK(there.gate("2.0.0") == 0);
}

TEST_CASE("what is over, withdrawn or revoked counts no more") {
  const Shop& there = shop();
  there.release("3.0.0", {"error"});
  const auto [waiver, request] = there.asked("3.0.0", {"--until", "4s"});
  REQUIRE(there.approve(there.ben, request).code == 0);
  REQUIRE(there.gate("3.0.0") == 0);
  for (int i = 0; i < 100 && there.gate("3.0.0") == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(there.gate("3.0.0") == 1);
  for (int i = 0; i < 50 && there.state(waiver) != "expired"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(there.state(waiver) == "expired");
  CHECK(there.result("3.0.0") == "fail");

  const auto revoked = there.asked("3.0.0");
  REQUIRE(there.approve(there.ben, revoked.approval).code == 0);
  CHECK(there.gate("3.0.0") == 0);
  CHECK(there.server.run_as(there.dora.token, {"waiver", "revoke", revoked.waiver, "--reason", "x"})
            .code != 0);
  CHECK(there.server
            .run_as(there.ben.token,
                    {"waiver", "revoke", revoked.waiver, "--reason", "an exploit is known"})
            .code == 0);
  CHECK(there.gate("3.0.0") == 1);

  const auto withdrawn = there.asked("3.0.0");
  CHECK(says(there.server.run({"waiver", "withdraw", withdrawn.waiver, "--reason", "x"}),
             "not_the_requester"));
  CHECK(there.server
            .run_as(there.dora.token,
                    {"waiver", "withdraw", withdrawn.waiver, "--reason", "the fix is there"})
            .code == 0);
  CHECK(there.approve(there.ben, withdrawn.approval).code != 0);
  CHECK(there.state(withdrawn.waiver) == "withdrawn");

  const auto rejected = there.asked("3.0.0");
  REQUIRE(there.server.run_as(there.ben.token, {"reject", rejected.approval, "--reason", "mend it"})
              .code == 0);
  CHECK(there.state(rejected.waiver) == "rejected");
  CHECK(there.gate("3.0.0") == 1);
}

TEST_CASE("what was mended before anybody agreed is not waived") {
  const Shop& there = shop();
  there.release("4.0.0", {"error"});
  const auto [waiver, request] = there.asked("4.0.0");
  there.add("4.0.0", "code.sarif", sarif({}));
  CHECK(there.state(waiver) == "moot");
  CHECK(there.approve(there.ben, request).code != 0);
  CHECK(there.state(waiver) == "moot");
  CHECK(says(there.ask("4.0.0"), "nothing_to_waive"));
}

TEST_CASE("a waiver of the application reaches its other releases, and no other finding") {
  const Shop& there = shop();
  there.release("5.0.0", {"error"});
  const auto [waiver, request] = there.asked("5.0.0", {"--scope", "application"});
  REQUIRE(there.approve(there.ben, request).code == 0);
  there.release("5.1.0", {"error"});
  CHECK(there.result("5.1.0") == "waived");
  there.release("5.2.0", {"error", "error"});
  CHECK(there.result("5.2.0") == "fail");
  CHECK(there.server.run_as(there.dora.token, {"waiver", "withdraw", waiver, "--reason", "mended"})
            .code == 0);
  for (int i = 0; i < 50 && there.gate("5.1.0") == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(there.gate("5.1.0") == 1);
}

TEST_CASE("a waiver of the application is moot when the newest judged release is without it") {
  const Shop& there = shop();
  there.release("5.5.0", {"error"});
  const auto [waiver, request] = there.asked("5.5.0", {"--scope", "application"});
  REQUIRE(there.approve(there.ben, request).code == 0);
  there.release("5.6.0", {"error"});
  CHECK(there.result("5.6.0") == "waived");
  // An older release that was mended says nothing of the newest.
  there.add("5.5.0", "code.sarif", sarif({"note"}));
  CHECK(there.result("5.5.0") == "pass");
  CHECK(there.state(waiver) == "in_force");
  there.release("5.7.0", {"note"});
  CHECK(there.result("5.7.0") == "pass");
  CHECK(there.state(waiver) == "moot");
  CHECK(says(there.server.run({"waiver", "show", waiver}),
             "gone from shop@5.7.0, the newest release that was judged"));
  // It is not applied any more, and comes back with no later release.
  CHECK(there.gate("5.6.0") == 1);
  for (int i = 0; i < 50 && there.result("5.6.0") != "fail"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(there.result("5.6.0") == "fail");
  CHECK(says(there.ask("5.6.0", {"--scope", "application"}), "gone_from_newest"));
  there.release("5.8.0", {"error"});
  CHECK(there.result("5.8.0") == "fail");
}

TEST_CASE("what its scanner did not look for yet in the newest release is not gone from it") {
  const Shop& there = shop();
  there.release("6.5.0", {"error"});
  const auto [waiver, request] = there.asked("6.5.0", {"--scope", "application"});
  REQUIRE(there.approve(there.ben, request).code == 0);
  // Another scanner found nothing, and the rule passes by that alone.
  there.propose("6.6.0");
  std::string other = sarif({"note"});
  other.replace(other.find("analyser"), 8, "searcher");
  there.add("6.6.0", "other.sarif", other);
  CHECK(there.result("6.6.0") == "pass");
  CHECK(there.state(waiver) == "in_force");
  const auto [more, to_decide] = there.asked("6.5.0", {"--scope", "application"});
  CHECK(there.state(more) == "requested");
  there.add("6.6.0", "code.sarif", sarif({"note"}));
  CHECK(there.result("6.6.0") == "pass");
  CHECK(there.state(waiver) == "moot");
  CHECK(there.state(more) == "moot");
}

TEST_CASE("who would answer for a waiver does not approve it") {
  const Shop& there = shop();
  const std::string mail = "eve@holdpoint-e2e.example";
  const Someone eve = there.server.someone("Eve", mail, "approver");
  there.release("7.0.0", {"error"});
  const Finished asked = there.server.run_as(
      there.dora.token,
      {"waiver", "request", "shop@7.0.0", "--criteria", "baseline", "--rule", "no-high-findings",
       "--owner", mail, "--until", "1d", "--reason", "it is mended soon", "--format", "json"});
  INFO(asked.all());
  REQUIRE(asked.code == 0);
  const json::value answer = json::parse(asked.out);
  const std::string request(view(answer.at("approval").as_string()));
  CHECK(says(there.approve(eve, request), "would answer for it"));
  CHECK(there.gate("7.0.0") == 1);
  CHECK(there.approve(there.ben, request).code == 0);
  CHECK(there.gate("7.0.0") == 0);
}

TEST_CASE("what the criteria never waive and what cannot be told are refused") {
  const Shop& there = shop();
  there.release("6.0.0", {});
  there.add("6.0.0", "unit.xml", junit(3, 1));
  CHECK(says(there.ask("6.0.0", {"--rule", "tests-passed"}), "not_waivable"));
  CHECK(says(there.ask("6.0.0", {"--rule", "no-such-rule"}), "no_such_rule"));
  there.add("6.0.0", "unit.xml", "no report");
  CHECK(says(there.ask("6.0.0", {"--rule", "tests-passed"}), "cannot_be_told"));
  CHECK(says(there.ask("6.0.0", {"--until", "181d"}), "invalid_waiver"));
  CHECK(there.server
            .run_as(there.otto.token, {"waiver", "request", "shop@6.0.0", "--criteria", "baseline",
                                       "--rule", "tests-passed", "--owner",
                                       std::string(owner_email), "--until", "1d", "--reason", "x"})
            .code != 0);
  const Finished verified = there.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

}  // namespace holdpoint::test
