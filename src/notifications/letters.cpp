// Whom a notice goes to, and how it reads in a mail and in a webhook.
#include <algorithm>

#include "notifications/notifications.hpp"

namespace holdpoint::notifications {
namespace {

bool meets(const NotificationRule& rule, const Notice& notice) {
  if (rule.state != RecordState::active) return false;
  if (std::ranges::find(rule.topics, notice.topic) == rule.topics.end()) return false;
  return rule.applications.empty() ||
         (notice.application &&
          std::ranges::find(rule.applications, *notice.application) != rule.applications.end());
}

/// A line with a label, or nothing when there is nothing to say.
void append_line(std::string& out, std::string_view label, std::string_view text) {
  if (text.empty()) return;
  out += label;
  out.append(label.size() < 11 ? 11 - label.size() : 1, ' ');
  out += text;
  out += '\n';
}

std::string page_of(const Notice& notice, const Setting& setting) {
  if (setting.public_url.empty()) return "";
  std::string url = setting.public_url;
  while (url.ends_with('/')) url.pop_back();
  return url + notice.path.value_or("/") + "?workspace=" + setting.workspace;
}

/// What a webhook says of a notice; a published form.
struct WebhookContent {
  std::string workspace;
  std::string subject;
  std::string sentence;
  std::string about;
  std::optional<std::string> application;
  std::optional<Instant> due;
  std::optional<std::string> command;
  std::optional<std::string> url;
  std::optional<Actor> actor;
  std::vector<std::string> people;
  std::optional<std::map<std::string, std::string>> details;
};
HP_DESCRIBE(WebhookContent, workspace, subject, sentence, about, application, due, command, url,
            actor, people, details)

struct WebhookMessage {
  std::string type;
  Instant timestamp;
  WebhookContent data;
};
HP_DESCRIBE(WebhookMessage, type, timestamp, data)

std::optional<std::string> unless_empty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

std::set<std::string> roles_of(const Notice& notice, std::span<const NotificationRule> rules) {
  std::set<std::string> roles;
  for (const NotificationRule& rule : rules) {
    if (meets(rule, notice)) roles.insert(rule.roles.begin(), rule.roles.end());
  }
  return roles;
}

std::vector<Letter> letters_for(const Notice& notice, std::span<const NotificationRule> rules,
                                const RoleHolders& holders) {
  std::set<std::string> people(notice.people.begin(), notice.people.end());
  std::set<std::string> webhooks;
  for (const NotificationRule& rule : rules) {
    if (!meets(rule, notice)) continue;
    people.insert(rule.people.begin(), rule.people.end());
    webhooks.insert(rule.webhooks.begin(), rule.webhooks.end());
    for (const std::string& role : rule.roles) {
      const auto found = holders.find(role);
      if (found != holders.end()) people.insert(found->second.begin(), found->second.end());
    }
  }
  std::vector<Letter> letters;
  for (const std::string& person : people) letters.push_back({Way::mail, person});
  for (const std::string& webhook : webhooks) letters.push_back({Way::webhook, webhook});
  if (letters.size() > letters_per_notice_max) letters.resize(letters_per_notice_max);
  return letters;
}

std::string mail_body(const Notice& notice, const Setting& setting) {
  std::string out = notice.sentence + "\n\n";
  append_line(out, "Due:", notice.due ? notice.due->text() : "");
  append_line(out, "By:", setting.actor_name);
  append_line(out, "To act:", notice.command);
  append_line(out, "Page:", page_of(notice, setting));
  append_line(out, "Workspace:", setting.workspace);
  append_line(out, "About:", notice.about);
  out += "\n-- \nHoldpoint sent this as " + setting.delivery + " (" + notice.topic + ").\n";
  return out;
}

std::string webhook_body(const Notice& notice, const Setting& setting, Instant at) {
  return to_json_text(WebhookMessage{
      notice.topic,
      at,
      {setting.workspace, notice.subject, notice.sentence, notice.about, notice.application,
       notice.due, unless_empty(notice.command), unless_empty(page_of(notice, setting)),
       notice.actor, notice.people, notice.details}});
}

}  // namespace holdpoint::notifications
