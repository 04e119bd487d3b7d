// The gate and what happens around a release: a major incident in the environment closes it, and
// so does a configuration that drifted. Time alone never opens it again.
#include <doctest/doctest.h>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};

GateFacts certified() {
  GateFacts facts;
  facts.approval.state = approvals::Standing::State::not_needed;
  facts.release_exists = true;
  GateFacts::Standing standing;
  standing.state = certification::State::certified;
  standing.at = Instant{100};
  facts.certification = standing;
  return facts;
}

incidents::Incident incident(incidents::Severity severity) {
  incidents::Incident one;
  one.id = *incidents::IncidentId::parse("inc_01J00000000000000000000000");
  one.title = "Payments time out";
  one.severity = severity;
  one.environments = {"production"};
  return one;
}

GateVerdict asked_during(const incidents::Incident& one) {
  GateFacts facts = certified();
  facts.incidents = {one};
  return decide_gate(kQuestion, facts);
}

TEST_CASE("a major incident closes the gate and says who can end it") {
  for (const auto severity : {incidents::Severity::sev1, incidents::Severity::sev2}) {
    const GateVerdict verdict = asked_during(incident(severity));
    CHECK(verdict.decision == Decision::closed);
    CHECK(!verdict.opens_at);
    REQUIRE(verdict.reasons.size() == 1);
    const Reason& reason = verdict.reasons.front();
    CHECK(reason.code == ReasonCode::incident_open);
    CHECK(reason.sentence.contains("Payments time out"));
    REQUIRE(reason.next.size() == 2);
    CHECK(reason.next[0].actor == "commander of the incident");
    CHECK(reason.next[0].command.starts_with("holdpoint incident resolve inc_01J"));
  }
}

TEST_CASE("a minor incident, a resolved one and one elsewhere leave the gate open") {
  CHECK(asked_during(incident(incidents::Severity::sev3)).decision == Decision::open);
  auto other = incident(incidents::Severity::sev1);
  other.state = incidents::State::resolved;
  CHECK(asked_during(other).decision == Decision::open);
  other = incident(incidents::Severity::sev1);
  other.environments = {"staging"};
  CHECK(asked_during(other).decision == Decision::open);
  other = incident(incidents::Severity::sev1);
  other.applications = {"cart"};
  CHECK(asked_during(other).decision == Decision::open);
  other.applications = {"cart", "shop"};
  CHECK(asked_during(other).decision == Decision::closed);
}

TEST_CASE("every major incident is a reason of its own, beside those of the release") {
  GateFacts facts = certified();
  facts.certification.reset();
  facts.incidents = {incident(incidents::Severity::sev1), incident(incidents::Severity::sev2)};
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  REQUIRE(verdict.reasons.size() == 3);
  CHECK(verdict.reasons[0].code == ReasonCode::not_certified);
  CHECK(verdict.reasons[1].code == ReasonCode::incident_open);
  CHECK(verdict.reasons[2].code == ReasonCode::incident_open);
}

TEST_CASE("a configuration that drifted since the certification closes the gate") {
  GateFacts facts = certified();
  facts.drift = catalog::ConfigurationDrift{sha256("one"), sha256("two"), Instant{200}};
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  CHECK(verdict.decision == Decision::closed);
  CHECK(!verdict.opens_at);
  REQUIRE(verdict.reasons.size() == 1);
  const Reason& reason = verdict.reasons.front();
  CHECK(reason.code == ReasonCode::configuration_changed);
  REQUIRE(reason.next.size() == 2);
  CHECK(reason.next[0].command == "holdpoint configuration diff " + sha256("one").text() + " " +
                                      sha256("two").text() + " --env production");
  CHECK(reason.next[1].command == "holdpoint certify shop@1.0.0");
}

TEST_CASE("where no certification is required its configuration may drift") {
  GateFacts facts = certified();
  facts.drift = catalog::ConfigurationDrift{sha256("one"), sha256("two"), Instant{200}};
  facts.environment.requires_certification = false;
  CHECK(decide_gate(kQuestion, facts).decision == Decision::open);
}

}  // namespace
}  // namespace holdpoint::deployments
