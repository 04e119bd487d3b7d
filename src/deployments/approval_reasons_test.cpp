// Approvals as reasons of the gate: open only with one that is granted or where none is needed.
#include <doctest/doctest.h>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {
namespace {

using State = approvals::Standing::State;

GateVerdict asked(approvals::Standing standing) {
  GateFacts facts;
  facts.release_exists = true;
  facts.environment.requires_certification = false;
  facts.approval = std::move(standing);
  return decide_gate({"shop", "1.0.0", "production", std::nullopt}, facts);
}

TEST_CASE("the gate is open with a granted approval, and where no policy asks for one") {
  CHECK(asked({.state = State::granted}).decision == Decision::open);
  CHECK(asked({.state = State::not_needed}).decision == Decision::open);
}

TEST_CASE("facts that say nothing about an approval leave the gate unknown, never open") {
  const GateVerdict verdict = asked({});
  CHECK(verdict.decision == Decision::unknown);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons.front().code == ReasonCode::approval_untold);
}

TEST_CASE("a missing approval closes the gate and says how to ask for it") {
  const GateVerdict verdict = asked({.state = State::missing, .detail = "expired"});
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons.front().code == ReasonCode::approval_missing);
  CHECK(verdict.reasons.front().detail == "expired");
  CHECK(verdict.reasons.front().next.front().command ==
        "holdpoint approvals request shop@1.0.0 --env production");
}

TEST_CASE(
    "an approval that terms have outgrown is asked for again, or signed again by whom it names") {
  approvals::Standing standing{
      .state = State::missing, .request = "apr_1", .detail = "the password with each signature"};
  standing.sign_again = {"per_a"};
  const GateVerdict verdict = asked(standing);
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  REQUIRE(verdict.reasons.front().next.size() == 2);
  const Next& again = verdict.reasons.front().next.back();
  CHECK(again.actor == "per_a");
  CHECK(again.command == "holdpoint approvals withdraw apr_1 --signature --reason WHY");
}

TEST_CASE("a pending approval names who may decide, by when, and what is lacking") {
  approvals::Standing standing{.state = State::pending,
                               .request = "apr_1",
                               .detail = "technical 1 of 2",
                               .may_sign = {"per_a", "per_b"},
                               .due = Instant{5}};
  const GateVerdict verdict = asked(standing);
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  const Next& next = verdict.reasons.front().next.front();
  CHECK(next.actor == "per_a, per_b");
  CHECK(next.due == Instant{5});
  CHECK(next.command == "holdpoint approve apr_1");
  standing.may_sign.clear();
  CHECK(asked(standing).reasons.front().next.front().actor.starts_with("nobody yet"));
}

}  // namespace
}  // namespace holdpoint::deployments
