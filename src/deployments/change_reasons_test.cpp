// Change requests and overrides of freezes as the gate sees them: open only under a change that may
// begin where one is demanded, and through a freeze only by an override that names it.
#include "deployments/change_reasons.hpp"

#include <doctest/doctest.h>

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};
constexpr Instant kNow{1'000'000};

GateFacts facts() {
  GateFacts out;
  out.approval.state = approvals::Standing::State::not_needed;
  out.release_exists = true;
  out.environment.requires_certification = false;
  out.environment.requires_change = true;
  out.now = kNow;
  return out;
}

changes::Governing governing(changes::ChangeType type, std::vector<Refusal> obstacles = {}) {
  return {"chg_1", type, {kNow, Instant{2'000'000}}, std::move(obstacles)};
}

Refusal obstacle(std::string code) {
  Refusal refusal{RefusalKind::conflict, std::move(code), "It may not begin."};
  refusal.next.push_back({"somebody", "do something", "holdpoint change show chg_1"});
  return refusal;
}

catalog::Freeze freeze(const std::string& name) {
  catalog::Freeze out;
  out.name = name;
  out.reason = "the books are closed";
  out.once = TimeWindow{Instant{0}, Instant{5'000'000}};
  return out;
}

TEST_CASE("where a change is demanded, the gate is closed without one and says how to get one") {
  const GateVerdict verdict = decide_gate(kQuestion, facts());
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons[0].code == ReasonCode::change_missing);
  CHECK(verdict.reasons[0].next[0].command.contains("--release shop@1.0.0"));
  GateFacts elsewhere = facts();
  elsewhere.environment.requires_change = false;
  CHECK(decide_gate(kQuestion, elsewhere).decision == Decision::open);
  elsewhere.environment.requires_change.reset();
  CHECK(decide_gate(kQuestion, elsewhere).decision == Decision::open);
}

TEST_CASE("a change that may begin opens the gate and is the one that is used") {
  GateFacts ready = facts();
  ready.change = governing(changes::ChangeType::normal);
  const GateVerdict verdict = decide_gate(kQuestion, ready);
  CHECK(verdict.decision == Decision::open);
  CHECK(verdict.change == "chg_1");
}

TEST_CASE("everything in the way of a change is a reason, with who can act") {
  GateFacts waiting = facts();
  waiting.change = governing(changes::ChangeType::normal,
                             {obstacle("window_ahead"), obstacle("change_not_approved")});
  const GateVerdict verdict = decide_gate(kQuestion, waiting);
  CHECK(verdict.decision == Decision::closed);
  CHECK(!verdict.change);
  REQUIRE(verdict.reasons.size() == 2);
  CHECK(verdict.reasons[0].code == ReasonCode::change_not_ready);
  CHECK(verdict.reasons[0].detail == "window_ahead");
  CHECK(verdict.reasons[0].unblocks_at == kNow);
  CHECK(!verdict.reasons[1].unblocks_at);
  CHECK(verdict.reasons[1].next[0].actor == "somebody");
}

TEST_CASE("where none is demanded a change that waits is in nobody's way, but an emergency is") {
  GateFacts waiting = facts();
  waiting.environment.requires_change = false;
  waiting.change = governing(changes::ChangeType::normal, {obstacle("window_ahead")});
  const GateVerdict beside = decide_gate(kQuestion, waiting);
  CHECK(beside.decision == Decision::open);
  CHECK(!beside.change);
  waiting.change = governing(changes::ChangeType::emergency, {obstacle("not_endorsed")});
  CHECK(decide_gate(kQuestion, waiting).decision == Decision::closed);
}

TEST_CASE("an incident closes the gate to all but an emergency that may begin") {
  GateFacts during = facts();
  incidents::Incident incident;
  incident.id = *incidents::IncidentId::parse("inc_01J00000000000000000000000");
  incident.severity = incidents::Severity::sev1;
  incident.environments = {"production"};
  during.incidents = {incident};
  during.change = governing(changes::ChangeType::normal);
  CHECK(decide_gate(kQuestion, during).decision == Decision::closed);
  during.change = governing(changes::ChangeType::emergency, {obstacle("not_endorsed")});
  CHECK(decide_gate(kQuestion, during).decision == Decision::closed);
  during.change = governing(changes::ChangeType::emergency);
  CHECK(decide_gate(kQuestion, during).decision == Decision::open);
}

TEST_CASE("an override lets through the freezes that it names, and no other") {
  GateFacts frozen = facts();
  frozen.environment.requires_change = false;
  frozen.freezes = {freeze("year-end")};
  CHECK(decide_gate(kQuestion, frozen).decision == Decision::closed);
  frozen.lift = changes::FreezeLift{"fro_1", {"year-end"}};
  const GateVerdict verdict = decide_gate(kQuestion, frozen);
  CHECK(verdict.decision == Decision::open);
  CHECK(verdict.freeze_override == "fro_1");
  frozen.freezes.push_back(freeze("audit"));
  const GateVerdict two = decide_gate(kQuestion, frozen);
  CHECK(two.decision == Decision::closed);
  CHECK(!two.freeze_override);
  CHECK(two.reasons.size() == 2);
}

TEST_CASE("an override is used only where a freeze is in the way") {
  GateFacts open = facts();
  open.environment.requires_change = false;
  open.lift = changes::FreezeLift{"fro_1", {"year-end"}};
  CHECK(!decide_gate(kQuestion, open).freeze_override);
}

}  // namespace
}  // namespace holdpoint::deployments
