// The read model of policy: which criteria are in force, compiled once per digest.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "policy/policy.hpp"

namespace holdpoint::policy {

/// Criteria of one workspace, in whatever mode: each certification names every one of them in an
/// entry of the ledger, which is bounded.
inline constexpr std::size_t criteria_per_workspace_max = 100;

struct Criteria {
  std::string name;
  std::string owner;
  std::string mode;
  std::int64_t revision = 0;
  Digest digest;
  Digest document;
  Instant applied_at;
  std::string applied_by;
};
HP_DESCRIBE(Criteria, name, owner, mode, revision, digest, document, applied_at, applied_by)

std::vector<Criteria> criteria_in_force(engine::Connection& tables, std::string_view workspace);
std::optional<Criteria> find_criteria(engine::Connection& tables, std::string_view workspace,
                                      std::string_view name);
/// Names the whole set in force.
Digest criteria_digest(const std::vector<Criteria>& criteria);

/// Compiles each version once. Safe for use from several threads.
class CriteriaLibrary {
 public:
  explicit CriteriaLibrary(cel::Schema facts) : facts_(std::move(facts)) {}

  [[nodiscard]] const cel::Schema& facts() const { return facts_; }
  /// `objects` holds the documents; within a unit it MUST be the unit's. Fault corrupt when the
  /// stored text no longer compiles (a newer program may be stricter): its criteria can then not be
  /// judged, and what cannot be judged does not pass.
  Result<CompiledCriteria> compiled(const Criteria& criteria, engine::ObjectStore& objects);

 private:
  cel::Schema facts_;
  std::mutex mutex_;
  std::map<Digest, CompiledCriteria> compiled_;
};

}  // namespace holdpoint::policy
