// The tables of controlled documents and how they are folded.
#include "documents/edge/documents_edge.hpp"

namespace holdpoint::documents {
namespace {

void fold_version(engine::Connection& tables, const engine::Recorded& recorded,
                  const VersionAdded& added) {
  static const std::string sql =
      "INSERT INTO document_version (workspace, " + engine::columns::names<Version>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<Version>) + ")";
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(Version{.document = added.id.text(),
                        .version = added.version,
                        .digest = added.content.digest,
                        .size = added.size,
                        .media_type = added.media_type,
                        .added_by_kind = recorded.actor.kind,
                        .added_by = recorded.actor.id,
                        .added_at = recorded.at});
  tables.run(sql, bound.args(), {});
  tables.exec(
      "INSERT INTO document_look (workspace, document, looked_at) VALUES ($1, $2, $3)"
      " ON CONFLICT (workspace, document) DO UPDATE SET looked_at = excluded.looked_at",
      recorded.workspace, added.id, recorded.at);
}

void fold_reviewed(engine::Connection& tables, const engine::Recorded& recorded,
                   const DocumentReviewed& reviewed) {
  tables.exec(
      "UPDATE document_look SET looked_at = $1, review_seq = $2, review_version = $3,"
      " reviewed_by = $4, reviewed_at = $1 WHERE workspace = $5 AND document = $6",
      recorded.at, static_cast<std::int64_t>(recorded.seq), reviewed.version, recorded.actor.id,
      recorded.workspace, reviewed.id);
}

engine::Module versions_module() {
  engine::Module module{.name = "document_versions"};
  module.tables.push_back(
      {"document_version", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS document_version (workspace TEXT NOT NULL, " +
           engine::columns::definitions<Version>() +
           ", PRIMARY KEY (workspace, document, version));",
       "workspace, document, version"});
  module.tables.push_back({"document_look", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS document_look (workspace TEXT NOT NULL,"
                           " document TEXT NOT NULL, looked_at BIGINT NOT NULL, review_seq BIGINT,"
                           " review_version BIGINT, reviewed_by TEXT, reviewed_at BIGINT,"
                           " PRIMARY KEY (workspace, document));",
                           "workspace, document"});
  module.events = {engine::event<VersionAdded>(fold_version),
                   engine::event<DocumentReviewed>(fold_reviewed)};
  return module;
}

}  // namespace

std::vector<engine::Module> modules() { return {Documents::module(), versions_module()}; }

}  // namespace holdpoint::documents
