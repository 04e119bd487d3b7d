// The gate as a decision: what it knows, and whether that is still what was judged.
#include <doctest/doctest.h>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};

GateFacts certified_at(Instant at) {
  GateFacts facts;
  facts.release_exists = true;
  facts.application_changed_at = Instant{100};
  GateFacts::Standing standing;
  standing.state = certification::State::certified;
  standing.at = at;
  facts.certification = standing;
  return facts;
}

TEST_CASE("the gate is open for a certification that is current") {
  const GateVerdict verdict = decide_gate(kQuestion, certified_at(Instant{100}));
  CHECK(verdict.reasons.empty());
  CHECK(verdict.decision == Decision::open);
}

TEST_CASE("an application that changed since the release was judged closes the gate") {
  const GateVerdict verdict = decide_gate(kQuestion, certified_at(Instant{99}));
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons.front().code == ReasonCode::application_changed);
}

TEST_CASE("a release that was never judged does not pass") {
  GateFacts facts = certified_at(Instant{100});
  facts.certification.reset();
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons.front().code == ReasonCode::not_certified);
}

TEST_CASE("the gate of a retired application is closed, and says how it comes back") {
  GateFacts facts = certified_at(Instant{99});
  facts.application.state = RecordState::retired;
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons.front().code == ReasonCode::application_retired);
  CHECK_FALSE(verdict.reasons.front().next.empty());
}

TEST_CASE("the gate of a retired environment says what to do instead") {
  GateFacts facts = certified_at(Instant{100});
  facts.environment.state = RecordState::retired;
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons.front().code == ReasonCode::environment_retired);
  CHECK_FALSE(verdict.reasons.front().next.empty());
}

}  // namespace
}  // namespace holdpoint::deployments
