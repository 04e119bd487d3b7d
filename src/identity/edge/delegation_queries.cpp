// See delegation_queries.hpp.
#include "identity/edge/delegation_queries.hpp"

#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

using engine::Connection;
using engine::Row;

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Delegation>() +
                                 ", seq FROM delegation WHERE workspace = $1";
  return sql;
}

template <class... A>
std::vector<Delegation> those(Connection& tables, std::string_view condition, const A&... args) {
  std::vector<Delegation> found;
  tables.query(
      select() + " AND " + std::string(condition) + " ORDER BY seq",
      [&](const Row& row) { found.push_back(engine::columns::read<Delegation>(row)); }, args...);
  return found;
}

}  // namespace

std::vector<Delegation> delegations_at(Connection& tables, std::string_view workspace, Instant at) {
  return those(tables,
               "starts_at <= $2 AND ends_at > $2 AND (revoked_at IS NULL OR revoked_at > $2)"
               " AND delegator IN (SELECT id FROM person WHERE workspace = $3 AND state = 'active')"
               " AND delegate IN (SELECT id FROM person WHERE workspace = $3 AND state = 'active')",
               workspace, at, kSystem);
}

std::optional<Delegation> find_delegation(Connection& tables, std::string_view workspace,
                                          std::string_view id) {
  auto found = those(tables, "id = $2", workspace, id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Delegation> live_delegations_of(Connection& tables, std::string_view workspace,
                                            const PersonId& person, Instant now) {
  return those(tables, "(delegator = $2 OR delegate = $2) AND ends_at > $3 AND revoked_at IS NULL",
               workspace, person, now);
}

std::vector<Delegation> live_delegations(Connection& tables, std::string_view workspace,
                                         Instant now) {
  return those(tables, "ends_at > $2 AND revoked_at IS NULL", workspace, now);
}

std::vector<engine::columns::Sequenced<Delegation>> list_delegations(Connection& tables,
                                                                     std::string_view workspace,
                                                                     std::int64_t after,
                                                                     std::size_t limit) {
  std::vector<engine::columns::Sequenced<Delegation>> found;
  tables.query(
      select() + " AND seq > $2 ORDER BY seq LIMIT $3",
      [&](const Row& row) { found.push_back(engine::columns::read_sequenced<Delegation>(row)); },
      workspace, after, limit);
  return found;
}

}  // namespace holdpoint::identity
