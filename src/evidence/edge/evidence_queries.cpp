// See evidence_queries.hpp.
#include "evidence/edge/evidence_queries.hpp"

namespace holdpoint::evidence {
namespace {

constexpr std::uint64_t kSummaryBytesMax = 256U << 20;

const std::string& select() {
  static const std::string sql =
      "SELECT " + engine::columns::names<Evidence>() + " FROM evidence WHERE workspace = $1";
  return sql;
}

}  // namespace

std::optional<Evidence> get_evidence(engine::Connection& tables, std::string_view workspace,
                                     std::string_view id) {
  std::optional<Evidence> found;
  tables.query(
      select() + " AND id = $2",
      [&](const engine::Row& row) { found = engine::columns::read<Evidence>(row); }, workspace, id);
  return found;
}

std::vector<Evidence> current_evidence(engine::Connection& tables, std::string_view workspace,
                                       std::string_view release) {
  std::vector<Evidence> found;
  tables.query(
      select() + " AND release = $2 AND superseded_by IS NULL ORDER BY name, id",
      [&](const engine::Row& row) { found.push_back(engine::columns::read<Evidence>(row)); },
      workspace, release);
  return found;
}

std::vector<engine::columns::Sequenced<Evidence>> list_evidence(engine::Connection& tables,
                                                                std::string_view workspace,
                                                                std::string_view release,
                                                                std::int64_t after,
                                                                std::size_t limit) {
  static const std::string sql =
      "SELECT " + engine::columns::names<Evidence>() +
      ", seq FROM evidence WHERE workspace = $1 AND release = $2 AND seq > $3"
      " ORDER BY seq LIMIT $4";
  std::vector<engine::columns::Sequenced<Evidence>> found;
  tables.query(
      sql,
      [&](const engine::Row& row) {
        found.push_back(engine::columns::read_sequenced<Evidence>(row));
      },
      workspace, release, after, limit);
  return found;
}

Digest current_evidence_digest(engine::Connection& tables, std::string_view workspace,
                               std::string_view release) {
  std::vector<Piece> pieces;
  for (const Evidence& evidence : current_evidence(tables, workspace, release)) {
    pieces.push_back(evidence.piece());
  }
  return evidence_digest(pieces);
}

Result<Summary> summary_of(engine::ObjectStore& objects, const Evidence& evidence) {
  HP_TRY(const std::string text, objects.read_all(evidence.summary_digest, kSummaryBytesMax));
  auto summary = from_json_text<Summary>(text, {.depth_max = 32, .bytes_max = kSummaryBytesMax});
  if (!summary) {
    return fault(FaultKind::corrupt, "summary of " + evidence.id.text(),
                 summary.error().front().text());
  }
  return std::move(*summary);
}

}  // namespace holdpoint::evidence
