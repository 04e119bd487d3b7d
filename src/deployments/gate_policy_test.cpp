// Policies of the gate: an enforced one that does not pass closes it, one that cannot be told
// closes it too, and one on trial says what it would have changed.
#include <doctest/doctest.h>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};

policy::CompiledCriteria gate_policy(std::string_view require, std::string_view mode = "enforce",
                                     std::string_view match = "true") {
  static const auto schema = policy::cel::Schema::from_json(gate_facts_schema());
  REQUIRE_MESSAGE(schema, (schema ? "" : schema.error()));
  const std::string text =
      "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: window, owner: team-a}\n"
      "spec:\n  mode: \"" +
      std::string(mode) + "\"\n  match: '" + std::string(match) +
      "'\n  rules:\n    - id: one\n      message: It must hold.\n      require: '" +
      std::string(require) + "'\n";
  const auto compiled = policy::compile_policy(text, {{policy::Kind::gate_policy, *schema}});
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

GateFacts facts(std::vector<policy::CompiledCriteria> policies) {
  GateFacts facts;
  facts.approval.state = approvals::Standing::State::not_needed;
  facts.release_exists = true;
  facts.release_id = "rel_01J00000000000000000000000";
  facts.now = Instant{1'795'521'600'000'000};
  facts.application.name = "shop";
  facts.application.owners = {"team-a"};
  facts.application.data_classes = {catalog::DataClass::phi};
  facts.environment.name = "production";
  facts.environment.environment_kind = catalog::EnvironmentKind::production;
  GateFacts::Standing standing;
  standing.state = certification::State::certified;
  standing.at = Instant{100};
  facts.certification = standing;
  facts.policies = std::move(policies);
  return facts;
}

GateVerdict asked(std::vector<policy::CompiledCriteria> policies) {
  return decide_gate(kQuestion, facts(std::move(policies)));
}

constexpr std::string_view kHolds = "flags.phi && !flags.cardholder";
constexpr std::string_view kFails = "release.version == \"2.0.0\"";

TEST_CASE("an enforced policy that passes leaves the gate open") {
  const GateVerdict verdict = asked({gate_policy(kHolds)});
  CHECK(verdict.decision == Decision::open);
  REQUIRE(verdict.policies.size() == 1);
  CHECK(verdict.policies[0].passed);
  CHECK(!verdict.policies[0].would_flip);
}

TEST_CASE("an enforced policy that fails closes the gate with the reason of its rule") {
  const GateVerdict verdict = asked({gate_policy(kFails)});
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  const Reason& reason = verdict.reasons[0];
  CHECK(reason.code == ReasonCode::gate_policy_failed);
  CHECK(reason.sentence == "It must hold.");
  CHECK(reason.criteria == "window");
  CHECK(reason.criterion == "one");
  CHECK(reason.detail == "release.version is \"1.0.0\", needs == \"2.0.0\"");
  REQUIRE(reason.next.size() == 1);
  CHECK(reason.next[0].actor == "team-a");
}

TEST_CASE("a policy that ends in an error or lacks a fact closes the gate as a failed one does") {
  for (const std::string_view require :
       {"record.revoked == 0", "1 / (environment.position - environment.position) == 1"}) {
    const GateVerdict verdict = asked({gate_policy(require)});
    CHECK(verdict.decision == Decision::closed);
    REQUIRE(verdict.reasons.size() == 1);
    CHECK(verdict.reasons[0].code == ReasonCode::gate_policy_failed);
  }
  CHECK(asked({gate_policy("record.revoked == 0")}).reasons[0].result == "unknown");
}

TEST_CASE("a policy whose match cannot be told applies and closes the gate") {
  const GateVerdict verdict = asked({gate_policy("true", "enforce", "record.revoked == 0")});
  CHECK(verdict.decision == Decision::closed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons[0].criterion == "match");
}

TEST_CASE("a policy that could not be read leaves the gate unknown, never open") {
  GateFacts unreadable = facts({});
  unreadable.policies.reset();
  const GateVerdict verdict = decide_gate(kQuestion, unreadable);
  CHECK(verdict.decision == Decision::unknown);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons[0].code == ReasonCode::gate_policy_unreadable);
}

TEST_CASE("a policy on trial never closes the gate and says whether it would have") {
  for (const std::string_view mode : {"shadow", "warn"}) {
    const GateVerdict open = asked({gate_policy(kFails, mode), gate_policy(kHolds, mode)});
    CHECK(open.decision == Decision::open);
    CHECK(open.policies[0].would_flip == true);
    CHECK(open.policies[1].would_flip == false);
    const GateVerdict closed = asked({gate_policy(kFails, mode), gate_policy(kFails)});
    CHECK(closed.decision == Decision::closed);
    CHECK(closed.policies[0].would_flip == false);
  }
}

TEST_CASE("a policy that does not apply is shown as such, not as passed") {
  const GateVerdict verdict =
      asked({gate_policy(kFails, "enforce", "flags.cardholder"), gate_policy(kFails, "off")});
  CHECK(verdict.decision == Decision::open);
  for (const auto& policy : verdict.policies) {
    CHECK_FALSE(policy.applicable);
    CHECK_FALSE(policy.passed);
  }
}

constexpr std::string_view kFromDecember = "now >= timestamp(\"2026-12-01T00:00:00Z\")";
constexpr std::string_view kBeforeDecember = "now < timestamp(\"2026-12-01T00:00:00Z\")";

TEST_CASE("a gate that opens by itself says when, if none of its policies blocks then") {
  const auto opens = [](std::vector<policy::CompiledCriteria> policies) {
    const auto at = asked(std::move(policies)).opens_at;
    return at ? at->text() : "never by itself";
  };
  CHECK(opens({gate_policy(kFromDecember)}) == "2026-12-01T00:00:00Z");
  CHECK(opens({gate_policy(kFromDecember), gate_policy(kBeforeDecember)}) == "never by itself");
  // One that does not apply today may apply by then.
  CHECK(opens({gate_policy(kFromDecember), gate_policy(kFails, "enforce", kFromDecember)}) ==
        "never by itself");
  CHECK(opens({gate_policy(kFromDecember), gate_policy(kFails, "warn", kFromDecember)}) ==
        "2026-12-01T00:00:00Z");
}

TEST_CASE("a certification that depends on time makes no promise for the policies of the gate") {
  GateFacts moving = facts({gate_policy(kFromDecember)});
  CHECK(decide_gate(kQuestion, moving).opens_at);
  moving.certification_moves = true;
  CHECK_FALSE(decide_gate(kQuestion, moving).opens_at);
}

/// Refused by criteria that pass on the first of December.
GateFacts refused(std::vector<policy::CompiledCriteria> policies) {
  GateFacts waiting = facts(std::move(policies));
  certification::Verdict verdict;
  verdict.unblocks_at = Instant::parse("2026-12-01T00:00:00Z");
  certification::CriteriaView view{.name = "soak", .mode = "enforce", .applicable = true};
  view.rules.push_back({.id = "soaked", .result = "fail", .message = "It has soaked."});
  verdict.criteria.push_back(view);
  waiting.certification->state = certification::State::refused;
  waiting.certification->verdict = verdict;
  return waiting;
}

TEST_CASE("criteria that pass by themselves promise an open gate only when its policies let in") {
  const auto opens = [](std::vector<policy::CompiledCriteria> policies) {
    const auto at = decide_gate(kQuestion, refused(std::move(policies))).opens_at;
    return at ? at->text() : "never by itself";
  };
  CHECK(opens({}) == "2026-12-01T00:00:00Z");
  CHECK(opens({gate_policy(kHolds)}) == "2026-12-01T00:00:00Z");
  CHECK(opens({gate_policy(kBeforeDecember)}) == "never by itself");
  CHECK(opens({gate_policy(kFails, "enforce", kFromDecember)}) == "never by itself");
}

TEST_CASE("a policy that passes by itself promises nothing for a time that is frozen") {
  GateFacts waiting = facts({gate_policy(kFromDecember)});
  catalog::Freeze freeze;
  freeze.name = "december";
  freeze.once =
      TimeWindow{*Instant::parse("2026-12-01T00:00:00Z"), *Instant::parse("2026-12-02T00:00:00Z")};
  CHECK(decide_gate(kQuestion, waiting).opens_at);
  waiting.freezes = {freeze};
  CHECK_FALSE(decide_gate(kQuestion, waiting).opens_at);
}

TEST_CASE("the facts of the gate say how the release stands") {
  GateFacts standing = facts({});
  standing.certification->evidence_digest = sha256("old");
  standing.evidence_digest = sha256("new");
  const GatePolicyFacts seen = policy_facts(kQuestion, standing);
  REQUIRE(seen.certification);
  CHECK_FALSE(seen.certification->evidence_current);
  CHECK(seen.certification->criteria_current);
  CHECK(seen.flags.phi);
  CHECK(seen.environment.kind == catalog::EnvironmentKind::production);
  CHECK(seen.release.version == "1.0.0");
  standing.certification.reset();
  CHECK(!policy_facts(kQuestion, standing).certification);
}

/// A normal change of high risk that is open for the release there.
GateFacts under_change(std::vector<policy::CompiledCriteria> policies) {
  GateFacts out = facts(std::move(policies));
  out.change = changes::Governing{
      "chg_1", policy::ChangeType::normal, {out.now, out.now + Duration::hours(2)}, {}};
  out.change->risk = policy::RiskClass::high;
  out.change->state = changes::State::submitted;
  return out;
}

TEST_CASE("a policy of the gate judges the change request that governs the release") {
  const auto opens = [](std::string_view require, auto change) {
    GateFacts standing = under_change({gate_policy(require)});
    change(*standing.change);
    return decide_gate(kQuestion, standing).decision == Decision::open;
  };
  const auto as_is = [](changes::Governing&) {};
  for (const std::string_view holds :
       {"change.type == \"normal\"", "change.risk == \"high\"", "change.state == \"submitted\"",
        "change.window.from <= now && now < change.window.until", "!change.emergency",
        "!change.overdue_review", "change.id == \"chg_1\""}) {
    CAPTURE(holds);
    CHECK(opens(holds, as_is));
  }
  CHECK_FALSE(opens("change.risk != \"high\"", as_is));
  CHECK_FALSE(
      opens("!change.overdue_review", [](changes::Governing& one) { one.overdue_review = true; }));
  CHECK_FALSE(opens("!change.emergency",
                    [](changes::Governing& one) { one.type = policy::ChangeType::emergency; }));
}

TEST_CASE("without a change, a policy that reads one closes the gate unless it asks with has") {
  CHECK(asked({gate_policy("change.risk != \"high\"")}).decision == Decision::closed);
  CHECK(asked({gate_policy("change.risk != \"high\"")}).reasons[0].result == "unknown");
  CHECK(asked({gate_policy("!has(change.risk) || change.risk != \"high\"")}).decision ==
        Decision::open);
}

TEST_CASE("when a gate opens by itself is not said where a policy reads the change") {
  CHECK(decide_gate(kQuestion, facts({gate_policy(kFromDecember)})).opens_at);
  const GateVerdict verdict = decide_gate(
      kQuestion, under_change({gate_policy(kFromDecember), gate_policy("!change.overdue_review")}));
  CHECK(verdict.decision == Decision::closed);
  CHECK_FALSE(verdict.opens_at);
}

}  // namespace
}  // namespace holdpoint::deployments
