// The tables of evidence and of triage, and how they are folded.
#include "engine/columns.hpp"
#include "evidence/edge/evidence_edge.hpp"
#include "evidence/triage.hpp"

namespace holdpoint::evidence {
namespace {

void fold(engine::Connection& tables, const engine::Recorded& recorded,
          const EvidenceReceived& received) {
  static const std::string sql =
      "INSERT INTO evidence (workspace, seq, " + engine::columns::names<Evidence>() + ") VALUES (" +
      engine::columns::placeholders(2 + engine::columns::count<Evidence>) + ")";
  const Evidence evidence{.id = received.id,
                          .release = received.release,
                          .name = received.name,
                          .kind = received.kind,
                          .format = received.format,
                          .status = received.status,
                          .reason = received.reason,
                          .digest = received.report.digest,
                          .size = received.size,
                          .summary_digest = received.summary.digest,
                          .parser = received.parser,
                          .flags = received.flags,
                          .counts = received.counts,
                          .metadata = received.metadata,
                          .received_at = recorded.at,
                          .received_by = recorded.actor.id,
                          .superseded_by = std::nullopt};
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(evidence);
  tables.run(sql, bound.args(), {});
  if (received.supersedes) {
    tables.exec("UPDATE evidence SET superseded_by = $1 WHERE workspace = $2 AND id = $3",
                received.id, recorded.workspace, *received.supersedes);
  }
}

/// Another disposition takes the place of the earlier one, and of its confirmation.
void fold_triaged(engine::Connection& tables, const engine::Recorded& recorded,
                  const FindingsTriaged& triaged) {
  static const std::string sql =
      "INSERT INTO finding_triage (workspace, " + engine::columns::names<Triage>() + ") VALUES (" +
      engine::columns::placeholders(1 + engine::columns::count<Triage>) + ")";
  for (const std::string& fingerprint : triaged.fingerprints) {
    tables.exec(
        "DELETE FROM finding_triage WHERE workspace = $1 AND application = $2"
        " AND fingerprint = $3",
        recorded.workspace, triaged.application, fingerprint);
    Triage row;
    row.application = triaged.application;
    row.fingerprint = fingerprint;
    row.disposition = triaged.disposition;
    row.duplicate_of = triaged.duplicate_of;
    row.triaged_by = recorded.actor.id;
    row.triaged_at = recorded.at;
    row.triaged_seq = static_cast<std::int64_t>(recorded.seq);
    engine::columns::Bound bound;
    bound.add(recorded.workspace);
    bound.add_all(row);
    tables.run(sql, bound.args(), {});
  }
}

void fold_confirmed(engine::Connection& tables, const engine::Recorded& recorded,
                    const TriageConfirmed& confirmed) {
  for (const std::string& fingerprint : confirmed.fingerprints) {
    tables.exec(
        "UPDATE finding_triage SET confirmed_by = $1, confirmed_at = $2, confirmed_seq = $3"
        " WHERE workspace = $4 AND application = $5 AND fingerprint = $6",
        recorded.actor.id, recorded.at, recorded.seq, recorded.workspace, confirmed.application,
        fingerprint);
  }
}

}  // namespace

engine::Module module() {
  engine::Module module{.name = "evidence"};
  module.tables.push_back(
      {"evidence", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS evidence (workspace TEXT NOT NULL, seq BIGINT NOT NULL, " +
           engine::columns::definitions<Evidence>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS evidence_release ON evidence (workspace, release, name);"
           "CREATE INDEX IF NOT EXISTS evidence_order ON evidence (workspace, release, seq);",
       "workspace, id"});
  module.tables.push_back({"finding_triage", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS finding_triage (workspace TEXT NOT NULL, " +
                               engine::columns::definitions<Triage>() +
                               ", PRIMARY KEY (workspace, application, fingerprint));",
                           "workspace, application, fingerprint"});
  module.events.push_back(engine::event<EvidenceReceived>(fold));
  module.events.push_back(engine::event<FindingsTriaged>(fold_triaged));
  module.events.push_back(engine::event<TriageConfirmed>(fold_confirmed));
  return module;
}

}  // namespace holdpoint::evidence
