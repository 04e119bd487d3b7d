// What the criteria in force did to past decisions, over HTTP.
#pragma once

#include <memory>
#include <vector>

#include "engine/engine.hpp"
#include "platform/http/router.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::certification {

/// GET /api/v1/{workspace}/policies/effect. One run at a time: it reads thousands of verdicts.
std::vector<http::Route> effect_routes(engine::Engine& engine,
                                       std::shared_ptr<policy::CriteriaLibrary> library);

}  // namespace holdpoint::certification
