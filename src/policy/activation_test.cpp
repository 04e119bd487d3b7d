// Who agrees before a policy changes: the documents in force decide, and nobody counts twice or for
// a change of their own.
#include "policy/activation.hpp"

#include <doctest/doctest.h>

namespace holdpoint::policy {
namespace {

CompiledCriteria activation(std::string_view require, std::string_view mode = "enforce",
                            std::string_view match = "true") {
  static const auto schema =
      cel::Schema::from_json(own_facts_schemas().at(Kind::policy_activation));
  REQUIRE(schema);
  const std::string text =
      "apiVersion: holdpoint/v1\nkind: PolicyActivation\nmetadata: {name: eyes, owner: a}\nspec:\n"
      "  mode: \"" +
      std::string(mode) + "\"\n  match: '" + std::string(match) +
      "'\n  rules: [{id: a, require: '" + std::string(require) +
      "', message: m}]\n  tests: [{name: t, given: {approvals: [{person: b, at: 1}, {person: c, "
      "at: 2}], changes: [{kind: GatePolicy, name: w, change: created, mode_before: \"\", "
      "mode_after: enforce}]}, expect: passed}]\n";
  const auto compiled = compile_policy(text, FactsSchemas{{Kind::policy_activation, *schema}});
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

PolicyChanges one_change() {
  PolicyChange change;
  change.kind = "GatePolicy";
  change.name = "window";
  change.mode_after = "enforce";
  return {change};
}

bool passes(const std::vector<ProposalApproval>& approvals,
            const std::vector<CompiledCriteria>& documents) {
  const Proposer ann{"ann", ProposerKind::person};
  return judge_activation(activation_facts(Instant{9}, ann, approvals, one_change()), documents)
      .passed;
}

TEST_CASE("without activation policies nobody has to agree") { CHECK(passes({}, {})); }

TEST_CASE("a change waits until every enforced policy that applies has passed") {
  const std::vector<CompiledCriteria> one{activation("approvals.size() >= 1")};
  CHECK_FALSE(passes({}, one));
  CHECK(passes({{"ben", Instant{1}}}, one));
  const std::vector<CompiledCriteria> both{activation("approvals.size() >= 1"),
                                           activation("approvals.size() >= 2")};
  CHECK_FALSE(passes({{"ben", Instant{1}}}, both));
  CHECK(passes({{"ben", Instant{1}}, {"cy", Instant{2}}}, both));
}

TEST_CASE("the proposer's own approval does not count") {
  CHECK_FALSE(passes({{"ann", Instant{1}}}, {activation("approvals.size() >= 1")}));
}

TEST_CASE("a rule tells a change that a program proposed from one that a person did") {
  const std::vector<CompiledCriteria> two_for_programs{
      activation("approvals.size() >= (proposer_kind == \"person\" ? 1 : 2)")};
  const std::vector<ProposalApproval> one{{"ben", Instant{1}}};
  CHECK(passes(one, two_for_programs));
  const Proposer pipeline{"ci", proposer_kind_of("service_account")};
  const auto facts = activation_facts(Instant{9}, pipeline, one, one_change());
  CHECK_FALSE(judge_activation(facts, two_for_programs).passed);
  CHECK(proposer_kind_of("person") == ProposerKind::person);
  CHECK(proposer_kind_of("whatever comes later") == ProposerKind::service_account);
}

TEST_CASE("only what is enforced and applies keeps a change waiting") {
  CHECK(passes({}, {activation("approvals.size() >= 1", "shadow")}));
  CHECK(passes({}, {activation("approvals.size() >= 1", "off")}));
  CHECK(passes({}, {activation("approvals.size() >= 1", "enforce",
                               "!changes.exists(c, c.name == \"window\")")}));
}

TEST_CASE("a rule that ends in an error keeps a change waiting") {
  const std::vector<CompiledCriteria> broken{activation("1 / (approvals.size() - 1) == 1")};
  CHECK_FALSE(passes({{"ben", Instant{1}}}, broken));
}

struct Attempt {
  Approver approver;
  ProposalState state;
  std::string code;
};

TEST_CASE("who may not approve is told why") {
  const std::vector<ProposalApproval> given{{"ben", Instant{1}}};
  const Attempt attempts[] = {
      {{"person", "cy"}, ProposalState::open, ""},
      {{"person", "ann"}, ProposalState::open, "own_proposal"},
      {{"person", "ben"}, ProposalState::open, "approved_already"},
      {{"service_account", "ci"}, ProposalState::open, "approver_not_a_person"},
      {{"person", "cy"}, ProposalState::rejected, "proposal_closed"},
      {{"person", "cy"}, ProposalState::activated, "proposal_closed"},
      {{"person", "cy"}, ProposalState::overtaken, "proposal_closed"},
  };
  for (const Attempt& attempt : attempts) {
    const auto refusal = why_not_approve(attempt.approver, "ann", attempt.state, given);
    CHECK((refusal ? refusal->code : "") == attempt.code);
  }
}

}  // namespace
}  // namespace holdpoint::policy
