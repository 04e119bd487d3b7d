// The read model of releases, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/engine.hpp"
#include "releases/releases.hpp"

namespace holdpoint::releases {

struct Release {
  ReleaseId id;
  std::string application_id;
  std::string application;
  std::string version;
  std::string created_by;
  Instant created_at;
  Digest contents_digest;
  std::optional<std::string> contents;  // canonical JSON of Contents; never in a list
  std::optional<ObjectRef> contents_object;
  /// Absent for a large release of a ledger that did not record them yet.
  std::optional<std::int64_t> commit_count;
  std::optional<std::int64_t> artifact_count;

  [[nodiscard]] std::string name() const { return application + "@" + version; }
};
HP_DESCRIBE(Release, id, application_id, application, version, created_by, created_at,
            contents_digest, contents, contents_object, commit_count, artifact_count)

/// By `rel_…` or `APP@VERSION`.
std::optional<Release> find_release(engine::Connection& tables, std::string_view workspace,
                                    std::string_view reference);

/// The entry of the ledger that proposed it, by its id: releases are in that order.
std::optional<std::int64_t> release_entry(engine::Connection& tables, std::string_view workspace,
                                          std::string_view id);

/// When it was proposed, by its id.
std::optional<Instant> proposed_at(engine::Connection& tables, std::string_view workspace,
                                   std::string_view id);

/// Reads the contents, from the row or from the object.
Result<Contents> contents_of(engine::ObjectStore& objects, const Release& release);

struct ReleaseFilter {
  std::optional<std::string> application;
  std::int64_t before = INT64_MAX;  // the entry that created the last one seen
  std::size_t limit = 50;
};
/// Newest first, without their contents.
std::vector<engine::columns::Sequenced<Release>> list_releases(engine::Connection& tables,
                                                               std::string_view workspace,
                                                               const ReleaseFilter& filter);

}  // namespace holdpoint::releases
