// The read model of configuration snapshots, for the catalog's edge and those of higher tiers:
// whoever decides something for an environment binds to the digest of the present one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/configuration.hpp"
#include "engine/columns.hpp"
#include "engine/ports.hpp"

namespace holdpoint::catalog {

struct ConfigurationSnapshot {
  std::string application;
  std::string environment;
  Digest digest;
  ObjectRef object;
  std::optional<std::string> source;
  std::string recorded_by;
  Instant recorded_at;
};
HP_DESCRIBE(ConfigurationSnapshot, application, environment, digest, object, source, recorded_by,
            recorded_at)

/// nullopt when none was ever recorded.
std::optional<Digest> current_configuration(engine::Connection& tables, std::string_view workspace,
                                            std::string_view application,
                                            std::string_view environment);

/// Whether the present configuration is another one than that of `since`: the one present then, or,
/// when none was recorded yet, the first that was. One that came back is no drift.
std::optional<ConfigurationDrift> configuration_drift(engine::Connection& tables,
                                                      std::string_view workspace,
                                                      std::string_view application,
                                                      std::string_view environment, Instant since);
/// Whether it drifted in any environment.
bool has_drifted(engine::Connection& tables, std::string_view workspace,
                 std::string_view application, Instant since);

/// The snapshot with that digest, which was present in the environment, or anywhere when it is "".
std::optional<ConfigurationSnapshot> find_configuration(engine::Connection& tables,
                                                        std::string_view workspace,
                                                        std::string_view environment,
                                                        const Digest& digest);
/// Everybody who ever recorded that configuration of the application in the environment.
std::vector<std::string> recorders_of(engine::Connection& tables, std::string_view workspace,
                                      std::string_view application, std::string_view environment,
                                      const Digest& digest);
Result<json::value> document_of(engine::ObjectStore& objects,
                                const ConfigurationSnapshot& snapshot);

struct ConfigurationFilter {
  std::string environment;
  std::optional<std::string> application;
  std::int64_t before = INT64_MAX;  // the entry that recorded the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<ConfigurationSnapshot>> list_configurations(
    engine::Connection& tables, std::string_view workspace, const ConfigurationFilter& filter);

}  // namespace holdpoint::catalog
