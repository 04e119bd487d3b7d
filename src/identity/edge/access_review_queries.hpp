// The read model of access reviews, for this capability's edge and for who approves one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/ports.hpp"
#include "identity/access_review.hpp"

namespace holdpoint::identity {

std::optional<AccessReview> find_access_review(engine::Connection& tables,
                                               std::string_view workspace, std::string_view id);
/// In the order they were started, after the entry `after`.
std::vector<engine::columns::Sequenced<AccessReview>> list_access_reviews(
    engine::Connection& tables, std::string_view workspace, std::int64_t after, std::size_t limit);
std::size_t count_open_reviews(engine::Connection& tables, std::string_view workspace);

Answers answers_of(engine::Connection& tables, std::string_view workspace, std::string_view review);
Result<RightsSnapshot> snapshot_of(engine::ObjectStore& objects, const AccessReview& review);

/// Who can approve what now: the lines of a review that starts.
std::vector<RightLine> approval_rights(engine::Connection& tables, std::string_view workspace,
                                       Instant now);

}  // namespace holdpoint::identity
