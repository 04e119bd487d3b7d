// How an environment is configured for an application, as snapshots (A9): a JSON document, kept in
// canonical form under its digest. What was certified or approved for one configuration does not
// hold for another, so the present one has a name that others can bind to. Secrets never stand in
// a snapshot; a digest stands for each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"

namespace holdpoint::catalog {

/// Of the canonical form.
inline constexpr std::size_t configuration_bytes_max = 1U << 20;
inline constexpr std::size_t configuration_source_bytes_max = 512;
/// Changes that a comparison lists; the rest is counted.
inline constexpr std::size_t configuration_changes_max = 1'000;
/// Of a value in that list.
inline constexpr std::size_t configuration_shown_bytes_max = 200;
/// Problems that a refusal lists.
inline constexpr std::size_t configuration_issues_max = 50;

struct RecordConfiguration {
  std::string application;
  json::object document;
  std::optional<std::string> source;  // where it was read: a commit, a cluster, a file
};
HP_DESCRIBE(RecordConfiguration, application, document, source)

struct ConfigurationRecorded {
  static constexpr std::string_view event_type = "configuration.recorded";
  static constexpr int event_version = 1;
  std::string application;
  std::string environment;
  Digest digest;  // of the canonical document
  ObjectRef object;
  std::optional<std::string> source;
};
HP_DESCRIBE(ConfigurationRecorded, application, environment, digest, object, source)

/// The canonical document. Refuses what is too large, what has no canonical form and what looks
/// like a secret, with the path from the root of the command.
Decided<std::string> canonical_configuration(const RecordConfiguration& command);

/// Paths, from the document's root, of values that look like secrets: by the name they stand under
/// and by their form. A `sha256:` digest is none. At most configuration_issues_max.
JsonIssues secrets_in(const json::object& document);

struct ConfigurationChange {
  std::string path;
  std::optional<std::string> from;  // absent: added
  std::optional<std::string> to;    // absent: removed
};
HP_DESCRIBE(ConfigurationChange, path, from, to)

struct ConfigurationDifference {
  std::int64_t added = 0;
  std::int64_t removed = 0;
  std::int64_t changed = 0;
  std::vector<ConfigurationChange> changes;
};
HP_DESCRIBE(ConfigurationDifference, added, removed, changed, changes)

/// In the order of the paths. What is added or removed whole is one change; lists are compared
/// place by place.
ConfigurationDifference difference(const json::value& from, const json::value& to);

/// The configuration is another one than that which something was decided for.
struct ConfigurationDrift {
  Digest before;
  Digest present;
  Instant recorded_at;  // of the present one
};

Refusal configuration_not_found(std::string_view digest);
Refusal invalid_configuration(JsonIssues issues);

}  // namespace holdpoint::catalog
