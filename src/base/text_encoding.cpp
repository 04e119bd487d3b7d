// Conversion and cleaning of text from outside. clean_text is the one gate through which report
// texts reach the ledger, so it copies plain runs at once and looks closely only at the rest.
#include "base/text_encoding.hpp"

#include <algorithm>
#include <cstdint>

namespace holdpoint {

namespace {

constexpr char32_t replacement = 0xFFFD;

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_plain(char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t'; }

struct Character {
  char32_t code_point;
  std::size_t length;
};

/// The character at `at`, or the replacement and the length of the broken part (at least 1).
Character read_utf8(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return {replacement, 1};
  char32_t code_point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= text.size() || (byte_at(text, at + i) & 0xC0U) != 0x80U) return {replacement, i};
    code_point = code_point << 6U | (byte_at(text, at + i) & 0x3FU);
  }
  const char32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < least || code_point > 0x10FFFF || surrogate) return {replacement, length};
  return {code_point, length};
}

bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
         code_point == 0x2029 || (code_point >= 0x202A && code_point <= 0x202E) ||
         (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace

TextEncoding sniff_encoding(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return TextEncoding::utf8_with_mark;
  if (bytes.starts_with("\xFF\xFE")) return TextEncoding::utf16_little;
  if (bytes.starts_with("\xFE\xFF")) return TextEncoding::utf16_big;
  if (bytes.size() >= 2 && bytes[0] != 0 && bytes[1] == 0) return TextEncoding::utf16_little;
  if (bytes.size() >= 2 && bytes[0] == 0 && bytes[1] != 0) return TextEncoding::utf16_big;
  return TextEncoding::utf8;
}

void append_utf8(std::string& out, char32_t code_point) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    code_point = replacement;
  }
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
    return;
  }
  const int more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
  const unsigned lead = more == 1 ? 0xC0U : more == 2 ? 0xE0U : 0xF0U;
  out += static_cast<char>(lead | static_cast<unsigned>(code_point >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) {
    out += static_cast<char>(0x80U | (static_cast<unsigned>(code_point >> (6 * i)) & 0x3FU));
  }
}

std::optional<std::string> utf16_to_utf8(std::string_view bytes, TextEncoding encoding) {
  const bool little = encoding == TextEncoding::utf16_little;
  if (!little && encoding != TextEncoding::utf16_big) return std::nullopt;
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t i) {
    const unsigned a = byte_at(bytes, i);
    const unsigned b = byte_at(bytes, i + 1);
    return static_cast<char32_t>(little ? a | b << 8U : a << 8U | b);
  };
  std::string out;
  out.reserve(bytes.size() / 2 + bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    char32_t point = unit(i);
    if (i == 0 && point == 0xFEFF) continue;
    if (point >= 0xD800 && point < 0xDC00 && i + 2 < bytes.size()) {
      const char32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
        i += 2;
      }
    }
    append_utf8(out, point);
  }
  return out;
}

std::string_view as_utf8(std::string_view bytes, std::string& room) {
  const TextEncoding encoding = sniff_encoding(bytes);
  if (encoding == TextEncoding::utf8_with_mark) return bytes.substr(3);
  if (encoding == TextEncoding::utf8) return bytes;
  auto converted = utf16_to_utf8(bytes, encoding);
  if (!converted) return bytes;
  room = std::move(*converted);
  return room;
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  std::string out;
  out.reserve(std::min(text.size(), bytes_max));
  for (std::size_t i = 0; i < text.size() && out.size() < bytes_max;) {
    const std::string_view rest = text.substr(i, bytes_max - out.size());
    const auto run = std::ranges::find_if_not(rest, is_plain) - rest.begin();
    out.append(rest.substr(0, static_cast<std::size_t>(run)));
    i += static_cast<std::size_t>(run);
    if (i >= text.size() || out.size() >= bytes_max) break;
    const Character next = read_utf8(text, i);
    i += next.length;
    if (is_control(next.code_point)) continue;
    const std::size_t before = out.size();
    append_utf8(out, next.code_point);
    if (out.size() > bytes_max) {
      out.resize(before);
      break;
    }
  }
  return out;
}

}  // namespace holdpoint
