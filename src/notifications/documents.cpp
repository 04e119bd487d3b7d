// Reading notification rules and webhook endpoints from the documents people write.
#include <algorithm>

#include "catalog/catalog.hpp"
#include "identity/identity.hpp"
#include "notifications/notifications.hpp"

namespace holdpoint::notifications {
namespace {

constexpr std::size_t kTitleBytesMax = 200;
constexpr std::size_t kUrlBytesMax = 2'000;
constexpr std::size_t kListMax = 200;

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

struct RuleSpec {
  std::optional<std::string> title;
  std::vector<std::string> topics;
  std::vector<std::string> applications;
  std::vector<std::string> people;
  std::vector<std::string> roles;
  std::vector<std::string> webhooks;
  std::optional<RecordState> state;
};
HP_DESCRIBE(RuleSpec, title, topics, applications, people, roles, webhooks, state)

struct RuleDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  RuleSpec spec;
};
HP_DESCRIBE(RuleDocument, apiVersion, kind, metadata, spec)

struct EndpointSpec {
  std::optional<std::string> title;
  std::string url;
  std::optional<RecordState> state;
};
HP_DESCRIBE(EndpointSpec, title, url, state)

struct EndpointDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  EndpointSpec spec;
};
HP_DESCRIBE(EndpointDocument, apiVersion, kind, metadata, spec)

std::unexpected<Refusal> invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refuse(std::move(refusal));
}

void check_head(const std::string& name, const std::optional<std::string>& title,
                JsonIssues& issues) {
  if (!catalog::is_name(name)) {
    issues.push_back(
        {"/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
  }
  if (title && title->size() > kTitleBytesMax) {
    issues.push_back({"/spec/title", "longer than 200 bytes", 0});
  }
}

template <class Holds>
void check_list(const std::vector<std::string>& list, const std::string& path,
                std::string_view expected, Holds&& holds, JsonIssues& issues) {
  if (list.size() > kListMax) issues.push_back({path, "more than 200 elements", 0});
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = path + "/" + std::to_string(i);
    if (!holds(list[i])) issues.push_back({at, std::string(expected), 0});
    if (!seen.insert(list[i]).second) issues.push_back({at, "stands twice", 0});
  }
}

}  // namespace

std::optional<RecordState> stated_state(const json::value& document) {
  const auto* state = document.at("spec").as_object().if_contains("state");
  if (state == nullptr || !state->is_string()) return std::nullopt;
  return describe::enum_parse<RecordState>(view(state->get_string()));
}

Decided<NotificationRule> read_notification_rule(const json::value& document,
                                                 const std::set<std::string>& topics) {
  auto read = from_json<RuleDocument>(document);
  if (!read) return invalid(std::move(read).error());
  RuleSpec& spec = read->spec;
  JsonIssues issues;
  check_head(read->metadata.name, spec.title, issues);
  check_list(
      spec.topics, "/spec/topics", "there is no such topic; each event type is one",
      [&](const std::string& topic) { return topics.contains(topic); }, issues);
  check_list(spec.applications, "/spec/applications", "not the name of an application",
             catalog::is_name, issues);
  check_list(
      spec.people, "/spec/people",
      "expected the id of a person, per_…: a mail address is"
      " personal and stays out of the ledger",
      [](const std::string& id) { return identity::PersonId::parse(id).has_value(); }, issues);
  check_list(
      spec.roles, "/spec/roles", "there is no such role",
      [](const std::string& role) { return identity::find_role(role) != nullptr; }, issues);
  check_list(spec.webhooks, "/spec/webhooks", "not the name of a webhook endpoint",
             catalog::is_name, issues);
  if (spec.topics.empty()) issues.push_back({"/spec/topics", "at least one topic", 0});
  if (spec.people.empty() && spec.roles.empty() && spec.webhooks.empty()) {
    issues.push_back({"/spec", "nobody is told: name people, roles or webhooks", 0});
  }
  if (!issues.empty()) return invalid(std::move(issues));
  NotificationRule rule;
  rule.name = read->metadata.name;
  rule.title = spec.title.value_or(rule.name);
  rule.topics = std::move(spec.topics);
  rule.applications = std::move(spec.applications);
  rule.people = std::move(spec.people);
  rule.roles = std::move(spec.roles);
  rule.webhooks = std::move(spec.webhooks);
  return rule;
}

Decided<WebhookEndpoint> read_webhook_endpoint(const json::value& document) {
  auto read = from_json<EndpointDocument>(document);
  if (!read) return invalid(std::move(read).error());
  JsonIssues issues;
  check_head(read->metadata.name, read->spec.title, issues);
  if (read->spec.url.size() > kUrlBytesMax) {
    issues.push_back({"/spec/url", "longer than 2000 bytes", 0});
  }
  if (!issues.empty()) return invalid(std::move(issues));
  WebhookEndpoint endpoint;
  endpoint.name = read->metadata.name;
  endpoint.title = read->spec.title.value_or(endpoint.name);
  endpoint.url = std::move(read->spec.url);
  return endpoint;
}

}  // namespace holdpoint::notifications
