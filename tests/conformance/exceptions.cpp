// See exceptions.hpp.
#include "conformance/exceptions.hpp"

#include <algorithm>

namespace holdpoint::conformance {

std::optional<std::vector<Exception>> read_exceptions(std::string_view text) {
  constexpr std::string_view heading = "reason: ";
  std::vector<Exception> out;
  std::string reason;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with("# ")) continue;
    if (line.starts_with(heading)) {
      reason = line.substr(heading.size());
      continue;
    }
    if (reason.empty()) return std::nullopt;
    out.push_back({std::string(line), reason});
  }
  return out;
}

bool matches(std::string_view pattern, std::string_view id) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == id;
  if (id.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t i = star; i <= id.size(); ++i) {
    if (matches(rest, id.substr(i))) return true;
  }
  return false;
}

}  // namespace holdpoint::conformance
