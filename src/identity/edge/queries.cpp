// See queries.hpp.
#include "identity/edge/queries.hpp"

#include "base/assert.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

using engine::Connection;
using engine::Row;

template <class T>
T stored(std::optional<T> value) {
  HP_ASSERT(value.has_value(), "ID-3: a stored value has the form in which it was written");
  return std::move(*value);
}

Workspace workspace_of(const Row& row) {
  return {stored(WorkspaceId::parse(row.text(0))), std::string(row.text(1)),
          std::string(row.text(2)), Instant{row.integer(3)}};
}

Person person_of(const Row& row) {
  return {std::string(row.text(0)),
          stored(PersonId::parse(row.text(1))),
          stored(describe::enum_parse<PersonState>(row.text(2))),
          static_cast<std::uint64_t>(row.integer(3)),
          static_cast<std::uint64_t>(row.integer(4)),
          row.integer(5),
          Instant{row.integer(6)}};
}

ServiceAccount account_of(const Row& row) {
  return {stored(ServiceAccountId::parse(row.text(0))), std::string(row.text(1)),
          stored(describe::enum_parse<AccountState>(row.text(2))), Instant{row.integer(3)}};
}

Token token_of(const Row& row) {
  auto scopes = from_json_text<std::vector<std::string>>(row.text(4));
  HP_ASSERT(scopes.has_value(), "ID-3: a stored value has the form in which it was written");
  Token token{stored(TokenId::parse(row.text(0))),
              stored(describe::enum_parse<ActorKind>(row.text(1))),
              std::string(row.text(2)),
              std::string(row.text(3)),
              std::move(*scopes),
              Instant{row.integer(5)},
              Instant{row.integer(6)},
              std::nullopt};
  if (!row.null(7)) token.revoked_at = Instant{row.integer(7)};
  return token;
}

RoleAssignment assignment_of(const Row& row) {
  return {stored(RoleAssignmentId::parse(row.text(0))),
          stored(describe::enum_parse<ActorKind>(row.text(1))), std::string(row.text(2)),
          std::string(row.text(3)), Instant{row.integer(4)}};
}

template <class T, class... A>
std::vector<T> all(Connection& tables, T (*read)(const Row&), std::string_view sql,
                   const A&... args) {
  std::vector<T> found;
  tables.query(sql, [&](const Row& row) { found.push_back(read(row)); }, args...);
  return found;
}

template <class T, class... A>
std::optional<T> one(Connection& tables, T (*read)(const Row&), std::string_view sql,
                     const A&... args) {
  std::optional<T> found;
  tables.query(sql, [&](const Row& row) { found = read(row); }, args...);
  return found;
}

}  // namespace

std::optional<Workspace> find_workspace(Connection& tables, std::string_view name) {
  return one(tables, workspace_of,
             "SELECT id, name, title, created_at FROM workspace WHERE workspace = $1 AND name = $2",
             kSystem, name);
}

std::vector<Workspace> list_workspaces(Connection& tables, const Stretch& stretch) {
  return all(tables, workspace_of,
             "SELECT id, name, title, created_at FROM workspace WHERE workspace = $1 AND name > $2"
             " ORDER BY name LIMIT $3",
             kSystem, stretch.after, stretch.limit);
}

std::optional<Person> find_person(Connection& tables, std::string_view workspace,
                                  std::string_view id) {
  return one(tables, person_of,
             "SELECT workspace, id, state, name_seq, email_seq, credential_version, added_at"
             " FROM person WHERE workspace = $1 AND id = $2",
             workspace, id);
}

std::optional<PersonId> find_person_by_key(Connection& tables, const Digest& email_key) {
  const auto id =
      tables.text("SELECT person FROM person_email_index WHERE workspace = $1 AND key = $2",
                  kSystem, email_key);
  if (!id) return std::nullopt;
  return stored(PersonId::parse(*id));
}

std::vector<Person> list_people(Connection& tables, const Stretch& stretch) {
  return all(tables, person_of,
             "SELECT workspace, id, state, name_seq, email_seq, credential_version, added_at"
             " FROM person WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3",
             kSystem, stretch.after, stretch.limit);
}

