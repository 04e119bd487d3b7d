// See links.hpp.
#include "engine/links.hpp"

namespace holdpoint::engine {
namespace {

bool exists(Connection& tables, std::string_view workspace, const Link& link) {
  return tables
      .integer(
          "SELECT 1 FROM record_link WHERE workspace = $1 AND from_kind = $2 AND from_id = $3"
          " AND relation = $4 AND to_kind = $5 AND to_id = $6",
          workspace, link.from.kind, link.from.id, link.relation, link.to.kind, link.to.id)
      .has_value();
}

}  // namespace

void make_link(Unit& unit, const Link& link) {
  if (exists(unit.tables(), unit.workspace(), link)) return;
  unit.record({link.from.kind, link.from.id}, LinkMade{link});
}

Decided<void> remove_link(Unit& unit, const Link& link) {
  if (!exists(unit.tables(), unit.workspace(), link)) {
    return refuse(RefusalKind::not_found, "link_not_found", "There is no such link.");
  }
  unit.record({link.from.kind, link.from.id}, LinkRemoved{link});
  return {};
}

std::vector<Link> links_of(Connection& tables, std::string_view workspace, const LinkEnd& end) {
  std::vector<Link> links;
  tables.query(
      "SELECT from_kind, from_id, relation, to_kind, to_id FROM record_link"
      " WHERE workspace = $1 AND ((from_kind = $2 AND from_id = $3)"
      " OR (to_kind = $2 AND to_id = $3))"
      " ORDER BY from_kind, from_id, relation, to_kind, to_id",
      [&](const Row& row) {
        links.push_back({{std::string(row.text(0)), std::string(row.text(1))},
                         std::string(row.text(2)),
                         {std::string(row.text(3)), std::string(row.text(4))}});
      },
      workspace, end.kind, end.id);
  return links;
}

Module links_module() {
  Module module{.name = "links"};
  module.tables.push_back(
      {"record_link", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS record_link (workspace TEXT NOT NULL, from_kind TEXT NOT NULL,"
       " from_id TEXT NOT NULL, relation TEXT NOT NULL, to_kind TEXT NOT NULL,"
       " to_id TEXT NOT NULL,"
       " PRIMARY KEY (workspace, from_kind, from_id, relation, to_kind, to_id));"
       "CREATE INDEX IF NOT EXISTS record_link_to ON record_link (workspace, to_kind, to_id);",
       "workspace, from_kind, from_id, relation, to_kind, to_id"});
  module.events.push_back(event<LinkMade>([](Connection& tables, const Recorded& recorded,
                                             const LinkMade& made) {
    const Link& link = made.link;
    tables.exec(
        "INSERT INTO record_link (workspace, from_kind, from_id, relation, to_kind,"
        " to_id) VALUES ($1, $2, $3, $4, $5, $6)",
        recorded.workspace, link.from.kind, link.from.id, link.relation, link.to.kind, link.to.id);
  }));
  module.events.push_back(event<LinkRemoved>([](Connection& tables, const Recorded& recorded,
                                                const LinkRemoved& removed) {
    const Link& link = removed.link;
    tables.exec(
        "DELETE FROM record_link WHERE workspace = $1 AND from_kind = $2"
        " AND from_id = $3 AND relation = $4 AND to_kind = $5 AND to_id = $6",
        recorded.workspace, link.from.kind, link.from.id, link.relation, link.to.kind, link.to.id);
  }));
  return module;
}

}  // namespace holdpoint::engine
