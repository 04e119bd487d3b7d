// The table of waivers, how it is folded, what it follows of approvals, and the timer that ends
// each of them.
#include "approvals/approvals.hpp"
#include "engine/columns.hpp"
#include "waivers/edge/waivers_edge.hpp"

namespace holdpoint::waivers {
namespace {

void fold_requested(engine::Connection& tables, const engine::Recorded& recorded,
                    const WaiverRequested& requested) {
  static const std::string sql =
      "INSERT INTO waiver (workspace, seq, " + engine::columns::names<Waiver>() + ") VALUES (" +
      engine::columns::placeholders(2 + engine::columns::count<Waiver>) + ")";
  Waiver waiver;
  waiver.id = requested.id;
  waiver.state = State::requested;
  waiver.scope = requested.scope;
  waiver.application = requested.application;
  waiver.release = requested.release;
  waiver.version = requested.version;
  waiver.criteria = requested.criteria;
  waiver.rule = requested.rule;
  waiver.violation = requested.violation;
  waiver.what = requested.what;
  waiver.owner = requested.owner;
  waiver.requested_by_kind = recorded.actor.kind;
  waiver.requested_by = recorded.actor.id;
  waiver.requested_at = recorded.at;
  waiver.expires_at = requested.until.at;
  waiver.extends = requested.extends;
  waiver.requested_seq = static_cast<std::int64_t>(recorded.seq);
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(waiver);
  tables.run(sql, bound.args(), {});
}

void fold_granted(engine::Connection& tables, const engine::Recorded& recorded,
                  const WaiverGranted& granted) {
  tables.exec(
      "UPDATE waiver SET state = $1, approval = $2, granted_at = $3"
      " WHERE workspace = $4 AND id = $5",
      describe::enum_text(State::in_force), granted.approval, recorded.at, recorded.workspace,
      granted.id);
}

void fold_ended(engine::Connection& tables, const engine::Recorded& recorded,
                const WaiverEnded& ended) {
  tables.exec(
      "UPDATE waiver SET state = $1, ended_by = $2, ended_at = $3, ended_because = $4,"
      " ended_seq = $5 WHERE workspace = $6 AND id = $7",
      describe::enum_text(ended.state), recorded.actor.id, recorded.at, ended.because, recorded.seq,
      recorded.workspace, ended.id);
}

std::optional<std::string> moved_approval(const engine::Recorded& recorded) {
  const bool moved = recorded.type == approvals::ApprovalGranted::event_type ||
                     recorded.type == approvals::ApprovalEnded::event_type;
  return moved ? std::optional(recorded.subject.id) : std::nullopt;
}

}  // namespace

engine::Module module(std::shared_ptr<Register> waivers) {
  engine::Module module{.name = "waivers"};
  module.tables.push_back(
      {"waiver", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS waiver (workspace TEXT NOT NULL, seq BIGINT NOT NULL, " +
           engine::columns::definitions<Waiver>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS waiver_order ON waiver (workspace, seq);"
           "CREATE INDEX IF NOT EXISTS waiver_application ON waiver"
           " (workspace, application, state);",
       "workspace, id"});
  module.events = {engine::event<WaiverRequested>(fold_requested),
                   engine::event<WaiverGranted>(fold_granted),
                   engine::event<WaiverEnded>(fold_ended)};
  module.reactions.push_back({"waivers.approval_moved", moved_approval,
                              [waivers](engine::Unit& unit, const std::string& request) {
                                waivers->approval_moved(unit, request);
                              }});
  module.timers.push_back(
      {std::string(kExpiryTimer),
       [waivers](engine::Unit& unit, const std::string& id) { waivers->expire(unit, id); }});
  return module;
}

}  // namespace holdpoint::waivers
