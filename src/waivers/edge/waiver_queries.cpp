// See waiver_queries.hpp.
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::waivers {
namespace {

const std::string& select() {
  static const std::string sql =
      "SELECT " + engine::columns::names<Waiver>() + ", seq FROM waiver WHERE workspace = $1";
  return sql;
}

}  // namespace

std::optional<Waiver> find_waiver(engine::Connection& tables, std::string_view workspace,
                                  std::string_view id) {
  std::optional<Waiver> found;
  tables.query(
      select() + " AND id = $2",
      [&](const engine::Row& row) { found = engine::columns::read<Waiver>(row); }, workspace, id);
  return found;
}

std::vector<Waiver> open_waivers(engine::Connection& tables, std::string_view workspace,
                                 std::string_view application, std::string_view release) {
  std::vector<Waiver> found;
  tables.query(
      select() +
          " AND application = $2 AND state IN ('requested', 'in_force')"
          " AND (scope = 'application' OR release = $3) ORDER BY id",
      [&](const engine::Row& row) { found.push_back(engine::columns::read<Waiver>(row)); },
      workspace, application, release);
  return found;
}

std::vector<policy::WaiverFacts> waivers_in_force(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  std::string_view application,
                                                  std::string_view release, Instant at) {
  std::vector<policy::WaiverFacts> found;
  for (Waiver& one : open_waivers(tables, workspace, application, release)) {
    if (one.state != State::in_force || one.expires_at <= at) continue;
    found.push_back({one.id.text(),
                     std::move(one.criteria),
                     std::move(one.rule),
                     std::move(one.violation),
                     std::move(one.owner),
                     {one.expires_at}});
  }
  return found;
}

bool may_be_waived(engine::Connection& tables, std::string_view workspace,
                   std::string_view application, std::string_view release, Instant judged_at) {
  return tables
             .integer(
                 "SELECT count(*) FROM waiver WHERE workspace = $1 AND application = $2"
                 " AND (scope = 'application' OR release = $3) AND granted_at IS NOT NULL"
                 " AND (state = 'in_force' OR ended_at >= $4)",
                 workspace, application, release, judged_at)
             .value_or(0) > 0;
}

std::vector<engine::columns::Sequenced<Waiver>> list_waivers(engine::Connection& tables,
                                                             std::string_view workspace,
                                                             const WaiverFilter& filter) {
  std::vector<engine::columns::Sequenced<Waiver>> rows;
  tables.query(
      select() +
          " AND seq < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR application = $4)"
          " ORDER BY seq DESC LIMIT $5",
      [&](const engine::Row& row) { rows.push_back(engine::columns::read_sequenced<Waiver>(row)); },
      workspace, filter.before,
      filter.state ? std::string(describe::enum_text(*filter.state)) : std::string(),
      filter.application.value_or(""), static_cast<std::uint64_t>(filter.limit));
  return rows;
}

}  // namespace holdpoint::waivers
