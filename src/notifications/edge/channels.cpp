// The two channels of the outbox. A row holds the notice and an id; the mail address is opened, and
// the secret too, only here, when it is sent.
#include "identity/identity.hpp"
#include "notifications/edge/notifications_edge.hpp"
#include "notifications/edge/secrets.hpp"

namespace holdpoint::notifications {
namespace {

using engine::Delivered;
using engine::Undelivered;
using Then = engine::Undelivered::Then;

constexpr int kGone = 410;  // the receiver wants no more of these

std::unexpected<Undelivered> undelivered(Then then, std::string because) {
  return std::unexpected(Undelivered{then, std::move(because)});
}

std::unexpected<Undelivered> undelivered(const Fault& fault) {
  return undelivered(fault.kind == FaultKind::invalid ? Then::give_up : Then::retry, fault.text());
}

/// Everything that is read for a mail; the connection is given back before anything is sent, which
/// may take a minute.
std::expected<mail::Message, Undelivered> mail_of(const Post& post, engine::Engine& engine,
                                                  const engine::Delivery& delivery) {
  const auto notice = from_json_text<Notice>(delivery.payload);
  if (!notice) return undelivered(Then::give_up, "What was queued is not a notice.");
  const auto tables = engine.read();
  const auto address = identity::mail_address(engine, *tables, delivery.recipient);
  if (!address) {
    return undelivered(Then::give_up, "The person is not active here, or was erased.");
  }
  Setting setting{delivery.workspace, post.public_url, delivery.id, {}};
  if (notice->actor) {
    setting.actor_name = identity::display_name(engine, *tables, delivery.workspace,
                                                notice->actor->kind, notice->actor->id);
  }
  return mail::Message{.from = post.sender,
                       .to = {"", *address},
                       .subject = notice->subject,
                       .body = mail_body(*notice, setting),
                       .id = delivery.id,
                       .date = delivery.queued_at};
}

Delivered send_mail(const Post& post, engine::Engine& engine, const engine::Delivery& delivery) {
  if (!post.mailer) {
    return undelivered(Then::hold,
                       "This server has no mail server: start it with --smtp-url and --smtp-from.");
  }
  HP_TRY(const mail::Message message, mail_of(post, engine, delivery));
  const auto sent = post.mailer->send(message);
  if (!sent) return undelivered(sent.error());
  return {};
}

/// The same for a webhook.
std::expected<client::Webhook, Undelivered> webhook_of(const Post& post, engine::Engine& engine,
                                                       const engine::Delivery& delivery) {
  const auto tables = engine.read();
  const auto stored = Endpoints::find(*tables, delivery.workspace, delivery.recipient);
  if (!stored || stored->record.state != RecordState::active) {
    return undelivered(Then::give_up, "There is no active webhook endpoint of that name.");
  }
  const WebhookEndpoint& endpoint = stored->record;
  if (!client::is_webhook_url(endpoint.url, post.webhook_scheme)) {
    return undelivered(Then::hold, "This server posts to https addresses only.");
  }
  const Instant now = engine.ports().clock.now();
  auto secrets = live_secrets(*tables, engine.ports().vault, delivery.workspace, endpoint.id, now);
  if (!secrets) return undelivered(Then::retry, secrets.error().text());
  if (secrets->empty()) {
    return undelivered(
        Then::hold,
        "The endpoint has no secret to sign with: holdpoint webhook secret " + endpoint.name);
  }
  const auto notice = from_json_text<Notice>(delivery.payload);
  if (!notice) return undelivered(Then::give_up, "What was queued is not a notice.");
  const Setting setting{delivery.workspace, post.public_url, delivery.id, {}};
  return client::Webhook{.url = endpoint.url,
                         .id = delivery.id,
                         .at = now,
                         .body = webhook_body(*notice, setting, delivery.queued_at),
                         .secrets = std::move(*secrets)};
}

Delivered post_webhook(const Post& post, engine::Engine& engine, const engine::Delivery& delivery) {
  HP_TRY(const client::Webhook webhook, webhook_of(post, engine, delivery));
  const auto status = post.post_webhook(webhook);
  if (!status) return undelivered(status.error());
  if (*status >= 200 && *status <= 299) return {};
  return undelivered(*status == kGone ? Then::give_up : Then::retry,
                     "The endpoint answered " + std::to_string(*status) + ".");
}

}  // namespace

std::vector<engine::Channel> channels(std::shared_ptr<const Post> post) {
  return {{std::string(describe::enum_text(Way::mail)),
           [post](engine::Engine& engine, const engine::Delivery& delivery) {
             return send_mail(*post, engine, delivery);
           }},
          {std::string(describe::enum_text(Way::webhook)),
           [post](engine::Engine& engine, const engine::Delivery& delivery) {
             return post_webhook(*post, engine, delivery);
           }}};
}

}  // namespace holdpoint::notifications
