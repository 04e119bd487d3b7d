// How policies change, inside a unit of work: at once, or as a proposal that people approve, as the
// PolicyActivation documents in force demand. One change of any number of documents is one
// revision.
#pragma once

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

/// A proposal with how the policies in force judge it now.
struct ProposalView {
  Proposal proposal;
  bool passed = false;
  std::vector<CriteriaVerdict> policies;
};
HP_DESCRIBE(ProposalView, proposal, passed, policies)

class PolicyChanger {
 public:
  explicit PolicyChanger(std::shared_ptr<CriteriaLibrary> library) : library_(std::move(library)) {}

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

  /// How the proposal is judged at this moment; of a closed one there is nothing to judge.
  Result<ProposalView> view(engine::Connection& tables, std::string_view workspace,
                            engine::ObjectStore& objects, Instant now, Proposal proposal) const;

 private:
  Result<std::vector<CompiledCriteria>> judges(engine::Connection& tables,
                                               std::string_view workspace,
                                               engine::ObjectStore& objects) const;
  /// Whether the change may come into force now. What cannot be judged may not.
  bool may_activate(engine::Unit& unit, const Proposal& proposal) const;
  std::int64_t activate(engine::Unit& unit, const PolicyChanges& changes,
                        std::optional<ProposalId> proposal,
                        std::optional<std::int64_t> rolls_back_to) const;

  std::shared_ptr<CriteriaLibrary> library_;
};

}  // namespace holdpoint::policy
