// The beginning of a period as people write it: a day, an instant, or an age such as 90d.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace holdpoint::cli {

/// The value of --since as an instant for the server; "" stays "".
Tried<std::string> since_text(const std::string& text, Session& session);

}  // namespace holdpoint::cli
