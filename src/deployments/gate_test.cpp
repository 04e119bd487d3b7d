// The gate as a decision: what it knows, and whether that is still what was judged.
#include <doctest/doctest.h>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};

GateFacts certified_at(Instant at) {
  GateFacts facts;
  facts.approval.state = approvals::Standing::State::not_needed;
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

TEST_CASE("what was approved stays closed when it is not certified any more, and by that alone") {
  GateFacts facts = certified_at(Instant{100});
  facts.approval = {.state = approvals::Standing::State::granted, .request = "apr_1"};
  CHECK(decide_gate(kQuestion, facts).decision == Decision::open);
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

catalog::Freeze freeze(std::string name, std::int64_t from, std::int64_t until) {
  catalog::Freeze freeze;
  freeze.name = std::move(name);
  freeze.reason = "The books are closed.";
  freeze.once = TimeWindow{Instant{from}, Instant{until}};
  return freeze;
}

TEST_CASE("a freeze closes the gate of a certified release, and the gate says when it opens") {
  GateFacts facts = certified_at(Instant{100});
  facts.freezes = {freeze("year-end", 200, 300), freeze("audit", 250, 400)};
  facts.now = Instant{199};
  CHECK(decide_gate(kQuestion, facts).decision == Decision::open);
  facts.now = Instant{260};
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 2);
  const Reason& first = verdict.reasons.front();
  CHECK(first.code == ReasonCode::frozen);
  CHECK(first.sentence.find("year-end") != std::string::npos);
  CHECK(first.sentence.find("The books are closed.") != std::string::npos);
  CHECK(first.unblocks_at == Instant{300});
  CHECK_FALSE(first.next.empty());
  CHECK(verdict.opens_at == Instant{400});
  facts.now = Instant{400};
  CHECK(decide_gate(kQuestion, facts).decision == Decision::open);
}

TEST_CASE("a frozen gate with another reason waits for somebody") {
  GateFacts facts = certified_at(Instant{99});
  facts.freezes = {freeze("year-end", 200, 300)};
  facts.now = Instant{200};
  const GateVerdict verdict = decide_gate(kQuestion, facts);
  CHECK(verdict.reasons.size() == 2);
  CHECK_FALSE(verdict.opens_at);
}

TEST_CASE("a certification that depends on time makes no promise for the end of a freeze") {
  GateFacts facts = certified_at(Instant{100});
  facts.freezes = {freeze("year-end", 200, 300)};
  facts.now = Instant{200};
  facts.certification_moves = true;
  CHECK_FALSE(decide_gate(kQuestion, facts).opens_at);
}

}  // namespace
}  // namespace holdpoint::deployments
