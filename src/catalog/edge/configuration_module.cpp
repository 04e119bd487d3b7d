// The table of configuration snapshots and how it is folded: one row for each that was recorded,
// so that the last one of an application and environment is the present one.
#include "catalog/edge/configuration_edge.hpp"

namespace holdpoint::catalog {
namespace {

void fold(engine::Connection& tables, const engine::Recorded& recorded,
          const ConfigurationRecorded& snapshot) {
  static const std::string sql =
      "INSERT INTO configuration_snapshot (workspace, seq, " +
      engine::columns::names<ConfigurationSnapshot>() + ") VALUES (" +
      engine::columns::placeholders(2 + engine::columns::count<ConfigurationSnapshot>) + ")";
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(ConfigurationSnapshot{.application = snapshot.application,
                                      .environment = snapshot.environment,
                                      .digest = snapshot.digest,
                                      .object = snapshot.object,
                                      .source = snapshot.source,
                                      .recorded_by = recorded.actor.id,
                                      .recorded_at = recorded.at});
  tables.run(sql, bound.args(), {});
}

}  // namespace

engine::Module configuration_module() {
  engine::Module module{.name = "configurations"};
  module.tables.push_back(
      {"configuration_snapshot", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS configuration_snapshot (workspace TEXT NOT NULL,"
       " seq BIGINT NOT NULL, " +
           engine::columns::definitions<ConfigurationSnapshot>() +
           ", PRIMARY KEY (workspace, seq));"
           "CREATE INDEX IF NOT EXISTS configuration_present ON configuration_snapshot"
           " (workspace, application, environment, seq);"
           "CREATE INDEX IF NOT EXISTS configuration_digest ON configuration_snapshot"
           " (workspace, digest);",
       "workspace, seq"});
  module.events = {engine::event<ConfigurationRecorded>(fold)};
  return module;
}

}  // namespace holdpoint::catalog
