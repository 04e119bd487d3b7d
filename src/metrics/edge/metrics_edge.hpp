// The face of metrics: the HTTP routes. Nothing of it is kept; every figure is told anew.
#pragma once

#include <vector>

#include "engine/edge/api.hpp"

namespace holdpoint::metrics {

std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::metrics
