// The bytes of the event bodies of rollbacks, health, alerts and sightings, frozen: they stand in
// ledgers and are never written differently. A new form of an event gets a new version and a new
// line; no line here is changed.
#include <doctest/doctest.h>

#include "rollback/executor.hpp"
#include "rollback/health.hpp"
#include "rollback/sighting.hpp"
#include "support/golden.hpp"

namespace holdpoint::rollback {
namespace {

using test::digest;
using test::frozen;

const RollbackId kId = *RollbackId::parse("rbk_01J00000000000000000000000");
const std::string kDeployment = "dpl_01J00000000000000000000000";
const Instant kDue = *Instant::parse("2026-11-20T06:15:00Z");

Target target() {
  return {"dpl_01J00000000000000000000001", "rel_01J00000000000000000000001", "1.0.0",
          "crt_01J00000000000000000000001"};
}

TEST_CASE("rollback.proposed is frozen, by a rule and by hand") {
  RollbackProposed body;
  body.id = kId;
  body.origin = Origin::person;
  body.application = "shop";
  body.environment = "production";
  body.deployment = kDeployment;
  body.release = "rel_01J00000000000000000000000";
  body.version = "2.0.0";
  body.execution = policy::RollbackExecution::confirmed;
  body.plan = "Go back.";
  body.within_us = 900'000'000;
  body.due = kDue;
  body.because = "somebody asked for it";
  frozen(body, "rollback.proposed",
         R"({"application":"shop","because":"somebody asked for it","confirmers":[],)"
         R"("deployment":"dpl_01J00000000000000000000000","due":"2026-11-20T06:15:00Z",)"
         R"("environment":"production","execution":"confirmed",)"
         R"("id":"rbk_01J00000000000000000000000","origin":"person","plan":"Go back.",)"
         R"("release":"rel_01J00000000000000000000000","trigger":{"alerts":[],"conditions":[],)"
         R"("incidents":[],"names":[],"values":[]},"version":"2.0.0","within_us":900000000})");
  body.origin = Origin::rule;
  body.certification = "crt_01J00000000000000000000000";
  body.trigger = {"production",
                  digest(0x11),
                  {"errors"},
                  {"health.error_rate_bp > 500"},
                  {{"error_rate_bp", false, 700, 500, "prometheus"}},
                  {"alr_01J00000000000000000000000"},
                  {"inc_01J00000000000000000000000"}};
  body.execution = policy::RollbackExecution::automatic;
  body.target = target();
  body.confirmers = {"per_01J00000000000000000000000"};
  body.held_because = "3 rollbacks";
  frozen(body, "rollback.proposed",
         R"({"application":"shop","because":"somebody asked for it",)"
         R"("certification":"crt_01J00000000000000000000000",)"
         R"("confirmers":["per_01J00000000000000000000000"],)"
         R"("deployment":"dpl_01J00000000000000000000000","due":"2026-11-20T06:15:00Z",)"
         R"("environment":"production","execution":"automatic","held_because":"3 rollbacks",)"
         R"("id":"rbk_01J00000000000000000000000","origin":"rule","plan":"Go back.",)"
         R"("release":"rel_01J00000000000000000000000",)"
         R"("target":{"certification":"crt_01J00000000000000000000001",)"
         R"("deployment":"dpl_01J00000000000000000000001",)"
         R"("release":"rel_01J00000000000000000000001","version":"1.0.0"},)"
         R"("trigger":{"alerts":["alr_01J00000000000000000000000"],)"
         R"("conditions":["health.error_rate_bp > 500"],)"
         R"("incidents":["inc_01J00000000000000000000000"],"names":["errors"],)"
         R"("policy":"production","policy_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("values":[{"healthy":false,"limit":500,"name":"error_rate_bp",)"
         R"("source":"prometheus","value":700}]},"version":"2.0.0","within_us":900000000})");
}

TEST_CASE("what moves a rollback is frozen") {
  frozen(RollbackConfirmed{kId, Decider::rule, target(), 1, kDue, false}, "rollback.confirmed",
         R"({"attempt":1,"by":"rule","due":"2026-11-20T06:15:00Z",)"
         R"("id":"rbk_01J00000000000000000000000","reasoned":false,)"
         R"("target":{"certification":"crt_01J00000000000000000000001",)"
         R"("deployment":"dpl_01J00000000000000000000001",)"
         R"("release":"rel_01J00000000000000000000001","version":"1.0.0"}})");
  frozen(RollbackExecutionBegun{kId, "deployer", "dlv_01J00000000000000000000000"},
         "rollback.execution_begun",
         R"({"delivery":"dlv_01J00000000000000000000000","executor":"deployer",)"
         R"("id":"rbk_01J00000000000000000000000"})");
  frozen(RollbackExecuted{kId, Outcome::succeeded, "1.0.0", {"PAY-1"}, true}, "rollback.executed",
         R"({"follow_ups":["PAY-1"],"id":"rbk_01J00000000000000000000000",)"
         R"("outcome":"succeeded","reasoned":true,"version":"1.0.0"})");
  frozen(RollbackDeclined{kId}, "rollback.declined", R"({"id":"rbk_01J00000000000000000000000"})");
  frozen(RollbackOverdue{kId, State::proposed, kDue, {"per_01J00000000000000000000000"}},
         "rollback.overdue",
         R"({"due":"2026-11-20T06:15:00Z","id":"rbk_01J00000000000000000000000",)"
         R"("people":["per_01J00000000000000000000000"],"state":"proposed"})");
  frozen(RollbackCleared{kId, {{"checkout", true, {}, {}, "probe"}}, false, {}}, "rollback.cleared",
         R"({"follow_ups":[],"id":"rbk_01J00000000000000000000000","unmeasured":false,)"
         R"("values":[{"healthy":true,"name":"checkout","source":"probe"}]})");
}

TEST_CASE("what is measured is frozen") {
  frozen(
      HealthReported{
          kDeployment, "shop", "production", {{"latency_p95_ms", true, 12, 800, "probe"}}, kId},
      "health.reported",
      R"({"after":"rbk_01J00000000000000000000000","application":"shop",)"
      R"("deployment":"dpl_01J00000000000000000000000","environment":"production",)"
      R"("values":[{"healthy":true,"limit":800,"name":"latency_p95_ms","source":"probe",)"
      R"("value":12}]})");
  frozen(AlertReceived{*AlertId::parse("alr_01J00000000000000000000000"),
                       "alertmanager",
                       "91ec78a1c1c6349b",
                       AlertStatus::resolved,
                       "ErrorRateHigh",
                       {{"severity", "critical"}},
                       kDue,
                       kDue,
                       "shop",
                       "production"},
         "alert.received",
         R"({"application":"shop","ends_at":"2026-11-20T06:15:00Z","environment":"production",)"
         R"("fingerprint":"91ec78a1c1c6349b","id":"alr_01J00000000000000000000000",)"
         R"("labels":{"severity":"critical"},"name":"ErrorRateHigh",)"
         R"("starts_at":"2026-11-20T06:15:00Z","status":"resolved","system":"alertmanager"})");
  frozen(MonitoringCleared{kDeployment, "shop", "production", {}, true}, "monitoring.cleared",
         R"({"application":"shop","deployment":"dpl_01J00000000000000000000000",)"
         R"("environment":"production","unmeasured":true,"values":[]})");
}

TEST_CASE("what is seen unauthorised is frozen") {
  const SightingId id = *SightingId::parse("una_01J00000000000000000000000");
  frozen(DeploymentUnauthorised{id, "shop", "production", digest(0x22), "agent",
                                Unauthorised::never_deployed, "rel_01J00000000000000000000000",
                                "3.0.0"},
         "deployment.unauthorised",
         R"({"application":"shop","artifact":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("because":"never_deployed","environment":"production",)"
         R"("id":"una_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("source":"agent","version":"3.0.0"})");
  frozen(UnauthorisedAcknowledged{id}, "deployment.unauthorised_acknowledged",
         R"({"id":"una_01J00000000000000000000000"})");
}

TEST_CASE("the record of an executor is frozen") {
  RollbackExecutor executor;
  executor.id = *Id<ExecutorTag>::parse("rbx_01J00000000000000000000000");
  executor.name = "deployer";
  executor.title = "The deployer";
  executor.environments = {"production"};
  executor.webhook = "deployer";
  CHECK(to_json_text(executor) ==
        R"({"applications":[],"environments":["production"],)"
        R"("id":"rbx_01J00000000000000000000000","name":"deployer","state":"active",)"
        R"("title":"The deployer","webhook":"deployer"})");
}

}  // namespace
}  // namespace holdpoint::rollback
