// See tables.hpp. People and sessions belong to the server and have `system` as their workspace;
// only contributors are rows of the workspace whose commits name them.
#include "identity/edge/tables.hpp"

#include "identity/access_review.hpp"
#include "identity/delegation.hpp"
#include "identity/edge/role_queries.hpp"

namespace holdpoint::identity {
namespace {

using engine::Table;
using engine::TableClass;

std::vector<Table> projections() {
  return {
      {"workspace", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS workspace ("
       " workspace TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
       " created_at BIGINT NOT NULL, PRIMARY KEY (workspace, name));",
       "workspace, name"},
      {"person", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS person ("
       " workspace TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL,"
       " name_seq BIGINT NOT NULL, email_seq BIGINT NOT NULL,"
       " credential_version BIGINT NOT NULL, added_at BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, id));",
       "workspace, id"},
      {"service_account", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS service_account ("
       " workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
       " id TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,"
       " created_at BIGINT NOT NULL, owner TEXT, PRIMARY KEY (workspace, id));"
       "CREATE INDEX IF NOT EXISTS service_account_name ON service_account (workspace, name);",
       "workspace, id"},
      {"token", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS token ("
       " workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
       " id TEXT NOT NULL, owner_kind TEXT NOT NULL,"
       " owner_id TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, hash BLOB NOT NULL,"
       " issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT,"
       " issued_by TEXT, PRIMARY KEY (workspace, id));"
       "CREATE INDEX IF NOT EXISTS token_owner ON token (workspace, owner_id, seq);",
       "workspace, id"},
      {"role_assignment", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS role_assignment ("
       " workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
       " id TEXT NOT NULL, actor_kind TEXT NOT NULL,"
       " actor_id TEXT NOT NULL, role TEXT NOT NULL, assigned_at BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, id));"
       "CREATE UNIQUE INDEX IF NOT EXISTS role_assignment_actor"
       " ON role_assignment (workspace, actor_id, role);",
       "workspace, id"},
      {"delegation", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS delegation (workspace TEXT NOT NULL, seq BIGINT NOT NULL, " +
           engine::columns::definitions<Delegation>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS delegation_end ON delegation (workspace, ends_at);",
       "workspace, id"},
      {"access_review", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS access_review (workspace TEXT NOT NULL, seq BIGINT NOT NULL, " +
           engine::columns::definitions<AccessReview>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS access_review_order ON access_review (workspace, seq);",
       "workspace, id"},
      {"access_review_line", TableClass::projection,
       "CREATE TABLE IF NOT EXISTS access_review_line (workspace TEXT NOT NULL,"
       " review TEXT NOT NULL, " +
           engine::columns::definitions<AnsweredLine>() +
           ", PRIMARY KEY (workspace, review, line));",
       "workspace, review, line"},
  };
}

std::vector<Table> kept_apart() {
  return {
      {"session", TableClass::operational,
       "CREATE TABLE IF NOT EXISTS session ("
       " workspace TEXT NOT NULL, id TEXT NOT NULL, hash BLOB NOT NULL, person TEXT NOT NULL,"
       " expires_at BIGINT NOT NULL, last_seen BIGINT NOT NULL, PRIMARY KEY (workspace, id));"
       "CREATE INDEX IF NOT EXISTS session_person ON session (workspace, person, id);",
       "workspace, id"},
      {"sign_in_attempt", TableClass::operational,
       "CREATE TABLE IF NOT EXISTS sign_in_attempt ("
       " workspace TEXT NOT NULL, kind TEXT NOT NULL, key BLOB NOT NULL,"
       " failures BIGINT NOT NULL, last_at BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, kind, key));",
       "workspace, kind, key"},
      {"credential", TableClass::secret,
       "CREATE TABLE IF NOT EXISTS credential ("
       " workspace TEXT NOT NULL, person TEXT NOT NULL, version BIGINT NOT NULL,"
       " hash TEXT NOT NULL, PRIMARY KEY (workspace, person));",
       "workspace, person"},
      {"person_email_index", TableClass::secret,
       "CREATE TABLE IF NOT EXISTS person_email_index ("
       " workspace TEXT NOT NULL, key BLOB NOT NULL, person TEXT NOT NULL,"
       " PRIMARY KEY (workspace, key));",
       "workspace, key"},
  };
}

}  // namespace

std::vector<Table> tables() {
  std::vector<Table> all = projections();
  for (engine::Module records : {Teams::module(), ApprovalRoles::module()}) {
    for (Table& table : records.tables) all.push_back(std::move(table));
  }
  for (Table& table : kept_apart()) all.push_back(std::move(table));
  return all;
}

}  // namespace holdpoint::identity
