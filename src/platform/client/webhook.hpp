// Signed outgoing webhooks by the Standard Webhooks specification (standardwebhooks.com, version
// 1): a POST with an id that stays the same for every attempt, the time of the attempt, and an
// HMAC-SHA-256 signature over both and the body for each secret that counts, so that a receiver can
// change to a new secret without losing a message.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "platform/client/client.hpp"

namespace holdpoint::client {

inline constexpr std::string_view webhook_secret_prefix = "whsec_";
inline constexpr std::size_t webhook_body_bytes_max = 64 * 1024;

struct Webhook {
  std::string url;
  std::string id;
  Instant at;  // of this attempt
  std::string body;
  std::vector<std::string> secrets;  // "whsec_…", the newest first; MUST NOT be empty
};

/// "whsec_" and the base64 of the key.
std::string webhook_secret(std::string_view key);

/// "v1,<base64>" for each secret, with spaces between. Fault invalid for a text that is no secret.
Result<std::string> webhook_signature(const Webhook& webhook);

/// Whether somebody may be given to post to: https, or also http, and no credentials in it.
enum class Scheme : std::uint8_t { https_only, http_too };
bool is_webhook_url(std::string_view url, Scheme scheme);

/// The status of the answer, whatever it is; faults as those of Client::call.
Result<int> post_webhook(Client& client, const Webhook& webhook);

}  // namespace holdpoint::client
