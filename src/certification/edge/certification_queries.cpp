// See certification_queries.hpp.
#include "certification/edge/certification_queries.hpp"

#include "engine/columns.hpp"

namespace holdpoint::certification {
namespace {

constexpr std::uint64_t kVerdictBytesMax = 32U << 20;
constexpr std::uint64_t kFactsBytesMax = 64U << 20;

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Certification>() +
                                 " FROM certification WHERE workspace = $1";
  return sql;
}

std::optional<Certification> one(engine::Connection& tables, const std::string& sql,
                                 std::string_view workspace, std::string_view key) {
  std::optional<Certification> found;
  tables.query(
      sql, [&](const engine::Row& row) { found = engine::columns::read<Certification>(row); },
      workspace, key);
  return found;
}

}  // namespace

std::optional<Certification> get_certification(engine::Connection& tables,
                                               std::string_view workspace, std::string_view id) {
  return one(tables, select() + " AND id = $2", workspace, id);
}

std::optional<Certification> latest_certification(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  std::string_view release) {
  return one(tables, select() + " AND release = $2 AND superseded_by IS NULL", workspace, release);
}

Result<Facts> facts_of(engine::ObjectStore& objects, const Certification& certification) {
  HP_TRY(const std::string text, objects.read_all(certification.facts_digest, kFactsBytesMax));
  auto facts = from_json_text<Facts>(text, {.depth_max = 32, .bytes_max = kFactsBytesMax});
  if (!facts) {
    return fault(FaultKind::corrupt, "facts of " + certification.id.text(),
                 facts.error().front().text());
  }
  return std::move(*facts);
}

Result<Verdict> verdict_of(engine::ObjectStore& objects, const Certification& certification) {
  HP_TRY(const std::string text, objects.read_all(certification.verdict_digest, kVerdictBytesMax));
  auto verdict = from_json_text<Verdict>(text, {.depth_max = 32, .bytes_max = kVerdictBytesMax});
  if (!verdict) {
    return fault(FaultKind::corrupt, "verdict of " + certification.id.text(),
                 verdict.error().front().text());
  }
  return std::move(*verdict);
}

}  // namespace holdpoint::certification
