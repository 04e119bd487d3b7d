// See deployment_queries.hpp.
#include "deployments/edge/deployment_queries.hpp"

#include "identity/edge/person_queries.hpp"

#include "releases/edge/release_queries.hpp"

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

std::optional<ReleaseThere> newest_release_there(engine::Connection& tables,
                                                 std::string_view workspace,
                                                 std::string_view application,
                                                 std::string_view environment) {
  const std::string there =
      select() + " AND application = $2 AND environment = $3 AND state IN ('running', 'succeeded')";
  std::optional<ReleaseThere> newest;
  const auto compare = [&](const Deployment& one, std::optional<std::int64_t> entry) {
    // A release that is not there any more is older than any that is.
    if (newest && entry.value_or(-1) <= newest->entry) return;
    newest = ReleaseThere{one.release, one.version, entry.value_or(-1), one.id};
  };
  tables.query(
      there + " AND release_entry IS NOT NULL ORDER BY release_entry DESC, seq DESC LIMIT 1",
      [&](const engine::Row& row) {
        const auto one = engine::columns::read<Deployment>(row);
        compare(one, one.release_entry);
      },
      workspace, application, environment);
  // Deployments from before it was recorded, one of each release.
  std::vector<engine::columns::Sequenced<Deployment>> earlier;
  tables.query(
      there +
          " AND seq IN (SELECT max(seq) FROM deployment WHERE workspace = $1 AND application = $2"
          " AND environment = $3 AND state IN ('running', 'succeeded') AND release_entry IS NULL"
          " GROUP BY release) ORDER BY seq DESC LIMIT $4",
      [&](const engine::Row& row) {
        earlier.push_back(engine::columns::read_sequenced<Deployment>(row));
      },
      workspace, application, environment, static_cast<std::uint64_t>(earlier_releases_max + 1));
  if (earlier.size() > earlier_releases_max) {
    const auto& [seq, one] = earlier.back();
    compare(one, seq);
    newest->is_no_later = newest->deployment == one.id;
    earlier.pop_back();
  }
  for (const auto& [seq, one] : earlier) {
    compare(one, releases::release_entry(tables, workspace, one.release));
  }
  return newest;
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

std::vector<std::string> deployers_of(engine::Connection& tables, std::string_view workspace,
                                      const Deployment& deployment) {
  std::vector<std::string> people;
  const auto add = [&](std::string_view kind, std::string_view id) {
    for (const auto& owner : identity::owner_of_actor(tables, workspace, kind, id)) {
      people.push_back(owner.text());
    }
  };
  add(deployment.started_by_kind, deployment.started_by);
  // Without anybody who answers for the start it cannot be told who has to be left out.
  if (people.empty()) return people;
  if (deployment.finished_by) {
    add(deployment.finished_by->starts_with("per_") ? "person" : "service_account",
        *deployment.finished_by);
  }
  return people;
}

}  // namespace holdpoint::deployments
