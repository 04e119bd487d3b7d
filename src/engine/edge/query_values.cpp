// See query_values.hpp.
#include "engine/edge/query_values.hpp"

#include <charconv>

namespace holdpoint::engine::edge {

void read_flag(const http::Request& request, std::string_view name, bool& value,
               JsonIssues& issues) {
  const auto text = request.query(name);
  if (!text) return;
  value = *text == "true";
  if (*text != "true" && *text != "false") {
    issues.push_back({std::string(name), "expected true or false", 0});
  }
}

void read_instant(const http::Request& request, std::string_view name,
                  std::optional<Instant>& value, JsonIssues& issues) {
  const auto text = request.query(name);
  if (!text) return;
  value = Instant::parse(*text);
  if (!value) {
    issues.push_back({std::string(name), "expected an instant such as 2026-01-31T00:00:00Z", 0});
  }
}

void read_count(const http::Request& request, std::string_view name, std::int64_t count_max,
                std::int64_t& value, JsonIssues& issues) {
  const auto text = request.query(name);
  if (!text) return;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < 1 || value > count_max) {
    issues.push_back(
        {std::string(name), "expected an integer from 1 to " + std::to_string(count_max), 0});
  }
}

}  // namespace holdpoint::engine::edge
