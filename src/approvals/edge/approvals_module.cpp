// The tables of approvals, how they are folded, the timers of requests, and the reaction that stops
// their clocks by incidents.
#include "approvals/earlier_events.hpp"
#include "approvals/edge/approvals_edge.hpp"
#include "approvals/edge/routed_requests_queries.hpp"
#include "engine/columns.hpp"

namespace holdpoint::approvals {
namespace {

Stamp stamp_of(const engine::Recorded& recorded) {
  return {recorded.actor.kind, recorded.actor.id, recorded.at,
          static_cast<std::int64_t>(recorded.seq)};
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

/// What the request was routed by, and that it takes the place of earlier ones for the same.
template <class T>
void fold_routing(engine::Connection& tables, const engine::Recorded& recorded, const T& event) {
  static const std::string sql =
      "INSERT INTO approval_routing (workspace, " + engine::columns::names<RoutedRequest>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<RoutedRequest>) + ")";
  tables.exec(
      "UPDATE approval_routing SET superseded_by = $1 WHERE workspace = $2 AND subject_kind = $3"
      " AND subject_id = $4 AND superseded_by IS NULL",
      event.id, recorded.workspace, event.subject.kind, event.subject.id);
  RoutedRequest row;
  row.id = event.id;
  row.subject_kind = event.subject.kind;
  row.subject_id = event.subject.id;
  row.title = event.title;
  row.application = event.application.value_or("");
  row.environment = event.environment;
  row.at = recorded.at;
  if constexpr (requires { event.routing; }) {
    if (event.routing) {
      row.facts = event.routing->facts;
      row.documents = event.routing->documents;
      row.documents_digest = event.routing->documents_digest;
    }
  }
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(row);
  tables.run(sql, bound.args(), {});
}

template <class T>
engine::EventType opening() {
  return engine::event<T>(
      [](engine::Connection& tables, const engine::Recorded& recorded, const T& event) {
        write(tables, recorded.workspace, evolve(event, stamp_of(recorded)),
              static_cast<std::int64_t>(recorded.seq));
        fold_routing(tables, recorded, event);
        for (const PinnedPolicy& policy : event.policies) {
          tables.exec(
              "INSERT INTO approval_policy_use (workspace, policy, request, at)"
              " VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, policy, request) DO NOTHING",
              recorded.workspace, policy.name, event.id, recorded.at);
        }
      });
}

void fold_friction(engine::Connection& tables, const engine::Recorded& recorded,
                   const FrictionReported& event) {
  static const std::string sql =
      "INSERT INTO approval_friction (workspace, " + engine::columns::names<Friction>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<Friction>) + ")";
  Friction row{event.id,          event.request, event.policy, event.category,
               recorded.actor.id, recorded.at,   std::nullopt};
  if (event.noted) row.note_seq = static_cast<std::int64_t>(recorded.seq);
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(row);
  tables.run(sql, bound.args(), {});
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
  module.tables.push_back(
      {"approval_routing", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS approval_routing (workspace TEXT NOT NULL, " +
           engine::columns::definitions<RoutedRequest>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS approval_routing_subject ON approval_routing"
           " (workspace, subject_kind, subject_id);",
       "workspace, id"});
  module.tables.push_back({"approval_attempt", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS approval_attempt (workspace TEXT NOT NULL,"
                           " request TEXT NOT NULL, seq BIGINT NOT NULL, person_kind TEXT NOT NULL,"
                           " person TEXT NOT NULL, code TEXT NOT NULL, at BIGINT NOT NULL,"
                           " PRIMARY KEY (workspace, request, seq));",
                           "workspace, request, seq"});
  module.tables.push_back(
      {"approval_policy_use", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS approval_policy_use (workspace TEXT NOT NULL,"
       " policy TEXT NOT NULL, request TEXT NOT NULL, at BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, policy, request));",
       "workspace, policy, request"});
  module.tables.push_back(
      {"approval_friction", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS approval_friction (workspace TEXT NOT NULL, " +
           engine::columns::definitions<Friction>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS approval_friction_request ON"
           " approval_friction (workspace, request);",
       "workspace, id"});
  module.events.push_back(engine::event<FrictionReported>(fold_friction));
  module.events.push_back(opening<ApprovalRequestedV1>());
  module.events.push_back(opening<ApprovalRequestedV2>());
  module.events.push_back(opening<ApprovalRequested>());
  module.events.push_back(changing<ApprovalSignedV1>());
  module.events.push_back(changing<ApprovalSigned>());
  module.events.push_back(changing<SignatureWithdrawnV1>());
  module.events.push_back(changing<SignatureWithdrawn>());
  module.events.push_back(changing<ApprovalGranted>());
  module.events.push_back(changing<ApprovalEnded>());
  module.events.push_back(changing<ApprovalConsumedV1>());
  module.events.push_back(changing<ApprovalConsumed>());
  module.events.push_back(changing<ApprovalEscalated>());
  module.events.push_back(changing<ApprovalPaused>());
  module.events.push_back(changing<ApprovalResumed>());
  module.events.push_back(changing<ApprovalStranded>());
  module.events.push_back(changing<ApprovalUnstranded>());
  module.events.push_back(engine::event<SignatureRefused>(fold_refused));
  const auto settle = [desk](engine::Unit& unit, const std::string& id) {
    desk->settle_by_time(unit, id);
  };
  module.timers.push_back({std::string(kExpiryTimer), settle});
  module.timers.push_back({std::string(kEffectiveTimer), settle});
  module.timers.push_back(
      {std::string(kEscalationTimer),
       [desk](engine::Unit& unit, const std::string& id) { desk->escalate_by_time(unit, id); }});
  module.timers.push_back(
      {std::string(kSignersTimer),
       [desk](engine::Unit& unit, const std::string& id) { desk->look_by_time(unit, id); }});
  module.reactions.push_back(
      {"approvals.pause",
       [](const engine::Recorded& recorded) -> std::optional<std::string> {
         if (!recorded.type.starts_with("incident.")) return std::nullopt;
         return "open incidents";
       },
       [desk](engine::Unit& unit, const std::string&) { desk->follow_incidents(unit); }});
  return module;
}

}  // namespace holdpoint::approvals
