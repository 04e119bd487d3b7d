// The read model of deployments, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deployments/release_order.hpp"
#include "engine/columns.hpp"
#include "engine/sql.hpp"

namespace holdpoint::deployments {

std::optional<Deployment> find_deployment(engine::Connection& tables, std::string_view workspace,
                                          std::string_view id);
/// The one that runs there, if any.
std::optional<Deployment> running_deployment(engine::Connection& tables, std::string_view workspace,
                                             std::string_view application,
                                             std::string_view environment);

/// The newest that was started there, if any, without those that were cancelled.
std::optional<Deployment> newest_deployment(engine::Connection& tables, std::string_view workspace,
                                            std::string_view application,
                                            std::string_view environment);

/// Releases that were started somewhere before it was recorded when they had been proposed, of
/// which that is looked up.
inline constexpr std::size_t earlier_releases_max = 200;
/// Of the releases of the application that run there or were started there with success, the last
/// one that was proposed; the newest deployment of it. Absent when there is none. Of more earlier
/// ones than earlier_releases_max the rest count as proposed when the last of them was started, and
/// are that release if nothing else is newer.
std::optional<ReleaseThere> newest_release_there(engine::Connection& tables,
                                                 std::string_view workspace,
                                                 std::string_view application,
                                                 std::string_view environment);

struct DeploymentFilter {
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::int64_t before = INT64_MAX;  // the entry that started the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<Deployment>> list_deployments(
    engine::Connection& tables, std::string_view workspace, const DeploymentFilter& filter);

/// Everybody who started or finished it, and who answers for the accounts that did: the people who
/// neither verify it nor clear its watch. None when nobody answers for the start.
std::vector<std::string> deployers_of(engine::Connection& tables, std::string_view workspace,
                                      const Deployment& deployment);

}  // namespace holdpoint::deployments
