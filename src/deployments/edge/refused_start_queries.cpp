// See refused_start_queries.hpp.
#include "deployments/edge/refused_start_queries.hpp"

namespace holdpoint::deployments {
namespace {

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<RefusedStart>() +
                                 ", seq FROM refused_start WHERE workspace = $1";
  return sql;
}

}  // namespace

std::vector<engine::columns::Sequenced<RefusedStart>> list_refused_starts(
    engine::Connection& tables, std::string_view workspace, const RefusedStartFilter& filter) {
  std::vector<engine::columns::Sequenced<RefusedStart>> rows;
  tables.query(
      select() +
          " AND seq < $2 AND ($3 = '' OR application = $3) AND ($4 = '' OR environment = $4)"
          " AND ($5 = '' OR release = $5) AND at >= $6 AND at < $7 ORDER BY seq DESC LIMIT $8",
      [&](const engine::Row& row) {
        rows.push_back(engine::columns::read_sequenced<RefusedStart>(row));
      },
      workspace, filter.before, filter.application.value_or(""), filter.environment.value_or(""),
      filter.release.value_or(""), filter.from, filter.until,
      static_cast<std::uint64_t>(filter.limit));
  return rows;
}

std::vector<RefusedStart> refused_since_start(engine::Connection& tables,
                                              std::string_view workspace,
                                              const DeploymentRefused& like,
                                              std::string_view actor) {
  std::vector<RefusedStart> rows;
  tables.query(
      select() +
          " AND release = $2 AND environment = $3 AND actor = $4"
          " AND seq > COALESCE((SELECT max(seq) FROM deployment WHERE workspace = $1"
          " AND application = $5 AND environment = $3 AND release = $2), -1)"
          " ORDER BY seq DESC LIMIT $6",
      [&](const engine::Row& row) { rows.push_back(engine::columns::read<RefusedStart>(row)); },
      workspace, like.release, like.environment, actor, like.application,
      static_cast<std::uint64_t>(refused_kinds_max));
  return rows;
}

}  // namespace holdpoint::deployments
