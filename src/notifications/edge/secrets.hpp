// The secrets that webhooks are signed with: sealed under a key of their endpoint, in a table of
// secrets, shown once, and several at a time while a receiver changes to a new one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "notifications/notifications.hpp"

namespace holdpoint::notifications {

inline constexpr Duration earlier_secrets_count_default = Duration::hours(24);
inline constexpr Duration earlier_secrets_count_max = Duration::days(30);
inline constexpr std::size_t live_secrets_max = 5;

engine::Table secret_table();

/// Keeps a new secret; those before it count for a while longer. Refuses more at a time than a
/// message can sensibly be signed with.
Decided<WebhookSecretIssued> issue_secret(engine::Unit& unit, const WebhookEndpoint& endpoint,
                                          std::string_view secret, Duration earlier_count);

/// Those that count now, the newest first. A Fault when the vault does not open one.
Result<std::vector<std::string>> live_secrets(engine::Connection& tables,
                                              engine::PersonVault& vault,
                                              std::string_view workspace,
                                              const WebhookEndpointId& endpoint, Instant now);

}  // namespace holdpoint::notifications
