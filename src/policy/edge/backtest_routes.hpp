// Trying candidate documents on past decisions over HTTP.
#pragma once

#include <memory>
#include <vector>

#include "platform/http/router.hpp"
#include "policy/edge/backtest.hpp"

namespace holdpoint::policy {

/// POST /api/v1/{workspace}/policies/backtest. One run at a time: it is work for whole cores. The
/// answer tells what decisions rest on, so it needs the permissions to see these: the route's own
/// for certifications, and those of the other sources for documents that take such decisions.
std::vector<http::Route> backtest_routes(engine::Engine& engine,
                                         std::shared_ptr<CriteriaLibrary> library,
                                         std::vector<DecisionSource> sources);

}  // namespace holdpoint::policy
