// What people ask of freezes before they plan: is this application frozen in this environment, and
// when is there enough time without a freeze?
#pragma once

#include <vector>

#include "engine/edge/api.hpp"

namespace holdpoint::catalog {

std::vector<http::Route> freeze_routes(engine::Engine& engine);

}  // namespace holdpoint::catalog
