// Subjects of capabilities that stand below approvals and know nothing of them: proposed changes of
// policies, and configurations of environments (A9).
#pragma once

#include <string_view>

#include "approvals/edge/subject_source.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::approvals {

inline constexpr std::string_view proposal_kind = "policy_proposal";
inline constexpr std::string_view configuration_kind = "configuration";

/// By the id of the proposal. Only an open one is there to be approved; whoever proposed it has
/// edited it, and never approves it.
SubjectSource proposal_source();
/// By "APPLICATION/ENVIRONMENT/sha256:…". Whoever recorded it has edited it.
SubjectSource configuration_source();

/// The content of a proposal, recorded or not.
SubjectContent content_of(engine::Connection& tables, std::string_view workspace,
                          const policy::Proposal& proposal, Instant now);

}  // namespace holdpoint::approvals
