// See policy_changes.hpp.
#include "policy/edge/policy_changes.hpp"

#include "base/text.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t proposals_open_max = 100;

using engine::must;

/// The same change by the same proposer, over the same policies, that waits already.
const Proposal* same_proposal(const std::vector<Proposal>& open, const Proposal& wanted) {
  for (const Proposal& one : open) {
    if (one.changes == wanted.changes && one.proposed_by == wanted.proposed_by) return &one;
  }
  return nullptr;
}

Proposer proposer_of(const Proposal& proposal) {
  return {proposal.proposed_by, proposal.proposer_kind};
}

ledger::Subject subject_of(const ProposalId& id) { return {"policy_proposal", id.text()}; }

}  // namespace

Result<std::vector<CompiledCriteria>> PolicyChanger::judges(engine::Connection& tables,
                                                            std::string_view workspace,
                                                            engine::ObjectStore& objects) const {
  std::vector<CompiledCriteria> compiled;
  for (const Policy& policy : policies_in_force(tables, workspace, Kind::policy_activation)) {
    HP_TRY(CompiledCriteria one, library_->compiled(policy, objects));
    compiled.push_back(std::move(one));
  }
  return compiled;
}

bool PolicyChanger::is_judged_well(engine::Unit& unit, const Proposal& proposal) const {
  const auto documents = judges(unit.tables(), unit.workspace(), unit.objects());
  if (!documents) return false;
  return judge_activation(activation_facts(unit.now(), proposer_of(proposal), proposal.approvals,
                                           proposal.changes),
                          *documents)
      .passed;
}

bool PolicyChanger::may_activate(engine::Unit& unit, const Proposal& proposal) const {
  return is_judged_well(unit, proposal) && (!needs_.use || needs_.use(unit, proposal));
}

std::int64_t PolicyChanger::activate(engine::Unit& unit, const PolicyChanges& changes,
                                     std::optional<ProposalId> proposal,
                                     std::optional<std::int64_t> rolls_back_to) const {
  const Manifest after =
      changed(manifest_of(policies_in_force(unit.tables(), unit.workspace())), changes);
  const auto bundle = must(unit.objects().put(manifest_text(after)));
  const std::int64_t revision = current_revision(unit.tables(), unit.workspace()) + 1;
  unit.record({"policy_bundle", std::to_string(revision)},
              PolicyActivated{revision, ObjectRef{bundle.digest}, changes, std::move(proposal),
                              rolls_back_to});
  return revision;
}

Decided<Outcome> PolicyChanger::change(engine::Unit& unit, PolicyChanges changes,
                                       std::optional<std::int64_t> rolls_back_to) const {
  HP_ASSERT(!changes.empty(), "PO-5: a change of policies changes something");
  Proposal proposal;
  proposal.base_revision = current_revision(unit.tables(), unit.workspace());
  proposal.changes = std::move(changes);
  proposal.proposed_by = unit.actor().id;
  proposal.proposer_kind = proposer_kind_of(unit.actor().kind);
  const auto open =
      proposals(unit.tables(), unit.workspace(), ProposalState::open, "", proposals_open_max);
  if (const auto* waiting = same_proposal(open, proposal)) {
    if (!may_activate(unit, *waiting)) return Waiting{waiting->id};
    return Activated{activate(unit, waiting->changes, waiting->id, waiting->rolls_back_to)};
  }
  const bool is_demanded = needs_.is_demanded && needs_.is_demanded(unit, proposal);
  if (!is_demanded && is_judged_well(unit, proposal)) {
    return Activated{activate(unit, proposal.changes, std::nullopt, rolls_back_to)};
  }
  if (open.size() >= proposals_open_max) return refuse(too_many_proposals());
  proposal.id = unit.new_id<ProposalId>();
  unit.record(subject_of(proposal.id),
              PolicyProposed{proposal.id, proposal.base_revision, proposal.changes, rolls_back_to});
  return Waiting{proposal.id};
}

