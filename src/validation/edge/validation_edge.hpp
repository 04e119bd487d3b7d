// The faces of validation: the modules for the engine, and the HTTP routes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/edge/api.hpp"
#include "validation/edge/validation_queries.hpp"

namespace holdpoint::validation {

std::vector<engine::Module> modules();
std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::validation
