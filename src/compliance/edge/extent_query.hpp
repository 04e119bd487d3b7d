// What a question or a status is asked about, read from a request: a release, or a period of one
// application or of all.
#pragma once

#include <expected>

#include "compliance/edge/fact_gatherer.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::compliance {

/// How long the period is when nobody says.
inline constexpr Duration period_default = Duration::days(90);
inline constexpr Duration period_max = Duration::days(3'660);

std::expected<Extent, http::Response> extent_of(const http::Request& request,
                                                engine::Connection& tables, Instant now);
/// Of the routes that read one.
std::vector<http::Parameter> extent_parameters();

/// Reads the words of a list, separated by commas.
template <class E>
void read_words(const http::Request& request, std::string_view name, std::vector<E>& values,
                JsonIssues& issues) {
  const auto text = request.query(name);
  if (!text) return;
  std::string_view left = *text;
  while (!left.empty()) {
    const auto comma = left.find(',');
    const std::string_view word = left.substr(0, comma);
    left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 1);
    if (const auto value = describe::enum_parse<E>(word)) {
      values.push_back(*value);
    } else {
      issues.push_back({std::string(name), "expected words of: " + describe::enum_choices<E>(), 0});
      return;
    }
  }
}

}  // namespace holdpoint::compliance
