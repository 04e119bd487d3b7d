// The faces of configuration snapshots: their table with its fold, and their routes.
#pragma once

#include <vector>

#include "catalog/edge/configuration_queries.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::catalog {

engine::Module configuration_module();
std::vector<http::Route> configuration_routes(engine::Engine& engine);

}  // namespace holdpoint::catalog
