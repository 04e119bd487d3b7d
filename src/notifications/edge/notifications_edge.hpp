// Notifications at the edge: the module that follows events, the function that capabilities are
// given to tell people something, the two channels of the outbox, and the routes.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/edge/apply.hpp"
#include "engine/engine.hpp"
#include "engine/records.hpp"
#include "notifications/notifications.hpp"
#include "platform/client/webhook.hpp"
#include "platform/mail/smtp.hpp"

namespace holdpoint::notifications {

using Rules = engine::Records<NotificationRule>;
using Endpoints = engine::Records<WebhookEndpoint>;

/// Tells whoever the notice names, and whoever the workspace's rules name for its topic: one
/// delivery each, queued in the unit's transaction. main hands it down to the capabilities of lower
/// tiers, which cannot see this one.
void notify(engine::Unit& unit, const Notice& notice);
/// Takes back what was not sent yet about that thing, since it was decided meanwhile. MUST come
/// before a notify() about the same thing in one unit, or it takes that back too.
void withdraw(engine::Unit& unit, std::string_view about);

/// The topics that any rule of any workspace named since the start: an event of another type costs
/// nothing. Sees every event of the writer, and is read by it alone.
class Watch {
 public:
  /// Before the engine starts.
  void load(engine::Connection& tables);
  /// The key of the reaction to the event; nullopt for one that no rule can be about.
  std::optional<std::string> key(const engine::Recorded& recorded);

 private:
  void add(const std::vector<std::string>& topics) { topics_.insert(topics.begin(), topics.end()); }
  std::set<std::string, std::less<>> topics_;
};

/// How this server reaches the world.
struct Post {
  std::shared_ptr<mail::Mailer> mailer;  // none: mail waits, and says why
  mail::Mailbox sender;
  std::string public_url;  // of the page, for links; "" for none
  std::function<Result<int>(const client::Webhook&)> post_webhook;
  client::Scheme webhook_scheme = client::Scheme::https_only;
};

std::vector<engine::Module> modules(std::shared_ptr<Watch> watch);
/// "mail" and "webhook".
std::vector<engine::Channel> channels(std::shared_ptr<const Post> post);

struct ApplyNeeds {
  std::set<std::string> topics;
  client::Scheme webhook_scheme = client::Scheme::https_only;
};
std::vector<engine::edge::Applier> appliers(ApplyNeeds needs);
std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::notifications
