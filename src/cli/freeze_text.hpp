// How a freeze is said to people: when it is, and what it holds for.
#pragma once

#include <string>

#include "base/json.hpp"

namespace holdpoint::cli {

/// "2026-12-18T17:00:00Z until 2027-01-04T07:00:00Z", or
/// "weekly fri 18:00 until 06:00, 3 days later, America/New_York".
std::string freeze_time_text(const json::object& freeze);
/// "payments in production", "everything in production".
std::string freeze_scope_text(const json::object& freeze);

}  // namespace holdpoint::cli
