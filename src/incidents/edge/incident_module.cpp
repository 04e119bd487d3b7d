// The tables of incidents and how they are folded.
#include "engine/columns.hpp"
#include "incidents/edge/incidents_edge.hpp"

namespace holdpoint::incidents {
namespace {

/// Which applications a major incident touches, and since when: "" stands for all of them.
void fold_touches(engine::Connection& tables, const engine::Recorded& recorded,
                  const IncidentId& id, Severity severity,
                  const std::vector<std::string>& applications, Instant declared_at) {
  tables.exec("DELETE FROM incident_touch WHERE workspace = $1 AND incident = $2",
              recorded.workspace, id);
  if (!is_major(severity)) return;
  const auto touch = [&](std::string_view application) {
    tables.exec(
        "INSERT INTO incident_touch (workspace, application, incident, declared_at)"
        " VALUES ($1, $2, $3, $4)",
        recorded.workspace, application, id, declared_at);
  };
  if (applications.empty()) touch("");
  for (const std::string& application : applications) touch(application);
}

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
  fold_touches(tables, recorded, declared.id, declared.severity, declared.applications,
               recorded.at);
}

void fold_changed(engine::Connection& tables, const engine::Recorded& recorded,
                  const IncidentChanged& changed) {
  tables.exec(
      "UPDATE incident SET severity = $1, environments = $2, applications = $3, commander = $4,"
      " changed_at = $5, changed_because = $6 WHERE workspace = $7 AND id = $8",
      describe::enum_text(changed.severity), to_json_text(changed.environments),
      to_json_text(changed.applications), changed.commander, recorded.at, changed.reason,
      recorded.workspace, changed.id);
  const auto declared_at =
      tables.integer("SELECT declared_at FROM incident WHERE workspace = $1 AND id = $2",
                     recorded.workspace, changed.id);
  if (!declared_at) return;
  fold_touches(tables, recorded, changed.id, changed.severity, changed.applications,
               Instant{*declared_at});
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
  module.tables.push_back(
      {"incident_touch", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS incident_touch (workspace TEXT NOT NULL,"
       " application TEXT NOT NULL, incident TEXT NOT NULL, declared_at BIGINT NOT NULL,"
       " PRIMARY KEY (workspace, incident, application));"
       "CREATE INDEX IF NOT EXISTS incident_touch_time ON incident_touch"
       " (workspace, application, declared_at);",
       "workspace, incident, application"});
  module.events = {engine::event<IncidentDeclared>(fold_declared),
                   engine::event<IncidentChanged>(fold_changed),
                   engine::event<IncidentResolved>(fold_resolved)};
  return module;
}

}  // namespace holdpoint::incidents
