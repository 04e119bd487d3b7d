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
  enum class Outcome : std::uint8_t { initialised, already_there } outcome{};
  PersonId administrator{};                         // of this call; empty when already there
  std::optional<std::string> generated_password{};  // to be shown once
};

/// Creates the workspace and the administrator when the server has no administrator; otherwise
/// changes nothing. The engine MUST be started. A Fault of kind invalid says what is wrong with the
/// options, naming no value.
Result<Bootstrap> initialise(engine::Engine& engine, Passwords& passwords,
                             const BootstrapOptions& options);

}  // namespace holdpoint::identity
