// Starts that were refused, as they are put on the record: what is kept, what is known already, and
// what no policy of the gate could change.
#include "deployments/refused_start.hpp"

#include <doctest/doctest.h>

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", sha256("image")};

Reason because(ReasonCode code) { return {.code = code, .sentence = "Said to people."}; }

Reason failed_rule(const std::string& rule) {
  Reason reason = because(ReasonCode::gate_policy_failed);
  reason.criteria = "window";
  reason.criterion = rule;
  reason.result = "fail";
  return reason;
}

DeploymentRefused refused(std::vector<Reason> reasons, Decision decision = Decision::closed) {
  GateVerdict gate;
  gate.decision = decision;
  gate.reasons = std::move(reasons);
  const auto refusal = why_not_start(kQuestion, gate, std::nullopt);
  REQUIRE(refusal);
  return refused_start(kQuestion, "rel_1", gate, *refusal);
}

/// As it is read again.
RefusedStart row_of(const DeploymentRefused& event) {
  RefusedStart row;
  row.code = event.code;
  row.decision = event.decision;
  row.reasons = event.reasons;
  row.reasons_omitted = event.reasons_omitted;
  return row;
}

TEST_CASE("a refused start says what was to go where, and each kind of reason once") {
  const auto event = refused({because(ReasonCode::frozen), because(ReasonCode::frozen),
                              failed_rule("night"), failed_rule("weekend")});
  CHECK(event.application == "shop");
  CHECK(event.version == "1.0.0");
  CHECK(event.release == "rel_1");
  CHECK(event.environment == "production");
  CHECK(event.artifact == sha256("image"));
  CHECK(event.code == "gate_not_open");
  CHECK(event.decision == Decision::closed);
  REQUIRE(event.reasons.size() == 3);
  CHECK(event.reasons[0].code == ReasonCode::frozen);
  CHECK(event.reasons[1].criterion == "night");
  CHECK(event.reasons[2].criteria == "window");
  CHECK(event.reasons_omitted == 0);
}

TEST_CASE("reasons beyond the bound are counted") {
  std::vector<Reason> reasons;
  for (std::size_t i = 0; i < refused_reasons_max + 3; ++i) {
    reasons.push_back(failed_rule("rule" + std::to_string(i)));
  }
  const auto event = refused(std::move(reasons));
  CHECK(event.reasons.size() == refused_reasons_max);
  CHECK(event.reasons_omitted == 3);
}

TEST_CASE(
    "a closed gate and an approver who deploys are on the record, a running deployment is not") {
  CHECK(is_kept({RefusalKind::conflict, "gate_not_open", "Closed."}));
  CHECK(is_kept({RefusalKind::forbidden, "approver_deploys", "Somebody else deploys it."}));
  CHECK(is_kept({RefusalKind::forbidden, "nobody_answers", "No person answers for it."}));
  CHECK(is_kept({RefusalKind::conflict, "newer_release_started", "That would go back."}));
  CHECK_FALSE(is_kept({RefusalKind::conflict, "deployment_running", "Another one runs."}));
  CHECK_FALSE(is_kept({RefusalKind::conflict, "not_granted", "It was not given."}));
}

TEST_CASE("the same refusal is known, and another one is when it differs in anything that counts") {
  const auto first = refused({because(ReasonCode::frozen)});
  const std::vector<RefusedStart> earlier{row_of(first)};
  CHECK_FALSE(is_known(first, {}));
  CHECK(is_known(first, earlier));
  auto other_artifact = first;
  other_artifact.artifact = sha256("another");
  CHECK(is_known(other_artifact, earlier));
  CHECK_FALSE(is_known(refused({because(ReasonCode::approval_missing)}), earlier));
  CHECK_FALSE(is_known(refused({because(ReasonCode::frozen)}, Decision::unknown), earlier));
  CHECK_FALSE(is_known(refused({because(ReasonCode::frozen), failed_rule("night")}), earlier));
  auto other_code = first;
  other_code.code = "approver_deploys";
  CHECK_FALSE(is_known(other_code, earlier));
}

TEST_CASE("nobody fills the record with refusals that always differ") {
  std::vector<RefusedStart> earlier;
  for (std::size_t i = 0; i < refused_kinds_max; ++i) {
    CHECK_FALSE(is_known(refused({failed_rule("new")}), earlier));
    earlier.push_back(row_of(refused({failed_rule("rule" + std::to_string(i))})));
  }
  CHECK(is_known(refused({failed_rule("new")}), earlier));
}

TEST_CASE("only what the policies of the gate refused alone may be let through by others") {
  CHECK_FALSE(is_hindered(refused({failed_rule("night"), failed_rule("weekend")})));
  CHECK(is_hindered(refused({failed_rule("night"), because(ReasonCode::approval_pending)})));
  CHECK(is_hindered(refused({because(ReasonCode::gate_policy_unreadable)}, Decision::unknown)));
  auto by_approver = refused({failed_rule("night")});
  by_approver.code = "approver_deploys";
  by_approver.reasons.clear();
  CHECK(is_hindered(by_approver));
}

}  // namespace
}  // namespace holdpoint::deployments
