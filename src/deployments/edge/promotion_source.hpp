// A promotion read from the tables: its content as it is now, who had a part in it, and the facts
// that approval policies judge.
#pragma once

#include <optional>
#include <string_view>

#include "approvals/subject.hpp"
#include "deployments/deployment.hpp"
#include "engine/ports.hpp"

namespace holdpoint::deployments {

/// nullopt: there is no such release or environment.
Result<std::optional<approvals::SubjectContent>> promotion_content(engine::Connection& tables,
                                                                   engine::ObjectStore& objects,
                                                                   std::string_view workspace,
                                                                   std::string_view id,
                                                                   Instant now);

/// What an approval of a promotion was used for, and whether that has ended without success: a
/// deployment that failed, or was called off.
std::string use_of(const DeploymentId& id);
bool has_use_failed(engine::Connection& tables, std::string_view workspace, std::string_view use);

}  // namespace holdpoint::deployments
