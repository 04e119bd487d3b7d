// Whether a change of policies may come into force: judged by the PolicyActivation documents that
// are in force, never by those of the change itself. Who proposes a change never approves it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.hpp"
#include "policy/bundle.hpp"
#include "policy/document.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

enum class ProposalState : std::uint8_t {
  open,
  activated,
  rejected,
  overtaken,  // another revision came into force, so it was made for policies that are gone
};
HP_DESCRIBE_ENUM(ProposalState, open, activated, rejected, overtaken)

struct ProposalApproval {
  std::string person;
  Instant at;
};
HP_DESCRIBE(ProposalApproval, person, at)

struct Proposer {
  std::string id;
  ProposerKind kind{};
};
/// As the ledger names the kind of an actor; who is no person counts as a program.
ProposerKind proposer_kind_of(std::string_view actor_kind);

ActivationFacts activation_facts(Instant now, const Proposer& proposer,
                                 const std::vector<ProposalApproval>& approvals,
                                 const PolicyChanges& changes);

struct ActivationVerdict {
  /// Every enforced document that applies has passed.
  bool passed = false;
  std::vector<CriteriaVerdict> policies;
};

/// Without any document that is enforced and applies, nobody has to agree.
ActivationVerdict judge_activation(const ActivationFacts& facts,
                                   std::span<const CompiledCriteria> documents);

/// The person or account that acts, as the ledger names it.
struct Approver {
  std::string kind;
  std::string id;
};

/// The code of the refusal that does not stand once the change may come into force: what an
/// approver agreed to may have waited for time alone, and asking again has it judged again.
inline constexpr std::string_view approved_already = "approved_already";

/// Why this actor cannot approve, or nothing.
std::optional<Refusal> why_not_approve(const Approver& approver, std::string_view proposer,
                                       ProposalState state,
                                       const std::vector<ProposalApproval>& approvals);

Refusal proposal_not_found(std::string_view id);
Refusal proposal_closed(ProposalState state);
Refusal revision_not_found(std::string_view revision);
Refusal nothing_to_roll_back(std::int64_t revision);
Refusal rejection_needs_reason();
Refusal too_many_proposals();

}  // namespace holdpoint::policy
