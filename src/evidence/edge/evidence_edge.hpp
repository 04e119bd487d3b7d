// The faces of evidence: the module for the engine and the HTTP routes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/edge/api.hpp"
#include "evidence/edge/evidence_queries.hpp"

namespace holdpoint::evidence {

engine::Module module();
std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::evidence
