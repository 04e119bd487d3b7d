// See gatekeeper.hpp.
#include "main/gatekeeper.hpp"

#include "cli/cli.hpp"
#include "engine/edge/object_sink.hpp"
#include "engine/outbox.hpp"
#include "main/page.hpp"
#include "platform/http/openapi.hpp"
#include "policy/document_text.hpp"

namespace holdpoint::main {
namespace {

using engine::Caller;

std::string workspace_of(const http::Request& head) {
  const auto found = head.path_parameters.find("workspace");
  return found == head.path_parameters.end() ? std::string(engine::kSystemWorkspace)
                                             : found->second;
}

http::Response not_found(const http::Request& head) {
  return http::problem_response(
      404, "route_not_found",
      "There is nothing at " + head.path + "; /openapi.json lists what there is.");
}

http::Response method_not_allowed(const std::string& allow) {
  auto response = http::problem_response(405, "method_not_allowed", "Allowed here: " + allow + ".");
  response.set("Allow", allow);
  return response;
}

json::object event_schemas(const engine::Engine& engine) {
  json::object components;
  json::object events;
  for (const engine::Module& module : engine.modules()) {
    for (const engine::EventType& type : module.events) {
      events[type.type + "/v" + std::to_string(type.version)] = type.schema(components);
    }
  }
  return {{"title", "Bodies of the events in the ledger"},
          {"events", std::move(events)},
          {"components", {{"schemas", std::move(components)}}}};
}

/// The schema as a definition of a larger one: without an identity of its own, and with what it
/// defines put beside it. Editors do not follow references into a schema inside a schema.
json::object as_definition(json::object schema, json::object& definitions) {
  if (const auto* own = schema.if_contains("$defs")) {
    for (const auto& one : own->as_object()) definitions.emplace(one.key(), one.value());
  }
  for (const std::string_view key : {"$defs", "$id", "$schema"}) schema.erase(key);
  return schema;
}

/// One JSON Schema that takes a document of any kind, for editors; and by kind the schema of the
/// facts, and whether anything acts on its documents.
json::object policy_schemas() {
  const auto facts = deployments::facts_schemas();
  json::array any;
  json::object documents;
  json::object kinds;
  for (const policy::KindRow& row : policy::kinds()) {
    any.push_back(json::object{{"$ref", "#/$defs/" + std::string(row.schema)}});
    documents[row.schema] = as_definition(policy::document_schema(row.kind).as_object(), documents);
    kinds[row.name] = {{"acted_on", row.effect == policy::Effect::acted_on},
                       {"facts", facts.at(row.kind)}};
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", "https://holdpoint.dev/schemas/policies.json"},
          {"title", "Policy documents of every kind"},
          {"oneOf", std::move(any)},
          {"$defs", std::move(documents)},
          {"x-kinds", std::move(kinds)}};
}

}  // namespace

Gatekeeper::Gatekeeper(Housing& housing, std::function<std::string()> server_metrics)
    : housing_(housing), server_metrics_(std::move(server_metrics)) {
  auto routes = housing.routes();
  for (auto& route : process_routes()) routes.push_back(std::move(route));
  for (auto& route : page_routes()) routes.push_back(std::move(route));
  router_ = std::make_unique<http::Router>(std::move(routes));
  openapi_ =
      json::serialize(http::openapi_document(router_->routes(), "Holdpoint", cli::program_version));
  facts_schema_ = json::serialize(certification::facts_schema());
  policy_schemas_ = json::serialize(policy_schemas());
}

bool Gatekeeper::ready() const { return !draining_ && housing_.engine().ready(); }

std::string Gatekeeper::metrics_text() const {
  metrics::Registry registry;
  const auto counters = housing_.engine().counters();
  const auto gauge = [&registry](const char* name, const char* help, std::uint64_t value) {
    registry.gauge({name, help, {}}).set(static_cast<double>(value));
  };
  registry.counter({"holdpoint_commands_total", "Commands run", {}})
      .add(static_cast<double>(counters.commands));
  registry.counter({"holdpoint_commands_refused_total", "Commands refused", {}})
      .add(static_cast<double>(counters.refused));
  registry.counter({"holdpoint_commits_total", "Group commits", {}})
      .add(static_cast<double>(counters.batches));
  registry.counter({"holdpoint_events_total", "Events recorded", {}})
      .add(static_cast<double>(counters.events));
  registry
      .counter({"holdpoint_integrity_faults_total",
                "Requests and commands that met something recorded which is gone or damaged",
                {}})
      .add(static_cast<double>(counters.integrity_faults + integrity_faults_));
  gauge("holdpoint_commands_waiting", "Commands waiting for the writer", counters.queue_length);
  gauge("holdpoint_ready", "1 when the server takes requests", ready() ? 1 : 0);
  try {
    const auto deliveries = engine::count_deliveries(*housing_.engine().read());
    gauge("holdpoint_deliveries_waiting", "Messages to the outside that wait", deliveries.waiting);
    gauge("holdpoint_deliveries_failed", "Dead letters: messages that did not arrive",
          deliveries.failed);
  } catch (const engine::StoreFailed&) {
    // The other numbers are wanted most when the store fails; these two are then not known.
  }
  return registry.text() + server_metrics_();
}

std::vector<http::Route> Gatekeeper::process_routes() {
  const auto row = [](std::string path, std::string summary, std::string operation,
                      std::string media, http::Handler handler) {
    return http::Route{.method = "GET",
                       .path = std::move(path),
                       .permission = "",
                       .summary = std::move(summary),
                       .operation_id = std::move(operation),
                       .tag = "operation",
                       .handler = std::move(handler),
                       .response_media = std::move(media)};
  };
  std::vector<http::Route> rows;
  rows.push_back(row("/healthz", "Whether the process runs", "health", "text/plain",
                     [](http::Request&) { return http::text_response(200, "ok\n"); }));
  rows.push_back(row("/readyz", "Whether the server takes requests", "readiness", "text/plain",
                     [this](http::Request&) {
                       return ready() ? http::text_response(200, "ready\n")
                                      : http::text_response(503, "not ready\n");
                     }));
  rows.back().statuses = {200, 503};
  rows.push_back(row("/metrics", "Operational numbers (Prometheus)", "metrics", "text/plain",
                     [this](http::Request&) {
                       auto response = http::text_response(200, metrics_text());
                       response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                       return response;
                     }));
  rows.push_back(row("/openapi.json", "This interface (OpenAPI 3.1)", "openapi", "application/json",
                     [this](http::Request&) { return http::json_text_response(200, openapi_); }));
  rows.push_back(row("/schemas/facts.json", "Schema of the facts that criteria judge",
                     "facts_schema", "application/schema+json", [this](http::Request&) {
                       return http::json_text_response(200, facts_schema_);
                     }));
  rows.push_back(row("/schemas/policies.json",
                     "Schemas of the documents of every kind of policy, and of their facts",
                     "policy_schemas", "application/schema+json", [this](http::Request&) {
                       return http::json_text_response(200, policy_schemas_);
                     }));
  return rows;
}

std::optional<http::Response> Gatekeeper::answer_at_once(const http::Request& head) {
  if (head.method != "GET" || !housing_.engine().ready()) return std::nullopt;
  const auto& segments = head.segments;
  if (segments.size() != 4 || segments[3] != "gate" || segments[0] != "api" ||
      segments[1] != "v1") {
    return std::nullopt;
  }
  auto answer = housing_.gate().answer_at_once(head, segments[2]);
  if (!answer) return std::nullopt;
  const auto caller = housing_.access().authenticate(head, segments[2]);
  if (!caller) return caller.error();
  const auto allowed =
      housing_.access().authorize(**caller, "gate.check", "GET /api/v1/{workspace}/gate");
  if (!allowed) return allowed.error();
  return answer;
}

std::expected<std::shared_ptr<const Caller>, http::Response> Gatekeeper::caller_for(
    const http::Request& head, const http::Route& route) {
  const std::string workspace = workspace_of(head);
  if (route.permission.empty()) {
    auto anonymous = std::make_shared<Caller>();
    anonymous->actor = {"anonymous", "anonymous", std::nullopt, std::nullopt};
    anonymous->origin = identity::origin_of(head);
    anonymous->workspace = workspace;
    return anonymous;
  }
  auto caller = housing_.access().authenticate(head, workspace);
  if (!caller) return caller;
  const auto allowed =
      housing_.access().authorize(**caller, route.permission, route.method + " " + route.path);
  if (!allowed) return std::unexpected(allowed.error());
  return caller;
}

std::expected<http::BodyPlan, http::Response> Gatekeeper::admit(http::Request& head) {
  auto found = router_->match(head.method, head.segments);
  if (std::holds_alternative<http::Router::NotFound>(found)) {
    return std::unexpected(not_found(head));
  }
  if (const auto* other = std::get_if<http::Router::MethodNotAllowed>(&found)) {
    return std::unexpected(method_not_allowed(other->allow));
  }
  auto& match = std::get<http::Router::Match>(found);
  head.route = match.route;
  head.path_parameters = std::move(match.path_parameters);
  auto caller = caller_for(head, *match.route);
  if (!caller) return std::unexpected(std::move(caller).error());
  head.caller = std::move(*caller);
  if (!ready() && head.method != "GET" && head.method != "HEAD") {
    auto response = http::problem_response(503, "not_ready", "The server takes no changes now.");
    response.set("Retry-After", "5");
    return std::unexpected(std::move(response));
  }
  http::BodyPlan plan{match.route->body_bytes_max, nullptr};
  if (match.route->mode == http::BodyMode::streamed) {
    auto sink = engine::edge::ObjectSink::open(housing_.engine().ports().objects);
    if (!sink) {
      note(*match.route, sink.error());
      return std::unexpected(engine::edge::respond(sink.error()));
    }
    plan.sink = std::move(*sink);
  }
  return plan;
}

http::Response Gatekeeper::handle(http::Request& request) {
  HP_ASSERT(request.route != nullptr && request.caller.has_value(),
            "MA-2: a handled request was admitted");
  const http::Route& route = *request.route;
  http::Response response;
  try {
    response = route.handler(request);
  } catch (const engine::StoreFailed& failure) {
    response = engine::edge::respond(failure.fault());
  }
  if (response.fault) note(route, *response.fault);
  return response;
}

void Gatekeeper::note(const http::Route& route, const Fault& fault) {
  if (harms_integrity(fault.kind)) ++integrity_faults_;
  housing_.log().write(engine::LogLevel::error, "a request failed",
                       {{"route", route.operation_id}, {"cause", fault.text()}});
}

json::object published_schemas(Housing& housing, const http::Router& router) {
  return {
      {"openapi.json", http::openapi_document(router.routes(), "Holdpoint", cli::program_version)},
      {"facts.json", certification::facts_schema()},
      {"policies.json", policy_schemas()},
      {"events.json", event_schemas(housing.engine())}};
}

}  // namespace holdpoint::main
