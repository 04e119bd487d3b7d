// The encodings that reports arrive in: some Windows tools write UTF-16, many a byte order mark.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

enum class TextEncoding { utf8, utf8_with_mark, utf16_little, utf16_big };

/// By byte order mark, or else by the zero byte beside the first character (RFC 4627 §3).
TextEncoding sniff_encoding(std::string_view bytes);

/// The text without its mark, converted from UTF-16; lone surrogates become U+FFFD. nullopt when
/// the encoding is UTF-8 already, where there is nothing to convert, and when a half character is
/// left.
std::optional<std::string> utf16_to_utf8(std::string_view bytes, TextEncoding encoding);

/// The text in UTF-8 without a mark: `bytes` itself, or converted into `room`, which MUST outlive
/// the answer.
std::string_view as_utf8(std::string_view bytes, std::string& room);

/// Appends the UTF-8 form of a code point; surrogates and what lies beyond U+10FFFF as U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// Text for storage: well-formed UTF-8 (broken bytes become U+FFFD), no control characters but line
/// feed and tab, at most `bytes_max` bytes, cut between characters.
std::string clean_text(std::string_view text, std::size_t bytes_max);

}  // namespace holdpoint
