// The record of a team, read from the projections of the ledger: what became of the releases of all
// applications that share an owner (B18).
#pragma once

#include <string_view>

#include "catalog/catalog.hpp"
#include "engine/engine.hpp"
#include "policy/subject_facts.hpp"

namespace holdpoint::certification {

/// Without the release that is judged, so that judging it does not change what it is judged on. The
/// period is counted in whole days, UTC.
policy::TeamRecord team_record(engine::Connection& tables, std::string_view workspace,
                               const catalog::Application& application, std::string_view release,
                               Instant now);

}  // namespace holdpoint::certification
