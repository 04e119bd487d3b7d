// Queues the deliveries of a notice, and makes notices of the events that rules are about.
#include <charconv>

#include "identity/identity.hpp"
#include "notifications/edge/notifications_edge.hpp"
#include "notifications/edge/secrets.hpp"

namespace holdpoint::notifications {
namespace {

std::vector<NotificationRule> active_rules(engine::Connection& tables, std::string_view workspace) {
  std::vector<NotificationRule> rules;
  for (auto& stored :
       Rules::list(tables, workspace, "", rules_per_workspace_max, {{"state", "active"}})) {
    rules.push_back(std::move(stored.record));
  }
  return rules;
}

RoleHolders holders_of(engine::Connection& tables, std::string_view workspace,
                       const std::set<std::string>& roles) {
  RoleHolders holders;
  for (const std::string& role : roles) {
    holders[role] = identity::people_with_role(tables, workspace, role);
  }
  return holders;
}

/// Makes the notice of the event at that place of the log.
void tell(engine::Unit& unit, const std::string& key) {
  std::uint64_t seq = 0;
  std::from_chars(key.data(), key.data() + key.size(), seq);
  std::optional<engine::Recorded> recorded;
  unit.tables().query(
      "SELECT entry FROM ledger_entry WHERE workspace = $1 AND seq = $2",
      [&](const engine::Row& row) {
        recorded = engine::recorded_of(unit.workspace(), row.blob(0));
      },
      unit.workspace(), seq);
  if (!recorded) return;
  auto body = parse_json(recorded->body);
  if (!body || !body->is_object()) return;
  notify(unit, notice_of({recorded->type, recorded->subject, recorded->actor,
                          std::move(body->get_object())}));
}

std::optional<std::vector<std::string>> topics_of(const engine::Recorded& recorded) {
  if (recorded.type == NotificationRule::created_event) {
    return engine::body_of<engine::RecordCreated<NotificationRule>>(recorded.body).record.topics;
  }
  if (recorded.type == NotificationRule::changed_event) {
    return engine::body_of<engine::RecordChanged<NotificationRule>>(recorded.body).record.topics;
  }
  return std::nullopt;
}

}  // namespace

void notify(engine::Unit& unit, const Notice& notice) {
  const auto rules = active_rules(unit.tables(), unit.workspace());
  const auto holders = holders_of(unit.tables(), unit.workspace(), roles_of(notice, rules));
  const std::string payload = to_json_text(notice);
  for (const Letter& letter : letters_for(notice, rules, holders)) {
    unit.deliver({std::string(describe::enum_text(letter.way)), letter.recipient, notice.topic,
                  notice.about, payload});
  }
}

void withdraw(engine::Unit& unit, std::string_view about) { unit.withdraw(about); }

void Watch::load(engine::Connection& tables) {
  tables.query("SELECT topics FROM notification_rule", [&](const engine::Row& row) {
    if (const auto topics = from_json_text<std::vector<std::string>>(row.text(0))) add(*topics);
  });
}

std::optional<std::string> Watch::key(const engine::Recorded& recorded) {
  // A rule that is taken back with its batch leaves its topics here; they only cost a look.
  if (const auto topics = topics_of(recorded)) add(*topics);
  if (!topics_.contains(recorded.type)) return std::nullopt;
  return std::to_string(recorded.seq);
}

std::vector<engine::Module> modules(std::shared_ptr<Watch> watch) {
  engine::Module module{.name = "notifications"};
  module.tables.push_back(secret_table());
  module.events.push_back(engine::event<WebhookSecretIssued>(
      [](engine::Connection&, const engine::Recorded&, const WebhookSecretIssued&) {}));
  module.reactions.push_back(
      {"notifications.tell",
       [watch](const engine::Recorded& recorded) { return watch->key(recorded); }, tell});
  return {Endpoints::module(), Rules::module(), std::move(module)};
}

}  // namespace holdpoint::notifications
