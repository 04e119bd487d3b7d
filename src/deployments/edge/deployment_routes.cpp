// Deployments over HTTP: start through the gate, finish, verify, list, also what was refused.
#include <algorithm>

#include "deployments/edge/deployment_queries.hpp"
#include "deployments/edge/deployment_start.hpp"
#include "deployments/edge/deployments_edge.hpp"
#include "deployments/edge/refused_start_queries.hpp"

namespace holdpoint::deployments {
namespace {

namespace edge = engine::edge;

struct FinishDeployment {
  DeploymentOutcome outcome{};
  std::optional<std::string> note;
};
HP_DESCRIBE(FinishDeployment, outcome, note)

struct VerifyDeployment {
  std::optional<std::string> note;
};
HP_DESCRIBE(VerifyDeployment, note)

ledger::Subject subject_of(const DeploymentId& id) { return {"deployment", id.text()}; }

engine::Outcome standing(engine::Unit& unit, const DeploymentId& id) {
  return edge::answer(*find_deployment(unit.tables(), unit.workspace(), id.text()));
}

/// With why a rollback was started, read from where it is sealed; what was erased stays absent.
Deployment read_of(engine::Engine& engine, engine::Connection& tables, std::string_view workspace,
                   Deployment deployment) {
  if (deployment.reason_seq) {
    deployment.rollback_reason =
        engine.personal(tables, workspace, static_cast<std::uint64_t>(*deployment.reason_seq),
                        deployment.started_by, engine::reason_path);
  }
  return deployment;
}

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/deployments" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "deployments"};
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.response = edge::schema_of<Deployment>();
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = 16U << 10;
}

http::Route list_route(engine::Engine& engine) {
  auto list =
      row("GET", "", "deployments.read", "List deployments, the newest first", "list_deployments");
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"application", "Only those of this application", "string", http::Presence::optional});
  list.query.push_back(
      {"environment", "Only those to this environment", "string", http::Presence::optional});
  list.response = edge::page_schema_of<Deployment>();
  list.handler = [&engine](http::Request& request) {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    DeploymentFilter filter;
    filter.before = wanted->from_newest();
    filter.limit = wanted->rows();
    if (const auto name = request.query("application")) filter.application = *name;
    if (const auto name = request.query("environment")) filter.environment = *name;
    const auto tables = engine.read();
    const std::string& workspace = edge::caller_of(request).workspace;
    return edge::sequence_page(
        list_deployments(*tables, workspace, filter), wanted->limit,
        [&](Deployment& item) { return read_of(engine, *tables, workspace, std::move(item)); });
  };
  return list;
}

http::Route refused_route(engine::Engine& engine) {
  auto list = row("GET", "/refused", "deployments.read",
                  "List starts that were refused, the newest first", "list_refused_deployments");
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"application", "Only those of this application", "string", http::Presence::optional});
  list.query.push_back(
      {"environment", "Only those to this environment", "string", http::Presence::optional});
  list.response = edge::page_schema_of<RefusedStart>();
  list.handler = [&engine](http::Request& request) {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    RefusedStartFilter filter;
    filter.before = wanted->from_newest();
    filter.limit = wanted->rows();
    if (const auto name = request.query("application")) filter.application = *name;
    if (const auto name = request.query("environment")) filter.environment = *name;
    const auto tables = engine.read();
    return edge::sequence_page(
        list_refused_starts(*tables, edge::caller_of(request).workspace, filter), wanted->limit,
        [](RefusedStart& item) { return std::move(item); });
  };
  return list;
}

http::Route get_route(engine::Engine& engine) {
  auto get = row("GET", "/{id}", "deployments.read", "One deployment", "get_deployment");
  get.response = edge::schema_of<Deployment>();
  get.statuses = {200, 404};
  get.handler = [&engine](http::Request& request) {
    const auto tables = engine.read();
    const auto id = request.parameter("id");
    const std::string& workspace = edge::caller_of(request).workspace;
    const auto found = find_deployment(*tables, workspace, id);
    return found ? edge::ok(read_of(engine, *tables, workspace, *found))
                 : edge::respond(deployment_not_found(id));
  };
  return get;
}

http::Route finish_route(engine::Engine& engine) {
  auto finish = row("POST", "/{id}/finish", "deployments.start", "Say how a deployment ended",
                    "finish_deployment");
  takes(finish, edge::schema_of<FinishDeployment>(), {200, 400, 404, 409, 415, 422});
  finish.handler = [&engine](http::Request& request) {
    auto body = edge::body_of<FinishDeployment>(request);
    if (!body) return std::move(body).error();
    return edge::run_later(
        engine, request, "deployment.finish",
        [id = std::string(request.parameter("id")),
         body = std::move(*body)](engine::Unit& unit) -> engine::Outcome {
          const auto found = find_deployment(unit.tables(), unit.workspace(), id);
          if (!found) return refuse(deployment_not_found(id));
          const auto event = deployments::finish(*found, body.outcome, body.note.value_or(""));
          if (!event) return std::unexpected(event.error());
          unit.record(subject_of(found->id), *event);
          return standing(unit, found->id);
        });
  };
  return finish;
}

http::Route verify_route(engine::Engine& engine) {
  auto verify = row("POST", "/{id}/verification", "deployments.verify",
                    "Verify a deployment that somebody else made", "verify_deployment");
  takes(verify, edge::schema_of<VerifyDeployment>(), {200, 400, 403, 404, 409, 415, 422});
  verify.handler = [&engine](http::Request& request) {
    auto body = edge::body_of<VerifyDeployment>(request);
    if (!body) return std::move(body).error();
    return edge::run_later(
        engine, request, "deployment.verify",
        [id = std::string(request.parameter("id")),
         body = std::move(*body)](engine::Unit& unit) -> engine::Outcome {
          const auto found = find_deployment(unit.tables(), unit.workspace(), id);
          if (!found) return refuse(deployment_not_found(id));
          const auto event = deployments::verify(
              *found, {unit.actor().kind, unit.actor().id},
              deployers_of(unit.tables(), unit.workspace(), *found), body.note.value_or(""));
          if (!event) return std::unexpected(event.error());
          unit.record(subject_of(found->id), *event);
          return standing(unit, found->id);
        });
  };
  return verify;
}

}  // namespace

std::vector<http::Route> deployment_routes(engine::Engine& engine,
                                           std::shared_ptr<GateSource> source) {
  auto begin =
      row("POST", "", "deployments.start",
          "Start a deployment: the gate is asked, and the approval used up", "start_deployment");
  takes(begin, edge::schema_of<StartDeployment>(), {201, 400, 404, 409, 415, 422});
  begin.handler = [&engine, source = std::move(source)](http::Request& request) {
    auto wanted = edge::body_of<StartDeployment>(request);
    if (!wanted) return std::move(wanted).error();
    return edge::run_later(engine, request, "deployment.start",
                           [source, wanted = std::move(*wanted)](engine::Unit& unit) {
                             return start_deployment(unit, *source, wanted);
                           });
  };
  return {std::move(begin),  list_route(engine),   refused_route(engine),
          get_route(engine), finish_route(engine), verify_route(engine)};
}

}  // namespace holdpoint::deployments
