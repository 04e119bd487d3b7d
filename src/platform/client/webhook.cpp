// See webhook.hpp.
#include "platform/client/webhook.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace holdpoint::client {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::size_t kUrlBytesMax = 2'000;

std::string timestamp(const Webhook& webhook) { return std::to_string(webhook.at.us / kSecond); }

}  // namespace

std::string webhook_secret(std::string_view key) {
  return std::string(webhook_secret_prefix) + to_base64(key);
}

Result<std::string> webhook_signature(const Webhook& webhook) {
  const std::string content = webhook.id + "." + timestamp(webhook) + "." + webhook.body;
  std::string signatures;
  for (const std::string& secret : webhook.secrets) {
    const auto key =
        secret.starts_with(webhook_secret_prefix)
            ? from_base64(std::string_view(secret).substr(webhook_secret_prefix.size()))
            : std::nullopt;
    if (!key || key->empty()) {
      return fault(FaultKind::invalid, "webhook", "a secret is not whsec_ and base64");
    }
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + to_base64(hmac_sha256(*key, content).view());
  }
  if (signatures.empty()) return fault(FaultKind::invalid, "webhook", "there is no secret");
  return signatures;
}

bool is_webhook_url(std::string_view url, Scheme scheme) {
  const bool https = url.starts_with("https://");
  if (!https && !(scheme == Scheme::http_too && url.starts_with("http://"))) return false;
  const std::string_view rest = url.substr(https ? 8 : 7);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
  return url.size() <= kUrlBytesMax && !authority.empty() && !authority.contains('@') &&
         !rest.contains('#') && std::ranges::all_of(url, plain);
}

Result<int> post_webhook(Client& client, const Webhook& webhook) {
  HP_TRY(std::string signature, webhook_signature(webhook));
  if (webhook.body.size() > webhook_body_bytes_max) {
    return fault(FaultKind::invalid, "webhook", "the message is too large");
  }
  HP_TRY(const Answer answer, client.call({.method = "POST",
                                           .url = webhook.url,
                                           .headers = {{"Content-Type", "application/json"},
                                                       {"User-Agent", "Holdpoint-Webhooks/1"},
                                                       {"webhook-id", webhook.id},
                                                       {"webhook-timestamp", timestamp(webhook)},
                                                       {"webhook-signature", std::move(signature)}},
                                           .body = webhook.body}));
  return answer.status;
}

}  // namespace holdpoint::client
