// See snapshot.hpp.
#include "identity/edge/snapshot.hpp"

#include <algorithm>

#include "engine/columns.hpp"
#include "identity/directory.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/queries.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

using engine::Connection;
using engine::Engine;
using engine::Row;
using engine::columns::intact;

auto load_workspaces(Connection& tables) {
  auto names = std::make_shared<KnownWorkspaces>();
  names->emplace(kSystem);
  tables.query(
      "SELECT name FROM workspace WHERE workspace = $1",
      [&](const Row& row) { names->emplace(row.text(0)); }, kSystem);
  return names;
}

auto load_people(Engine& engine, Connection& tables) {
  std::vector<Person> active;
  tables.query(
      "SELECT id, name_seq FROM person WHERE workspace = $1 AND state = 'active'",
      [&](const Row& row) {
        Person person{.workspace = std::string(kSystem),
                      .id = intact(PersonId::parse(row.text(0)), row, 0),
                      .state = PersonState::active,
                      .name_seq = static_cast<std::uint64_t>(row.integer(1))};
        active.push_back(std::move(person));
      },
      kSystem);
  auto people = std::make_shared<KnownPeople>();
  for (const Person& person : active) {
    people->emplace(person.id.text(), KnownPerson{person_name(engine, tables, person)});
  }
  return people;
}

auto load_service_accounts(Connection& tables) {
  auto accounts = std::make_shared<KnownServiceAccounts>();
  tables.query("SELECT id, workspace, name FROM service_account WHERE state = 'active'",
               [&](const Row& row) {
                 accounts->emplace(row.text(0), KnownServiceAccount{std::string(row.text(1)),
                                                                    std::string(row.text(2))});
               });
  return accounts;
}

auto load_tokens(Engine& engine, Connection& tables) {
  auto tokens = std::make_shared<KnownTokens>();
  const Instant oldest = engine.ports().clock.now() - expired_token_remembered;
  tables.query(
      "SELECT hash, id, workspace, owner_kind, owner_id, name, scopes, expires_at FROM token"
      " WHERE revoked_at IS NULL AND expires_at > $1",
      [&](const Row& row) {
        const Digest hash = intact(Digest::from_bytes(row.blob(0)), row, 0);
        std::vector<std::string> scopes;
        engine::columns::read_column(row, 6, scopes);
        tokens->emplace(
            hash, KnownToken{intact(TokenId::parse(row.text(1)), row, 1), std::string(row.text(2)),
                             intact(describe::enum_parse<ActorKind>(row.text(3)), row, 3),
                             std::string(row.text(4)), std::string(row.text(5)), std::move(scopes),
                             Instant{row.integer(7)}});
      },
      oldest);
  return tokens;
}

auto load_sessions(Connection& tables, const KnownSessions* earlier) {
  auto sessions = std::make_shared<KnownSessions>();
  tables.query(
      "SELECT hash, id, person, expires_at, last_seen FROM session WHERE workspace = $1",
      [&](const Row& row) {
        const Digest hash = intact(Digest::from_bytes(row.blob(0)), row, 0);
        std::shared_ptr<LastSeen> last_seen;
        if (earlier != nullptr) {
          const auto known = earlier->find(hash);
          if (known != earlier->end()) last_seen = known->second.last_seen;
        }
        if (last_seen == nullptr) {
          last_seen = std::make_shared<LastSeen>(row.integer(4), row.integer(4));
        }
        sessions->emplace(hash, KnownSession{intact(SessionId::parse(row.text(1)), row, 1),
                                             intact(PersonId::parse(row.text(2)), row, 2),
                                             Instant{row.integer(3)}, std::move(last_seen)});
      },
      kSystem);
  return sessions;
}

auto load_roles(Connection& tables) {
  auto roles = std::make_shared<KnownRoles>();
  tables.query(
      "SELECT actor_id, workspace, role FROM role_assignment ORDER BY workspace, id",
      [&](const Row& row) {
        (*roles)[std::string(row.text(0))][std::string(row.text(1))].emplace_back(row.text(2));
      });
  return roles;
}

}  // namespace

std::vector<std::string> Snapshot::roles_in(const std::string& actor,
                                            std::string_view workspace) const {
  const auto found = roles->find(actor);
  if (found == roles->end()) return {};
  const auto here = found->second.find(workspace);
  return here == found->second.end() ? std::vector<std::string>{} : here->second;
}

std::vector<std::string> Snapshot::permissions(const std::string& actor,
                                               std::string_view workspace) const {
  if (!workspaces->contains(workspace)) return {};
  return effective_permissions(roles_in(actor, workspace), roles_in(actor, kSystem), workspace);
}

const std::string* Snapshot::name_of(ActorKind kind, const std::string& id) const {
  if (kind == ActorKind::person) {
    const auto found = people->find(id);
    return found == people->end() ? nullptr : &found->second.name;
  }
  const auto found = service_accounts->find(id);
  return found == service_accounts->end() ? nullptr : &found->second.name;
}

std::optional<Part> part_of(std::string_view event_type) {
  if (event_type.starts_with("token.")) return Part::tokens;
  if (event_type.starts_with("session.")) return Part::sessions;
  if (event_type.starts_with("role.")) return Part::roles;
  if (event_type.starts_with("person.")) return Part::people;
  if (event_type.starts_with("service_account.")) return Part::service_accounts;
  if (event_type.starts_with("workspace.")) return Part::workspaces;
  return std::nullopt;
}

Snapshot load_snapshot(Engine& engine, Connection& tables) {
  return {load_workspaces(tables),        load_people(engine, tables),
          load_service_accounts(tables),  load_tokens(engine, tables),
          load_sessions(tables, nullptr), load_roles(tables)};
}

Snapshot reloaded(const Snapshot& earlier, Part part, Engine& engine, Connection& tables) {
  Snapshot next = earlier;
  switch (part) {
    case Part::workspaces: next.workspaces = load_workspaces(tables); break;
    case Part::people: next.people = load_people(engine, tables); break;
    case Part::service_accounts: next.service_accounts = load_service_accounts(tables); break;
    case Part::tokens: next.tokens = load_tokens(engine, tables); break;
    case Part::sessions: next.sessions = load_sessions(tables, earlier.sessions.get()); break;
    case Part::roles: next.roles = load_roles(tables); break;
  }
  return next;
}

}  // namespace holdpoint::identity
