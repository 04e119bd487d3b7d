// The tables of approvals, how they are folded, and the timer that ends what nobody decided.
#include "approvals/edge/approvals_edge.hpp"
#include "engine/columns.hpp"

namespace holdpoint::approvals {
namespace {

Stamp stamp_of(const engine::Recorded& recorded) {
  return {recorded.actor.kind, recorded.actor.id, recorded.at};
}

/// The columns beside those of the request are what lists select and order by.
void write(engine::Connection& tables, std::string_view workspace, const Request& request,
           std::int64_t seq) {
  static const std::string sql =
      "INSERT INTO approval_request (workspace, seq, subject_kind, subject_id, pending_until, " +
      engine::columns::names<Request>() + ") VALUES (" +
      engine::columns::placeholders(5 + engine::columns::count<Request>) + ")";
  tables.exec("DELETE FROM approval_request WHERE workspace = $1 AND id = $2", workspace,
              request.id);
  engine::columns::Bound bound;
  bound.add(workspace);
  bound.add(seq);
  bound.add(request.subject.kind);
  bound.add(request.subject.id);
  bound.add(request.terms.pending_until);
  bound.add_all(request);
  tables.run(sql, bound.args(), {});
}

template <class T>
engine::EventType changing() {
  return engine::event<T>(
      [](engine::Connection& tables, const engine::Recorded& recorded, const T& event) {
        auto request = find_request(tables, recorded.workspace, event.id.text());
        if (!request) {
          throw engine::StoreFailed(engine::StoreFailure::corrupt,
                                    Fault{FaultKind::corrupt, "event " + recorded.type,
                                          "it changes a request that was never opened"});
        }
        const auto seq =
            tables.integer("SELECT seq FROM approval_request WHERE workspace = $1 AND id = $2",
                           recorded.workspace, event.id);
        evolve(*request, event, stamp_of(recorded));
        write(tables, recorded.workspace, *request, seq.value_or(0));
      });
}

void fold_requested(engine::Connection& tables, const engine::Recorded& recorded,
                    const ApprovalRequested& event) {
  write(tables, recorded.workspace, evolve(event, stamp_of(recorded)),
        static_cast<std::int64_t>(recorded.seq));
}

void fold_refused(engine::Connection& tables, const engine::Recorded& recorded,
                  const SignatureRefused& event) {
  tables.exec(
      "INSERT INTO approval_attempt (workspace, request, seq, person_kind, person, code, at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
      recorded.workspace, event.id, recorded.seq, recorded.actor.kind, recorded.actor.id,
      event.code, recorded.at);
}

}  // namespace

engine::Module module(std::shared_ptr<Desk> desk) {
  engine::Module module{.name = "approvals"};
  module.tables.push_back(
      {"approval_request", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS approval_request (workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
       " subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, pending_until BIGINT NOT NULL, " +
           engine::columns::definitions<Request>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS approval_request_order ON approval_request (workspace, seq);"
           "CREATE INDEX IF NOT EXISTS approval_request_subject ON approval_request"
           " (workspace, subject_kind, subject_id, seq);"
           "CREATE INDEX IF NOT EXISTS approval_request_due ON approval_request"
           " (workspace, state, pending_until);",
       "workspace, id"});
  module.tables.push_back({"approval_attempt", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS approval_attempt (workspace TEXT NOT NULL,"
                           " request TEXT NOT NULL, seq BIGINT NOT NULL, person_kind TEXT NOT NULL,"
                           " person TEXT NOT NULL, code TEXT NOT NULL, at BIGINT NOT NULL,"
                           " PRIMARY KEY (workspace, request, seq));",
                           "workspace, request, seq"});
  module.events.push_back(engine::event<ApprovalRequested>(fold_requested));
  module.events.push_back(changing<ApprovalSigned>());
  module.events.push_back(changing<SignatureWithdrawn>());
  module.events.push_back(changing<ApprovalGranted>());
  module.events.push_back(changing<ApprovalEnded>());
  module.events.push_back(changing<ApprovalConsumed>());
  module.events.push_back(engine::event<SignatureRefused>(fold_refused));
  module.timers.push_back(
      {std::string(kExpiryTimer),
       [desk](engine::Unit& unit, const std::string& id) { desk->settle_by_time(unit, id); }});
  return module;
}

}  // namespace holdpoint::approvals
