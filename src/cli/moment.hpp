// Instants as people write them on the command line: an instant, a day, or how far away it is.
#pragma once

#include <string>
#include <string_view>

#include "cli/session.hpp"

namespace holdpoint::cli {

/// The instant ahead that the text means: "2026-01-31T09:00:00+01:00", a day (its first moment in
/// UTC), or a span from now such as "14d". `option` is what is complained about.
Tried<Instant> moment_ahead(const std::string& text, std::string_view option, Session& session);

}  // namespace holdpoint::cli
