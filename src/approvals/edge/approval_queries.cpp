// See approval_queries.hpp.
#include "approvals/edge/approval_queries.hpp"

namespace holdpoint::approvals {
namespace {

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Request>() +
                                 ", seq FROM approval_request WHERE workspace = $1";
  return sql;
}

std::optional<Request> first_of(std::vector<Request> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

template <class... Args>
std::vector<Request> rows_of(engine::Connection& tables, const std::string& sql,
                             const Args&... args) {
  std::vector<Request> rows;
  tables.query(
      sql, [&](const engine::Row& row) { rows.push_back(engine::columns::read<Request>(row)); },
      args...);
  return rows;
}

}  // namespace

std::optional<Request> find_request(engine::Connection& tables, std::string_view workspace,
                                    std::string_view id) {
  return first_of(rows_of(tables, select() + " AND id = $2", workspace, id));
}

std::optional<Request> latest_request(engine::Connection& tables, std::string_view workspace,
                                      std::string_view kind, std::string_view id) {
  return first_of(rows_of(tables,
                          select() + " AND subject_kind = $2 AND subject_id = $3 ORDER BY seq DESC"
                                     " LIMIT 1",
                          workspace, kind, id));
}

std::vector<Asker> earlier_askers(engine::Connection& tables, std::string_view workspace,
                                  const Request& request) {
  std::vector<Asker> askers;
  // One that is not recorded yet comes after all that are.
  tables.query(
      "SELECT DISTINCT requested_by_kind, requested_by FROM approval_request"
      " WHERE workspace = $1 AND subject_kind = $2 AND subject_id = $3 AND id <> $4"
      " AND state IN ('superseded', 'withdrawn', 'invalidated', 'pending', 'granted')"
      " AND seq < COALESCE((SELECT seq FROM approval_request WHERE workspace = $1 AND id = $4), $5)"
      " ORDER BY requested_by LIMIT $6",
      [&](const engine::Row& row) {
        askers.push_back({std::string(row.text(0)), std::string(row.text(1))});
      },
      workspace, request.subject.kind, request.subject.id, request.id.text(), INT64_MAX,
      static_cast<std::uint64_t>(earlier_askers_max + 1));
  return askers;
}

std::vector<engine::columns::Sequenced<Request>> list_requests(engine::Connection& tables,
                                                               std::string_view workspace,
                                                               const RequestFilter& filter) {
  std::vector<engine::columns::Sequenced<Request>> rows;
  tables.query(
      select() +
          " AND seq < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR subject_kind = $4)"
          " AND ($5 = '' OR application = $5) ORDER BY seq DESC LIMIT $6",
      [&](const engine::Row& row) {
        rows.push_back(engine::columns::read_sequenced<Request>(row));
      },
      workspace, filter.before,
      filter.state ? std::string(describe::enum_text(*filter.state)) : std::string(),
      filter.kind.value_or(""), filter.application.value_or(""),
      static_cast<std::uint64_t>(filter.limit));
  return rows;
}

std::vector<Request> pending_requests(engine::Connection& tables, std::string_view workspace) {
  return rows_of(tables, select() + " AND state = 'pending' ORDER BY pending_until, seq LIMIT $2",
                 workspace, static_cast<std::uint64_t>(open_requests_max));
}

std::vector<Request> requests_between(engine::Connection& tables, std::string_view workspace,
                                      Instant from, Instant until, std::size_t limit) {
  return rows_of(tables,
                 select() +
                     " AND requested_at < $3 AND (requested_at >= $2 OR"
                     " ended_at IS NULL OR ended_at >= $2) ORDER BY seq LIMIT $4",
                 workspace, from, until, static_cast<std::uint64_t>(limit));
}

std::vector<Request> requests_of(engine::Connection& tables, std::string_view workspace,
                                 std::string_view application, std::size_t limit) {
  return rows_of(tables, select() + " AND application = $2 ORDER BY seq LIMIT $3", workspace,
                 application, static_cast<std::uint64_t>(limit));
}

std::vector<Friction> friction_reports(engine::Connection& tables, std::string_view workspace,
                                       const FrictionFilter& filter) {
  std::vector<Friction> rows;
  tables.query(
      "SELECT " + engine::columns::names<Friction>() +
          " FROM approval_friction WHERE workspace = $1 AND ($2 = '' OR policy = $2)"
          " AND ($3 = '' OR request = $3) AND at >= $4 AND at < $5 ORDER BY id DESC LIMIT $6",
      [&](const engine::Row& row) { rows.push_back(engine::columns::read<Friction>(row)); },
      workspace, filter.policy, filter.request, filter.from, filter.until,
      static_cast<std::uint64_t>(friction_reports_max));
  return rows;
}

std::map<std::string, std::int64_t> policy_uses(engine::Connection& tables,
                                                std::string_view workspace,
                                                const FrictionFilter& filter) {
  std::map<std::string, std::int64_t> uses;
  tables.query(
      "SELECT policy, count(*) FROM approval_policy_use WHERE workspace = $1"
      " AND ($2 = '' OR policy = $2) AND at >= $3 AND at < $4 GROUP BY policy ORDER BY policy",
      [&](const engine::Row& row) { uses[std::string(row.text(0))] = row.integer(1); }, workspace,
      filter.policy, filter.from, filter.until);
  return uses;
}

std::vector<Attempt> attempts_of(engine::Connection& tables, std::string_view workspace,
                                 std::string_view request) {
  std::vector<Attempt> rows;
  tables.query(
      "SELECT " + engine::columns::names<Attempt>() +
          " FROM approval_attempt WHERE workspace = $1 AND request = $2 ORDER BY seq",
      [&](const engine::Row& row) { rows.push_back(engine::columns::read<Attempt>(row)); },
      workspace, request);
  return rows;
}

}  // namespace holdpoint::approvals
