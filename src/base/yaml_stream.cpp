// See yaml_stream.hpp.
#include "base/yaml_stream.hpp"

#include <algorithm>

namespace holdpoint {

std::vector<YamlPart> split_yaml(std::string_view text) {
  std::vector<YamlPart> parts;
  std::size_t begin = 0;
  int begin_line = 1;
  int line = 1;
  const auto flush = [&](std::size_t end) {
    const auto part = text.substr(begin, end - begin);
    if (part.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      parts.push_back({part, begin_line});
    }
  };
  for (std::size_t at = 0; at < text.size(); ++line) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto row = text.substr(at, end - at);
    if (row == "---" || row == "---\r" || row.starts_with("--- ")) {
      flush(at);
      begin = std::min(end + 1, text.size());
      begin_line = line + 1;
    }
    at = end + 1;
  }
  flush(text.size());
  return parts;
}

}  // namespace holdpoint
