// Incidents over HTTP.
#include "catalog/edge/catalog_queries.hpp"
#include "incidents/edge/incidents_edge.hpp"

namespace holdpoint::incidents {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 65'536;
constexpr std::string_view kDescription = "/description";

/// An incident as the API shows it. Names and the description are opened when an answer is given
/// and never kept; the answer of a command has none of them.
struct IncidentView {
  IncidentId id;
  std::string title;
  Severity severity{};
  bool major = false;
  State state{};
  std::vector<std::string> environments;
  std::vector<std::string> applications;
  std::string commander;
  std::optional<std::string> commander_name;
  std::string declared_by;
  std::optional<std::string> declared_by_name;
  Instant declared_at;
  std::optional<Instant> changed_at;
  std::optional<std::string> changed_because;
  std::optional<std::string> resolved_by;
  std::optional<std::string> resolved_by_name;
  std::optional<Instant> resolved_at;
  std::optional<std::string> resolved_because;
  std::optional<std::string> description;  // absent also when the author's key was destroyed
};
HP_DESCRIBE(IncidentView, id, title, severity, major, state, environments, applications, commander,
            commander_name, declared_by, declared_by_name, declared_at, changed_at, changed_because,
            resolved_by, resolved_by_name, resolved_at, resolved_because, description)

IncidentView view_of(const Incident& incident) {
  return {.id = incident.id,
          .title = incident.title,
          .severity = incident.severity,
          .major = is_major(incident.severity),
          .state = incident.state,
          .environments = incident.environments,
          .applications = incident.applications,
          .commander = incident.commander,
          .commander_name = std::nullopt,
          .declared_by = incident.declared_by,
          .declared_by_name = std::nullopt,
          .declared_at = incident.declared_at,
          .changed_at = incident.changed_at,
          .changed_because = incident.changed_because,
          .resolved_by = incident.resolved_by,
          .resolved_by_name = std::nullopt,
          .resolved_at = incident.resolved_at,
          .resolved_because = incident.resolved_because,
          .description = std::nullopt};
}

/// The id's prefix tells the kind of actor.
ledger::Actor actor_of(std::string_view id) {
  const bool person = id.starts_with("per_");
  return {person ? "person" : "service_account", std::string(id), std::nullopt, std::nullopt};
}

class IncidentRoutes {
 public:
  IncidentRoutes(engine::Engine& engine, IncidentNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response declare(const http::Request& request) const {
    const auto command = edge::body_of<DeclareIncident>(request);
    if (!command) return command.error();
    return edge::run(engine_, request, "incident.declare",
                     [&](engine::Unit& unit) { return declare_in(unit, *command); });
  }

  http::Response change(const http::Request& request) const {
    const auto command = edge::body_of<ChangeIncident>(request);
    if (!command) return command.error();
    return run_on(request, "incident.change", [&](engine::Unit& unit, const Incident& incident) {
      return change_in(unit, incident, *command);
    });
  }

  http::Response resolve(const http::Request& request) const {
    const auto command = edge::body_of<ResolveIncident>(request);
    if (!command) return command.error();
    return run_on(request, "incident.resolve", [&](engine::Unit& unit, const Incident& incident) {
      return resolve_in(unit, incident, *command);
    });
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    IncidentFilter filter{std::nullopt, wanted->from_newest(), wanted->rows()};
    if (const auto text = request.query("state")) {
      filter.state = describe::enum_parse<State>(*text);
      if (!filter.state) {
        return edge::respond(
            JsonIssues{{"state", "expected one of: " + describe::enum_choices<State>(), 0}});
      }
    }
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    return edge::sequence_page(
        list_incidents(*tables, workspace, filter), wanted->limit,
        [&](const Incident& incident) { return named_view_of(*tables, workspace, incident); });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto id = request.parameter("id");
    const auto found = find_incident(*tables, workspace, id);
    if (!found) return edge::respond(incident_not_found(id));
    IncidentView view = named_view_of(*tables, workspace, *found);
    if (found->description_seq) {
      view.description =
          engine_.personal(*tables, workspace, static_cast<std::uint64_t>(*found->description_seq),
                           found->declared_by, kDescription);
    }
    return edge::ok(view);
  }

 private:
  template <class Then>
  http::Response run_on(const http::Request& request, std::string name, Then&& then) const {
    const std::string id(request.parameter("id"));
    return edge::run(engine_, request, std::move(name), [&](engine::Unit& unit) -> engine::Outcome {
      const auto found = find_incident(unit.tables(), unit.workspace(), id);
      if (!found) return refuse(incident_not_found(id));
      return then(unit, *found);
    });
  }

  engine::Outcome declare_in(engine::Unit& unit, const DeclareIncident& command) const {
    const ledger::Actor& actor = unit.actor();
    const auto declared = incidents::declare(
        command,
        {.id = unit.new_id<IncidentId>(),
         .declarer = actor.kind == "person" ? actor.id : std::string(),
         .open_count = count_open_incidents(unit.tables(), unit.workspace()),
         .known = known_of(unit, command.environments, command.applications, command.commander)});
    if (!declared) return refuse(declared.error());
    std::vector<engine::Personal> personal;
    if (command.description) {
      personal.push_back({std::string(kDescription), actor.id, *command.description});
    }
    unit.record(subject_of(declared->id), *declared, std::move(personal));
    return shown(unit, declared->id, 201);
  }

  engine::Outcome change_in(engine::Unit& unit, const Incident& incident,
                            const ChangeIncident& command) const {
    const auto changed = incidents::change(
        incident, command,
        known_of(unit, command.environments.value_or(std::vector<std::string>{}),
                 command.applications.value_or(std::vector<std::string>{}), command.commander));
    if (!changed) return refuse(changed.error());
    if (*changed) unit.record(subject_of(incident.id), **changed);
    return shown(unit, incident.id, 200);
  }

  static engine::Outcome resolve_in(engine::Unit& unit, const Incident& incident,
                                    const ResolveIncident& command) {
    const auto resolved = incidents::resolve(incident, command);
    if (!resolved) return refuse(resolved.error());
    unit.record(subject_of(incident.id), *resolved);
    return shown(unit, incident.id, 200);
  }

  /// Looks up what a command names. A list over its bound is refused unread.
  KnownNames known_of(engine::Unit& unit, const std::vector<std::string>& environments,
                      const std::vector<std::string>& applications,
                      const std::optional<std::string>& commander) const {
    KnownNames known;
    auto& tables = unit.tables();
    if (environments.size() <= affected_max) {
      for (const std::string& name : environments) {
        if (catalog::Environments::find(tables, unit.workspace(), name)) {
          known.environments.insert(name);
        }
      }
    }
    if (applications.size() <= affected_max) {
      for (const std::string& name : applications) {
        if (catalog::Applications::find(tables, unit.workspace(), name)) {
          known.applications.insert(name);
        }
      }
    }
    if (commander && needs_.is_active_person(tables, *commander)) known.people.insert(*commander);
    return known;
  }

  static ledger::Subject subject_of(const IncidentId& id) { return {"incident", id.text()}; }

  static engine::Outcome shown(engine::Unit& unit, const IncidentId& id, int status) {
    return edge::answer(view_of(*find_incident(unit.tables(), unit.workspace(), id.text())),
                        status);
  }

  IncidentView named_view_of(engine::Connection& tables, std::string_view workspace,
                             const Incident& incident) const {
    IncidentView view = view_of(incident);
    view.commander_name = needs_.display_name(tables, workspace, actor_of(incident.commander));
    view.declared_by_name = needs_.display_name(tables, workspace, actor_of(incident.declared_by));
    if (incident.resolved_by) {
      view.resolved_by_name =
          needs_.display_name(tables, workspace, actor_of(*incident.resolved_by));
    }
    return view;
  }

  engine::Engine& engine_;
  IncidentNeeds needs_;
};

using All = std::shared_ptr<IncidentRoutes>;

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  http::Route route{.method = std::move(method),
                    .path = "/api/v1/{workspace}/" + std::move(path),
                    .permission = std::move(permission),
                    .summary = std::move(summary),
                    .operation_id = std::move(operation),
                    .tag = "incidents"};
  route.response = edge::schema_of<IncidentView>();
  return route;
}

template <class Command>
http::Route act(std::string path, std::string summary, std::string operation,
                std::vector<int> statuses) {
  auto route =
      row("POST", std::move(path), "incidents.declare", std::move(summary), std::move(operation));
  route.request = edge::schema_of<Command>();
  route.statuses = std::move(statuses);
  route.body_bytes_max = kBodyBytesMax;
  route.mode = http::BodyMode::buffered;
  return route;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, IncidentNeeds needs) {
  const All all = std::make_shared<IncidentRoutes>(engine, std::move(needs));
  auto declare = act<DeclareIncident>("incidents", "Declare an incident", "declare_incident",
                                      {201, 409, 422, 429});
  declare.handler = [all](http::Request& request) { return all->declare(request); };
  auto list =
      row("GET", "incidents", "incidents.read", "List incidents, newest first", "list_incidents");
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"state", "Only those that are open, or resolved", "string", http::Presence::optional});
  list.response = edge::page_schema_of<IncidentView>();
  list.statuses = {200, 422};
  list.handler = [all](http::Request& request) { return all->list(request); };
  auto get = row("GET", "incidents/{id}", "incidents.read", "One incident", "get_incident");
  get.statuses = {200, 404};
  get.handler = [all](http::Request& request) { return all->get(request); };
  auto change = act<ChangeIncident>("incidents/{id}/changes",
                                    "Change the severity, what is affected, or who commands",
                                    "change_incident", {200, 404, 409, 422});
  change.handler = [all](http::Request& request) { return all->change(request); };
  auto resolve =
      act<ResolveIncident>("incidents/{id}/resolution", "Resolve an incident, with what ended it",
                           "resolve_incident", {200, 404, 409, 422});
  resolve.handler = [all](http::Request& request) { return all->resolve(request); };
  return {std::move(declare), std::move(list), std::move(get), std::move(change),
          std::move(resolve)};
}

}  // namespace holdpoint::incidents
