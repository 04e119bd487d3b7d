// See past_decisions.hpp.
#include "policy/past_decisions.hpp"

namespace holdpoint::policy {

Kind judges_of(DecisionKind decision) {
  switch (decision) {
    case DecisionKind::certification: return Kind::certification_criteria;
    case DecisionKind::deployment: return Kind::gate_policy;
    case DecisionKind::activation: return Kind::policy_activation;
    case DecisionKind::approval: return Kind::approval_policy;
  }
  return Kind::certification_criteria;
}

std::optional<DecisionKind> decided_by(Kind documents) {
  for (const DecisionKind decision : {DecisionKind::certification, DecisionKind::deployment,
                                      DecisionKind::activation, DecisionKind::approval}) {
    if (judges_of(decision) == documents) return decision;
  }
  return std::nullopt;
}

bool passes_unjudged(DecisionKind decision) { return decision != DecisionKind::certification; }

}  // namespace holdpoint::policy