std::vector<std::string> server_administrators(Connection& tables) {
  std::vector<std::string> ids;
  tables.query(
      "SELECT p.id FROM role_assignment r JOIN person p"
      " ON p.workspace = r.workspace AND p.id = r.actor_id"
      " WHERE r.workspace = $1 AND r.role = 'administrator' AND p.state = 'active' ORDER BY p.id",
      [&](const Row& row) { ids.emplace_back(row.text(0)); }, kSystem);
  return ids;
}

std::optional<ServiceAccount> find_service_account(Connection& tables, std::string_view workspace,
                                                   std::string_view id) {
  return one(tables, account_of,
             "SELECT id, name, state, created_at FROM service_account"
             " WHERE workspace = $1 AND id = $2",
             workspace, id);
}

std::optional<ServiceAccount> find_open_service_account(Connection& tables,
                                                        std::string_view workspace,
                                                        std::string_view name) {
  return one(tables, account_of,
             "SELECT id, name, state, created_at FROM service_account"
             " WHERE workspace = $1 AND name = $2 AND state = 'active'",
             workspace, name);
}

std::vector<ServiceAccount> list_service_accounts(Connection& tables, std::string_view workspace,
                                                  const Stretch& stretch) {
  return all(tables, account_of,
             "SELECT id, name, state, created_at FROM service_account"
             " WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3",
             workspace, stretch.after, stretch.limit);
}

std::optional<Token> find_token(Connection& tables, std::string_view workspace,
                                std::string_view id) {
  return one(tables, token_of,
             "SELECT id, owner_kind, owner_id, name, scopes, issued_at, expires_at, revoked_at"
             " FROM token WHERE workspace = $1 AND id = $2",
             workspace, id);
}

std::size_t count_live_tokens(Connection& tables, std::string_view workspace,
                              std::string_view owner, Instant now) {
  const auto count = tables.integer(
      "SELECT COUNT(*) FROM token WHERE workspace = $1 AND owner_id = $2"
      " AND revoked_at IS NULL AND expires_at > $3",
      workspace, owner, now);
  return static_cast<std::size_t>(count.value_or(0));
}

std::vector<Token> list_tokens(Connection& tables, std::string_view workspace,
                               const std::optional<std::string>& owner, const Stretch& stretch) {
  if (owner) {
    return all(tables, token_of,
               "SELECT id, owner_kind, owner_id, name, scopes, issued_at, expires_at, revoked_at"
               " FROM token WHERE workspace = $1 AND owner_id = $2 AND id > $3"
               " ORDER BY id LIMIT $4",
               workspace, *owner, stretch.after, stretch.limit);
  }
  return all(tables, token_of,
             "SELECT id, owner_kind, owner_id, name, scopes, issued_at, expires_at, revoked_at"
             " FROM token WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3",
             workspace, stretch.after, stretch.limit);
}

std::optional<RoleAssignment> find_assignment(Connection& tables, std::string_view workspace,
                                              std::string_view id) {
  return one(tables, assignment_of,
             "SELECT id, actor_kind, actor_id, role, assigned_at FROM role_assignment"
             " WHERE workspace = $1 AND id = $2",
             workspace, id);
}

std::optional<RoleAssignment> find_same_assignment(Connection& tables, std::string_view workspace,
                                                   std::string_view actor, std::string_view role) {
  return one(tables, assignment_of,
             "SELECT id, actor_kind, actor_id, role, assigned_at FROM role_assignment"
             " WHERE workspace = $1 AND actor_id = $2 AND role = $3",
             workspace, actor, role);
}

std::vector<RoleAssignment> list_assignments(Connection& tables, std::string_view workspace,
                                             const Stretch& stretch) {
  return all(tables, assignment_of,
             "SELECT id, actor_kind, actor_id, role, assigned_at FROM role_assignment"
             " WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3",
             workspace, stretch.after, stretch.limit);
}

}  // namespace holdpoint::identity
