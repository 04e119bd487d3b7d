// See lexer.hpp. The lexis follows the language definition of CEL: prefixes r and b, triple quotes,
// C-like escapes, comments from // to the end of the line.
#include "policy/cel/lexer.hpp"

#include <algorithm>
#include <array>

namespace holdpoint::policy::cel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::uint32_t digit_value(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return 99;
}

void append_code_point(std::string& out, std::uint32_t point) {
  const auto push = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    push(point);
  } else if (point < 0x800) {
    push(0xC0 | point >> 6);
    push(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    push(0xE0 | point >> 12);
    push(0x80 | (point >> 6 & 0x3F));
    push(0x80 | (point & 0x3F));
  } else {
    push(0xF0 | point >> 18);
    push(0x80 | (point >> 12 & 0x3F));
    push(0x80 | (point >> 6 & 0x3F));
    push(0x80 | (point & 0x3F));
  }
}

/// Length of r, b or br in any case when a quote follows; npos otherwise.
std::size_t string_prefix_length(std::string_view rest) {
  std::size_t length = 0;
  if (length < rest.size() && (rest[length] == 'b' || rest[length] == 'B')) ++length;
  if (length < rest.size() && (rest[length] == 'r' || rest[length] == 'R')) ++length;
  const bool has_quote = length < rest.size() && (rest[length] == '"' || rest[length] == '\'');
  return has_quote ? length : std::string_view::npos;
}

bool has_letter(std::string_view prefix, char lower) {
  return std::ranges::any_of(prefix, [&](char c) { return (c | 0x20) == lower; });
}

std::unexpected<LexicalIssue> refuse(std::string message, std::size_t offset) {
  return std::unexpected(LexicalIssue{std::move(message), static_cast<std::uint32_t>(offset)});
}

}  // namespace

bool is_reserved(std::string_view word) {
  constexpr std::array<std::string_view, 17> words = {
      "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
      "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};
  return std::ranges::find(words, word) != words.end();
}

Token Lexer::token(TokenKind kind, std::size_t begin, std::string text) const {
  return {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_),
          std::move(text)};
}

void Lexer::skip_blanks() {
  while (at_ < source_.size()) {
    const char c = source_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && at(1) == '/') {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else {
      return;
    }
  }
}

std::expected<Token, LexicalIssue> Lexer::next() {
  skip_blanks();
  if (at_ >= source_.size()) return token(TokenKind::end, at_, "");
  const char c = source_[at_];
  if (const auto prefix = string_prefix_length(source_.substr(at_));
      prefix != std::string_view::npos) {
    return string(prefix);
  }
  if (is_digit(c) || (c == '.' && is_digit(at(1)))) return number();
  if (is_letter(c)) return word();
  if (c == '`') return backticked();
  return symbol();
}

std::expected<Token, LexicalIssue> Lexer::number() {
  const std::size_t begin = at_;
  TokenKind kind = TokenKind::integer;
  if (source_[at_] == '0' && (at(1) == 'x' || at(1) == 'X')) {
    at_ += 2;
    if (!is_hex_digit(at(0))) return refuse("a hexadecimal number needs a digit", begin);
    while (is_hex_digit(at(0))) ++at_;
  } else {
    while (is_digit(at(0))) ++at_;
    if (at(0) == '.' && is_digit(at(1))) {
      kind = TokenKind::floating;
      ++at_;
      while (is_digit(at(0))) ++at_;
    }
    if (at(0) == 'e' || at(0) == 'E') {
      const std::size_t sign = at(1) == '+' || at(1) == '-' ? 1 : 0;
      if (is_digit(at(1 + sign))) {
        kind = TokenKind::floating;
        at_ += 1 + sign;
        while (is_digit(at(0))) ++at_;
      }
    }
  }
  std::string text(source_.substr(begin, at_ - begin));
  if (kind == TokenKind::integer && (at(0) == 'u' || at(0) == 'U')) {
    kind = TokenKind::unsigned_integer;
    ++at_;
  }
  if (is_letter(at(0)) || is_digit(at(0))) return refuse("a number ends in a letter", begin);
  return token(kind, begin, std::move(text));
}

std::expected<Token, LexicalIssue> Lexer::word() {
  const std::size_t begin = at_;
  while (is_letter(at(0)) || is_digit(at(0))) ++at_;
  std::string text(source_.substr(begin, at_ - begin));
  const bool is_turned = text.size() == 2 && has_letter(text, 'r') && has_letter(text, 'b');
  if (is_turned && (at(0) == '"' || at(0) == '\'')) {
    return refuse("raw bytes begin with br: b stands before r", begin);
  }
  const bool is_keyword = text == "true" || text == "false" || text == "null" || text == "in";
  return token(is_keyword ? TokenKind::keyword : TokenKind::identifier, begin, std::move(text));
}

