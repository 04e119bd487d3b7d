// JSON as the system uses it: a strict reader (no duplicate names, no lone surrogates, bounded
// depth) and the canonical writer of RFC 8785 in our profile, integers only within ±(2^53-1).
// Boost.JSON is the document model and is named nowhere else.
#pragma once

#include <boost/json.hpp>
#include <expected>
#include <string>
#include <string_view>

namespace holdpoint {

namespace json = boost::json;

/// What is wrong with a JSON text or value, and where. `path` is a JSON Pointer (RFC 6901), "" for
/// the whole document; `offset` is the byte offset in the text, when it came from one.
struct JsonIssue {
  std::string path;
  std::string message;
  std::size_t offset = 0;

  [[nodiscard]] std::string text() const;
};

struct JsonLimits {
  std::size_t depth_max = 32;
  std::size_t bytes_max = 4U << 20;
};

/// Strict RFC 8259 reader for small documents (request bodies, configuration, facts). Refuses
/// duplicate names, invalid UTF-8, lone surrogates, numbers outside int64 that look like integers
/// (doubles are kept), U+0000 in strings, trailing text, and anything over the limits.
std::expected<json::value, JsonIssue> parse_json(std::string_view text, JsonLimits limits = {});

/// RFC 8785 bytes. Refuses doubles, integers beyond ±(2^53-1), U+0000 and invalid UTF-8, naming the
/// path.
std::expected<std::string, JsonIssue> canonical_json(const json::value& value);

/// Appends the string with quotes, escaped as RFC 8785 §3.2.2.2 says. MUST be given valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Whether a sorts before b by UTF-16 code units (RFC 8785 §3.2.3). Both MUST be valid UTF-8.
bool utf16_less(std::string_view a, std::string_view b);

/// One step of a JSON Pointer (RFC 6901): "/" and the name with ~ and / escaped.
std::string pointer_step(std::string_view name);

inline std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace holdpoint
