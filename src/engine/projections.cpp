// See projections.hpp. The shape of a table is the digest of its DDL, kept beside it under its
// name, so that a table is known as a projection also by a program that declares it no more.
#include "engine/projections.hpp"

#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "engine/event_types.hpp"
#include "engine/tables.hpp"

namespace holdpoint::engine {
namespace {

bool is_projection(const Table& table) { return table.table_class == TableClass::projection; }

/// Of each projection, by its name.
using Shapes = std::map<std::string, std::string>;

Shapes declared_shapes(std::span<const Table> tables) {
  Shapes shapes;
  for (const Table& table : tables) {
    if (is_projection(table)) shapes[table.name] = sha256(table.ddl).hex();
  }
  return shapes;
}

/// As the program left them that folded last.
Shapes kept_shapes(Connection& writer) {
  Shapes shapes;
  writer.query(
      "SELECT name, shape FROM projection_shape WHERE workspace = $1",
      [&](const Row& row) { shapes[std::string(row.text(0))] = row.text(1); }, kSystemWorkspace);
  return shapes;
}

/// Indexes go and come with their tables.
void make_anew(Connection& writer, std::span<const Table> tables, const Shapes& kept) {
  const Shapes declared = declared_shapes(tables);
  for (const Shapes* shapes : {&kept, &declared}) {
    for (const auto& [name, shape] : *shapes) writer.script("DROP TABLE IF EXISTS " + name);
  }
  create_tables(writer, tables);
  writer.exec("DELETE FROM projection_shape WHERE workspace = $1", kSystemWorkspace);
  for (const auto& [name, shape] : declared) {
    writer.exec("INSERT INTO projection_shape (workspace, name, shape) VALUES ($1, $2, $3)",
                kSystemWorkspace, name, shape);
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
  types.fold(writer, *type, recorded);
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
  const Shapes kept = kept_shapes(writer);
  if (kept == declared_shapes(tables)) return create_tables(writer, tables);
  writer.exec("BEGIN IMMEDIATE");
  try {
    make_anew(writer, tables, kept);
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
