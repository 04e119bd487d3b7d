// See configuration_queries.hpp.
#include "catalog/edge/configuration_queries.hpp"

#include <algorithm>

namespace holdpoint::catalog {
namespace {

using Snapshot = ConfigurationSnapshot;

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Snapshot>() +
                                 ", seq FROM configuration_snapshot WHERE workspace = $1";
  return sql;
}

/// The first row of the snapshots of an application in an environment, in the order given.
std::optional<Snapshot> one_of(engine::Connection& tables, std::string_view workspace,
                               std::string_view application, std::string_view environment,
                               std::string_view order) {
  std::optional<Snapshot> found;
  tables.query(
      select() + " AND application = $2 AND environment = $3 ORDER BY " + std::string(order) +
          " LIMIT 1",
      [&](const engine::Row& row) { found = engine::columns::read<Snapshot>(row); }, workspace,
      application, environment);
  return found;
}

/// What was present at that instant.
std::optional<Snapshot> present_at(engine::Connection& tables, std::string_view workspace,
                                   std::string_view application, std::string_view environment,
                                   Instant at) {
  std::optional<Snapshot> found;
  tables.query(
      select() +
          " AND application = $2 AND environment = $3 AND recorded_at <= $4"
          " ORDER BY seq DESC LIMIT 1",
      [&](const engine::Row& row) { found = engine::columns::read<Snapshot>(row); }, workspace,
      application, environment, at);
  return found;
}

}  // namespace

std::optional<Digest> current_configuration(engine::Connection& tables, std::string_view workspace,
                                            std::string_view application,
                                            std::string_view environment) {
  const auto present = one_of(tables, workspace, application, environment, "seq DESC");
  if (!present) return std::nullopt;
  return present->digest;
}

std::optional<ConfigurationDrift> configuration_drift(engine::Connection& tables,
                                                      std::string_view workspace,
                                                      std::string_view application,
                                                      std::string_view environment, Instant since) {
  const auto present = one_of(tables, workspace, application, environment, "seq DESC");
  if (!present || present->recorded_at <= since) return std::nullopt;
  auto before = present_at(tables, workspace, application, environment, since);
  if (!before) before = one_of(tables, workspace, application, environment, "seq");
  if (before->digest == present->digest) return std::nullopt;
  return ConfigurationDrift{before->digest, present->digest, present->recorded_at};
}

bool has_drifted(engine::Connection& tables, std::string_view workspace,
                 std::string_view application, Instant since) {
  std::vector<std::string> environments;
  tables.query(
      "SELECT DISTINCT environment FROM configuration_snapshot"
      " WHERE workspace = $1 AND application = $2 AND recorded_at > $3",
      [&](const engine::Row& row) { environments.emplace_back(row.text(0)); }, workspace,
      application, since);
  return std::ranges::any_of(environments, [&](const std::string& environment) {
    return configuration_drift(tables, workspace, application, environment, since).has_value();
  });
}

std::optional<Snapshot> find_configuration(engine::Connection& tables, std::string_view workspace,
                                           std::string_view environment, const Digest& digest) {
  std::optional<Snapshot> found;
  tables.query(
      select() + " AND digest = $2 AND (environment = $3 OR $3 = '') ORDER BY seq DESC LIMIT 1",
      [&](const engine::Row& row) { found = engine::columns::read<Snapshot>(row); }, workspace,
      digest.text(), environment);
  return found;
}

std::vector<std::string> recorders_of(engine::Connection& tables, std::string_view workspace,
                                      std::string_view application, std::string_view environment,
                                      const Digest& digest) {
  std::vector<std::string> recorders;
  tables.query(
      "SELECT DISTINCT recorded_by FROM configuration_snapshot WHERE workspace = $1"
      " AND application = $2 AND environment = $3 AND digest = $4 ORDER BY recorded_by",
      [&](const engine::Row& row) { recorders.emplace_back(row.text(0)); }, workspace, application,
      environment, digest.text());
  return recorders;
}

Result<json::value> document_of(engine::ObjectStore& objects, const Snapshot& snapshot) {
  HP_TRY(const std::string text, objects.read_all(snapshot.object.digest, configuration_bytes_max));
  auto document = parse_json(text);
  if (!document) {
    return fault(FaultKind::corrupt, "configuration " + snapshot.digest.text(),
                 document.error().text());
  }
  return std::move(*document);
}

std::vector<engine::columns::Sequenced<Snapshot>> list_configurations(
    engine::Connection& tables, std::string_view workspace, const ConfigurationFilter& filter) {
  std::vector<engine::columns::Sequenced<Snapshot>> found;
  std::string sql = select() + " AND environment = $2 AND seq < $3";
  if (filter.application) sql += " AND application = $5";
  sql += " ORDER BY seq DESC LIMIT $4";
  std::vector<engine::Arg> args{engine::arg(workspace), engine::arg(filter.environment),
                                engine::arg(filter.before),
                                engine::arg(static_cast<std::int64_t>(filter.limit))};
  if (filter.application) args.push_back(engine::arg(*filter.application));
  tables.run(sql, args, [&](const engine::Row& row) {
    found.push_back(engine::columns::read_sequenced<Snapshot>(row));
  });
  return found;
}

}  // namespace holdpoint::catalog
