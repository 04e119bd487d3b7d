// What people write in words, in any capability: whether it says something, and cutting it short.
#pragma once

#include <cstddef>
#include <string_view>

namespace holdpoint {

/// Whether a text that is asked for was given: more than blanks, and at most `bytes_max` bytes.
bool is_stated(std::string_view text, std::size_t bytes_max = std::string_view::npos);

/// Whether a text is one line that can be shown in a list and on a terminal: no control character
/// of ASCII.
bool is_one_line(std::string_view text);

/// The first `bytes_max` bytes at most of text in UTF-8, cut between characters.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);

}  // namespace holdpoint
