// Changes of policies that came into force, as decisions that can be taken again. Their facts are
// no objects: who proposed what, who agreed and when stand in the ledger, entry by entry, and so do
// the documents that judged it.
#pragma once

#include "policy/edge/policy_queries.hpp"
#include "policy/past_decisions.hpp"

namespace holdpoint::policy {

/// Newest first; by its number, which is its id. They are of no application.
std::vector<RecordedDecision> past_activations(engine::Connection& tables,
                                               std::string_view workspace,
                                               const DecisionPage& page);
bool is_revision_id(std::string_view text);

}  // namespace holdpoint::policy
