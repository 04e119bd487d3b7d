// See document_queries.hpp.
#include "documents/edge/document_queries.hpp"

namespace holdpoint::documents {
namespace {

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Version>() +
                                 " FROM document_version WHERE workspace = $1 AND document = $2";
  return sql;
}

}  // namespace

std::optional<engine::Stored<Document>> find_document(engine::Connection& tables,
                                                      std::string_view workspace,
                                                      std::string_view reference) {
  if (const auto id = DocumentId::parse(reference)) return Documents::get(tables, workspace, *id);
  return Documents::find(tables, workspace, reference);
}

std::vector<Version> versions_of(engine::Connection& tables, std::string_view workspace,
                                 const DocumentId& id, std::size_t limit) {
  std::vector<Version> found;
  tables.query(
      select() + " ORDER BY version DESC LIMIT $3",
      [&](const engine::Row& row) { found.push_back(engine::columns::read<Version>(row)); },
      workspace, id, static_cast<std::int64_t>(limit));
  return found;
}

std::optional<Version> find_version(engine::Connection& tables, std::string_view workspace,
                                    const DocumentId& id, std::int64_t version) {
  std::optional<Version> found;
  tables.query(
      select() + " AND version = $3",
      [&](const engine::Row& row) { found = engine::columns::read<Version>(row); }, workspace, id,
      version);
  return found;
}

std::optional<Version> latest_version(engine::Connection& tables, std::string_view workspace,
                                      const DocumentId& id) {
  auto versions = versions_of(tables, workspace, id, 1);
  if (versions.empty()) return std::nullopt;
  return std::move(versions.front());
}

std::optional<Instant> looked_at(engine::Connection& tables, std::string_view workspace,
                                 const DocumentId& id) {
  const auto at = tables.integer(
      "SELECT looked_at FROM document_look WHERE workspace = $1 AND document = $2", workspace, id);
  return at ? std::optional(Instant{*at}) : std::nullopt;
}

std::optional<ReviewEntry> last_review(engine::Connection& tables, std::string_view workspace,
                                       const DocumentId& id) {
  std::optional<ReviewEntry> found;
  tables.query(
      "SELECT review_seq, review_version, reviewed_by, reviewed_at FROM document_look"
      " WHERE workspace = $1 AND document = $2 AND review_seq IS NOT NULL",
      [&](const engine::Row& row) {
        found = ReviewEntry{row.integer(0), row.integer(1), std::string(row.text(2)),
                            Instant{row.integer(3)}};
      },
      workspace, id);
  return found;
}

std::vector<OverdueDocument> overdue_documents(engine::Connection& tables,
                                               std::string_view workspace, Instant now,
                                               std::size_t limit) {
  std::vector<OverdueDocument> found;
  tables.query(
      "SELECT d.id, d.name, d.title, d.owner, l.looked_at + d.review_days * 86400000000"
      " FROM document d LEFT JOIN document_look l"
      " ON l.workspace = d.workspace AND l.document = d.id"
      " WHERE d.workspace = $1 AND d.state = 'active'"
      " AND (l.looked_at IS NULL OR l.looked_at + d.review_days * 86400000000 <= $2)"
      " ORDER BY coalesce(l.looked_at + d.review_days * 86400000000, 0), d.name LIMIT $3",
      [&](const engine::Row& row) {
        OverdueDocument one{std::string(row.text(0)), std::string(row.text(1)),
                            std::string(row.text(2)), std::nullopt, std::nullopt};
        if (!row.null(3)) one.owner = std::string(row.text(3));
        if (!row.null(4)) one.due = Instant{row.integer(4)};
        found.push_back(std::move(one));
      },
      workspace, now, static_cast<std::int64_t>(limit));
  return found;
}

}  // namespace holdpoint::documents
