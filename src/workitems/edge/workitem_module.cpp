// The tables of work items and how they are folded.
#include "workitems/edge/workitems_edge.hpp"

namespace holdpoint::workitems {
namespace {

void fold_text(engine::Connection& tables, const engine::Recorded& recorded,
               const TextAdded& added) {
  tables.exec(
      "INSERT INTO work_item_text (workspace, seq, item, purpose, author, at)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      recorded.workspace, static_cast<std::int64_t>(recorded.seq), added.id,
      describe::enum_text(added.purpose), recorded.actor.id, recorded.at);
}

engine::Module texts_module() {
  engine::Module module{.name = "work_item_texts"};
  module.tables.push_back(
      {"work_item_text", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS work_item_text (workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
       " item TEXT NOT NULL, purpose TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, seq));"
       "CREATE INDEX IF NOT EXISTS work_item_text_item ON work_item_text"
       " (workspace, item, purpose, seq);",
       "workspace, seq"});
  module.events.push_back(engine::event<TextAdded>(fold_text));
  return module;
}

}  // namespace

std::vector<engine::Module> modules() {
  engine::Module items = WorkItems::module();
  items.tables.front().ddl +=
      "CREATE INDEX IF NOT EXISTS work_item_type ON work_item (workspace, type, state);"
      "CREATE INDEX IF NOT EXISTS work_item_external ON work_item"
      " (workspace, external_system, external_key);";
  return {std::move(items), texts_module()};
}

}  // namespace holdpoint::workitems
