// The table of releases and how it is folded.
#include "engine/columns.hpp"
#include "releases/edge/releases_edge.hpp"

namespace holdpoint::releases {
namespace {

/// What both versions of the event say. The counts are filled by each for itself.
template <class Created>
Release row_of(const engine::Recorded& recorded, const Created& created) {
  Release release{.id = created.id,
                  .application_id = created.application_id,
                  .application = created.application,
                  .version = created.version,
                  .created_by = recorded.actor.id,
                  .created_at = recorded.at,
                  .contents_digest = created.contents_digest,
                  .contents = std::nullopt,
                  .contents_object = created.contents_object,
                  .commit_count = std::nullopt,
                  .artifact_count = std::nullopt};
  if (created.contents) release.contents = to_json_text(*created.contents);
  return release;
}

void insert(engine::Connection& tables, const engine::Recorded& recorded, const Release& release) {
  static const std::string sql =
      "INSERT INTO release_record (workspace, seq, " + engine::columns::names<Release>() +
      ") VALUES (" + engine::columns::placeholders(2 + engine::columns::count<Release>) + ")";
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(release);
  tables.run(sql, bound.args(), {});
}

void fold(engine::Connection& tables, const engine::Recorded& recorded,
          const ReleaseCreated& created) {
  Release release = row_of(recorded, created);
  release.commit_count = created.commit_count;
  release.artifact_count = created.artifact_count;
  insert(tables, recorded, release);
}

/// Counts what stands in the event; a fold reads no object.
void fold_first_version(engine::Connection& tables, const engine::Recorded& recorded,
                        const ReleaseCreatedV1& created) {
  Release release = row_of(recorded, created);
  if (created.contents) {
    release.commit_count = static_cast<std::int64_t>(created.contents->commits.size());
    release.artifact_count = static_cast<std::int64_t>(created.contents->artifacts.size());
  }
  insert(tables, recorded, release);
}

}  // namespace

engine::Module module() {
  engine::Module module{.name = "releases"};
  module.tables.push_back({"release_record", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS release_record (workspace TEXT NOT NULL,"
                           " seq BIGINT NOT NULL, " +
                               engine::columns::definitions<Release>() +
                               ", PRIMARY KEY (workspace, id));"
                               "CREATE UNIQUE INDEX IF NOT EXISTS release_name ON release_record"
                               " (workspace, application, version);"
                               "CREATE INDEX IF NOT EXISTS release_order ON release_record"
                               " (workspace, seq);",
                           "workspace, id"});
  module.events = {engine::event<ReleaseCreatedV1>(fold_first_version),
                   engine::event<ReleaseCreated>(fold)};
  return module;
}

}  // namespace holdpoint::releases
