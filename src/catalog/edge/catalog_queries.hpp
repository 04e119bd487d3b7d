// The read model of the catalog, for the edges of higher tiers.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "engine/records.hpp"

namespace holdpoint::catalog {

using Applications = engine::Records<Application>;
using Environments = engine::Records<Environment>;

/// The names of the applications that have at least one of these owners.
std::set<std::string> applications_of(engine::Connection& tables, std::string_view workspace,
                                      const std::vector<std::string>& owners);

}  // namespace holdpoint::catalog
