// A change request as text, for every command that shows one.
#pragma once

#include "cli/session.hpp"

namespace holdpoint::cli {

/// Prints the answer, or fails when it holds no change.
Exit show_change(const Answer& answer, Session& session);

}  // namespace holdpoint::cli
