// Passwords as commands take them: from standard input or asked for on the terminal, never as an
// argument, which others on the machine could read.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace holdpoint::cli {

enum class PasswordFrom : std::uint8_t { input, terminal };

/// MUST be cleansed by the caller once it was sent.
Tried<std::string> read_password(Session& session, PasswordFrom from);

}  // namespace holdpoint::cli
