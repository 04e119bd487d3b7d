// The table of incidents and how it is folded.
#include "engine/columns.hpp"
#include "incidents/edge/incidents_edge.hpp"

namespace holdpoint::incidents {
namespace {

void fold_declared(engine::Connection& tables, const engine::Recorded& recorded,
                   const IncidentDeclared& declared) {
  static const std::string sql =
      "INSERT INTO incident (workspace, seq, " + engine::columns::names<Incident>() + ") VALUES (" +
      engine::columns::placeholders(2 + engine::columns::count<Incident>) + ")";
  Incident incident{.id = declared.id,
                    .title = declared.title,
                    .severity = declared.severity,
                    .state = State::open,
                    .environments = declared.environments,
                    .applications = declared.applications,
                    .commander = declared.commander,
                    .declared_by = recorded.actor.id,
                    .declared_at = recorded.at,
                    .changed_at = std::nullopt,
                    .changed_because = std::nullopt,
                    .resolved_by = std::nullopt,
                    .resolved_at = std::nullopt,
                    .resolved_because = std::nullopt,
                    .description_seq = std::nullopt};
  if (declared.described) incident.description_seq = static_cast<std::int64_t>(recorded.seq);
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(incident);
  tables.run(sql, bound.args(), {});
}

void fold_changed(engine::Connection& tables, const engine::Recorded& recorded,
                  const IncidentChanged& changed) {
  tables.exec(
      "UPDATE incident SET severity = $1, environments = $2, applications = $3, commander = $4,"
      " changed_at = $5, changed_because = $6 WHERE workspace = $7 AND id = $8",
      describe::enum_text(changed.severity), to_json_text(changed.environments),
      to_json_text(changed.applications), changed.commander, recorded.at, changed.reason,
      recorded.workspace, changed.id);
}

void fold_resolved(engine::Connection& tables, const engine::Recorded& recorded,
                   const IncidentResolved& resolved) {
  tables.exec(
      "UPDATE incident SET state = $1, resolved_by = $2, resolved_at = $3, resolved_because = $4"
      " WHERE workspace = $5 AND id = $6",
      describe::enum_text(State::resolved), recorded.actor.id, recorded.at, resolved.reason,
      recorded.workspace, resolved.id);
}

}  // namespace

engine::Module module() {
  engine::Module module{.name = "incidents"};
  module.tables.push_back({"incident", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS incident (workspace TEXT NOT NULL,"
                           " seq BIGINT NOT NULL, " +
                               engine::columns::definitions<Incident>() +
                               ", PRIMARY KEY (workspace, id));"
                               "CREATE INDEX IF NOT EXISTS incident_order ON incident"
                               " (workspace, state, seq);",
                           "workspace, id"});
  module.events = {engine::event<IncidentDeclared>(fold_declared),
                   engine::event<IncidentChanged>(fold_changed),
                   engine::event<IncidentResolved>(fold_resolved)};
  return module;
}

}  // namespace holdpoint::incidents
