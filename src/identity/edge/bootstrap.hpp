// The first start: the first workspace and its administrator, who also administers the server.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "identity/edge/passwords.hpp"
#include "identity/events.hpp"

namespace holdpoint::identity {

struct BootstrapOptions {
  std::string admin_email;
  std::string admin_name;
  std::optional<std::string> admin_password{};
  std::string workspace;
};

struct Bootstrap {
  /// `finished`: an earlier first start was cut off between its two logs, and this one completed
  /// it.
  enum class Outcome : std::uint8_t { initialised, finished, already_there } outcome{};
  PersonId administrator{};                         // of this call; empty when already there
  std::optional<std::string> generated_password{};  // to be shown once
};

/// Creates the workspace and the administrator when the server has no administrator. The server's
/// log and the workspace's are two, so there are two commits: when an earlier call was cut off
/// between them, a call with the same options gives the administrator the role that is missing, and
/// the password. Otherwise changes nothing. The engine MUST be started. A Fault of kind invalid
/// says what is wrong with the options, naming no value.
Result<Bootstrap> initialise(engine::Engine& engine, Passwords& passwords,
                             const BootstrapOptions& options);

}  // namespace holdpoint::identity
