// The read model of the catalog, for the edges of higher tiers.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "catalog/freezes.hpp"
#include "engine/records.hpp"

namespace holdpoint::catalog {

using Applications = engine::Records<Application>;
using Environments = engine::Records<Environment>;
using Freezes = engine::Records<Freeze>;
using Calendars = engine::Records<Calendar>;

/// The names of the applications that have at least one of these owners.
std::set<std::string> applications_of(engine::Connection& tables, std::string_view workspace,
                                      const std::vector<std::string>& owners);

/// Every freeze that is not retired, by name; catalog::freezes_at() says which of them hold.
std::vector<Freeze> freezes_in_force(engine::Connection& tables, std::string_view workspace);

}  // namespace holdpoint::catalog
