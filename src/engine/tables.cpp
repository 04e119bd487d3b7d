// See tables.hpp.
#include "engine/tables.hpp"

namespace holdpoint::engine {

std::vector<Table> engine_tables() {
  return {
      {"ledger_entry", TableClass::ledger,
       "CREATE TABLE IF NOT EXISTS ledger_entry ("
       " workspace TEXT NOT NULL, seq BIGINT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,"
       " at BIGINT NOT NULL, subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL,"
       " entry BLOB NOT NULL, leaf_hash BLOB NOT NULL, PRIMARY KEY (workspace, seq));"
       "CREATE INDEX IF NOT EXISTS ledger_entry_subject"
       " ON ledger_entry (workspace, subject_id, seq);",
       "workspace, seq"},
      {"ledger_sealed", TableClass::ledger,
       "CREATE TABLE IF NOT EXISTS ledger_sealed ("
       " workspace TEXT NOT NULL, seq BIGINT NOT NULL, person TEXT NOT NULL,"
       " sealed BLOB NOT NULL, PRIMARY KEY (workspace, seq, person));",
       "workspace, seq, person"},
      {"ledger_subtree", TableClass::ledger,
       "CREATE TABLE IF NOT EXISTS ledger_subtree ("
       " workspace TEXT NOT NULL, level INTEGER NOT NULL, position BIGINT NOT NULL,"
       " hash BLOB NOT NULL, PRIMARY KEY (workspace, level, position));",
       "workspace, level, position"},
      {"ledger_head", TableClass::ledger,
       "CREATE TABLE IF NOT EXISTS ledger_head ("
       " workspace TEXT NOT NULL, size BIGINT NOT NULL, at BIGINT NOT NULL,"
       " root BLOB NOT NULL, frontier BLOB NOT NULL, PRIMARY KEY (workspace));",
       "workspace"},
      {"idempotency", TableClass::operational,
       "CREATE TABLE IF NOT EXISTS idempotency ("
       " workspace TEXT NOT NULL, actor TEXT NOT NULL, key TEXT NOT NULL,"
       " request BLOB NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,"
       " at BIGINT NOT NULL, PRIMARY KEY (workspace, actor, key));"
       "CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at);",
       "workspace, actor, key"},
      {"timer", TableClass::operational,
       "CREATE TABLE IF NOT EXISTS timer ("
       " workspace TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, due BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, kind, key));"
       "CREATE INDEX IF NOT EXISTS timer_due ON timer (due);",
       "workspace, kind, key"},
      // Earlier programs kept deliveries in a table outbox, which nothing was ever put into.
      {"delivery", TableClass::operational,
       "DROP TABLE IF EXISTS outbox;"
       "CREATE TABLE IF NOT EXISTS delivery ("
       " workspace TEXT NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL,"
       " recipient TEXT NOT NULL, topic TEXT NOT NULL, about TEXT NOT NULL,"
       " payload TEXT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL,"
       " held BIGINT NOT NULL, queued_at BIGINT NOT NULL, due BIGINT NOT NULL,"
       " settled_at BIGINT, last_error TEXT NOT NULL, PRIMARY KEY (workspace, id));"
       "CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due);"
       "CREATE INDEX IF NOT EXISTS delivery_about ON delivery (workspace, about);",
       "workspace, id"},
      {"projection_shape", TableClass::operational,
       "CREATE TABLE IF NOT EXISTS projection_shape ("
       " workspace TEXT NOT NULL, name TEXT NOT NULL, shape TEXT NOT NULL,"
       " PRIMARY KEY (workspace, name));",
       "workspace, name"},
  };
}

std::vector<Table> all_tables(std::span<const Module> modules) {
  auto tables = engine_tables();
  for (const Module& module : modules) {
    tables.insert(tables.end(), module.tables.begin(), module.tables.end());
  }
  return tables;
}

void create_tables(Connection& connection, std::span<const Table> tables) {
  for (const Table& table : tables) connection.script(table.ddl);
}

}  // namespace holdpoint::engine
