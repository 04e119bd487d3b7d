// See incident_queries.hpp.
#include "incidents/edge/incident_queries.hpp"

#include <algorithm>

namespace holdpoint::incidents {
namespace {

const std::string& select() {
  static const std::string sql =
      "SELECT " + engine::columns::names<Incident>() + ", seq FROM incident WHERE workspace = $1";
  return sql;
}

}  // namespace

std::vector<Incident> open_incidents(engine::Connection& tables, std::string_view workspace) {
  std::vector<Incident> found;
  tables.query(
      select() + " AND state = $2 ORDER BY seq",
      [&](const engine::Row& row) { found.push_back(engine::columns::read<Incident>(row)); },
      workspace, describe::enum_text(State::open));
  return found;
}

std::size_t count_open_incidents(engine::Connection& tables, std::string_view workspace) {
  const auto count =
      tables.integer("SELECT count(*) FROM incident WHERE workspace = $1 AND state = $2", workspace,
                     describe::enum_text(State::open));
  return static_cast<std::size_t>(count.value_or(0));
}

std::optional<Incident> find_incident(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id) {
  std::optional<Incident> found;
  tables.query(
      select() + " AND id = $2",
      [&](const engine::Row& row) { found = engine::columns::read<Incident>(row); }, workspace, id);
  return found;
}

std::optional<Instant> last_major_incident(engine::Connection& tables, std::string_view workspace,
                                           std::string_view application) {
  const auto last = [&](std::string_view name) -> std::optional<Instant> {
    const auto at = tables.integer(
        "SELECT declared_at FROM incident_touch WHERE workspace = $1 AND application = $2"
        " ORDER BY declared_at DESC LIMIT 1",
        workspace, name);
    return at ? std::optional(Instant{*at}) : std::nullopt;
  };
  return std::max(last(application), last(""));
}

std::vector<engine::columns::Sequenced<Incident>> list_incidents(engine::Connection& tables,
                                                                 std::string_view workspace,
                                                                 const IncidentFilter& filter) {
  std::vector<engine::columns::Sequenced<Incident>> found;
  std::string sql = select() + " AND seq < $2";
  if (filter.state) sql += " AND state = $4";
  sql += " ORDER BY seq DESC LIMIT $3";
  std::vector<engine::Arg> args{engine::arg(workspace), engine::arg(filter.before),
                                engine::arg(static_cast<std::int64_t>(filter.limit))};
  if (filter.state) args.push_back(engine::arg(describe::enum_text(*filter.state)));
  tables.run(sql, args, [&](const engine::Row& row) {
    found.push_back(engine::columns::read_sequenced<Incident>(row));
  });
  return found;
}

}  // namespace holdpoint::incidents
