// See verification_queries.hpp.
#include "compliance/edge/verification_queries.hpp"

#include "engine/sql.hpp"

namespace holdpoint::compliance {

engine::Table verification_table() {
  return {"ledger_verification", engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS ledger_verification (workspace TEXT NOT NULL,"
          " seq BIGINT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, entries BIGINT NOT NULL,"
          " findings BIGINT NOT NULL, PRIMARY KEY (workspace, seq));",
          "workspace, seq"};
}

void fold_verified(engine::Connection& tables, const engine::Recorded& recorded,
                   const LedgerVerified& event) {
  tables.exec(
      "INSERT INTO ledger_verification (workspace, seq, id, at, entries, findings)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      recorded.workspace, recorded.seq, recorded.id, recorded.at, event.entries, event.findings);
}

std::optional<Verification> last_verification(engine::Connection& tables, Instant until) {
  std::optional<Verification> last;
  tables.query(
      "SELECT id, at, entries, findings FROM ledger_verification WHERE workspace = $1"
      " AND at < $2 ORDER BY seq DESC LIMIT 1",
      [&](const engine::Row& row) {
        last = Verification{std::string(row.text(0)), Instant{row.integer(1)}, row.integer(2),
                            row.integer(3)};
      },
      engine::kSystemWorkspace, until);
  return last;
}

}  // namespace holdpoint::compliance
