// Reads JSON that must already be canonical (RFC 8785, integers only) without building a document:
// the ledger's entries are judged and taken apart this way, on the path of every command. What it
// takes is exactly what canonical_json() writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

/// A cursor over canonical bytes. Every function takes what it names and moves on, or answers false
/// (nullopt) and leaves the cursor inside: the text is then refused as a whole, at offset().
class CanonicalReader {
 public:
  explicit CanonicalReader(std::string_view text) : text_(text) {}

  /// Takes exactly these bytes; the one function that moves nothing when it answers false.
  bool literal(std::string_view expected);
  /// A string, unescaped.
  bool string(std::string& out);
  /// An integer within ±(2^53-1).
  bool integer(std::int64_t& out);
  /// Any value nested at most `depth_max` deep; the bytes it takes, nullopt when not canonical.
  std::optional<std::string_view> value(std::size_t depth_max);

  [[nodiscard]] bool at_end() const { return offset_ == text_.size(); }
  [[nodiscard]] char next() const { return at_end() ? '\0' : text_[offset_]; }
  [[nodiscard]] std::size_t offset() const { return offset_; }

 private:
  /// A string as it stands between its quotes.
  struct Token {
    std::string_view raw;
    bool escaped = false;
  };
  bool token(Token& out);
  bool escape();
  bool any(std::size_t depth_left);
  bool array(std::size_t depth_left);
  bool object(std::size_t depth_left);
  static std::string unescaped(const Token& token);
  static bool in_order(const Token& before, const Token& after);

  std::string_view text_;
  std::size_t offset_ = 0;
};

/// Whether the text is one value in canonical form and nothing else.
bool is_canonical_json(std::string_view text, std::size_t depth_max);

}  // namespace holdpoint
