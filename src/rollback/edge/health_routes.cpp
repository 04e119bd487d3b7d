// What is measured of deployments over HTTP: values, the watch over each, and the alerts that came.
#include "catalog/edge/catalog_queries.hpp"
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 65'536;
/// Deployments that one page of watches looks at.
constexpr std::size_t kLookedAtMax = 1'000;

enum class Watch : std::uint8_t { watched, cleared, taken_back, not_watched };
HP_DESCRIBE_ENUM(Watch, watched, cleared, taken_back, not_watched)

/// How a deployment does, as far as it is known.
struct HealthView {
  std::string deployment;
  std::string application;
  std::string environment;
  std::string version;
  Watch watch{};
  std::optional<EndedWatch> ended;
  std::optional<std::string> ending_reason;
  std::vector<HealthValue> values;
  std::vector<Alert> alerts;
  std::vector<std::string> rollbacks;  // ids, the newest first
};
HP_DESCRIBE(HealthView, deployment, application, environment, version, watch, ended, ending_reason,
            values, alerts, rollbacks)

struct WatchedDeployment {
  std::string deployment;
  std::string application;
  std::string version;
  std::string environment;
  std::optional<Instant> since;
  std::int64_t unhealthy = 0;  // values
  bool measured = false;
};
HP_DESCRIBE(WatchedDeployment, deployment, application, version, environment, since, unhealthy,
            measured)

Watch watch_of(const deployments::Deployment& deployment, const std::optional<EndedWatch>& ended) {
  if (ended) return ended->how == WatchEnd::cleared ? Watch::cleared : Watch::taken_back;
  return deployment.state == deployments::DeploymentState::succeeded ? Watch::watched
                                                                     : Watch::not_watched;
}

bool is_production(engine::Connection& tables, std::string_view workspace,
                   const std::string& environment) {
  const auto found = catalog::Environments::find(tables, workspace, environment);
  return found && found->record.environment_kind == catalog::EnvironmentKind::production;
}

http::Response health(engine::Engine& engine, const http::Request& request) {
  const auto& workspace = edge::caller_of(request).workspace;
  const auto tables = engine.read();
  const auto id = request.parameter("id");
  const auto found = deployments::find_deployment(*tables, workspace, id);
  if (!found) return edge::respond(deployments::deployment_not_found(id));
  HealthView view;
  view.deployment = found->id.text();
  view.application = found->application;
  view.environment = found->environment;
  view.version = found->version;
  view.ended = ended_watch(*tables, workspace, id);
  view.watch = watch_of(*found, view.ended);
  if (view.ended && view.ended->how == WatchEnd::cleared) {
    view.ending_reason =
        engine.personal(*tables, workspace, static_cast<std::uint64_t>(view.ended->ended_seq),
                        view.ended->ended_by, engine::reason_path);
  }
  view.values = health_values(*tables, workspace, id);
  view.alerts =
      firing_alerts(*tables, workspace, found->application, found->environment, found->started_at);
  for (const Decision& one : rollbacks_of(*tables, workspace, id)) {
    view.rollbacks.push_back(one.id.text());
  }
  return edge::ok(view);
}

/// Deployments to production that ended with success, and that nobody cleared or took back.
http::Response watched(engine::Engine& engine, const http::Request& request) {
  const auto wanted = edge::sequence_page_of(request);
  if (!wanted) return wanted.error();
  const auto& workspace = edge::caller_of(request).workspace;
  const auto tables = engine.read();
  deployments::DeploymentFilter filter;
  filter.before = wanted->from_newest();
  filter.limit = kLookedAtMax;
  const auto rows = deployments::list_deployments(*tables, workspace, filter);
  std::vector<WatchedDeployment> items;
  std::optional<std::string> next;
  for (const auto& row : rows) {
    const deployments::Deployment& one = row.item;
    if (items.size() == wanted->limit) break;
    next = std::to_string(row.seq);
    if (one.state != deployments::DeploymentState::succeeded ||
        !is_production(*tables, workspace, one.environment) ||
        ended_watch(*tables, workspace, one.id.text())) {
      continue;
    }
    WatchedDeployment item{
        one.id.text(), one.application, one.version, one.environment, one.finished_at, 0, false};
    for (const HealthValue& value : health_values(*tables, workspace, one.id.text())) {
      item.measured = true;
      if (!value.healthy) ++item.unhealthy;
    }
    items.push_back(std::move(item));
  }
  const bool is_last = rows.size() < kLookedAtMax && next && !rows.empty() &&
                       *next == std::to_string(rows.back().seq);
  if (rows.empty() || is_last) next.reset();
  return edge::page_of_items(items, next);
}

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "health"};
}

template <class Command>
http::Route acts(engine::Engine& engine, std::shared_ptr<const Desk> desk, http::Route route,
                 std::string name,
                 engine::Outcome (Desk::*act)(engine::Unit&, std::string_view, const Command&)
                     const) {
  route.request = edge::schema_of<Command>();
  route.statuses = {200, 400, 403, 404, 409, 415, 422, 429};
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = kBodyBytesMax;
  route.handler = [&engine, desk = std::move(desk), name = std::move(name),
                   act](http::Request& request) {
    auto command = edge::body_of<Command>(request);
    if (!command) return std::move(command).error();
    const std::string id(request.parameter("id"));
    return edge::run(engine, request, name,
                     [&](engine::Unit& unit) { return ((*desk).*act)(unit, id, *command); });
  };
  return route;
}

http::Route alerts_route(engine::Engine& engine) {
  auto list = row("GET", "alerts", "deployments.read",
                  "List alerts that monitoring sent, the newest first", "list_alerts");
  list.query = edge::kPageParameters;
  list.response = edge::page_schema_of<Alert>();
  list.statuses = {200, 422};
  list.handler = [&engine](http::Request& request) {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto tables = engine.read();
    return edge::sequence_page(list_alerts(*tables, edge::caller_of(request).workspace,
                                           wanted->from_newest(), wanted->rows()),
                               wanted->limit, [](Alert& item) { return std::move(item); });
  };
  return list;
}

}  // namespace

std::vector<http::Route> health_routes(engine::Engine& engine, std::shared_ptr<const Desk> desk) {
  auto report = acts<ReportHealth>(
      engine, desk,
      row("POST", "deployments/{id}/health", "health.report",
          "Report what was measured of a deployment; rules follow from it", "report_health"),
      "deployment.health", &Desk::take_health);
  report.response = edge::schema_of<HealthTaken>();
  auto clear = acts<ClearRollback>(
      engine, desk,
      row("POST", "deployments/{id}/clearance", "deployments.verify",
          "End the watch over a deployment that somebody else made", "clear_deployment"),
      "deployment.clear", &Desk::clear_watch);
  clear.response = edge::schema_of<EndedWatch>();
  auto get = row("GET", "deployments/{id}/health", "deployments.read",
                 "How a deployment does, and whether it is still watched", "get_deployment_health");
  get.response = edge::schema_of<HealthView>();
  get.statuses = {200, 404};
  get.handler = [&engine](http::Request& request) { return health(engine, request); };
  auto list =
      row("GET", "deployments/watched", "deployments.read",
          "List deployments to production that nobody cleared yet", "list_watched_deployments");
  list.query = edge::kPageParameters;
  list.response = edge::page_schema_of<WatchedDeployment>();
  list.statuses = {200, 422};
  list.handler = [&engine](http::Request& request) { return watched(engine, request); };
  return {std::move(report), std::move(clear), std::move(get), std::move(list),
          alerts_route(engine)};
}

}  // namespace holdpoint::rollback
