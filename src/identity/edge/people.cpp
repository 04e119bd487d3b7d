// See people.hpp.
#include "identity/edge/people.hpp"

#include <vector>

#include "base/assert.hpp"
#include "identity/decide.hpp"
#include "identity/directory.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/queries.hpp"
#include "identity/permissions.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {
namespace {

std::vector<SessionId> sessions_of(engine::Connection& tables, const PersonId& person) {
  std::vector<SessionId> ids;
  tables.query(
      "SELECT id FROM session WHERE workspace = $1 AND person = $2 ORDER BY expires_at, id",
      [&](const engine::Row& row) {
        ids.push_back(engine::columns::intact(SessionId::parse(row.text(0)), row, 0));
      },
      kSystem, person);
  return ids;
}

}  // namespace

Digest email_key(engine::PersonVault& vault, std::string_view email) {
  return vault.blind_index("email", normal_email(email));
}

void index_person(engine::Connection& tables, const Digest& key, const PersonId& person) {
  tables.exec(
      "INSERT INTO person_email_index (workspace, key, person) VALUES ($1, $2, $3)"
      " ON CONFLICT (workspace, key) DO UPDATE SET person = excluded.person",
      kSystem, key, person);
}

std::optional<PersonId> find_person_named(engine::Unit& unit, std::string_view reference) {
  auto id = PersonId::parse(reference);
  if (!id && reference.contains('@')) {
    id = find_person_by_key(unit.tables(), email_key(unit.vault(), reference));
  }
  if (!id || !is_known_person(unit.tables(), id->text())) return std::nullopt;
  return id;
}

std::string person_name(engine::Engine& engine, engine::Connection& tables, const Person& person) {
  return engine.personal(tables, person.workspace, person.name_seq, person.id.text(), "/name")
      .value_or(std::string(kErasedPerson));
}

std::optional<std::string> person_email(engine::Engine& engine, engine::Connection& tables,
                                        const Person& person) {
  return engine.personal(tables, person.workspace, person.email_seq, person.id.text(), "/email");
}

std::optional<Credential> find_credential(engine::Connection& tables, const PersonId& person) {
  std::optional<Credential> found;
  tables.query(
      "SELECT version, hash FROM credential WHERE workspace = $1 AND person = $2",
      [&](const engine::Row& row) { found = Credential{row.integer(0), std::string(row.text(1))}; },
      kSystem, person);
  return found;
}

void store_password(engine::Unit& unit, const PasswordChanged& changed, std::string_view hash,
                    const std::optional<SessionId>& kept) {
  unit.tables().exec(
      "INSERT INTO credential (workspace, person, version, hash) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (workspace, person) DO UPDATE"
      " SET version = excluded.version, hash = excluded.hash",
      kSystem, changed.person, changed.credential_version, hash);
  unit.record({"person", changed.person.text()}, changed);
  close_sessions(unit, changed.person, SessionEnd::password_changed, kept);
}

Decided<PersonId> add_person(engine::Unit& unit, const AddPerson& command,
                             const std::optional<std::string>& hash) {
  engine::Connection& tables = unit.tables();
  const Digest key = email_key(unit.vault(), command.email);
  std::optional<Person> known;
  if (const auto id = find_person_by_key(tables, key)) {
    known = find_person(tables, kSystem, id->text());
    if (!known) known = Person{.workspace = {}, .id = *id, .state = PersonState::contributor};
  }
  HP_TRY(const PersonAdded added, decide(command, unit.new_id<PersonId>(), known));
  const std::string& id = added.id.text();
  unit.record({"person", id}, added, {{"/name", id, command.name}, {"/email", id, command.email}});
  index_person(tables, key, added.id);
  if (hash) store_password(unit, {added.id, 1}, *hash, std::nullopt);
  return added.id;
}

SessionOpened open_session(engine::Unit& unit, const PersonId& person, const Digest& token_hash) {
  unit.tables().exec("DELETE FROM session WHERE workspace = $1 AND expires_at <= $2", kSystem,
                     unit.now());
  const auto open = sessions_of(unit.tables(), person);
  for (std::size_t i = 0; i + sessions_per_person_max <= open.size(); ++i) {
    close_session(unit, {open[i], person, SessionEnd::replaced});
  }
  const SessionOpened opened{unit.new_id<SessionId>(), person,
                             InstantUs{unit.now() + session_life_max}};
  unit.tables().exec(
      "INSERT INTO session (workspace, id, hash, person, expires_at, last_seen)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      kSystem, opened.id, token_hash, person, opened.expires_at.at, unit.now());
  unit.record({"person", person.text()}, opened);
  return opened;
}

void close_session(engine::Unit& unit, const SessionClosed& closed) {
  const auto ended = unit.tables().exec("DELETE FROM session WHERE workspace = $1 AND id = $2",
                                        kSystem, closed.id);
  if (ended > 0) unit.record({"person", closed.person.text()}, closed);
}

void close_sessions(engine::Unit& unit, const PersonId& person, SessionEnd reason,
                    const std::optional<SessionId>& kept) {
  for (const SessionId& id : sessions_of(unit.tables(), person)) {
    if (id != kept) close_session(unit, {id, person, reason});
  }
}

}  // namespace holdpoint::identity
