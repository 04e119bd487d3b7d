// See directory.hpp of identity: people by id for other capabilities.
#include "identity/directory.hpp"

#include "engine/engine.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/queries.hpp"
#include "identity/events.hpp"
#include "identity/permissions.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {

PersonId resolve_contributor(engine::Unit& unit, std::string_view name, std::string_view email) {
  const std::string shown_name = presentable(name, name_bytes_max);
  const std::string address = presentable(email, email_bytes_max);
  const Digest key = address.empty() ? unit.vault().blind_index("contributor_name", shown_name)
                                     : email_key(unit.vault(), address);
  engine::Connection& tables = unit.tables();
  auto id = find_person_by_key(tables, key);
  if (id && (find_person(tables, kSystem, id->text()) ||
             find_person(tables, unit.workspace(), id->text()))) {
    return *id;
  }
  if (!id) {
    id = unit.new_id<PersonId>();
    index_person(tables, key, *id);
  }
  std::vector<engine::Personal> personal{{"/name", id->text(), shown_name}};
  if (!address.empty()) personal.push_back({"/email", id->text(), address});
  unit.record({"person", id->text()}, ContributorNoticed{*id}, std::move(personal));
  return *id;
}

std::string display_name(engine::Engine& engine, engine::Connection& tables,
                         std::string_view workspace, std::string_view kind, std::string_view id) {
  if (kind == "service_account") {
    const auto account = find_service_account(tables, workspace, id);
    return account ? account->name : std::string(kind);
  }
  if (kind != "person") return std::string(kind);
  auto person = find_person(tables, kSystem, id);
  if (!person) person = find_person(tables, workspace, id);
  if (!person) return std::string(kErasedPerson);
  return person_name(engine, tables, *person);
}

std::vector<std::string> people_with_role(engine::Connection& tables, std::string_view workspace,
                                          std::string_view role) {
  std::vector<std::string> people;
  tables.query(
      "SELECT DISTINCT p.id FROM role_assignment a JOIN person p"
      " ON p.workspace = $1 AND p.id = a.actor_id AND p.state = 'active'"
      " WHERE a.workspace = $2 AND a.actor_kind = 'person' AND a.role = $3 ORDER BY p.id",
      [&](const engine::Row& row) { people.emplace_back(row.text(0)); }, kSystem, workspace, role);
  return people;
}

std::optional<std::string> mail_address(engine::Engine& engine, engine::Connection& tables,
                                        std::string_view person) {
  const auto found = find_person(tables, kSystem, person);
  if (!found || found->state != PersonState::active) return std::nullopt;
  return person_email(engine, tables, *found);
}

}  // namespace holdpoint::identity
