// Answers as bytes: status line, the fields the server owns, the security fields every answer
// carries, and one buffer for head and body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace holdpoint::http {

/// What follows the connection's state and not the application's wish.
struct Framing {
  enum class Body : std::uint8_t { sized, chunked, until_close };
  Body body = Body::sized;
  std::uint64_t bytes = 0;  // of a sized body
  enum class Persistence : std::uint8_t { keep_alive, close };
  Persistence persistence = Persistence::keep_alive;
  std::string_view date;  // IMF-fixdate
};

/// Appends status line and header fields. Fields that the server owns (lengths, connection, date)
/// are dropped from the response; line breaks inside values become spaces.
void append_head(std::string& out, const Response& response, const Framing& framing);

/// Appends one chunk (RFC 9112 §7.1). `bytes` MUST NOT be empty: that would end the body.
void append_chunk(std::string& out, std::string_view bytes);
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// "Fri, 20 Nov 2026 06:00:00 GMT" (RFC 9110 §5.6.7).
std::string imf_date(std::int64_t unix_seconds);

/// Whether an answer of this status never has a body.
bool bodiless(int status);

}  // namespace holdpoint::http
