// How the server reaches the world: what the operator says about mail and webhooks, and the
// adapters that follow from it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/cli.hpp"
#include "notifications/edge/notifications_edge.hpp"

namespace holdpoint::main {

struct PostOptions {
  std::optional<mail::SmtpOptions> smtp;  // none: mail waits, and says why
  mail::Mailbox sender;
  std::string public_url;
  /// Whether webhooks may go to this machine and its network, and without encryption.
  client::Reach webhook_reach = client::Reach::public_only;
  int attempts_max = 20;
};

/// Reads the credentials from where the operator put them. Fault invalid for options that do not go
/// together, io for a file that cannot be read; neither tells what is in the file.
Result<PostOptions> post_options(const cli::ServeOptions& options);

/// Fault invalid when the mail server cannot be spoken to as it is described.
Result<std::shared_ptr<const notifications::Post>> open_post(const PostOptions& options);

}  // namespace holdpoint::main
