// See moment.hpp.
#include "cli/moment.hpp"

namespace holdpoint::cli {

Tried<Instant> moment_ahead(const std::string& text, std::string_view option, Session& session) {
  if (const auto at = Instant::parse(text)) return *at;
  if (const auto at = Instant::parse(text + "T00:00:00Z")) return *at;
  if (const auto span = parse_duration(text)) return session.world().now() + *span;
  return wrong_use("`" + text + "` is no time.", std::string(option),
                   "Write a day such as 2026-01-31, an instant, or a span from now such as 14d.");
}

}  // namespace holdpoint::cli
