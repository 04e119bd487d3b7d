// See describe.hpp: the parts that need no template.
#include "base/describe.hpp"

#include <algorithm>
#include <array>

namespace holdpoint::describe {

std::string_view type_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64: return "integer";
    case json::kind::double_: return "number";
    case json::kind::string: return "string";
    case json::kind::array: return "array";
    case json::kind::object: return "object";
  }
  return "nothing";
}

std::string component_name(std::string_view spelled) {
  // clang and gcc spell what has no name differently.
  constexpr std::array<std::string_view, 3> left_out = {
      "holdpoint::", "(anonymous namespace)::", "{anonymous}::"};
  std::string name;
  while (!spelled.empty()) {
    const auto part = std::ranges::find_if(
        left_out, [&](std::string_view one) { return spelled.starts_with(one); });
    if (part != left_out.end()) {
      spelled.remove_prefix(part->size());
      continue;
    }
    const char c = spelled.front();
    const bool is_plain =
        c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    name += is_plain ? c : '.';
    spelled.remove_prefix(spelled.starts_with("::") ? 2 : 1);
  }
  while (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace holdpoint::describe
