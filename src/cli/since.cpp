// See since.hpp.
#include "cli/since.hpp"

namespace holdpoint::cli {

Tried<std::string> since_text(const std::string& text, Session& session) {
  if (text.empty()) return text;
  if (const auto at = Instant::parse(text)) return at->text();
  if (const auto at = Instant::parse(text + "T00:00:00Z")) return at->text();
  if (const auto age = parse_duration(text)) return (session.world().now() - *age).text();
  return wrong_use("`" + text + "` is no date.", "--since",
                   "Write a day such as 2026-01-31, an instant, or an age such as 90d.");
}

}  // namespace holdpoint::cli
