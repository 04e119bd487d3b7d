// Regular expressions in RE2's syntax: linear time, bounded memory, so that a pattern written by a
// user can never hang the server. RE2 is named in regex.cpp only.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdpoint {

class Regex {
 public:
  static constexpr std::size_t pattern_bytes_max = 4096;
  static constexpr std::size_t memory_bytes_max = 1U << 20;

  /// The error is RE2's sentence on what is wrong with the pattern.
  static std::expected<Regex, std::string> compile(std::string_view pattern);

  /// Whether the pattern occurs anywhere in the text; anchor it with ^ and $ for the whole text.
  [[nodiscard]] bool matches(std::string_view text) const;

  /// Groups of the pattern that capture.
  [[nodiscard]] std::size_t group_count() const;
  /// The first match that begins at the byte or after it; anchors and word boundaries still see the
  /// text before. The whole match comes first, then each group: empty, with no place in the text,
  /// for a group that took no part. Nothing when there is no match. The byte MUST be within the
  /// text.
  [[nodiscard]] std::vector<std::string_view> find(std::string_view text, std::size_t from) const;

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace holdpoint
