// The record of a team and the regulated data of an application, as they stand in the facts of a
// judgement: counted from what really happened, over all applications of the same owners.
#include <doctest/doctest.h>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

const std::string kApi = "/api/v1/main/";

std::string application(const std::string& name, const std::string& owner,
                        const std::string& classes) {
  return "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: " + name +
         "}\nspec: {owners: [" + owner + "], criticality: high, data_classes: [" + classes +
         "], environments: [production]}\n---\n";
}

std::string criteria(const std::string& require) {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata: {name: baseline, owner: "
         "team-q}\nspec:\n  rules:\n    - id: tests\n      require: " +
         require + "\n      message: The tests pass.\n";
}

class Team {
 public:
  Team() {
    apply(
        "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
        "spec: {order: 1, kind: production}\n---\n" +
        application("shop", "team:shop", "phi, financial") + application("cart", "team:shop", "") +
        application("other", "team:other", "") + criteria("evidence.tests.failed == 0"));
  }

  ServerProcess server;

  void apply(const std::string& text) const {
    const Reply reply = server.ask(
        {.method = "POST", .target = kApi + "apply", .body = text, .media = "application/yaml"});
    INFO(reply.body);
    REQUIRE(reply.status == 200);
  }

  void propose(const std::string& name) const {
    const Reply reply = server.post(
        kApi + "releases", R"({"application":")" + name +
                               R"(","version":"1","commits":[],"ci":{},"artifacts":[{"name":"a",)" +
                               R"("digest":"sha256:)" + std::string(64, 'a') + R"("}]})");
    INFO(reply.body);
    REQUIRE(reply.status == 201);
  }

  void report(const std::string& name, int failures) const {
    const Reply reply =
        server.ask({.method = "POST",
                    .target = kApi + "releases/" + name + "%401/evidence?name=unit.xml",
                    .body = junit(3, failures),
                    .media = "application/octet-stream"});
    INFO(reply.body);
    REQUIRE(reply.status == 201);
  }

  json::value certification(const std::string& name) const {
    const Reply reply = server.get(kApi + "releases/" + name + "%401/certification");
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return reply.document();
  }

  /// The facts of the judgement that stands.
  json::value facts(const std::string& name) const {
    const std::string id(view(certification(name).at("id").as_string()));
    return server.get(kApi + "certifications/" + id + "/facts").document();
  }
};

Team& team() {
  static Team one;
  return one;
}

}  // namespace

TEST_CASE("regulated data stands in the facts as flags, and a team without a past has no rates") {
  team().propose("shop");
  const auto facts = team().facts("shop");
  CHECK(facts.at("flags").at("phi") == true);
  CHECK(facts.at("flags").at("financial_reporting") == true);
  CHECK(facts.at("flags").at("cardholder") == false);
  CHECK(facts.at("record").at("certified") == 0);
  CHECK(!facts.at("record").as_object().contains("first_attempt_pass_bp"));
  CHECK(!facts.at("record").as_object().contains("days_since_revocation"));
}

TEST_CASE("a release counts for its team once it was certified, and not for the teams of others") {
  team().report("shop", 0);
  REQUIRE(team().certification("shop").at("state") == "certified");
  team().propose("cart");
  const auto record = team().facts("cart").at("record");
  CHECK(record.at("certified") == 1);
  CHECK(record.at("refused") == 0);
  CHECK(record.at("first_attempt_pass_bp") == 10'000);
  team().propose("other");
  CHECK(team().facts("other").at("record").at("certified") == 0);
  CHECK(team().facts("shop").at("record").at("certified") == 0);
}

TEST_CASE(
    "a refusal on whole evidence is a failed attempt, also when the release is mended later") {
  team().report("cart", 1);
  REQUIRE(team().certification("cart").at("state") == "refused");
  team().report("cart", 0);
  REQUIRE(team().certification("cart").at("state") == "certified");
  team().report("shop", 2);
  const auto record = team().facts("shop").at("record");
  CHECK(record.at("certified") == 1);
  CHECK(record.at("refused") == 1);
  CHECK(record.at("first_attempt_pass_bp") == 0);
}

TEST_CASE("a revocation counts for the team, and rules may ask how long ago it was") {
  const std::string id(view(team().certification("cart").at("id").as_string()));
  REQUIRE(
      team()
          .server.post(kApi + "certifications/" + id + "/revocation", R"({"reason":"A mistake."})")
          .status == 200);
  team().report("shop", 0);
  const auto record = team().facts("shop").at("record");
  CHECK(record.at("revoked") == 1);
  CHECK(record.at("days_since_revocation") == 0);
  team().apply(criteria("evidence.tests.failed == 0 && record.revoked == 0"));
  const Reply judged = team().server.post(kApi + "releases/shop%401/certification", "{}");
  INFO(judged.body);
  CHECK(judged.text("state") == "refused");
  CHECK(judged.body.find("record.revoked is 1, needs == 0") != std::string::npos);
}

TEST_CASE("failed deployments and incidents stand in the record, and rules may ask for them") {
  team().apply(criteria("evidence.tests.failed == 0"));
  REQUIRE(team().server.post(kApi + "releases/shop%401/certification", "{}").text("state") ==
          "certified");
  const auto deploy = [&](const std::string& outcome) {
    const Reply begun = team().server.post(
        kApi + "deployments", R"({"application":"shop","version":"1","environment":"production"})");
    INFO(begun.body);
    REQUIRE(begun.status == 201);
    const Reply ended = team().server.post(kApi + "deployments/" + begun.text("id") + "/finish",
                                           R"({"outcome":")" + outcome + R"("})");
    INFO(ended.body);
    REQUIRE(ended.status == 200);
    return begun.text("id");
  };
  // Each time with another number of failures, so that the release is judged anew.
  const auto record_at = [&](int failures) {
    team().report("shop", failures);
    return team().facts("shop").at("record");
  };
  CHECK(team().facts("shop").at("record").at("deployments") == 0);
  CHECK(!team().facts("shop").at("record").as_object().contains("change_failure_bp"));
  deploy("succeeded");
  deploy("cancelled");
  deploy("failed");
  const std::string last = deploy("succeeded");
  auto record = record_at(13);
  CHECK(record.at("deployments") == 3);
  CHECK(record.at("failed_deployments") == 1);
  CHECK(record.at("change_failure_bp") == 3'333);
  CHECK(!record.as_object().contains("days_since_incident"));

  const Reply declared = team().server.post(
      kApi + "incidents",
      R"({"title":"No checkout","severity":"sev1","environments":["production"],)"
      R"("applications":["shop"]})");
  INFO(declared.body);
  REQUIRE(declared.status == 201);
  const Reply implicated = team().server.get(kApi + "deployments/" + last);
  CHECK(implicated.text("implicated_by") == declared.text("id"));
  record = record_at(14);
  CHECK(record.at("failed_deployments") == 2);
  CHECK(record.at("change_failure_bp") == 6'666);
  CHECK(record.at("days_since_incident") == 0);
  team().report("other", 0);
  CHECK(team().facts("other").at("record").at("deployments") == 0);
  CHECK(!team().facts("other").at("record").as_object().contains("days_since_incident"));

  team().apply(criteria("record.change_failure_bp <= 1500 && record.days_since_incident >= 1"));
  const Reply judged = team().server.post(kApi + "releases/shop%401/certification", "{}");
  INFO(judged.body);
  CHECK(judged.text("state") == "refused");
  CHECK(judged.body.find("record.change_failure_bp is 6666, needs <= 1500") != std::string::npos);
}

}  // namespace holdpoint::test
