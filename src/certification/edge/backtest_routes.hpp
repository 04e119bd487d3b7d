// Trying candidate documents on past decisions over HTTP.
#pragma once

#include <memory>
#include <vector>

#include "certification/edge/backtest.hpp"
#include "platform/http/router.hpp"

namespace holdpoint::certification {

/// POST /api/v1/{workspace}/policies/backtest. One run at a time: it is work for whole cores. The
/// answer tells what certifications rest on, so it needs the permission to see them.
std::vector<http::Route> backtest_routes(engine::Engine& engine,
                                         std::shared_ptr<policy::CriteriaLibrary> library);

}  // namespace holdpoint::certification
