// Tokens of CEL. Literals arrive decoded; everything else is its own text.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace holdpoint::policy::cel {

enum class TokenKind : std::uint8_t {
  end,
  identifier,
  quoted_identifier,  // `content-type`, decoded without the backticks
  keyword,            // true, false, null, in
  integer,            // decimal or 0x, without sign
  unsigned_integer,   // without the u
  floating,
  string,  // decoded
  bytes,   // decoded
  symbol,  // operators and punctuation
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;

  [[nodiscard]] bool is(std::string_view symbol) const {
    return (kind == TokenKind::symbol || kind == TokenKind::keyword) && text == symbol;
  }
};

struct LexicalIssue {
  std::string message;
  std::uint32_t offset = 0;
};

class Lexer {
 public:
  /// The source MUST outlive the lexer and be valid UTF-8 under 4 GiB.
  explicit Lexer(std::string_view source) : source_(source) {}

  std::expected<Token, LexicalIssue> next();

 private:
  using Lexed = std::expected<Token, LexicalIssue>;

  void skip_blanks();
  Lexed number();
  Lexed word();
  Lexed backticked();
  Lexed string(std::size_t prefix_length);
  Lexed symbol();
  std::expected<void, LexicalIssue> escape(std::string& out, TokenKind kind);
  std::expected<std::uint32_t, LexicalIssue> digits(std::size_t count, std::uint32_t radix);
  [[nodiscard]] char at(std::size_t ahead) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  [[nodiscard]] Token token(TokenKind kind, std::size_t begin, std::string text) const;

  std::string_view source_;
  std::size_t at_ = 0;
};

/// Whether the word can never name a variable (it may still be a field).
bool is_reserved(std::string_view word);

}  // namespace holdpoint::policy::cel
