// The read model of starts that were refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deployments/refused_start.hpp"
#include "engine/columns.hpp"
#include "engine/sql.hpp"

namespace holdpoint::deployments {

struct RefusedStartFilter {
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::optional<std::string> release;  // an id
  Instant from;
  Instant until{INT64_MAX};
  std::int64_t before = INT64_MAX;  // the entry that recorded the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<RefusedStart>> list_refused_starts(
    engine::Connection& tables, std::string_view workspace, const RefusedStartFilter& filter);

/// Of this actor, for the release in the environment, since it was last started there; no more than
/// are recorded.
std::vector<RefusedStart> refused_since_start(engine::Connection& tables,
                                              std::string_view workspace,
                                              const DeploymentRefused& like,
                                              std::string_view actor);

}  // namespace holdpoint::deployments
