// See activation.hpp.
#include "policy/activation.hpp"

#include <algorithm>

namespace holdpoint::policy {

ProposerKind proposer_kind_of(std::string_view actor_kind) {
  return actor_kind == "person" ? ProposerKind::person : ProposerKind::service_account;
}

ActivationFacts activation_facts(Instant now, const Proposer& proposer,
                                 const std::vector<ProposalApproval>& approvals,
                                 const PolicyChanges& changes) {
  ActivationFacts facts;
  facts.now = {now};
  for (const ProposalApproval& approval : approvals) {
    if (approval.person != proposer.id) facts.approvals.push_back({approval.person, {approval.at}});
  }
  facts.proposer = proposer.id;
  facts.proposer_kind = proposer.kind;
  for (const PolicyChange& change : changes) {
    facts.changes.push_back(
        {change.kind, change.name, change.change, change.mode_before, change.mode_after});
  }
  return facts;
}

ActivationVerdict judge_activation(const ActivationFacts& facts,
                                   std::span<const CompiledCriteria> documents) {
  const json::value document = to_json(facts);
  ActivationVerdict out{true, {}};
  for (const CompiledCriteria& one : documents) {
    out.policies.push_back(evaluate(one, document.get_object()));
    out.passed &= !blocks(out.policies.back());
  }
  return out;
}

std::optional<Refusal> why_not_approve(const Approver& approver, std::string_view proposer,
                                       ProposalState state,
                                       const std::vector<ProposalApproval>& approvals) {
  if (state != ProposalState::open) return proposal_closed(state);
  if (approver.kind != "person") {
    Refusal refusal{
        RefusalKind::forbidden, "approver_not_a_person",
        "A change of policies is approved by a person, not by an account of a program."};
    refusal.next.push_back({"person with policy.approve", "approve the proposal", ""});
    return refusal;
  }
  if (approver.id == proposer) {
    Refusal refusal{RefusalKind::forbidden, "own_proposal",
                    "You proposed this change, so somebody else has to approve it."};
    refusal.next.push_back({"another person with policy.approve", "approve the proposal",
                            "holdpoint policy approve PROPOSAL"});
    return refusal;
  }
  if (std::ranges::find(approvals, approver.id, &ProposalApproval::person) != approvals.end()) {
    return Refusal{RefusalKind::conflict, std::string(approved_already),
                   "You approved this change already."};
  }
  return std::nullopt;
}

Refusal proposal_not_found(std::string_view id) {
  return {RefusalKind::not_found, "proposal_not_found",
          "There is no proposal " + std::string(id) + " in this workspace."};
}

Refusal proposal_closed(ProposalState state) {
  Refusal refusal{RefusalKind::conflict, "proposal_closed",
                  "Only an open proposal can be decided; this one is " +
                      std::string(describe::enum_text(state)) + "."};
  if (state == ProposalState::overtaken) {
    refusal.next.push_back({"proposer", "apply the documents again, over the policies in force",
                            "holdpoint apply -f FILE"});
  }
  return refusal;
}

Refusal revision_not_found(std::string_view revision) {
  return {RefusalKind::not_found, "revision_not_found",
          "There is no revision " + std::string(revision) + " of the policies."};
}

Refusal nothing_to_roll_back(std::int64_t revision) {
  return {RefusalKind::conflict, "nothing_to_roll_back",
          "The policies in force are those of revision " + std::to_string(revision) + "."};
}

Refusal rejection_needs_reason() {
  Refusal refusal{RefusalKind::invalid, "reason_needed", "A rejection needs a reason."};
  refusal.issues.push_back({"/reason", "expected 1 to 1000 bytes", 0});
  return refusal;
}

Refusal too_many_proposals() {
  Refusal refusal{RefusalKind::exhausted, "too_many_proposals",
                  "100 changes of policies wait already; decide some of them first."};
  refusal.next.push_back(
      {"person with policy.approve", "approve or reject what waits", "holdpoint policy proposals"});
  return refusal;
}

}  // namespace holdpoint::policy
