// The bytes of the event bodies of deployments, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "deployments/deployment.hpp"
#include "deployments/promotion.hpp"
#include "deployments/refused_start.hpp"
#include "support/golden.hpp"

namespace holdpoint::deployments {
namespace {

using test::digest;
using test::frozen;

const DeploymentId kId = *DeploymentId::parse("dpl_01J00000000000000000000000");

TEST_CASE("deployment.started, version 1, is frozen") {
  DeploymentStartedV1 body;
  body.id = kId;
  body.application = "shop";
  body.version = "1.0.0";
  body.release = "rel_01J00000000000000000000000";
  body.environment = "production";
  frozen(body, "deployment.started",
         R"({"application":"shop","environment":"production",)"
         R"("id":"dpl_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("version":"1.0.0"})");
  body.artifact = digest(0x11);
  body.certification = "crt_01J00000000000000000000000";
  body.approval = "apr_01J00000000000000000000000";
  body.configuration = digest(0x22);
  frozen(body, "deployment.started",
         R"({"application":"shop","approval":"apr_01J00000000000000000000000","artifact":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("certification":"crt_01J00000000000000000000000","configuration":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("environment":"production","id":"dpl_01J00000000000000000000000",)"
         R"("release":"rel_01J00000000000000000000000","version":"1.0.0"})");
}

TEST_CASE("deployment.started, version 2, is frozen") {
  DeploymentStartedV2 body;
  body.id = kId;
  body.application = "shop";
  body.version = "1.0.0";
  body.release = "rel_01J00000000000000000000000";
  body.environment = "production";
  body.gate = policy::DecisionGrounds{
      {digest(0x33)}, {digest(0x44)}, {{"window", digest(0x55), {digest(0x66)}}}, digest(0x77)};
  frozen(body, "deployment.started",
         R"({"application":"shop","environment":"production","gate":{"documents":[{"digest":)"
         R"("sha256:5555555555555555555555555555555555555555555555555555555555555555",)"
         R"("document":)"
         R"("sha256:6666666666666666666666666666666666666666666666666666666666666666",)"
         R"("name":"window"}],"documents_digest":)"
         R"("sha256:7777777777777777777777777777777777777777777777777777777777777777",)"
         R"("facts":)"
         R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
         R"("verdict":)"
         R"("sha256:4444444444444444444444444444444444444444444444444444444444444444"},)"
         R"("id":"dpl_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("version":"1.0.0"})",
         2);
}

TEST_CASE("deployment.started, version 3, is frozen") {
  DeploymentStarted body;
  body.id = kId;
  body.application = "shop";
  body.version = "1.0.0";
  body.release = "rel_01J00000000000000000000000";
  body.environment = "production";
  body.release_entry = 7;
  frozen(body, "deployment.started",
         R"({"application":"shop","environment":"production",)"
         R"("id":"dpl_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("release_entry":7,"version":"1.0.0"})",
         3);
  body.approval = "apr_01J00000000000000000000000";
  body.attempt = 2;
  body.rollback = Rollback{"rel_01J00000000000000000000001"};
  body.gate = policy::DecisionGrounds{{digest(0x33)}, {digest(0x44)}, {}, digest(0x77)};
  frozen(body, "deployment.started",
         R"({"application":"shop","approval":"apr_01J00000000000000000000000","attempt":2,)"
         R"("environment":"production","gate":{"documents":[],"documents_digest":)"
         R"("sha256:7777777777777777777777777777777777777777777777777777777777777777",)"
         R"("facts":)"
         R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
         R"("verdict":)"
         R"("sha256:4444444444444444444444444444444444444444444444444444444444444444"},)"
         R"("id":"dpl_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("release_entry":7,"rollback":{"from":"rel_01J00000000000000000000001"},)"
         R"("version":"1.0.0"})",
         3);
}

