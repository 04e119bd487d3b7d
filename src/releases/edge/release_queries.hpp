// The read model of releases, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  std::optional<std::string> contents;  // canonical JSON of Contents
  std::optional<ObjectRef> contents_object;

  [[nodiscard]] std::string name() const { return application + "@" + version; }
};
HP_DESCRIBE(Release, id, application_id, application, version, created_by, created_at,
            contents_digest, contents, contents_object)

/// By `rel_…` or `APP@VERSION`.
std::optional<Release> find_release(engine::Connection& tables, std::string_view workspace,
                                    std::string_view reference);

/// Reads the contents, from the row or from the object.
Result<Contents> contents_of(engine::ObjectStore& objects, const Release& release);

struct ReleaseFilter {
  std::optional<std::string> application;
  std::string before_id;  // "" for the newest
  std::size_t limit = 50;
};
/// Newest first.
std::vector<Release> list_releases(engine::Connection& tables, std::string_view workspace,
                                   const ReleaseFilter& filter);

}  // namespace holdpoint::releases
