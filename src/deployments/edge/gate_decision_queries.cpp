// See gate_decision_queries.hpp.
#include "deployments/edge/gate_decision_queries.hpp"

namespace holdpoint::deployments {
namespace {

policy::RecordedDecision decision_of(GateDecision row) {
  return {.id = row.id.text(),
          .subject = row.application + "@" + row.version,
          .application = std::move(row.application),
          .environment = std::move(row.environment),
          .decided_at = row.at,
          .passed = !row.refused,
          .hindered = row.hindered,
          .facts = row.facts_digest,
          .documents_digest = row.policies_digest.value_or(Digest{}),
          .documents = std::move(row.judged_by)};
}

}  // namespace

std::vector<policy::RecordedDecision> past_deployments(engine::Connection& tables,
                                                       std::string_view workspace,
                                                       const policy::DecisionPage& page) {
  std::string sql = "SELECT " + engine::columns::names<GateDecision>() +
                    " FROM gate_decision WHERE workspace = $1";
  if (page.decisions == policy::DecisionSelection::standing) sql += " AND superseded_by IS NULL";
  sql +=
      " AND ($2 = '' OR application = $2) AND at >= $3 AND ($4 = '' OR id < $4)"
      " ORDER BY id DESC LIMIT $5";
  std::vector<policy::RecordedDecision> decisions;
  tables.query(
      sql,
      [&](const engine::Row& row) {
        decisions.push_back(decision_of(engine::columns::read<GateDecision>(row)));
      },
      workspace, page.application, page.since.value_or(Instant{}), page.after,
      static_cast<std::uint64_t>(page.limit));
  return decisions;
}

}  // namespace holdpoint::deployments
