// The outbox over HTTP: what waits, what arrived, what failed and why; and sending it again.
#pragma once

#include <vector>

#include "engine/edge/api.hpp"

namespace holdpoint::engine::edge {

std::vector<http::Route> delivery_routes(Engine& engine);

}  // namespace holdpoint::engine::edge