TEST_CASE("earlier forms of deployment.started are read as the last, without what they lack") {
  DeploymentStartedV1 old;
  old.id = kId;
  old.application = "shop";
  old.version = "1.0.0";
  old.release = "rel_01J00000000000000000000000";
  old.environment = "production";
  old.artifact = digest(0x11);
  old.certification = "crt_01J00000000000000000000000";
  old.approval = "apr_01J00000000000000000000000";
  old.configuration = digest(0x22);
  CHECK(to_json_text(upcast(old)) == to_json_text(old));
  DeploymentStartedV2 second;
  second.id = kId;
  second.application = "shop";
  second.version = "1.0.0";
  second.release = "rel_01J00000000000000000000000";
  second.environment = "production";
  second.gate = policy::DecisionGrounds{{digest(0x33)}, {digest(0x44)}, {}, digest(0x77)};
  CHECK(to_json_text(upcast(second)) == to_json_text(second));
}

TEST_CASE("deployment.refused is frozen") {
  DeploymentRefused body;
  body.id = kId;
  body.application = "shop";
  body.version = "1.0.0";
  body.release = "rel_01J00000000000000000000000";
  body.environment = "production";
  body.code = "gate_not_open";
  body.decision = Decision::closed;
  body.reasons = {
      {ReasonCode::approval_missing, std::nullopt, std::nullopt, std::nullopt},
      {ReasonCode::gate_policy_failed, "window", "night", "fail"},
  };
  frozen(body, "deployment.refused",
         R"({"application":"shop","code":"gate_not_open","decision":"closed",)"
         R"("environment":"production","id":"dpl_01J00000000000000000000000",)"
         R"("reasons":[{"code":"approval_missing"},{"code":"gate_policy_failed",)"
         R"("criteria":"window","criterion":"night","result":"fail"}],"reasons_omitted":0,)"
         R"("release":"rel_01J00000000000000000000000","version":"1.0.0"})");
  body.artifact = digest(0x11);
  body.reasons.clear();
  body.code = "approver_deploys";
  body.decision = Decision::open;
  body.gate = policy::DecisionGrounds{{digest(0x33)}, {digest(0x44)}, {}, digest(0x77)};
  frozen(body, "deployment.refused",
         R"({"application":"shop","artifact":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("code":"approver_deploys","decision":"open","environment":"production","gate":)"
         R"({"documents":[],"documents_digest":)"
         R"("sha256:7777777777777777777777777777777777777777777777777777777777777777",)"
         R"("facts":)"
         R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
         R"("verdict":)"
         R"("sha256:4444444444444444444444444444444444444444444444444444444444444444"},)"
         R"("id":"dpl_01J00000000000000000000000","reasons":[],"reasons_omitted":0,)"
         R"("release":"rel_01J00000000000000000000000","version":"1.0.0"})");
}

TEST_CASE("the ends of a deployment are frozen") {
  frozen(DeploymentFinished{kId, DeploymentOutcome::failed, "disk full"}, "deployment.finished",
         R"({"id":"dpl_01J00000000000000000000000","note":"disk full","outcome":"failed"})");
  frozen(DeploymentVerified{kId, "looked at"}, "deployment.verified",
         R"({"id":"dpl_01J00000000000000000000000","note":"looked at"})");
  frozen(DeploymentImplicated{kId, "inc_01J00000000000000000000000"}, "deployment.implicated",
         R"({"id":"dpl_01J00000000000000000000000","incident":"inc_01J00000000000000000000000"})");
}

TEST_CASE("what is signed of a promotion is frozen, for approvals stand on its digest") {
  Promotion promotion;
  promotion.application = "shop";
  promotion.version = "1.0.0";
  promotion.environment = "production";
  promotion.environment_id = "env_01J00000000000000000000000";
  promotion.contents = digest(0x11);
  CHECK(to_json_text(promotion) ==
        R"({"application":"shop","contents":)"
        R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
        R"("environment":"production","environment_id":"env_01J00000000000000000000000","v":1,)"
        R"("version":"1.0.0"})");
}

}  // namespace
}  // namespace holdpoint::deployments
