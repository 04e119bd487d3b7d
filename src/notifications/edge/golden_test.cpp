// The bytes of the event bodies of notifications, frozen: they stand in ledgers and are never
// written differently. A new form of an event gets a new version and a new line; no line here is
// changed.
#include <doctest/doctest.h>

#include "engine/records.hpp"
#include "notifications/notifications.hpp"
#include "support/golden.hpp"

namespace holdpoint::notifications {
namespace {

using test::frozen;

NotificationRule rule() {
  NotificationRule rule;
  rule.id = *NotificationRuleId::parse("ntr_01J00000000000000000000000");
  rule.name = "refusals";
  rule.title = "Refusals";
  rule.topics = {"certification.refused"};
  rule.applications = {"payments"};
  rule.people = {"per_01J00000000000000000000000"};
  rule.roles = {"approver"};
  rule.webhooks = {"pager"};
  return rule;
}

WebhookEndpoint endpoint() {
  WebhookEndpoint endpoint;
  endpoint.id = *WebhookEndpointId::parse("whe_01J00000000000000000000000");
  endpoint.name = "pager";
  endpoint.title = "Pager";
  endpoint.url = "https://hooks.example/in";
  return endpoint;
}

TEST_CASE("notification_rule.created is frozen") {
  frozen(engine::RecordCreated<NotificationRule>{rule()}, "notification_rule.created",
         R"({"record":{"applications":["payments"],"id":"ntr_01J00000000000000000000000",)"
         R"("name":"refusals","people":["per_01J00000000000000000000000"],"roles":["approver"],)"
         R"("state":"active","title":"Refusals","topics":["certification.refused"],)"
         R"("webhooks":["pager"]}})");
}

TEST_CASE("notification_rule.changed is frozen") {
  NotificationRule changed;
  changed.id = rule().id;
  changed.name = "refusals";
  changed.title = "Refusals";
  changed.state = RecordState::retired;
  frozen(engine::RecordChanged<NotificationRule>{2, changed}, "notification_rule.changed",
         R"({"record":{"applications":[],"id":"ntr_01J00000000000000000000000",)"
         R"("name":"refusals","people":[],"roles":[],"state":"retired","title":"Refusals",)"
         R"("topics":[],"webhooks":[]},"revision":2})");
}

TEST_CASE("webhook_endpoint.created is frozen") {
  frozen(engine::RecordCreated<WebhookEndpoint>{endpoint()}, "webhook_endpoint.created",
         R"({"record":{"id":"whe_01J00000000000000000000000","name":"pager","state":"active",)"
         R"("title":"Pager","url":"https://hooks.example/in"}})");
}

TEST_CASE("webhook_endpoint.changed is frozen") {
  WebhookEndpoint changed = endpoint();
  changed.state = RecordState::retired;
  frozen(engine::RecordChanged<WebhookEndpoint>{3, changed}, "webhook_endpoint.changed",
         R"({"record":{"id":"whe_01J00000000000000000000000","name":"pager","state":"retired",)"
         R"("title":"Pager","url":"https://hooks.example/in"},"revision":3})");
}

TEST_CASE("webhook_secret.issued is frozen") {
  frozen(WebhookSecretIssued{"whs_01J00000000000000000000000", endpoint().id,
                             *Instant::parse("2026-11-30T09:00:00Z")},
         "webhook_secret.issued",
         R"({"earlier_until":"2026-11-30T09:00:00Z","endpoint":"whe_01J00000000000000000000000",)"
         R"("id":"whs_01J00000000000000000000000"})");
}

}  // namespace
}  // namespace holdpoint::notifications
