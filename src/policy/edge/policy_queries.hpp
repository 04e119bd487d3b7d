// The read models of policy: what is in force, every revision, every version's text and every
// proposal; and the library that compiles each version once.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "policy/activation.hpp"
#include "policy/policy.hpp"

namespace holdpoint::policy {

/// Criteria of one workspace, in whatever mode: each certification names every one of them in an
/// entry of the ledger, which is bounded.
inline constexpr std::size_t criteria_per_workspace_max = 100;

/// A document in force.
struct Policy {
  std::string kind;
  std::string name;
  std::string owner;
  std::string mode;
  std::int64_t revision = 0;  // of the workspace, when this version came into force
  Digest digest;
  Digest document;
  std::optional<std::string> review_by;
  Instant applied_at;
  std::string applied_by;
};
HP_DESCRIBE(Policy, kind, name, owner, mode, revision, digest, document, review_by, applied_at,
            applied_by)

/// A bundle that is or was in force.
struct Revision {
  std::int64_t revision = 0;
  Digest digest;  // of the manifest
  Manifest manifest;
  PolicyChanges changes;
  std::optional<std::string> proposal;
  std::optional<std::int64_t> rolls_back_to;
  Instant activated_at;
  std::string activated_by;
};
HP_DESCRIBE(Revision, revision, digest, manifest, changes, proposal, rolls_back_to, activated_at,
            activated_by)

/// The same without its manifest, for lists.
struct RevisionSummary {
  std::int64_t revision = 0;
  Digest digest;
  PolicyChanges changes;
  std::optional<std::string> proposal;
  std::optional<std::int64_t> rolls_back_to;
  Instant activated_at;
  std::string activated_by;
};
HP_DESCRIBE(RevisionSummary, revision, digest, changes, proposal, rolls_back_to, activated_at,
            activated_by)

struct Proposal {
  ProposalId id;
  ProposalState state{};
  std::int64_t base_revision = 0;
  PolicyChanges changes;
  std::vector<ProposalApproval> approvals;
  std::string proposed_by;
  ProposerKind proposer_kind{};
  Instant proposed_at;
  std::optional<std::int64_t> rolls_back_to;
  std::optional<std::int64_t> revision;
  std::optional<std::string> rejected_by;
  std::optional<std::string> rejected_because;
};
HP_DESCRIBE(Proposal, id, state, base_revision, changes, approvals, proposed_by, proposer_kind,
            proposed_at, rolls_back_to, revision, rejected_by, rejected_because)

std::vector<Policy> policies_in_force(engine::Connection& tables, std::string_view workspace);
std::vector<Policy> policies_in_force(engine::Connection& tables, std::string_view workspace,
                                      Kind kind);
std::optional<Policy> find_policy(engine::Connection& tables, std::string_view workspace,
                                  std::string_view kind, std::string_view name);
/// The documents of kind CertificationCriteria.
std::vector<Policy> criteria_in_force(engine::Connection& tables, std::string_view workspace);
/// Names the whole set of criteria in force.
Digest criteria_digest(const std::vector<Policy>& criteria);
Manifest manifest_of(const std::vector<Policy>& policies);

/// 0 before the first document came into force.
std::int64_t current_revision(engine::Connection& tables, std::string_view workspace);
std::optional<Revision> find_revision(engine::Connection& tables, std::string_view workspace,
                                      std::int64_t revision);
/// The newest first, those before `before`.
std::vector<RevisionSummary> revisions(engine::Connection& tables, std::string_view workspace,
                                       std::int64_t before, std::size_t limit);
/// Those that came into force in [from, until] and changed documents of the kind in whatever way,
/// the newest first.
std::vector<RevisionSummary> revisions_between(engine::Connection& tables,
                                               std::string_view workspace, Kind kind, Instant from,
                                               Instant until, std::size_t limit);
std::optional<Proposal> find_proposal(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id);
/// The newest first; of every state without one, those before the id `before` when it is not "".
std::vector<Proposal> proposals(engine::Connection& tables, std::string_view workspace,
                                std::optional<ProposalState> state, std::string_view before,
                                std::size_t limit);
/// The object with the text of a version that is, was or would be in force.
std::optional<Digest> version_text(engine::Connection& tables, std::string_view workspace,
                                   const Digest& digest);

/// The schemas of facts, compiled. Fault invalid when one cannot be read.
Result<FactsSchemas> read_schemas(const std::map<Kind, json::value>& schemas);

/// Compiles each version once. Safe for use from several threads.
class CriteriaLibrary {
 public:
  explicit CriteriaLibrary(FactsSchemas schemas) : schemas_(std::move(schemas)) {}

  [[nodiscard]] const FactsSchemas& schemas() const { return schemas_; }
  /// `objects` holds the documents; within a unit it MUST be the unit's. Fault corrupt when the
  /// stored text no longer compiles (a newer program may be stricter): its rules can then not be
  /// judged, and what cannot be judged does not pass.
  Result<CompiledCriteria> compiled(const Policy& policy, engine::ObjectStore& objects);

 private:
  FactsSchemas schemas_;
  std::mutex mutex_;
  std::map<Digest, CompiledCriteria> compiled_;
};

}  // namespace holdpoint::policy
