// See queries.hpp. Rows are read by the descriptions of state.hpp, whose members are the columns.
#include "identity/edge/queries.hpp"

#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

using engine::Connection;
using engine::Row;

/// Where the rows of a T stand, and the column with the sequence of the entry that made each.
struct Source {
  std::string_view table;
  std::string_view sequence = "seq";
};
template <class T>
inline constexpr Source kSource{};
template <>
inline constexpr Source kSource<Workspace>{"workspace"};
template <>
inline constexpr Source kSource<Person>{"person", "email_seq"};
template <>
inline constexpr Source kSource<ServiceAccount>{"service_account"};
template <>
inline constexpr Source kSource<Token>{"token"};
template <>
inline constexpr Source kSource<RoleAssignment>{"role_assignment"};

template <class T>
std::string from_workspace(std::string_view columns) {
  return "SELECT " + std::string(columns) + " FROM " + std::string(kSource<T>.table) +
         " WHERE workspace = $1";
}

/// The row of a workspace that the condition (of $2, $3 …) is true for.
template <class T, class... A>
std::optional<T> one(Connection& tables, std::string_view condition, const A&... args) {
  static const std::string sql = from_workspace<T>(engine::columns::names<T>());
  std::optional<T> found;
  tables.query(
      sql + " AND " + std::string(condition),
      [&](const Row& row) { found = engine::columns::read<T>(row); }, args...);
  return found;
}

/// A stretch of a workspace's rows, those of one owner alone if one is named.
template <class T>
Rows<T> all(Connection& tables, std::string_view workspace, const Stretch& stretch,
            const std::optional<std::string>& owner = std::nullopt) {
  static const std::string sequence(kSource<T>.sequence);
  static const std::string sql = from_workspace<T>(engine::columns::names<T>() + ", " + sequence) +
                                 " AND " + sequence + " > $2";
  const std::string bounds = " ORDER BY " + sequence + " LIMIT $3";
  Rows<T> found;
  const auto take = [&](const Row& row) {
    found.push_back(engine::columns::read_sequenced<T>(row));
  };
  if (owner) {
    tables.query(sql + " AND owner_id = $4" + bounds, take, workspace, stretch.after, stretch.limit,
                 *owner);
  } else {
    tables.query(sql + bounds, take, workspace, stretch.after, stretch.limit);
  }
  return found;
}

}  // namespace

std::optional<Workspace> find_workspace(Connection& tables, std::string_view name) {
  return one<Workspace>(tables, "name = $2", kSystem, name);
}

std::vector<Workspace> list_workspaces(Connection& tables, std::string_view after,
                                       std::size_t limit) {
  static const std::string sql = from_workspace<Workspace>(engine::columns::names<Workspace>()) +
                                 " AND name > $2 ORDER BY name LIMIT $3";
  std::vector<Workspace> found;
  tables.query(
      sql, [&](const Row& row) { found.push_back(engine::columns::read<Workspace>(row)); }, kSystem,
      after, limit);
  return found;
}

std::optional<Person> find_person(Connection& tables, std::string_view workspace,
                                  std::string_view id) {
  return one<Person>(tables, "id = $2", workspace, id);
}

std::optional<PersonId> find_person_by_key(Connection& tables, const Digest& email_key) {
  std::optional<PersonId> found;
  tables.query(
      "SELECT person FROM person_email_index WHERE workspace = $1 AND key = $2",
      [&](const Row& row) {
        found = engine::columns::intact(PersonId::parse(row.text(0)), row, 0);
      },
      kSystem, email_key);
  return found;
}

Rows<Person> list_people(Connection& tables, const Stretch& stretch) {
  return all<Person>(tables, kSystem, stretch);
}

std::vector<std::string> administrators_of(Connection& tables, std::string_view workspace) {
  std::vector<std::string> ids;
  tables.query(
      "SELECT p.id FROM role_assignment r JOIN person p ON p.workspace = $2 AND p.id = r.actor_id"
      " WHERE r.workspace = $1 AND r.role = 'administrator' AND p.state = 'active' ORDER BY p.id",
      [&](const Row& row) { ids.emplace_back(row.text(0)); }, workspace, kSystem);
  return ids;
}

std::vector<std::string> server_administrators(Connection& tables) {
  return administrators_of(tables, kSystem);
}

std::optional<ServiceAccount> find_service_account(Connection& tables, std::string_view workspace,
                                                   std::string_view id) {
  return one<ServiceAccount>(tables, "id = $2", workspace, id);
}

std::optional<ServiceAccount> find_open_service_account(Connection& tables,
                                                        std::string_view workspace,
                                                        std::string_view name) {
  return one<ServiceAccount>(tables, "name = $2 AND state = 'active'", workspace, name);
}

Rows<ServiceAccount> list_service_accounts(Connection& tables, std::string_view workspace,
                                           const Stretch& stretch) {
  return all<ServiceAccount>(tables, workspace, stretch);
}

std::optional<Token> find_token(Connection& tables, std::string_view workspace,
                                std::string_view id) {
  return one<Token>(tables, "id = $2", workspace, id);
}

std::size_t count_live_tokens(Connection& tables, std::string_view workspace,
                              std::string_view owner, Instant now) {
  const auto count = tables.integer(
      "SELECT COUNT(*) FROM token WHERE workspace = $1 AND owner_id = $2"
      " AND revoked_at IS NULL AND expires_at > $3",
      workspace, owner, now);
  return static_cast<std::size_t>(count.value_or(0));
}

Rows<Token> list_tokens(Connection& tables, std::string_view workspace,
                        const std::optional<std::string>& owner, const Stretch& stretch) {
  return all<Token>(tables, workspace, stretch, owner);
}

std::optional<RoleAssignment> find_assignment(Connection& tables, std::string_view workspace,
                                              std::string_view id) {
  return one<RoleAssignment>(tables, "id = $2", workspace, id);
}

std::optional<RoleAssignment> find_same_assignment(Connection& tables, std::string_view workspace,
                                                   std::string_view actor, std::string_view role) {
  return one<RoleAssignment>(tables, "actor_id = $2 AND role = $3", workspace, actor, role);
}

Rows<RoleAssignment> list_assignments(Connection& tables, std::string_view workspace,
                                      const Stretch& stretch) {
  return all<RoleAssignment>(tables, workspace, stretch);
}

}  // namespace holdpoint::identity
