// The read model of the catalog, for the edges of higher tiers.
#pragma once

#include "catalog/catalog.hpp"
#include "engine/records.hpp"

namespace holdpoint::catalog {

using Applications = engine::Records<Application>;
using Environments = engine::Records<Environment>;

}  // namespace holdpoint::catalog
