// See policy_queries.hpp.
#include "policy/edge/policy_queries.hpp"

#include "engine/columns.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t kCompiledMax = 1'000;

template <class T>
std::string select(std::string_view table) {
  return "SELECT " + engine::columns::names<T>() + " FROM " + std::string(table) +
         " WHERE workspace = $1";
}

using engine::columns::all;
using engine::columns::one;

}  // namespace

std::vector<Policy> policies_in_force(engine::Connection& tables, std::string_view workspace) {
  static const std::string sql = select<Policy>("policy") + " ORDER BY kind, name";
  return all<Policy>(tables, sql, workspace);
}

std::vector<Policy> policies_in_force(engine::Connection& tables, std::string_view workspace,
                                      Kind kind) {
  static const std::string sql = select<Policy>("policy") + " AND kind = $2 ORDER BY name";
  return all<Policy>(tables, sql, workspace, kind_name(kind));
}

std::optional<Policy> find_policy(engine::Connection& tables, std::string_view workspace,
                                  std::string_view kind, std::string_view name) {
  static const std::string sql = select<Policy>("policy") + " AND kind = $2 AND name = $3";
  return one<Policy>(tables, sql, workspace, kind, name);
}

std::vector<Policy> criteria_in_force(engine::Connection& tables, std::string_view workspace) {
  return policies_in_force(tables, workspace, Kind::certification_criteria);
}

Digest criteria_digest(const std::vector<Policy>& criteria) {
  std::vector<std::string> digests;
  for (const Policy& one : criteria) digests.push_back(one.name + " " + one.digest.text());
  return sha256(to_json_text(digests));
}

Manifest manifest_of(const std::vector<Policy>& policies) {
  Manifest manifest;
  for (const Policy& policy : policies) {
    manifest.push_back({policy.kind, policy.name, policy.digest, policy.mode, policy.owner,
                        ObjectRef{policy.document}, policy.review_by});
  }
  return manifest;
}

std::int64_t current_revision(engine::Connection& tables, std::string_view workspace) {
  return tables.integer("SELECT max(revision) FROM policy_revision WHERE workspace = $1", workspace)
      .value_or(0);
}

std::optional<Revision> find_revision(engine::Connection& tables, std::string_view workspace,
                                      std::int64_t revision) {
  static const std::string sql = select<Revision>("policy_revision") + " AND revision = $2";
  return one<Revision>(tables, sql, workspace, revision);
}

std::vector<RevisionSummary> revisions(engine::Connection& tables, std::string_view workspace,
                                       std::int64_t before, std::size_t limit) {
  static const std::string sql = select<RevisionSummary>("policy_revision") +
                                 " AND revision < $2 ORDER BY revision DESC LIMIT $3";
  return all<RevisionSummary>(tables, sql, workspace, before, limit);
}

std::vector<RevisionSummary> revisions_between(engine::Connection& tables,
                                               std::string_view workspace, Kind kind, Instant from,
                                               Instant until, std::size_t limit) {
  static const std::string sql = select<RevisionSummary>("policy_revision") +
                                 " AND activated_at >= $2 AND activated_at <= $3"
                                 " AND changes LIKE $4 ORDER BY revision DESC LIMIT $5";
  // As the changes are written: a quote within a text has a backslash before it.
  std::string pattern = "%\"kind\":";
  append_json_string(pattern, kind_name(kind));
  pattern += "%";
  return all<RevisionSummary>(tables, sql, workspace, from, until, pattern, limit);
}

std::optional<Proposal> find_proposal(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id) {
  static const std::string sql = select<Proposal>("policy_proposal") + " AND id = $2";
  return one<Proposal>(tables, sql, workspace, id);
}

std::vector<Proposal> proposals(engine::Connection& tables, std::string_view workspace,
                                std::optional<ProposalState> state, std::string_view before,
                                std::size_t limit) {
  static const std::string sql = select<Proposal>("policy_proposal") +
                                 " AND ($2 = '' OR state = $2) AND ($3 = '' OR id < $3)"
                                 " ORDER BY id DESC LIMIT $4";
  const std::string_view wanted = state ? describe::enum_text(*state) : "";
  return all<Proposal>(tables, sql, workspace, wanted, before, limit);
}

std::optional<Digest> version_text(engine::Connection& tables, std::string_view workspace,
                                   const Digest& digest) {
  const auto found =
      tables.text("SELECT document FROM policy_version WHERE workspace = $1 AND digest = $2",
                  workspace, digest.text());
  return found ? Digest::parse(*found) : std::nullopt;
}

Result<FactsSchemas> read_schemas(const std::map<Kind, json::value>& schemas) {
  FactsSchemas read;
  for (const auto& [kind, schema] : schemas) {
    auto compiled = cel::Schema::from_json(schema);
    if (!compiled) {
      return fault(FaultKind::invalid, "facts schema of " + std::string(kind_name(kind)),
                   compiled.error());
    }
    read.emplace(kind, std::move(*compiled));
  }
  return read;
}

Result<CompiledCriteria> CriteriaLibrary::compiled(const Policy& policy,
                                                   engine::ObjectStore& objects) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = compiled_.find(policy.document);
    if (found != compiled_.end()) return found->second;
  }
  HP_TRY(const std::string text, objects.read_all(policy.document, CriteriaDocument::bytes_max));
  auto fresh = compile_policy(text, schemas_, OwnTests::run, Standing::accepted);
  if (!fresh) {
    return fault(FaultKind::corrupt, policy.kind + " " + policy.name, fresh.error().front().text());
  }
  const std::lock_guard lock(mutex_);
  if (compiled_.size() >= kCompiledMax) compiled_.clear();
  return compiled_.emplace(policy.document, std::move(*fresh)).first->second;
}

}  // namespace holdpoint::policy
