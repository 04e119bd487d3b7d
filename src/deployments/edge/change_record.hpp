// How many deployments ended and how many of them failed, by application, environment and day: kept
// up to date by the folds, so that the record of a team costs the same however often it deploys.
#pragma once

#include <string>
#include <vector>

#include "certification/edge/record_queries.hpp"
#include "deployments/deployment.hpp"
#include "engine/engine.hpp"

namespace holdpoint::deployments {

engine::Table change_record_table();

/// Folds what a deployment came to: `before` and `after` the event that is folded.
void fold_change(engine::Connection& tables, std::string_view workspace, const Deployment& before,
                 const Deployment& after);

/// Of one application, in the environments that are of production now.
certification::DeploymentCounts count_deployments(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  std::string_view application,
                                                  std::int64_t first_day);

/// Puts a major incident down to what was deployed where it happened.
engine::Reaction implication_reaction();

}  // namespace holdpoint::deployments
