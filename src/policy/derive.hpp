// What would have to change in the facts for an expression to be true: worked out from the
// comparisons of facts that do not hold. It proposes; only judging again proves.
#pragma once

#include <string>
#include <vector>

#include "policy/cel/compiled.hpp"
#include "policy/cel/session.hpp"
#include "policy/fact_change.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

struct ProposedChange {
  FactChange change;
  NeededChange shown;
};

/// Changes that are to be made together.
using Proposal = std::vector<ProposedChange>;

/// Both; a fact that both set is set once, to what the second says.
Proposal combined(const Proposal& first, const Proposal& second);

struct Proposals {
  static constexpr std::size_t proposals_max = 8;
  static constexpr std::size_t changes_max = 200;

  std::vector<Proposal> alternatives;  // fewest changes first
  std::string obstacle;                // why there is none
};

/// MUST be called in a session over the facts for which the program was not true. What is missing
/// from the facts, elements that are too few, and what only time can change is never proposed.
Proposals derive(const cel::Compiled& program, cel::Session& session);

}  // namespace holdpoint::policy