std::optional<JsonIssue> PolicyChanger::unreadable(engine::Unit& unit,
                                                   const PolicyChanges& changes) const {
  for (const PolicyChange& change : changes) {
    if (!change.digest || !change.document) continue;
    const Policy policy{.kind = change.kind,
                        .name = change.name,
                        .owner = change.owner,
                        .mode = change.mode_after,
                        .digest = *change.digest,
                        .document = change.document->digest};
    if (const auto compiled = library_->compiled(policy, unit.objects()); !compiled) {
      return JsonIssue{"/" + change.kind + "/" + change.name, compiled.error().text(), 0};
    }
  }
  return std::nullopt;
}

Decided<Outcome> PolicyChanger::roll_back(engine::Unit& unit, std::int64_t revision) const {
  const auto wanted = find_revision(unit.tables(), unit.workspace(), revision);
  if (!wanted) return refuse(revision_not_found(std::to_string(revision)));
  const auto in_force = policies_in_force(unit.tables(), unit.workspace());
  PolicyChanges changes = difference(manifest_of(in_force), wanted->manifest);
  if (changes.empty()) return refuse(nothing_to_roll_back(revision));
  if (auto issue = unreadable(unit, changes)) {
    Refusal refusal{
        RefusalKind::conflict, "invalid_policy",
        "A document of revision " + std::to_string(revision) + " cannot come into force any more."};
    refusal.issues.push_back(std::move(*issue));
    return refuse(std::move(refusal));
  }
  return change(unit, std::move(changes), revision);
}

Decided<void> PolicyChanger::approve(engine::Unit& unit, std::string_view id) const {
  auto proposal = find_proposal(unit.tables(), unit.workspace(), id);
  if (!proposal) return refuse(proposal_not_found(id));
  const Approver approver{unit.actor().kind, unit.actor().id};
  auto refusal =
      why_not_approve(approver, proposal->proposed_by, proposal->state, proposal->approvals);
  if (refusal && refusal->code != approved_already) return refuse(std::move(*refusal));
  if (!refusal) {
    unit.record(subject_of(proposal->id), PolicyApproved{proposal->id});
    proposal = find_proposal(unit.tables(), unit.workspace(), id);
  }
  if (may_activate(unit, *proposal)) {
    activate(unit, proposal->changes, proposal->id, proposal->rolls_back_to);
  } else if (refusal) {
    return refuse(std::move(*refusal));
  }
  return {};
}

bool PolicyChanger::settle(engine::Unit& unit, std::string_view id) const {
  const auto proposal = find_proposal(unit.tables(), unit.workspace(), id);
  // Made for policies that are gone, it is not open any more, so what it was checked against holds.
  if (!proposal || proposal->state != ProposalState::open) return false;
  if (unreadable(unit, proposal->changes) || !may_activate(unit, *proposal)) return false;
  activate(unit, proposal->changes, proposal->id, proposal->rolls_back_to);
  return true;
}

Decided<void> PolicyChanger::reject(engine::Unit& unit, std::string_view id,
                                    std::string reason) const {
  const auto proposal = find_proposal(unit.tables(), unit.workspace(), id);
  if (!proposal) return refuse(proposal_not_found(id));
  if (proposal->state != ProposalState::open) return refuse(proposal_closed(proposal->state));
  if (!is_stated(reason, rejection_reason_bytes_max)) {
    return refuse(rejection_needs_reason());
  }
  unit.record(subject_of(proposal->id), PolicyRejected{proposal->id, std::move(reason)});
  return {};
}

Result<ProposalView> PolicyChanger::view(engine::Connection& tables, std::string_view workspace,
                                         engine::ObjectStore& objects, Instant now,
                                         Proposal proposal) const {
  ProposalView view;
  if (proposal.state == ProposalState::open) {
    HP_TRY(const auto documents, judges(tables, workspace, objects));
    auto verdict = judge_activation(
        activation_facts(now, proposer_of(proposal), proposal.approvals, proposal.changes),
        documents);
    view.passed = verdict.passed;
    view.policies = std::move(verdict.policies);
    if (needs_.standing) view.approval = needs_.standing(tables, objects, workspace, proposal, now);
    view.passed = view.passed && (!view.approval || view.approval->state == "granted");
  }
  view.passed |= proposal.state == ProposalState::activated;
  view.proposal = std::move(proposal);
  return view;
}

}  // namespace holdpoint::policy
