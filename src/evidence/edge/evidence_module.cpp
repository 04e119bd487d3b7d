// The table of evidence and how it is folded.
#include "engine/columns.hpp"
#include "evidence/edge/evidence_edge.hpp"

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
  module.events.push_back(engine::event<EvidenceReceived>(fold));
  return module;
}

}  // namespace holdpoint::evidence
