// The record of a team, read from the projections of the ledger: what became of the releases of all
// applications that share an owner, of their deployments, and of incidents (B18).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "engine/engine.hpp"
#include "policy/subject_facts.hpp"

namespace holdpoint::certification {

/// Deployments of one application to production.
struct DeploymentCounts {
  std::int64_t ended = 0;
  std::int64_t failed = 0;
};
/// What deployments, which certification does not know, tell of themselves; handed down by main.
/// Those that ended on `first_day` (days since 1970-01-01, UTC) or later.
using CountDeployments =
    std::function<DeploymentCounts(engine::Connection&, std::string_view workspace,
                                   std::string_view application, std::int64_t first_day)>;

/// Without the release that is judged, so that judging it does not change what it is judged on. The
/// period is counted in whole days, UTC.
policy::TeamRecord team_record(engine::Connection& tables, std::string_view workspace,
                               const catalog::Application& application, std::string_view release,
                               const CountDeployments& count_deployments, Instant now);

/// A release that was judged on whole evidence for the first time, and how that ended.
struct FirstAttempt {
  std::string release;
  std::string application;
  Instant at;
  bool passed = false;
};
/// Those in [from, until); at most `limit`.
std::vector<FirstAttempt> first_attempts(engine::Connection& tables, std::string_view workspace,
                                         Instant from, Instant until, std::size_t limit);

}  // namespace holdpoint::certification
