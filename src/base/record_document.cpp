// See record_document.hpp.
#include "base/record_document.hpp"

#include <algorithm>

namespace holdpoint {

bool is_record_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto inner = [&](char c) { return plain(c) || c == '-' || c == '.' || c == '_'; };
  return !text.empty() && text.size() <= record_name_bytes_max && plain(text.front()) &&
         plain(text.back()) && std::ranges::all_of(text, inner);
}

std::optional<RecordState> record_state_of(const json::value& document) {
  const auto* state = document.at("spec").as_object().if_contains("state");
  if (state == nullptr || !state->is_string()) return std::nullopt;
  return describe::enum_parse<RecordState>(view(state->get_string()));
}

}  // namespace holdpoint
