// The values of a query, read as what they are. What is absent leaves the value as it is; what
// cannot be read becomes an issue under the name of the parameter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/describe.hpp"
#include "platform/http/message.hpp"

namespace holdpoint::engine::edge {

/// The word of an enum; `expected` lists them for people.
template <class E>
void read_word(const http::Request& request, std::string_view name, std::string_view expected,
               E& value, JsonIssues& issues) {
  const auto text = request.query(name);
  if (!text) return;
  if (const auto read = describe::enum_parse<E>(*text)) {
    value = *read;
  } else {
    issues.push_back({std::string(name), "expected " + std::string(expected), 0});
  }
}

void read_flag(const http::Request& request, std::string_view name, bool& value,
               JsonIssues& issues);
void read_instant(const http::Request& request, std::string_view name,
                  std::optional<Instant>& value, JsonIssues& issues);
/// From 1 to `count_max`.
void read_count(const http::Request& request, std::string_view name, std::int64_t count_max,
                std::int64_t& value, JsonIssues& issues);

}  // namespace holdpoint::engine::edge
