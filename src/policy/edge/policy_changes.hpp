// How policies change, inside a unit of work: at once, or as a proposal that people approve, as the
// PolicyActivation documents in force demand. One change of any number of documents is one
// revision.
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "policy/edge/policy_queries.hpp"

namespace holdpoint::policy {

/// What became of a change: a revision in force, or a proposal that waits.
struct Activated {
  std::int64_t revision = 0;
};
struct Waiting {
  ProposalId proposal;
};
using Outcome = std::variant<Activated, Waiting>;

/// How the proposal stands with the approval that an ApprovalPolicy in force demands of it.
struct DemandedApproval {
  std::string state;  // missing, pending, granted, or untold
  std::optional<std::string> request;
  std::string detail;
};
HP_DESCRIBE(DemandedApproval, state, request, detail)

/// A proposal with how the policies in force judge it now.
struct ProposalView {
  Proposal proposal;
  bool passed = false;
  std::vector<CriteriaVerdict> policies;
  std::optional<DemandedApproval> approval;  // absent: none is demanded
};
HP_DESCRIBE(ProposalView, proposal, passed, policies, approval)

/// What the activation of changes needs of approvals, which stand above policies; given by main.
/// What cannot be told is demanded, and not granted.
struct ActivationNeeds {
  /// Whether an approval of this change is demanded; it is not recorded as a proposal yet.
  std::function<bool(engine::Unit&, const Proposal&)> is_demanded;
  /// Whether the recorded proposal needs no approval, or one that was granted, which is used up.
  std::function<bool(engine::Unit&, const Proposal&)> use;
  std::function<std::optional<DemandedApproval>(
      engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
      const Proposal&, Instant now)>
      standing;
};

class PolicyChanger {
 public:
  explicit PolicyChanger(std::shared_ptr<CriteriaLibrary> library, ActivationNeeds needs = {})
      : library_(std::move(library)), needs_(std::move(needs)) {}

  /// Of the facts that each kind of document judges.
  [[nodiscard]] const FactsSchemas& schemas() const { return library_->schemas(); }

  /// Brings the changes into force, or proposes them. The same change proposed again is the same
  /// proposal, and is judged again: it may have waited for time alone. MUST be given at least one
  /// change, against what is in force now.
  Decided<Outcome> change(engine::Unit& unit, PolicyChanges changes,
                          std::optional<std::int64_t> rolls_back_to = std::nullopt) const;

  /// Puts the documents of an earlier revision in force again.
  Decided<Outcome> roll_back(engine::Unit& unit, std::int64_t revision) const;
  /// Counts nobody twice: from who approved before it only has the proposal judged again.
  Decided<void> approve(engine::Unit& unit, std::string_view proposal) const;
  Decided<void> reject(engine::Unit& unit, std::string_view proposal, std::string reason) const;
  /// Brings an open proposal into force once nothing is lacking any more, as proposing it again
  /// would; whether it did. MUST be asked when what it waits for may have come about.
  bool settle(engine::Unit& unit, std::string_view proposal) const;

  /// How the proposal is judged at this moment; of a closed one there is nothing to judge.
  Result<ProposalView> view(engine::Connection& tables, std::string_view workspace,
                            engine::ObjectStore& objects, Instant now, Proposal proposal) const;

 private:
  Result<std::vector<CompiledCriteria>> judges(engine::Connection& tables,
                                               std::string_view workspace,
                                               engine::ObjectStore& objects) const;
  /// Whether the documents in force let the change come into force now. What cannot be judged may
  /// not.
  bool is_judged_well(engine::Unit& unit, const Proposal& proposal) const;
  /// The same of a recorded proposal, with the approval that is demanded, which is used up. MUST be
  /// followed by the activation when it is true.
  bool may_activate(engine::Unit& unit, const Proposal& proposal) const;
  /// The first document of the changes that this program cannot bring into force.
  std::optional<JsonIssue> unreadable(engine::Unit& unit, const PolicyChanges& changes) const;
  std::int64_t activate(engine::Unit& unit, const PolicyChanges& changes,
                        std::optional<ProposalId> proposal,
                        std::optional<std::int64_t> rolls_back_to) const;

  std::shared_ptr<CriteriaLibrary> library_;
  ActivationNeeds needs_;
};

}  // namespace holdpoint::policy
