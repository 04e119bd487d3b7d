// The read models of frameworks and saved searches, for this capability's edge.
#pragma once

#include <string_view>
#include <vector>

#include "base/record_document.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "compliance/compliance.hpp"
#include "compliance/search.hpp"
#include "engine/records.hpp"

namespace holdpoint::compliance {

using Frameworks = engine::Records<Framework>;
using SavedSearches = engine::Records<SavedSearch>;

/// The catalogue with what the workspace says of it, by name.
std::vector<Framework> frameworks_here(engine::Connection& tables, std::string_view workspace);

}  // namespace holdpoint::compliance
