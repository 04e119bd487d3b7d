// What runs somewhere over HTTP: programs report it, people see what is unauthorised and answer.
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 16'384;

struct Acknowledge {
  std::string reason;
};
HP_DESCRIBE(Acknowledge, reason)

/// With the reason of whoever answered, where one sighting is shown.
struct SightingView {
  Sighting sighting;
  std::string seen_by_name;
  std::optional<std::string> acknowledged_by_name;
  std::optional<std::string> reason;
};
HP_DESCRIBE(SightingView, sighting, seen_by_name, acknowledged_by_name, reason)

SightingView view_of(const Desk& desk, engine::Connection& tables, std::string_view workspace,
                     Sighting sighting) {
  const auto named = [&](const std::string& id) {
    const char* kind = id.starts_with("per_") ? "person" : "service_account";
    return desk.needs().display_name(tables, workspace, {kind, id, std::nullopt, std::nullopt});
  };
  SightingView view;
  view.seen_by_name = named(sighting.seen_by);
  if (sighting.acknowledged_by) view.acknowledged_by_name = named(*sighting.acknowledged_by);
  view.sighting = std::move(sighting);
  return view;
}

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/deployments/" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "deployments"};
}

http::Route list_route(engine::Engine& engine, const std::shared_ptr<const Desk>& desk) {
  auto list = row("GET", "unauthorised", "deployments.read",
                  "List what was seen to run and did not come through the gate, the newest first",
                  "list_unauthorised_deployments");
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"state", "Only those that are open, or acknowledged", "string", http::Presence::optional});
  list.response = edge::page_schema_of<SightingView>();
  list.statuses = {200, 422};
  list.handler = [&engine, desk](http::Request& request) {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    std::optional<Answered> answered;
    if (const auto text = request.query("state")) {
      answered = describe::enum_parse<Answered>(*text);
      if (!answered) {
        return edge::respond(
            JsonIssues{{"state", "expected one of: " + describe::enum_choices<Answered>(), 0}});
      }
    }
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine.read();
    return edge::sequence_page(
        list_sightings(*tables, workspace, answered, wanted->from_newest(), wanted->rows()),
        wanted->limit,
        [&](Sighting& one) { return view_of(*desk, *tables, workspace, std::move(one)); });
  };
  return list;
}

http::Route get_route(engine::Engine& engine, const std::shared_ptr<const Desk>& desk) {
  auto get =
      row("GET", "unauthorised/{id}", "deployments.read",
          "One unauthorised deployment, with what was answered", "get_unauthorised_deployment");
  get.response = edge::schema_of<SightingView>();
  get.statuses = {200, 404};
  get.handler = [&engine, desk](http::Request& request) {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine.read();
    const auto id = request.parameter("id");
    const auto found = find_sighting(*tables, workspace, id);
    if (!found) return edge::respond(sighting_not_found(id));
    SightingView view = view_of(*desk, *tables, workspace, *found);
    if (found->reason_seq && found->acknowledged_by) {
      view.reason =
          engine.personal(*tables, workspace, static_cast<std::uint64_t>(*found->reason_seq),
                          *found->acknowledged_by, engine::reason_path);
    }
    return edge::ok(view);
  };
  return get;
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.response = edge::schema_of<SightingTaken>();
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = kBodyBytesMax;
}

}  // namespace

std::vector<http::Route> sighting_routes(engine::Engine& engine, std::shared_ptr<const Desk> desk) {
  auto report = row("POST", "running", "health.report",
                    "Report which artifact runs in an environment", "report_running");
  takes(report, edge::schema_of<ReportRunning>(), {200, 201, 400, 404, 415, 422, 429});
  report.handler = [&engine, desk](http::Request& request) {
    auto command = edge::body_of<ReportRunning>(request);
    if (!command) return std::move(command).error();
    return edge::run(engine, request, "deployment.report",
                     [&](engine::Unit& unit) { return desk->see(unit, *command); });
  };
  auto answer = row("POST", "unauthorised/{id}/acknowledgement", "deployments.verify",
                    "Answer for an unauthorised deployment; it stays on record",
                    "acknowledge_unauthorised_deployment");
  takes(answer, edge::schema_of<Acknowledge>(), {200, 400, 403, 404, 409, 415, 422});
  answer.handler = [&engine, desk](http::Request& request) {
    auto command = edge::body_of<Acknowledge>(request);
    if (!command) return std::move(command).error();
    const std::string id(request.parameter("id"));
    return edge::run(engine, request, "deployment.acknowledge", [&](engine::Unit& unit) {
      return desk->acknowledge(unit, id, command->reason);
    });
  };
  return {list_route(engine, desk), get_route(engine, desk), std::move(report), std::move(answer)};
}

}  // namespace holdpoint::rollback
