// See deployment_queries.hpp.
#include "deployments/edge/deployment_queries.hpp"

namespace holdpoint::deployments {
namespace {

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Deployment>() +
                                 ", seq FROM deployment WHERE workspace = $1";
  return sql;
}

}  // namespace

std::optional<Deployment> find_deployment(engine::Connection& tables, std::string_view workspace,
                                          std::string_view id) {
  std::optional<Deployment> found;
  tables.query(
      select() + " AND id = $2",
      [&](const engine::Row& row) { found = engine::columns::read<Deployment>(row); }, workspace,
      id);
  return found;
}

std::optional<Deployment> running_deployment(engine::Connection& tables, std::string_view workspace,
                                             std::string_view application,
                                             std::string_view environment) {
  std::optional<Deployment> found;
  tables.query(
      select() + " AND application = $2 AND environment = $3 AND state = 'running'",
      [&](const engine::Row& row) { found = engine::columns::read<Deployment>(row); }, workspace,
      application, environment);
  return found;
}

std::optional<Deployment> newest_deployment(engine::Connection& tables, std::string_view workspace,
                                            std::string_view application,
                                            std::string_view environment) {
  std::optional<Deployment> found;
  tables.query(
      select() +
          " AND application = $2 AND environment = $3 AND state <> 'cancelled'"
          " ORDER BY seq DESC LIMIT 1",
      [&](const engine::Row& row) { found = engine::columns::read<Deployment>(row); }, workspace,
      application, environment);
  return found;
}

std::vector<engine::columns::Sequenced<Deployment>> list_deployments(
    engine::Connection& tables, std::string_view workspace, const DeploymentFilter& filter) {
  std::vector<engine::columns::Sequenced<Deployment>> rows;
  tables.query(
      select() +
          " AND seq < $2 AND ($3 = '' OR application = $3) AND ($4 = '' OR environment = $4)"
          " ORDER BY seq DESC LIMIT $5",
      [&](const engine::Row& row) {
        rows.push_back(engine::columns::read_sequenced<Deployment>(row));
      },
      workspace, filter.before, filter.application.value_or(""), filter.environment.value_or(""),
      static_cast<std::uint64_t>(filter.limit));
  return rows;
}

}  // namespace holdpoint::deployments
