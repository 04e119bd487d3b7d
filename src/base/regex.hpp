// Regular expressions in RE2's syntax: linear time, bounded memory, so that a pattern written by a
// user can never hang the server. RE2 is named in regex.cpp only.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace holdpoint {

class Regex {
 public:
  static constexpr std::size_t pattern_bytes_max = 4096;
  static constexpr std::size_t memory_bytes_max = 1U << 20;

  /// The error is RE2's sentence on what is wrong with the pattern.
  static std::expected<Regex, std::string> compile(std::string_view pattern);

  /// Whether the pattern occurs anywhere in the text; anchor it with ^ and $ for the whole text.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace holdpoint
