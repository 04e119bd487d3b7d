// See policy_queries.hpp.
#include "policy/edge/policy_queries.hpp"

#include "engine/columns.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t kCompiledMax = 1'000;

const std::string& select() {
  static const std::string sql =
      "SELECT " + engine::columns::names<Criteria>() + " FROM criteria WHERE workspace = $1";
  return sql;
}

}  // namespace

std::vector<Criteria> criteria_in_force(engine::Connection& tables, std::string_view workspace) {
  std::vector<Criteria> found;
  tables.query(
      select() + " ORDER BY name",
      [&](const engine::Row& row) { found.push_back(engine::columns::read<Criteria>(row)); },
      workspace);
  return found;
}

std::optional<Criteria> find_criteria(engine::Connection& tables, std::string_view workspace,
                                      std::string_view name) {
  std::optional<Criteria> found;
  tables.query(
      select() + " AND name = $2",
      [&](const engine::Row& row) { found = engine::columns::read<Criteria>(row); }, workspace,
      name);
  return found;
}

Digest criteria_digest(const std::vector<Criteria>& criteria) {
  std::vector<std::string> digests;
  for (const Criteria& one : criteria) digests.push_back(one.name + " " + one.digest.text());
  return sha256(to_json_text(digests));
}

Result<CompiledCriteria> CriteriaLibrary::compiled(const Criteria& criteria,
                                                   engine::ObjectStore& objects) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = compiled_.find(criteria.document);
    if (found != compiled_.end()) return found->second;
  }
  HP_TRY(const std::string text, objects.read_all(criteria.document, CriteriaDocument::bytes_max));
  auto fresh = compile_criteria(text, facts_);
  if (!fresh) {
    return fault(FaultKind::corrupt, "criteria " + criteria.name, fresh.error().front().text());
  }
  const std::lock_guard lock(mutex_);
  if (compiled_.size() >= kCompiledMax) compiled_.clear();
  return compiled_.emplace(criteria.document, std::move(*fresh)).first->second;
}

}  // namespace holdpoint::policy
