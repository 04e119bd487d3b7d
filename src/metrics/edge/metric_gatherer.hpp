// Gathers the facts that figures are told from, out of the read models of the capabilities below,
// from one committed snapshot.
#pragma once

#include <string_view>

#include "engine/sql.hpp"
#include "metrics/metrics.hpp"

namespace holdpoint::metrics {

/// Of each kind of record; with more, the facts say that they are cut.
inline constexpr std::size_t facts_max = 5'000;
/// How long a deployment may have run when it ended in the span.
inline constexpr Duration deployment_run_max = Duration::days(31);

/// What ended or was decided in the span, and what deployments of then became afterwards.
Facts gather_facts(engine::Connection& tables, std::string_view workspace, const Span& span);

}  // namespace holdpoint::metrics
