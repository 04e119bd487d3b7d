// See certification_queries.hpp.
#include "certification/edge/certification_queries.hpp"

#include "certification/looked_for.hpp"

#include "engine/columns.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::certification {
namespace {

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

std::vector<Certification> list_decisions(engine::Connection& tables, std::string_view workspace,
                                          const policy::DecisionPage& page) {
  std::string sql = select();
  if (page.decisions == policy::DecisionSelection::standing) sql += " AND superseded_by IS NULL";
  sql +=
      " AND ($2 = '' OR application = $2) AND at >= $3 AND ($4 = '' OR id < $4)"
      " ORDER BY id DESC LIMIT $5";
  std::vector<Certification> found;
  tables.query(
      sql,
      [&](const engine::Row& row) { found.push_back(engine::columns::read<Certification>(row)); },
      workspace, page.application, page.since.value_or(Instant{}), page.after,
      static_cast<std::uint64_t>(page.limit));
  return found;
}

std::vector<policy::RecordedDecision> past_certifications(engine::Connection& tables,
                                                          std::string_view workspace,
                                                          const policy::DecisionPage& page) {
  std::vector<policy::RecordedDecision> decisions;
  for (Certification& row : list_decisions(tables, workspace, page)) {
    // Whether it passed, whatever became of the certification since.
    const bool was_issued = row.statement_digest.has_value();
    decisions.push_back({.id = row.id.text(),
                         .subject = row.application + "@" + row.version,
                         .application = row.application,
                         .environment = std::nullopt,
                         .decided_at = row.at,
                         .passed = was_issued,
                         .facts = row.facts_digest,
                         .documents_digest = row.criteria_digest,
                         .documents = std::move(row.judged_by)});
  }
  return decisions;
}

bool are_hindering(const json::object& facts) {
  const auto* release = facts.if_contains("release");
  const auto* object = release == nullptr ? nullptr : release->if_object();
  const auto* artifacts = object == nullptr ? nullptr : object->if_contains("artifacts");
  return artifacts == nullptr || !artifacts->is_array() || artifacts->get_array().empty();
}

std::optional<std::string> newest_judged_release(engine::Connection& tables,
                                                 std::string_view workspace,
                                                 std::string_view application,
                                                 std::string_view being_judged) {
  releases::ReleaseFilter filter;
  filter.application = application;
  filter.limit = releases_looked_at_max;
  for (const auto& [seq, release] : releases::list_releases(tables, workspace, filter)) {
    std::string id = release.id.text();
    if (id == being_judged || latest_certification(tables, workspace, id)) return id;
  }
  return std::nullopt;
}

Result<std::optional<waivers::RuleStanding>> rule_standing(
    engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
    std::string_view release, std::string_view criteria, std::string_view rule) {
  const auto found = latest_certification(tables, workspace, release);
  if (!found) return std::nullopt;
  HP_TRY(const Verdict verdict, verdict_of(objects, *found));
  return rule_standing(verdict, criteria, rule);
}

Result<std::vector<std::string>> looked_for(engine::Connection& tables,
                                            engine::ObjectStore& objects,
                                            std::string_view workspace, std::string_view release,
                                            std::string_view other,
                                            const std::vector<policy::Violation>& violations) {
  std::vector<std::string> found;
  const auto seen = latest_certification(tables, workspace, release);
  const auto there = latest_certification(tables, workspace, other);
  if (!seen || !there) return found;
  HP_TRY(const Facts facts, facts_of(objects, *there));
  HP_TRY(const Verdict verdict, verdict_of(objects, *there));
  if (!is_complete(facts, verdict)) return found;
  HP_TRY(const Facts facts_seen, facts_of(objects, *seen));
  for (const policy::Violation& one : violations) {
    if (was_looked_for(facts_seen.evidence, facts.evidence, one.fingerprint)) {
      found.push_back(one.fingerprint);
    }
  }
  return found;
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
  HP_TRY(const std::string text, objects.read_all(certification.verdict_digest, verdict_bytes_max));
  auto verdict = from_json_text<Verdict>(text, {.depth_max = 32, .bytes_max = verdict_bytes_max});
  if (!verdict) {
    return fault(FaultKind::corrupt, "verdict of " + certification.id.text(),
                 verdict.error().front().text());
  }
  return std::move(*verdict);
}

}  // namespace holdpoint::certification
