// See person_queries.hpp.
#include "identity/edge/person_queries.hpp"

#include "engine/columns.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {

bool is_known_person(engine::Connection& tables, std::string_view id) {
  return tables
      .integer("SELECT 1 FROM person WHERE workspace = $1 AND id = $2 AND state <> 'contributor'",
               kSystem, id)
      .has_value();
}

bool is_active_person(engine::Connection& tables, std::string_view id) {
  return tables
      .integer("SELECT 1 FROM person WHERE workspace = $1 AND id = $2 AND state = 'active'",
               kSystem, id)
      .has_value();
}

std::vector<PersonId> owner_of_actor(engine::Connection& tables, std::string_view workspace,
                                     std::string_view actor_kind, std::string_view actor_id) {
  if (actor_kind == "person") {
    const auto person = PersonId::parse(actor_id);
    return person ? std::vector{*person} : std::vector<PersonId>{};
  }
  if (actor_kind != "service_account") return {};
  std::vector<PersonId> people;
  tables.query(
      "SELECT owner FROM service_account WHERE workspace = $1 AND id = $2 AND owner IS NOT NULL"
      " UNION SELECT issued_by FROM token"
      " WHERE workspace = $1 AND owner_id = $2 AND issued_by IS NOT NULL ORDER BY 1",
      [&](const engine::Row& row) {
        people.push_back(engine::columns::intact(PersonId::parse(row.text(0)), row, 0));
      },
      workspace, actor_id);
  return people;
}

}  // namespace holdpoint::identity
