// Text as a person reads it: words that a column or the width of the terminal broke into lines are
// one sentence.
#pragma once

#include <string>
#include <string_view>

namespace holdpoint::test {

/// Blanks and line ends in a row become one blank.
inline std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t';
    if (is_blank && (out.empty() || out.back() == ' ')) continue;
    out += is_blank ? ' ' : c;
  }
  return out;
}

}  // namespace holdpoint::test