std::expected<Token, LexicalIssue> Lexer::backticked() {
  const std::size_t begin = at_++;
  const std::size_t start = at_;
  while (at_ < source_.size() && source_[at_] != '`') {
    const char c = source_[at_];
    if (!is_letter(c) && !is_digit(c) &&
        std::string_view(".-/ ").find(c) == std::string_view::npos) {
      return refuse("a quoted field name may have letters, digits, _ . - / and spaces", at_);
    }
    ++at_;
  }
  if (at_ >= source_.size()) return refuse("the quoted field name is not closed", begin);
  std::string text(source_.substr(start, at_ - start));
  ++at_;
  if (text.empty()) return refuse("the quoted field name is empty", begin);
  return token(TokenKind::quoted_identifier, begin, std::move(text));
}

std::expected<Token, LexicalIssue> Lexer::string(std::size_t prefix_length) {
  const std::size_t begin = at_;
  const std::string_view prefix = source_.substr(at_, prefix_length);
  const bool is_raw = has_letter(prefix, 'r');
  const TokenKind kind = has_letter(prefix, 'b') ? TokenKind::bytes : TokenKind::string;
  at_ += prefix_length;
  const char quote = source_[at_];
  const bool is_triple = at(1) == quote && at(2) == quote;
  const std::string_view closing = source_.substr(at_, is_triple ? 3 : 1);
  at_ += closing.size();
  std::string text;
  while (true) {
    if (at_ >= source_.size()) return refuse("the string is not closed", begin);
    if (source_.substr(at_).starts_with(closing)) break;
    const char c = source_[at_];
    if (!is_triple && (c == '\n' || c == '\r')) {
      return refuse("the string is not closed on its line", begin);
    }
    if (c == '\\' && !is_raw) {
      if (auto escaped = escape(text, kind); !escaped) return std::unexpected(escaped.error());
      continue;
    }
    if (c == '\\' && at_ + 1 < source_.size()) {
      text += c;
      ++at_;
      if (!is_triple && (source_[at_] == '\n' || source_[at_] == '\r')) continue;
    }
    text += source_[at_++];
  }
  at_ += closing.size();
  return token(kind, begin, std::move(text));
}

std::expected<std::uint32_t, LexicalIssue> Lexer::digits(std::size_t count, std::uint32_t radix) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i, ++at_) {
    const std::uint32_t digit = digit_value(at(0));
    if (digit >= radix) return refuse("the escape sequence needs more digits", at_);
    value = value * radix + digit;
  }
  return value;
}

/// At a backslash; appends what the sequence stands for.
std::expected<void, LexicalIssue> Lexer::escape(std::string& out, TokenKind kind) {
  const std::size_t begin = at_++;
  const char c = at(0);
  constexpr std::string_view names = "abfnrtv\\?\"'`";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\?\"'`";
  if (const auto found = names.find(c); c != '\0' && found != std::string_view::npos) {
    out += meanings[found];
    ++at_;
    return {};
  }
  std::size_t count = 0;
  std::uint32_t radix = 16;
  if (c == 'x' || c == 'X') {
    count = 2;
  } else if ((c == 'u' || c == 'U') && kind == TokenKind::string) {
    count = c == 'u' ? 4 : 8;
  } else if (c >= '0' && c <= '3') {
    count = 3;
    radix = 8;
  } else {
    return refuse("the string has an unknown escape sequence", begin);
  }
  if (radix == 16) ++at_;
  const auto point = digits(count, radix);
  if (!point) return std::unexpected(point.error());
  if (kind == TokenKind::bytes) {
    out += static_cast<char>(*point);
    return {};
  }
  if (*point > 0x10FFFF || (*point >= 0xD800 && *point <= 0xDFFF)) {
    return refuse("the escape sequence is not a Unicode character", begin);
  }
  append_code_point(out, *point);
  return {};
}

std::expected<Token, LexicalIssue> Lexer::symbol() {
  constexpr std::array<std::string_view, 26> symbols = {
      "&&", "||", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">",
      "!",  "?",  ":",  "(",  ")",  "[",  "]", "{", "}", ",", ".", "=", "&"};
  const std::size_t begin = at_;
  for (const std::string_view candidate : symbols) {
    if (!source_.substr(at_).starts_with(candidate)) continue;
    at_ += candidate.size();
    if (candidate == "=") return refuse("'=' is not an operator: compare with '=='", begin);
    if (candidate == "&") return refuse("'&' is not an operator: write '&&'", begin);
    return token(TokenKind::symbol, begin, std::string(candidate));
  }
  if (source_[at_] == '|') return refuse("'|' is not an operator: write '||'", begin);
  return refuse("a character that has no meaning here", begin);
}

}  // namespace holdpoint::policy::cel
