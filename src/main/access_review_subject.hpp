// A closed access review as something that is approved, where a policy wants that: identity stands
// below approvals and does not know them.
#pragma once

#include <optional>
#include <string_view>

#include "approvals/subject.hpp"
#include "engine/ports.hpp"

namespace holdpoint::main {

/// nullopt: there is no such review, or it is still open.
Result<std::optional<approvals::SubjectContent>> access_review_content(engine::Connection& tables,
                                                                       engine::ObjectStore& objects,
                                                                       std::string_view workspace,
                                                                       std::string_view id,
                                                                       Instant now);

}  // namespace holdpoint::main
