// The tables of policy and the folds that write them. The bundle of each revision is made here
// again from the rows, and must be the one that the event names.
#include "engine/columns.hpp"
#include "policy/edge/policy_edge.hpp"

namespace holdpoint::policy {
namespace {

template <class T>
void insert(engine::Connection& tables, std::string_view table, std::string_view workspace,
            const T& row, std::string_view on_conflict = "") {
  engine::columns::Bound bound;
  bound.add(workspace);
  bound.add_all(row);
  tables.run("INSERT INTO " + std::string(table) + " (workspace, " + engine::columns::names<T>() +
                 ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<T>) + ")" +
                 std::string(on_conflict),
             bound.args(), {});
}

void keep_version(engine::Connection& tables, std::string_view workspace,
                  const PolicyChange& change) {
  if (!change.digest || !change.document) return;
  tables.exec(
      "INSERT INTO policy_version (workspace, digest, kind, name, document) VALUES"
      " ($1, $2, $3, $4, $5) ON CONFLICT (workspace, digest) DO NOTHING",
      workspace, change.digest->text(), change.kind, change.name, change.document->text());
}

void put_in_force(engine::Connection& tables, const engine::Recorded& recorded,
                  const PolicyChange& change, std::int64_t revision) {
  tables.exec("DELETE FROM policy WHERE workspace = $1 AND kind = $2 AND name = $3",
              recorded.workspace, change.kind, change.name);
  if (!change.digest || !change.document) return;
  keep_version(tables, recorded.workspace, change);
  insert(tables, "policy", recorded.workspace,
         Policy{change.kind, change.name, change.owner, change.mode_after, revision, *change.digest,
                change.document->digest, change.review_by, recorded.at, recorded.actor.id});
}

/// Brings the changes into force as the revision, and gives the digest of the bundle they make.
Digest activate(engine::Connection& tables, const engine::Recorded& recorded, Revision revision) {
  for (const PolicyChange& change : revision.changes) {
    put_in_force(tables, recorded, change, revision.revision);
  }
  revision.manifest = manifest_of(policies_in_force(tables, recorded.workspace));
  revision.digest = sha256(manifest_text(revision.manifest));
  revision.activated_at = recorded.at;
  revision.activated_by = recorded.actor.id;
  insert(tables, "policy_revision", recorded.workspace, revision);
  tables.exec(
      "UPDATE policy_proposal SET state = 'overtaken' WHERE workspace = $1 AND state = 'open'"
      " AND id <> $2",
      recorded.workspace, revision.proposal.value_or(""));
  return revision.digest;
}

void fold_activated(engine::Connection& tables, const engine::Recorded& recorded,
                    const PolicyActivated& activated) {
  Revision revision;
  revision.revision = activated.revision;
  revision.changes = activated.changes;
  revision.rolls_back_to = activated.rolls_back_to;
  if (activated.proposal) revision.proposal = activated.proposal->text();
  if (activate(tables, recorded, std::move(revision)) != activated.bundle.digest) {
    throw engine::StoreFailed(
        engine::StoreFailure::corrupt,
        Fault{FaultKind::corrupt, "event policy.activated", "its bundle is not what it leads to"});
  }
  if (!activated.proposal) return;
  tables.exec(
      "UPDATE policy_proposal SET state = 'activated', revision = $1 WHERE workspace = $2 AND"
      " id = $3",
      activated.revision, recorded.workspace, *activated.proposal);
}

void fold_applied(engine::Connection& tables, const engine::Recorded& recorded,
                  const CriteriaApplied& applied) {
  const std::string kind(kind_name(Kind::certification_criteria));
  const auto before = find_policy(tables, recorded.workspace, kind, applied.name);
  Revision revision;
  revision.revision = current_revision(tables, recorded.workspace) + 1;
  revision.changes = {{.kind = kind,
                       .name = applied.name,
                       .change = before ? Change::changed : Change::created,
                       .mode_before = before ? before->mode : "",
                       .mode_after = applied.mode,
                       .owner = applied.owner,
                       .digest = applied.digest,
                       .document = applied.document,
                       .review_by = std::nullopt}};
  activate(tables, recorded, std::move(revision));
}

void fold_proposed(engine::Connection& tables, const engine::Recorded& recorded,
                   const PolicyProposed& proposed) {
  for (const PolicyChange& change : proposed.changes) {
    keep_version(tables, recorded.workspace, change);
  }
  Proposal proposal;
  proposal.id = proposed.id;
  proposal.base_revision = proposed.base_revision;
  proposal.changes = proposed.changes;
  proposal.proposed_by = recorded.actor.id;
  proposal.proposer_kind = proposer_kind_of(recorded.actor.kind);
  proposal.proposed_at = recorded.at;
  proposal.rolls_back_to = proposed.rolls_back_to;
  insert(tables, "policy_proposal", recorded.workspace, proposal);
}

void fold_approved(engine::Connection& tables, const engine::Recorded& recorded,
                   const PolicyApproved& approved) {
  auto proposal = find_proposal(tables, recorded.workspace, approved.proposal.text());
  if (!proposal) return;
  proposal->approvals.push_back({recorded.actor.id, recorded.at});
  tables.exec("UPDATE policy_proposal SET approvals = $1 WHERE workspace = $2 AND id = $3",
              to_json_text(proposal->approvals), recorded.workspace, approved.proposal);
}

void fold_rejected(engine::Connection& tables, const engine::Recorded& recorded,
                   const PolicyRejected& rejected) {
  tables.exec(
      "UPDATE policy_proposal SET state = 'rejected', rejected_by = $1, rejected_because = $2"
      " WHERE workspace = $3 AND id = $4",
      recorded.actor.id, rejected.reason, recorded.workspace, rejected.proposal);
}

template <class T>
engine::Table projection(std::string name, const std::string& key, const std::string& index = "") {
  return {name, engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS " + name + " (workspace TEXT NOT NULL, " +
              engine::columns::definitions<T>() + ", PRIMARY KEY (workspace, " + key + "));" +
              index,
          "workspace, " + key};
}

}  // namespace

engine::Module module() {
  engine::Module module{.name = "policy"};
  module.tables.push_back(projection<Policy>("policy", "kind, name"));
  module.tables.push_back(
      projection<Revision>("policy_revision", "revision",
                           "CREATE INDEX IF NOT EXISTS policy_revision_time ON policy_revision"
                           " (workspace, activated_at);"));
  module.tables.push_back(projection<Proposal>("policy_proposal", "id"));
  module.tables.push_back({"policy_version", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS policy_version (workspace TEXT NOT NULL,"
                           " digest TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,"
                           " document TEXT NOT NULL, PRIMARY KEY (workspace, digest));",
                           "workspace, digest"});
  module.events.push_back(engine::event<CriteriaApplied>(fold_applied));
  module.events.push_back(engine::event<PolicyProposed>(fold_proposed));
  module.events.push_back(engine::event<PolicyApproved>(fold_approved));
  module.events.push_back(engine::event<PolicyRejected>(fold_rejected));
  module.events.push_back(engine::event<PolicyActivated>(fold_activated));
  return module;
}

}  // namespace holdpoint::policy
