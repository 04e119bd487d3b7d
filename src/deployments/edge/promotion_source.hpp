// A promotion read from the tables: its content as it is now, who had a part in it, and the facts
// that approval policies judge.
#pragma once

#include <optional>
#include <string_view>

#include "approvals/subject.hpp"
#include "engine/ports.hpp"

namespace holdpoint::deployments {

/// nullopt: there is no such release or environment.
Result<std::optional<approvals::SubjectContent>> promotion_content(engine::Connection& tables,
                                                                   engine::ObjectStore& objects,
                                                                   std::string_view workspace,
                                                                   std::string_view id,
                                                                   Instant now);

}  // namespace holdpoint::deployments
