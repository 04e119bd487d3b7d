// See routed_requests_queries.hpp.
#include "approvals/edge/routed_requests_queries.hpp"

namespace holdpoint::approvals {
namespace {

policy::RecordedDecision decision_of(RoutedRequest row) {
  policy::RecordedDecision out;
  out.id = row.id.text();
  out.subject = std::move(row.title);
  out.application = std::move(row.application);
  out.environment = std::move(row.environment);
  out.decided_at = row.at;
  out.passed = true;  // people were asked
  for (const ObjectRef& facts : row.facts) {
    if (out.facts) {
      out.further_facts.push_back(facts.digest);
    } else {
      out.facts = facts.digest;
    }
  }
  out.documents_digest = row.documents_digest.value_or(Digest{});
  out.documents = std::move(row.documents);
  return out;
}

}  // namespace

std::vector<policy::RecordedDecision> past_requests(
    engine::Connection& tables, std::string_view workspace, const policy::DecisionPage& page,
    const std::function<std::string(std::string_view kind)>& asks_readers_of) {
  std::string sql = "SELECT " + engine::columns::names<RoutedRequest>() +
                    " FROM approval_routing WHERE workspace = $1";
  if (page.decisions == policy::DecisionSelection::standing) sql += " AND superseded_by IS NULL";
  sql +=
      " AND ($2 = '' OR application = $2) AND at >= $3 AND ($4 = '' OR id < $4)"
      " ORDER BY id DESC LIMIT $5";
  std::vector<policy::RecordedDecision> decisions;
  tables.query(
      sql,
      [&](const engine::Row& row) {
        auto request = engine::columns::read<RoutedRequest>(row);
        const std::string kind = request.subject_kind;
        decisions.push_back(decision_of(std::move(request)));
        decisions.back().asks_readers_of = asks_readers_of(kind);
      },
      workspace, page.application, page.since.value_or(Instant{}), page.after,
      static_cast<std::uint64_t>(page.limit));
  return decisions;
}

}  // namespace holdpoint::approvals
