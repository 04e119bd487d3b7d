// Front header of releases: what a release contains (A2). A release is one version of one
// application: its commits with everybody who made them, its artifacts by digest, and where it was
// built. It never changes; another content is another version.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"

namespace holdpoint::releases {

struct ReleaseTag {
  static constexpr std::string_view prefix = "rel";
};
using ReleaseId = Id<ReleaseTag>;

inline constexpr std::size_t commits_max = 10'000;
inline constexpr std::size_t artifacts_max = 1'000;
inline constexpr std::size_t co_authors_max = 50;
inline constexpr std::size_t commit_hash_bytes_max = 64;  // SHA-256 as hex digits; SHA-1 has 40
inline constexpr std::size_t version_bytes_max = 128;
inline constexpr std::size_t text_bytes_max = 512;
/// Different people behind the commits of one release: each may become a record of its own.
inline constexpr std::size_t contributors_max = 2'000;
inline constexpr std::size_t ci_values_max = 50;
/// Contents up to this many bytes stand in the event; larger ones are an object it refers to.
inline constexpr std::size_t inline_contents_bytes_max = 16'384;

/// Names and mail addresses as a commit states them; personal, never in a leaf.
struct Contributor {
  std::string name;
  std::string email;
};
HP_DESCRIBE(Contributor, name, email)

struct StatedCommit {
  std::string sha;
  Contributor author;
  std::optional<Contributor> committer;
  std::vector<Contributor> co_authors;
};
HP_DESCRIBE(StatedCommit, sha, author, committer, co_authors)

struct Artifact {
  std::string name;
  Digest digest;
  std::optional<std::string> media_type;
};
HP_DESCRIBE(Artifact, name, digest, media_type)

struct Source {
  std::optional<std::string> repository;
  std::optional<std::string> commit;
  std::optional<std::string> ref;
};
HP_DESCRIBE(Source, repository, commit, ref)

/// What a pipeline states when it proposes a release.
struct CreateRelease {
  std::string application;
  std::string version;
  std::vector<StatedCommit> commits;
  std::vector<Artifact> artifacts;
  std::optional<Source> source;
  std::map<std::string, std::string> ci;
};
HP_DESCRIBE(CreateRelease, application, version, commits, artifacts, source, ci)

/// A commit with its people resolved to ids.
struct Commit {
  std::string sha;
  std::string author;
  std::optional<std::string> committer;
  std::vector<std::string> co_authors;
};
HP_DESCRIBE(Commit, sha, author, committer, co_authors)

struct Contents {
  std::vector<Commit> commits;
  std::vector<Artifact> artifacts;
  std::optional<Source> source;
  std::map<std::string, std::string> ci;
};
HP_DESCRIBE(Contents, commits, artifacts, source, ci)

struct ReleaseCreated {
  static constexpr std::string_view event_type = "release.created";
  static constexpr int event_version = 2;
  ReleaseId id;
  std::string application_id;
  std::string application;
  std::string version;
  /// Of the canonical contents with people as ids, so that the same proposal is recognised.
  Digest contents_digest;
  std::optional<Contents> contents;
  std::optional<ObjectRef> contents_object;
  /// Lists show how much a release contains without reading its contents.
  std::int64_t commit_count = 0;
  std::int64_t artifact_count = 0;
};
HP_DESCRIBE(ReleaseCreated, id, application_id, application, version, contents_digest, contents,
            contents_object, commit_count, artifact_count)

/// As it was recorded first, without the counts. Read, and never recorded again.
struct ReleaseCreatedV1 {
  static constexpr std::string_view event_type = "release.created";
  static constexpr int event_version = 1;
  ReleaseId id;
  std::string application_id;
  std::string application;
  std::string version;
  Digest contents_digest;
  std::optional<Contents> contents;
  std::optional<ObjectRef> contents_object;
};
HP_DESCRIBE(ReleaseCreatedV1, id, application_id, application, version, contents_digest, contents,
            contents_object)

/// Refuses what is malformed, with a path for each problem; lower-cases hashes.
Decided<CreateRelease> check(CreateRelease command);

/// "APP@VERSION" cut at the first '@'; nullopt when either side is not a name or version.
struct ReleaseName {
  std::string application;
  std::string version;
};
std::optional<ReleaseName> parse_release_name(std::string_view text);

/// 1 to 128 characters: letters, digits, and . + - _ after the first.
bool is_version(std::string_view text);

Refusal release_exists(std::string_view application, std::string_view version);
Refusal release_not_found(std::string_view reference);
Refusal application_not_found(std::string_view application);
Refusal application_retired(std::string_view application);

}  // namespace holdpoint::releases
