// See text.hpp.
#include "base/text.hpp"

#include <algorithm>

namespace holdpoint {

bool is_stated(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  return text.size() <= bytes_max && text.find_first_not_of(blanks) != std::string_view::npos;
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
  });
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace holdpoint
