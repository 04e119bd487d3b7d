// The request target (RFC 9112 §3.2): path segments and query parameters, decoded once, here. What
// two programs could read differently (dot segments, encoded slashes, NUL) is refused, not
// repaired.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdpoint::http {

constexpr std::size_t path_segments_max = 64;
constexpr std::size_t query_parameters_max = 256;

struct Target {
  std::string path;                   // decoded, starts with '/'
  std::vector<std::string> segments;  // decoded; a path that ends with '/' has a last "" segment
  std::vector<std::pair<std::string, std::string>> parameters;  // decoded, in order

  void clear();
};

/// Fills `into`, whose content is replaced (its memory is reused). Accepts the origin form and the
/// absolute form, whose authority is dropped. The error is a sentence for the client.
std::expected<void, std::string_view> parse_target(std::string_view target, Target& into);

/// Percent-decodes; nullopt when a '%' is not followed by two hex digits.
/// `plus` says whether '+' stands for a space, as in queries.
enum class Plus : unsigned char { literal, space };
bool percent_decode(std::string_view text, Plus plus, std::string& into);

}  // namespace holdpoint::http
