// The hook that Alertmanager posts to. It repeats a message until it is acknowledged, and what says
// nothing new is recorded once; so no key of idempotency is needed.
#include "integrations/alertmanager/alertmanager.hpp"

namespace holdpoint::integrations::alertmanager {
namespace {

namespace edge = engine::edge;

Placing placing_of(const http::Request& request) {
  Placing placing;
  const auto take = [&](std::string& to, std::string_view name) {
    const auto value = request.query(name);
    if (value && !value->empty()) to = std::string(*value);
  };
  take(placing.application_label, "application_label");
  take(placing.environment_label, "environment_label");
  take(placing.environment, "environment");
  return placing;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, TakeAlerts take, http::Schema answer) {
  http::Route hook{.method = "POST",
                   .path = "/hooks/alertmanager/{workspace}",
                   .permission = "health.report",
                   .summary = "Take the alerts that Prometheus Alertmanager sends",
                   .operation_id = "take_alertmanager_message",
                   .tag = "health"};
  hook.query = {{"application_label", "The label that names the application (application)",
                 "string", http::Presence::optional},
                {"environment_label", "The label that names the environment (environment)",
                 "string", http::Presence::optional},
                {"environment", "The environment of alerts without that label", "string",
                 http::Presence::optional}};
  hook.response = std::move(answer);
  hook.statuses = {200, 400, 415, 422};
  hook.mode = http::BodyMode::buffered;
  hook.body_bytes_max = body_bytes_max;
  hook.handler = [&engine, take = std::move(take)](http::Request& request) {
    const auto message = edge::json_body(request);
    if (!message) return message.error();
    const auto batch = read_message(*message, placing_of(request));
    if (!batch) return edge::respond(batch.error());
    return edge::run(engine, request, "alerts.take",
                     [&](engine::Unit& unit) { return take(unit, *batch); });
  };
  return {std::move(hook)};
}

}  // namespace holdpoint::integrations::alertmanager
