// See projections.hpp. The shape of a table is the digest of its DDL, kept beside it.
#include "engine/projections.hpp"

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "engine/event_types.hpp"
#include "engine/tables.hpp"

namespace holdpoint::engine {
namespace {

bool is_projection(const Table& table) { return table.table_class == TableClass::projection; }

std::string shape_of(const Table& table) { return sha256(table.ddl).hex(); }

/// Whether every projection stands as it is declared now.
bool all_stand(Connection& writer, std::span<const Table> tables) {
  for (const Table& table : tables) {
    if (!is_projection(table)) continue;
    const auto kept =
        writer.text("SELECT shape FROM projection_shape WHERE workspace = $1 AND name = $2",
                    kSystemWorkspace, table.name);
    if (kept != shape_of(table)) return false;
  }
  return true;
}

/// Indexes go and come with their tables.
void make_anew(Connection& writer, std::span<const Table> tables) {
  writer.exec("DELETE FROM projection_shape WHERE workspace = $1", kSystemWorkspace);
  for (const Table& table : tables) {
    if (!is_projection(table)) continue;
    writer.script("DROP TABLE IF EXISTS " + table.name);
    writer.script(table.ddl);
    writer.exec("INSERT INTO projection_shape (workspace, name, shape) VALUES ($1, $2, $3)",
                kSystemWorkspace, table.name, shape_of(table));
  }
}

void fold_entry(Connection& writer, const EventTypes& types, const Recorded& recorded) {
  const EventType* type = types.find(recorded.type, recorded.version);
  if (type == nullptr) {
    throw StoreFailed(StoreFailure::other,
                      Fault{FaultKind::invalid, "ledger " + recorded.workspace,
                            "this program does not know the event " + recorded.type + " v" +
                                std::to_string(recorded.version)});
  }
  type->fold(writer, recorded);
}

std::uint64_t fold_ledger(Connection& writer, const EventTypes& types) {
  std::uint64_t entries = 0;
  writer.query(
      "SELECT workspace, entry FROM ledger_entry WHERE type <> 'rekor.dsse'"
      " ORDER BY workspace, seq",
      [&](const Row& row) {
        fold_entry(writer, types, recorded_of(row.text(0), row.blob(1)));
        ++entries;
      });
  return entries;
}

}  // namespace

void settle_tables(Connection& writer, std::span<const Module> modules, Log& log) {
  const std::vector<Table> tables = all_tables(modules);
  for (const Table& table : tables) {
    if (!is_projection(table)) writer.script(table.ddl);
  }
  if (all_stand(writer, tables)) return create_tables(writer, tables);
  writer.exec("BEGIN IMMEDIATE");
  try {
    make_anew(writer, tables);
    const std::uint64_t entries = fold_ledger(writer, EventTypes(modules));
    writer.exec("COMMIT");
    if (entries > 0) {
      log.write(LogLevel::info, "the ledger was folded into tables of a new shape",
                {{"entries", std::to_string(entries)}});
    }
  } catch (...) {
    writer.exec("ROLLBACK");
    throw;
  }
}

}  // namespace holdpoint::engine
