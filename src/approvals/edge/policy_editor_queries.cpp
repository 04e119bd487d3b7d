// See policy_editor_queries.hpp.
#include "approvals/edge/policy_editor_queries.hpp"

#include <algorithm>
#include <set>

#include "approvals/edge/approval_queries.hpp"
#include "approvals/edge/lower_sources.hpp"
#include "identity/edge/person_queries.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::approvals {
namespace {

/// A document that is taken away asks for nothing any more.
bool makes_one_of(const policy::PolicyChanges& changes, const std::vector<PinnedPolicy>& policies) {
  return std::ranges::any_of(changes, [&](const policy::PolicyChange& change) {
    return change.change != policy::Change::removed &&
           change.kind == policy::kind_name(policy::Kind::approval_policy) &&
           std::ranges::find(policies, change.name, &PinnedPolicy::name) != policies.end();
  });
}

/// Who proposed it, and who agreed: as the policies of activation ask, or by signing for it. The
/// server itself may have brought it into force then, which is nobody's decision.
void add_proposal(engine::Connection& tables, std::string_view workspace,
                  const policy::Proposal& proposal, std::set<std::string>& actors) {
  actors.insert(proposal.proposed_by);
  for (const policy::ProposalApproval& one : proposal.approvals) actors.insert(one.person);
  const auto signed_for = latest_request(tables, workspace, proposal_kind, proposal.id.text());
  if (!signed_for) return;
  for (const Vote& vote : signed_for->votes) {
    if (vote.choice == Choice::approve) actors.insert({vote.person, vote.seat});
  }
}

}  // namespace

PolicyEditors policy_editors_of(engine::Connection& tables, std::string_view workspace,
                                const Request& request) {
  PolicyEditors out;
  const std::int64_t time_us = request.exclude_editors_us.value_or(0);
  if (time_us <= 0) return out;
  const auto revisions = policy::revisions_between(tables, workspace, policy::Kind::approval_policy,
                                                   request.requested_at - Duration{time_us},
                                                   request.requested_at, policy_revisions_max + 1);
  out.is_complete = revisions.size() <= policy_revisions_max;
  std::set<std::string> actors;
  for (const policy::RevisionSummary& one : revisions) {
    if (!makes_one_of(one.changes, request.policies)) continue;
    const auto proposal = one.proposal ? policy::find_proposal(tables, workspace, *one.proposal)
                                       : std::optional<policy::Proposal>();
    if (proposal) {
      add_proposal(tables, workspace, *proposal, actors);
    } else {
      actors.insert(one.activated_by);
    }
  }
  out.actors.assign(actors.begin(), actors.end());
  return out;
}

void add_policy_editors(engine::Connection& tables, std::string_view workspace,
                        const Request& request, Situation& out) {
  const PolicyEditors editors = policy_editors_of(tables, workspace, request);
  for (const std::string& id : editors.actors) {
    const auto people = identity::owner_of_actor(
        tables, workspace, id.starts_with("per_") ? "person" : "service_account", id);
    for (const identity::PersonId& person : people) {
      out.involved.push_back({person.text(), Part::policy_editor});
    }
    if (people.empty()) out.unknown_people.push_back(id);
  }
  if (!editors.is_complete) {
    out.unknown_people.push_back("one of those who made more than " +
                                 std::to_string(policy_revisions_max) + " changes of policies");
  }
}

}  // namespace holdpoint::approvals
