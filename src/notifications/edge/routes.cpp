// The documents that notifications take, the lists of what is in force, and the making of secrets.
// A secret is in the answer once: neither the ledger, nor the kept answer of an Idempotency-Key has
// it.
#include "base/assert.hpp"
#include "engine/edge/record_routes.hpp"
#include "notifications/edge/notifications_edge.hpp"
#include "notifications/edge/secrets.hpp"

namespace holdpoint::notifications {

struct IssueWebhookSecret {
  std::optional<std::string> earlier_count_for;  // "24h"
};
HP_DESCRIBE(IssueWebhookSecret, earlier_count_for)

struct IssuedWebhookSecret {
  std::string id;
  std::optional<std::string> secret;  // absent when an earlier answer is given again
  Instant earlier_until;
};
HP_DESCRIBE(IssuedWebhookSecret, id, secret, earlier_until)

namespace {

namespace edge = engine::edge;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kBodyBytesMax = 1'024;

std::unexpected<Refusal> refuse_at(std::string path, std::string code, std::string what) {
  Refusal refusal{RefusalKind::invalid, std::move(code), "The document is not as expected."};
  refusal.issues.push_back({std::move(path), std::move(what), 0});
  return refuse(std::move(refusal));
}

Decided<edge::ApplyChange> apply_endpoint(engine::Unit& unit, const edge::ApplyDocument& document,
                                          client::Scheme scheme) {
  auto endpoint = read_webhook_endpoint(document.parsed->value);
  if (!endpoint) return std::unexpected(std::move(endpoint).error());
  if (!client::is_webhook_url(endpoint->url, scheme)) {
    return refuse_at("/spec/url", "invalid_url",
                     scheme == client::Scheme::https_only
                         ? "expected an https address without credentials and fragment"
                         : "expected an http or https address without credentials and fragment");
  }
  return edge::apply_record<Endpoints>(unit, "WebhookEndpoint", std::move(*endpoint),
                                       stated_state(document.parsed->value));
}

Decided<edge::ApplyChange> apply_rule(engine::Unit& unit, const edge::ApplyDocument& document,
                                      const std::set<std::string>& topics) {
  auto rule = read_notification_rule(document.parsed->value, topics);
  if (!rule) return std::unexpected(std::move(rule).error());
  for (std::size_t i = 0; i < rule->webhooks.size(); ++i) {
    if (Endpoints::find(unit.tables(), unit.workspace(), rule->webhooks[i])) continue;
    return refuse_at("/spec/webhooks/" + std::to_string(i), "webhook_endpoint_not_found",
                     "there is no webhook endpoint " + rule->webhooks[i]);
  }
  const bool is_new = !Rules::find(unit.tables(), unit.workspace(), rule->name);
  if (is_new && Rules::list(unit.tables(), unit.workspace(), "", rules_per_workspace_max).size() >=
                    rules_per_workspace_max) {
    return refuse(RefusalKind::exhausted, "too_many_rules",
                  "A workspace has at most 200 notification rules.");
  }
  return edge::apply_record<Rules>(unit, "NotificationRule", std::move(*rule),
                                   stated_state(document.parsed->value));
}

std::string new_secret(engine::Random& random) {
  std::string key(kKeyBytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  return client::webhook_secret(key);
}

engine::Outcome issue_now(engine::Unit& unit, const std::string& name, const std::string& secret,
                          Duration earlier_count) {
  const auto endpoint = Endpoints::find(unit.tables(), unit.workspace(), name);
  if (!endpoint) return Endpoints::not_found(name);
  const auto issued = issue_secret(unit, endpoint->record, secret, earlier_count);
  if (!issued) return refuse(issued.error());
  return edge::answer(IssuedWebhookSecret{issued->id, std::nullopt, issued->earlier_until}, 201);
}

http::Response issue(engine::Engine& engine, http::Request& request) {
  const auto command = edge::body_of<IssueWebhookSecret>(request);
  if (!command) return command.error();
  Duration earlier_count = earlier_secrets_count_default;
  if (command->earlier_count_for) {
    const auto stated = parse_duration(*command->earlier_count_for);
    if (!stated || *stated > earlier_secrets_count_max) {
      return edge::respond(
          JsonIssues{{"/earlier_count_for", "expected a duration up to 30d, such as 24h"}});
    }
    earlier_count = *stated;
  }
  const std::string secret = new_secret(engine.ports().random);
  auto response =
      edge::run(engine, request, "notifications.issue_secret",
                [name = std::string(request.parameter("name")), secret, earlier_count](
                    engine::Unit& unit) { return issue_now(unit, name, secret, earlier_count); });
  if (response.status != 201 || response.header("Idempotency-Replayed")) return response;
  auto answer = from_json_text<IssuedWebhookSecret>(response.body);
  HP_ASSERT(answer.has_value(), "NO-1: the answer is the one that was written");
  answer->secret = secret;
  auto shown = edge::ok(*answer, 201);
  shown.set("Cache-Control", "no-store");
  return shown;
}

http::Route secret_route(engine::Engine& engine) {
  http::Route row{.method = "POST",
                  .path = "/api/v1/{workspace}/webhook-endpoints/{name}/secrets",
                  .permission = "notifications.write",
                  .summary =
                      "Make a new secret that the endpoint's messages are signed with; it is"
                      " shown once",
                  .operation_id = "issue_webhook_secret",
                  .tag = "notifications"};
  row.request = edge::schema_of<IssueWebhookSecret>();
  row.response = edge::schema_of<IssuedWebhookSecret>();
  row.statuses = {201, 400, 404, 415, 422, 429};
  row.mode = http::BodyMode::buffered;
  row.body_bytes_max = kBodyBytesMax;
  row.handler = [&engine](http::Request& request) { return issue(engine, request); };
  return row;
}

}  // namespace

std::vector<edge::Applier> appliers(ApplyNeeds needs) {
  return {edge::one_by_one("WebhookEndpoint", "notifications.write",
                           [scheme = needs.webhook_scheme](engine::Unit& unit,
                                                           const edge::ApplyDocument& document) {
                             return apply_endpoint(unit, document, scheme);
                           }),
          edge::one_by_one("NotificationRule", "notifications.write",
                           [topics = std::move(needs.topics)](engine::Unit& unit,
                                                              const edge::ApplyDocument& document) {
                             return apply_rule(unit, document, topics);
                           })};
}

std::vector<http::Route> routes(engine::Engine& engine) {
  std::vector<http::Route> rows;
  const auto add = [&rows](std::vector<http::Route> more) {
    for (auto& row : more) rows.push_back(std::move(row));
  };
  add(edge::record_routes<NotificationRule>(
      engine, {"notification-rules", "notifications.read", "notifications", {"state"}}));
  add(edge::record_routes<WebhookEndpoint>(
      engine, {"webhook-endpoints", "notifications.read", "notifications", {"state"}}));
  rows.push_back(edge::retirement_route<NotificationRule>(engine, "notification-rules",
                                                          "notifications.write", "notifications"));
  rows.push_back(edge::retirement_route<WebhookEndpoint>(engine, "webhook-endpoints",
                                                         "notifications.write", "notifications"));
  rows.push_back(secret_route(engine));
  return rows;
}

}  // namespace holdpoint::notifications
