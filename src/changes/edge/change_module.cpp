// The tables of changes and overrides, how they are folded, what a rejected approval does to a
// change, and the timer that tells when nobody looked back at an emergency.
#include "approvals/edge/approval_queries.hpp"
#include "changes/edge/changes_edge.hpp"
#include "engine/columns.hpp"

namespace holdpoint::changes {
namespace {

/// The columns beside those of the change are what lists select and order by.
void write(engine::Connection& tables, std::string_view workspace, const Change& change,
           std::int64_t seq) {
  static const std::string sql =
      "INSERT INTO change_request (workspace, seq, change_type, applications, releases, starts_at,"
      " ends_at, " +
      engine::columns::names<Change>() + ") VALUES (" +
      engine::columns::placeholders(7 + engine::columns::count<Change>) + ")";
  tables.exec("DELETE FROM change_request WHERE workspace = $1 AND id = $2", workspace, change.id);
  engine::columns::Bound bound;
  bound.add(workspace);
  bound.add(seq);
  bound.add(change.content.type);
  bound.add(change.content.applications);
  bound.add(change.content.releases);
  bound.add(change.content.window.from);
  bound.add(change.content.window.until);
  bound.add_all(change);
  tables.run(sql, bound.args(), {});
}

void fold_created(engine::Connection& tables, const engine::Recorded& recorded,
                  const ChangeCreated& event) {
  Change change;
  change.id = event.id;
  change.content = event.content;
  change.texts_entry = static_cast<std::int64_t>(recorded.seq);
  change.texts_by = recorded.actor.id;
  change.created_by = recorded.actor.id;
  change.created_at = recorded.at;
  change.editors = {recorded.actor.id};
  write(tables, recorded.workspace, change, static_cast<std::int64_t>(recorded.seq));
}

void add_editor(Change& change, const engine::Recorded& recorded) {
  const auto found = std::ranges::find(change.editors, recorded.actor.id);
  if (found == change.editors.end()) change.editors.push_back(recorded.actor.id);
}

void end(Change& change, State state, const std::string& because,
         const engine::Recorded& recorded) {
  change.state = state;
  change.ended_by = recorded.actor.id;
  change.ended_at = recorded.at;
  change.ended_because = because;
}

void evolve(Change& change, const ChangeEdited& event, const engine::Recorded& recorded) {
  change.revision = event.revision;
  change.content = event.content;
  change.texts_entry = static_cast<std::int64_t>(recorded.seq);
  change.texts_by = recorded.actor.id;
  add_editor(change, recorded);
}

void evolve(Change& change, const ChangeSubmitted& /*event*/, const engine::Recorded& recorded) {
  change.state = State::submitted;
  change.submitted_by = recorded.actor.id;
  change.submitted_at = recorded.at;
  add_editor(change, recorded);
}

void evolve(Change& change, const ChangeReopened& event, const engine::Recorded& recorded) {
  change.state = State::draft;
  change.revision = event.revision;
  change.endorsement.reset();
  add_editor(change, recorded);
}

void evolve(Change& change, const ChangeEndorsed& event, const engine::Recorded& recorded) {
  change.endorsement = Endorsement{recorded.actor.id, event.digest, event.reason, recorded.at};
  const auto found = std::ranges::find(change.endorsers, recorded.actor.id);
  if (found == change.endorsers.end()) change.endorsers.push_back(recorded.actor.id);
}

void evolve(Change& change, const EmergencyActRefused& event, const engine::Recorded& recorded) {
  change.refused_acts.push_back(
      {event.act, recorded.actor.kind, recorded.actor.id, event.code, recorded.at});
}

void evolve(Change& change, const ChangeUsed& event, const engine::Recorded& recorded) {
  change.state = State::implementing;
  change.uses.push_back(
      {event.application, event.environment, event.use, recorded.at, recorded.actor.id});
  if (event.review_due) change.review_due = event.review_due;
}

void evolve(Change& change, const ChangeClosed& event, const engine::Recorded& recorded) {
  end(change, State::closed, event.note, recorded);
  change.ending = event.ending;
}

void evolve(Change& change, const ChangeCancelled& event, const engine::Recorded& recorded) {
  end(change, State::cancelled, event.reason, recorded);
}

void evolve(Change& change, const ChangeRejected& event, const engine::Recorded& recorded) {
  end(change, State::rejected, event.because, recorded);
}

void evolve(Change& change, const EmergencyReviewed& /*event*/, const engine::Recorded& recorded) {
  change.reviewed_by = recorded.actor.id;
  change.reviewed_at = recorded.at;
  change.review_entry = static_cast<std::int64_t>(recorded.seq);
}

template <class T>
engine::EventType changing() {
  return engine::event<T>(
      [](engine::Connection& tables, const engine::Recorded& recorded, const T& event) {
        auto change = find_change(tables, recorded.workspace, event.id.text());
        if (!change) {
          throw engine::StoreFailed(engine::StoreFailure::corrupt,
                                    Fault{FaultKind::corrupt, "event " + recorded.type,
                                          "it changes a change request that was never created"});
        }
        const auto seq =
            tables.integer("SELECT seq FROM change_request WHERE workspace = $1 AND id = $2",
                           recorded.workspace, event.id);
        evolve(*change, event, recorded);
        write(tables, recorded.workspace, *change, seq.value_or(0));
      });
}

/// A request that was rejected, before or after it was granted, ends the change that it was for.
engine::Reaction on_rejection() {
  return {"changes.rejected",
          [](const engine::Recorded& recorded) -> std::optional<std::string> {
            if (recorded.type != approvals::ApprovalEnded::event_type) return std::nullopt;
            const auto ended = engine::body_of<approvals::ApprovalEnded>(recorded.body);
            const bool is_rejection = ended.state == approvals::State::rejected ||
                                      ended.state == approvals::State::revoked;
            return is_rejection ? std::optional(ended.id.text()) : std::nullopt;
          },
          [](engine::Unit& unit, const std::string& key) {
            const auto request = approvals::find_request(unit.tables(), unit.workspace(), key);
            if (!request || request->subject.kind != change_kind) return;
            const auto change = find_change(unit.tables(), unit.workspace(), request->subject.id);
            const auto latest = approvals::latest_request(unit.tables(), unit.workspace(),
                                                          change_kind, request->subject.id);
            if (!change || change->state != State::submitted || latest->id != request->id) return;
            unit.record({std::string(change_kind), change->id.text()},
                        ChangeRejected{change->id, key, request->ended_because.value_or("")});
          }};
}

void fire_review(engine::Unit& unit, const std::string& id) {
  const auto change = find_change(unit.tables(), unit.workspace(), id);
  if (!change || !change->review_due || change->reviewed_at) return;
  unit.record({std::string(change_kind), id},
              EmergencyReviewOverdue{change->id, change->content.applications});
}

engine::Module change_module() {
  engine::Module module{.name = "changes"};
  module.tables.push_back(
      {"change_request", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS change_request (workspace TEXT NOT NULL, seq BIGINT NOT NULL,"
       " change_type TEXT NOT NULL, applications TEXT NOT NULL, releases TEXT NOT NULL,"
       " starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, " +
           engine::columns::definitions<Change>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS change_request_order ON change_request (workspace, seq);"
           "CREATE INDEX IF NOT EXISTS change_request_open ON change_request"
           " (workspace, state, starts_at);"
           "CREATE INDEX IF NOT EXISTS change_request_submitted ON change_request"
           " (workspace, submitted_at);"
           "CREATE INDEX IF NOT EXISTS change_request_review ON change_request"
           " (workspace, review_due);",
       "workspace, id"});
  module.events.push_back(engine::event<ChangeCreated>(fold_created));
  module.events.push_back(changing<ChangeEdited>());
  module.events.push_back(changing<ChangeSubmitted>());
  module.events.push_back(changing<ChangeReopened>());
  module.events.push_back(changing<ChangeEndorsed>());
  module.events.push_back(changing<ChangeUsed>());
  module.events.push_back(changing<ChangeClosed>());
  module.events.push_back(changing<ChangeCancelled>());
  module.events.push_back(changing<ChangeRejected>());
  module.events.push_back(changing<EmergencyReviewed>());
  module.events.push_back(changing<EmergencyActRefused>());
  // News for whoever is told of it; whether a review is overdue follows from its due time.
  module.events.push_back(engine::event<EmergencyReviewOverdue>(
      [](engine::Connection&, const engine::Recorded&, const EmergencyReviewOverdue&) {}));
  module.reactions.push_back(on_rejection());
  module.timers.push_back({std::string(kReviewTimer), fire_review});
  return module;
}

void fold_asked(engine::Connection& tables, const engine::Recorded& recorded,
                const FreezeOverrideAsked& event) {
  FreezeOverride row;
  row.id = event.id;
  row.application = event.place.application;
  row.environment = event.place.environment;
  row.release = event.release;
  row.change = event.change;
  row.freezes = event.freezes;
  row.incident = event.incident;
  row.expires_at = event.expires_at;
  row.asked_by_kind = recorded.actor.kind;
  row.asked_by = recorded.actor.id;
  row.asked_at = recorded.at;
  row.reason_entry = static_cast<std::int64_t>(recorded.seq);
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(row);
  tables.run("INSERT INTO freeze_override (workspace, seq, " +
                 engine::columns::names<FreezeOverride>() + ") VALUES (" +
                 engine::columns::placeholders(2 + engine::columns::count<FreezeOverride>) + ")",
             bound.args(), {});
}

void fold_override_used(engine::Connection& tables, const engine::Recorded& recorded,
                        const FreezeOverrideUsed& event) {
  tables.exec(
      "UPDATE freeze_override SET used_for = $1, used_at = $2 WHERE workspace = $3 AND id = $4",
      event.use, recorded.at, recorded.workspace, event.id);
}

engine::Module override_module() {
  engine::Module module{.name = "freeze_overrides"};
  module.tables.push_back(
      {"freeze_override", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS freeze_override (workspace TEXT NOT NULL, seq BIGINT NOT "
       "NULL, " +
           engine::columns::definitions<FreezeOverride>() +
           ", PRIMARY KEY (workspace, id));"
           "CREATE INDEX IF NOT EXISTS freeze_override_order ON freeze_override (workspace, seq);"
           "CREATE INDEX IF NOT EXISTS freeze_override_place ON freeze_override"
           " (workspace, application, environment, expires_at);",
       "workspace, id"});
  module.events.push_back(engine::event<FreezeOverrideAsked>(fold_asked));
  module.events.push_back(engine::event<FreezeOverrideUsed>(fold_override_used));
  return module;
}

}  // namespace

std::vector<engine::Module> modules() {
  return {change_module(), override_module(), ChangeTemplates::module(), EmergencyPaths::module(),
          RiskTables::module()};
}

}  // namespace holdpoint::changes
