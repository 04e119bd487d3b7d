// See regex.hpp.
#include "base/regex.hpp"

#include <re2/re2.h>

namespace holdpoint {

struct Regex::Compiled {
  Compiled(const re2::StringPiece& pattern, const RE2::Options& options)
      : expression(pattern, options) {}
  RE2 expression;
};

std::expected<Regex, std::string> Regex::compile(std::string_view pattern) {
  if (pattern.size() > pattern_bytes_max) {
    return std::unexpected("the pattern is longer than " + std::to_string(pattern_bytes_max) +
                           " bytes");
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory_bytes_max);
  auto compiled =
      std::make_shared<const Compiled>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->expression.ok()) return std::unexpected(compiled->expression.error());
  return Regex(std::move(compiled));
}

bool Regex::matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->expression);
}

std::size_t Regex::group_count() const {
  return static_cast<std::size_t>(compiled_->expression.NumberOfCapturingGroups());
}

std::vector<std::string_view> Regex::find(std::string_view text, std::size_t from) const {
  std::vector<re2::StringPiece> groups(group_count() + 1);
  const bool is_found =
      compiled_->expression.Match(re2::StringPiece(text.data(), text.size()), from, text.size(),
                                  RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));
  std::vector<std::string_view> out;
  if (!is_found) return out;
  for (const re2::StringPiece& group : groups) out.emplace_back(group.data(), group.size());
  return out;
}

}  // namespace holdpoint
