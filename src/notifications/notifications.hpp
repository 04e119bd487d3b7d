// Front header of notifications: who is told of what, and in which words (B8, H2, K5). A rule says
// which topics go to which people, roles and webhooks; a notice is one piece of news with what its
// reader needs to decide: what happened, until when, and the command line to act by. Everything
// here is a function of its arguments; what leaves the system does so by the outbox.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::notifications {

inline constexpr std::size_t rules_per_workspace_max = 200;
/// People and webhooks that one notice goes to; who comes after them is not told.
inline constexpr std::size_t letters_per_notice_max = 500;

struct NotificationRuleTag {
  static constexpr std::string_view prefix = "ntr";
};
using NotificationRuleId = Id<NotificationRuleTag>;

struct WebhookEndpointTag {
  static constexpr std::string_view prefix = "whe";
};
using WebhookEndpointId = Id<WebhookEndpointTag>;

struct NotificationRule {
  static constexpr std::string_view kind = "notification_rule";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "notification_rule.created";
  static constexpr std::string_view changed_event = "notification_rule.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  NotificationRuleId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::vector<std::string> topics;  // types of events, and what capabilities tell by themselves
  std::vector<std::string> applications;  // empty: of every one, and of what belongs to none
  std::vector<std::string> people;        // ids
  std::vector<std::string> roles;
  std::vector<std::string> webhooks;  // names of endpoints
};
HP_DESCRIBE(NotificationRule, id, name, title, state, topics, applications, people, roles, webhooks)

/// Where signed messages are posted to. Its secrets are issued apart and never stand in a record.
struct WebhookEndpoint {
  static constexpr std::string_view kind = "webhook_endpoint";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "webhook_endpoint.created";
  static constexpr std::string_view changed_event = "webhook_endpoint.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  WebhookEndpointId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::string url;
};
HP_DESCRIBE(WebhookEndpoint, id, name, title, state, url)

/// A secret was made for an endpoint. The secret itself is in no entry of the ledger.
struct WebhookSecretIssued {
  static constexpr std::string_view event_type = "webhook_secret.issued";
  static constexpr int event_version = 1;
  std::string id;
  WebhookEndpointId endpoint;
  Instant earlier_until;  // those before it count until then
};
HP_DESCRIBE(WebhookSecretIssued, id, endpoint, earlier_until)

struct Actor {
  std::string kind;
  std::string id;
};
HP_DESCRIBE(Actor, kind, id)

/// One piece of news. It is kept in the outbox and shown to others: MUST NOT hold a name or mail
/// address; people stand in it by their ids.
struct Notice {
  std::string topic;                // "approval.requested"
  std::string subject;              // one line: what is asked of whom, about what
  std::vector<std::string> people;  // ids of those who are told, whatever the rules say
  std::string sentence;             // what happened, and why it matters
  std::optional<Instant> due;
  std::string command;  // the command line to act by, "" when there is nothing to do
  std::string about;    // the thing, "request/req_…": withdraw() takes back what still waits
  std::optional<std::string> application;
  std::optional<std::string> path;  // of the page: "/releases/rel_…"
  std::optional<Actor> actor;       // who caused it
  /// What a program that receives it by a webhook acts by, as names and values.
  std::optional<std::map<std::string, std::string>> details;
};
HP_DESCRIBE(Notice, topic, subject, people, sentence, due, command, about, application, path, actor,
            details)

/// An event of the ledger, as far as news are made of it.
struct Occurrence {
  std::string type;
  ledger::Subject subject;
  ledger::Actor actor;
  json::object body;
};
/// The news of an event, whatever its type: the known ones in their own words.
Notice notice_of(const Occurrence& occurrence);

enum class Way : std::uint8_t { mail, webhook };
HP_DESCRIBE_ENUM(Way, mail, webhook)

struct Letter {
  Way way{};
  std::string recipient;  // the id of a person, or the name of an endpoint
};

/// The active people of each role.
using RoleHolders = std::map<std::string, std::vector<std::string>>;

/// Whom the notice goes to: those it names, and those of the active rules that its topic and its
/// application meet. Each of them once, mail first, in the order of their ids and names.
std::vector<Letter> letters_for(const Notice& notice, std::span<const NotificationRule> rules,
                                const RoleHolders& holders);
/// The roles that letters_for() will look up.
std::set<std::string> roles_of(const Notice& notice, std::span<const NotificationRule> rules);

/// What the texts need to know of this server.
struct Setting {
  std::string workspace;
  std::string public_url;  // "" when the operator named none
  std::string delivery;    // its id
  std::string actor_name;  // shown in mail only; "" for none
};

/// The body of a mail in plain text.
std::string mail_body(const Notice& notice, const Setting& setting);
/// The body of a webhook: {"type", "timestamp", "data"} as Standard Webhooks has it.
std::string webhook_body(const Notice& notice, const Setting& setting, Instant at);

/// What documents of kind NotificationRule and WebhookEndpoint say: the record without its id and
/// state. `topics` are all there are.
Decided<NotificationRule> read_notification_rule(const json::value& document,
                                                 const std::set<std::string>& topics);
Decided<WebhookEndpoint> read_webhook_endpoint(const json::value& document);
/// The state that such a document states, if it does. MUST be given a document that was read.
std::optional<RecordState> stated_state(const json::value& document);

}  // namespace holdpoint::notifications
