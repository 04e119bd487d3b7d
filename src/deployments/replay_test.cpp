// A backtest and the gate must mean the same by "open": every combination of policies, modes and
// facts is judged both ways, and the facts as they are stored give what the facts themselves gave.
#include <doctest/doctest.h>

#include "deployments/refused_start.hpp"
#include "policy/backtest.hpp"

namespace holdpoint::deployments {
namespace {

const GateQuestion question{"shop", "1.0.0", "production", std::nullopt};

policy::CompiledCriteria document(const std::string& name, const std::string& mode,
                                  const std::string& spec) {
  static const auto schema = policy::cel::Schema::from_json(gate_facts_schema());
  REQUIRE(schema);
  auto compiled = policy::compile_policy(
      "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: " + name +
          ", owner: team:quality}\nspec:\n  mode: \"" + mode + "\"\n" + spec,
      {{policy::Kind::gate_policy, *schema}});
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

std::vector<std::string> specs() {
  const std::string rule = "  rules: [{id: one, message: M., require: ";
  return {rule + "application.name == \"shop\"}]\n",
          rule + "record.certified > 100}]\n",
          rule + "certification.evidence_current}]\n",
          rule + "1 / size(artifacts) > 0}]\n",
          "  match: environment.name == \"staging\"\n" + rule + "\"false\"}]\n",
          "  match: record.certified > 0\n" + rule + "\"true\"}]\n"};
}

/// Those for which the gate is open, as far as there are no policies.
std::vector<GateFacts> all_facts() {
  GateFacts whole;
  whole.approval.state = approvals::Standing::State::not_needed;
  whole.release_exists = true;
  whole.release_id = "rel_01J00000000000000000000000";
  whole.now = Instant{1'795'521'600'000'000};
  whole.application.name = "shop";
  whole.environment.name = "production";
  whole.environment.requires_certification = false;
  whole.artifacts = {{"image", sha256("image"), std::nullopt}};
  whole.record = policy::TeamRecord{};
  GateFacts bare = whole;
  bare.artifacts.clear();
  bare.record.reset();
  return {whole, bare};
}

}  // namespace

TEST_CASE("a start of a deployment replayed by its own policies ends as the gate decided") {
  std::vector<policy::CompiledCriteria> documents;
  for (const std::string mode : {"enforce", "shadow", "off"}) {
    for (const std::string& spec : specs()) {
      documents.push_back(document("d" + std::to_string(documents.size()), mode, spec));
    }
  }
  int open = 0;
  int closed = 0;
  for (GateFacts facts : all_facts()) {
    const json::value stored = json::parse(to_json_text(policy_facts(question, facts)));
    for (const auto& one : documents) {
      for (const auto& other : documents) {
        const std::vector set{one, other};
        facts.policies = set;
        const bool is_open = decide_gate(question, facts).decision == Decision::open;
        policy::DocumentSet tried;
        for (const auto& each : set) tried.push_back({each, each.document().mode});
        policy::PastDecision decision;
        decision.kind = policy::DecisionKind::deployment;
        decision.passed = is_open;
        const auto replayed = policy::replay(decision, stored.as_object(), {tried, tried});
        REQUIRE_MESSAGE(replayed, (replayed ? "" : replayed.error()));
        CHECK(replayed->effect == policy::BacktestEffect::unchanged);
        (is_open ? open : closed) += 1;
      }
    }
  }
  CHECK(open > 0);
  CHECK(closed > 0);
}

TEST_CASE("a policy on trial is said to flip the same starts by the gate and by a backtest") {
  for (const GateFacts& bare : all_facts()) {
    const json::value stored = json::parse(to_json_text(policy_facts(question, bare)));
    for (const std::string& spec : specs()) {
      const auto trial = document("trial", "shadow", spec);
      GateFacts facts = bare;
      facts.policies = {trial};
      const bool flips = decide_gate(question, facts).policies.at(0).would_flip.value_or(false);
      policy::PastDecision decision;
      decision.kind = policy::DecisionKind::deployment;
      decision.passed = true;
      const auto replayed =
          policy::replay(decision, stored.as_object(), {{}, {{trial, policy::Mode::shadow}}});
      REQUIRE(replayed);
      CHECK(replayed->would_flip.empty() != flips);
    }
  }
}

TEST_CASE("a refused start ends as it did by its own policies, also where others kept it closed") {
  int let_through = 0;
  for (GateFacts facts : all_facts()) {
    const json::value stored = json::parse(to_json_text(policy_facts(question, facts)));
    for (const std::string& spec : specs()) {
      const auto one = document("one", "enforce", spec);
      facts.policies = {one};
      for (const bool is_approved : {true, false}) {
        facts.approval.state = is_approved ? approvals::Standing::State::not_needed
                                           : approvals::Standing::State::missing;
        const GateVerdict gate = decide_gate(question, facts);
        const auto refusal = why_not_start(question, gate, std::nullopt);
        if (!refusal) continue;
        policy::PastDecision decision;
        decision.kind = policy::DecisionKind::deployment;
        decision.passed = false;
        decision.hindered = is_hindered(refused_start(question, "rel_1", gate, *refusal));
        const policy::DocumentSet then{{one, policy::Mode::enforce}};
        const auto same = policy::replay(decision, stored.as_object(), {then, then});
        REQUIRE_MESSAGE(same, (same ? "" : same.error()));
        CHECK(same->effect == policy::BacktestEffect::unchanged);
        // Without the policy it would have started, unless it waited for people.
        const auto without = policy::replay(decision, stored.as_object(), {then, {}});
        REQUIRE(without);
        CHECK(without->passed_after == is_approved);
        let_through += without->passed_after ? 1 : 0;
      }
    }
  }
  CHECK(let_through > 0);
}

}  // namespace holdpoint::deployments
