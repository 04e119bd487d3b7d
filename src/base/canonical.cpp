// See canonical.hpp.
#include "base/canonical.hpp"

#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace holdpoint {
namespace {

constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;

enum class Octet : std::uint8_t { plain, wide, special };

/// What a byte is inside a string: ASCII that stands for itself, part of a longer UTF-8 sequence,
/// or one that ends or escapes.
constexpr std::array<Octet, 256> octets = [] {
  std::array<Octet, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const bool special = i < 0x20 || i == '"' || i == '\\';
    kinds[i] = special ? Octet::special : i < 0x80 ? Octet::plain : Octet::wide;
  }
  return kinds;
}();

constexpr std::string_view short_escapes = "\"\\bfnrt";
constexpr std::string_view short_meanings = "\"\\\b\f\n\r\t";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool CanonicalReader::literal(std::string_view expected) {
  if (!text_.substr(offset_).starts_with(expected)) return false;
  offset_ += expected.size();
  return true;
}

bool CanonicalReader::string(std::string& out) {
  Token read;
  if (!token(read)) return false;
  out = read.escaped ? unescaped(read) : std::string(read.raw);
  return true;
}

bool CanonicalReader::integer(std::int64_t& out) {
  constexpr std::size_t digits_max = 16;
  const bool negative = literal("-");
  const std::size_t begin = offset_;
  std::int64_t number = 0;
  while (offset_ - begin < digits_max && is_digit(next())) {
    number = number * 10 + (text_[offset_++] - '0');
  }
  const std::size_t digits = offset_ - begin;
  if (digits == 0 || number > integer_max || is_digit(next())) return false;
  if (text_[begin] == '0' && (digits > 1 || negative)) return false;
  out = negative ? -number : number;
  return true;
}

std::optional<std::string_view> CanonicalReader::value(std::size_t depth_max) {
  const std::size_t begin = offset_;
  if (!any(depth_max)) return std::nullopt;
  return text_.substr(begin, offset_ - begin);
}

bool CanonicalReader::token(Token& out) {
  if (!literal("\"")) return false;
  const std::size_t begin = offset_;
  bool is_wide = false;
  out.escaped = false;
  while (!at_end()) {
    const char c = text_[offset_];
    const Octet kind = octets[static_cast<unsigned char>(c)];
    if (kind != Octet::special) {
      is_wide |= kind == Octet::wide;
      ++offset_;
      continue;
    }
    if (c == '"') {
      out.raw = text_.substr(begin, offset_ - begin);
      if (is_wide && !is_utf8(out.raw)) return false;
      ++offset_;
      return true;
    }
    if (c != '\\' || !escape()) return false;
    out.escaped = true;
  }
  return false;
}

/// RFC 8785 leaves one way to escape each character: the short one where there is one, and
/// lower-case hex for the other controls. U+0000 is refused, as everywhere.
bool CanonicalReader::escape() {
  ++offset_;
  const char c = next();
  if (c != 'u') {
    if (at_end() || short_escapes.find(c) == std::string_view::npos) return false;
    ++offset_;
    return true;
  }
  const std::string_view digits = text_.substr(offset_ + 1, 4);
  if (digits.size() != 4 || !digits.starts_with("00")) return false;
  const int high = hex_digit(digits[2]);
  const int low = hex_digit(digits[3]);
  if (high < 0 || high > 1 || low < 0 || high + low == 0) return false;
  const auto meaning = static_cast<char>(high * 16 + low);
  if (short_meanings.find(meaning) != std::string_view::npos) return false;
  offset_ += 5;
  return true;
}

bool CanonicalReader::any(std::size_t depth_left) {
  switch (next()) {
    case '{': return object(depth_left);
    case '[': return array(depth_left);
    case '"': {
      Token ignored;
      return token(ignored);
    }
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    default: {
      std::int64_t ignored = 0;
      return integer(ignored);
    }
  }
}

bool CanonicalReader::array(std::size_t depth_left) {
  if (depth_left == 0 || !literal("[")) return false;
  if (literal("]")) return true;
  do {
    if (!any(depth_left - 1)) return false;
  } while (literal(","));
  return literal("]");
}

bool CanonicalReader::object(std::size_t depth_left) {
  if (depth_left == 0 || !literal("{")) return false;
  if (literal("}")) return true;
  Token before;
  bool first = true;
  do {
    Token name;
    if (!token(name)) return false;
    if (!first && !in_order(before, name)) return false;
    if (!literal(":") || !any(depth_left - 1)) return false;
    before = name;
    first = false;
  } while (literal(","));
  return literal("}");
}

std::string CanonicalReader::unescaped(const Token& token) {
  std::string out;
  out.reserve(token.raw.size());
  for (std::size_t i = 0; i < token.raw.size(); ++i) {
    if (token.raw[i] != '\\') {
      out += token.raw[i];
      continue;
    }
    const char c = token.raw[++i];
    if (c != 'u') {
      out += short_meanings[short_escapes.find(c)];
      continue;
    }
    out += static_cast<char>(hex_digit(token.raw[i + 3]) * 16 + hex_digit(token.raw[i + 4]));
    i += 4;
  }
  return out;
}

bool CanonicalReader::in_order(const Token& before, const Token& after) {
  if (!before.escaped && !after.escaped) return utf16_less(before.raw, after.raw);
  return utf16_less(unescaped(before), unescaped(after));
}

bool is_canonical_json(std::string_view text, std::size_t depth_max) {
  CanonicalReader reader(text);
  return reader.value(depth_max) && reader.at_end();
}

}  // namespace holdpoint
