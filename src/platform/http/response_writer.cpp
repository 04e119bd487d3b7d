// The writer of response heads. Written by hand into one string: that is the difference to a
// general serialiser that the benchmark sees.
#include "platform/http/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace holdpoint::http {

namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

constexpr std::string_view owned_by_server[] = {
    "content-length", "transfer-encoding", "connection", "keep-alive", "date", "server"};

/// Fields every answer carries unless the application has set them.
struct Seen {
  bool content_type_options = false;
  bool referrer_policy = false;
  bool cache_control = false;
  bool security_policy = false;
  bool html = false;
};

void note(Seen& seen, std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 12:
      if (same_name(name, "content-type")) seen.html |= value.starts_with("text/html");
      return;
    case 13: seen.cache_control |= same_name(name, "cache-control"); return;
    case 15: seen.referrer_policy |= same_name(name, "referrer-policy"); return;
    case 22: seen.content_type_options |= same_name(name, "x-content-type-options"); return;
    case 23: seen.security_policy |= same_name(name, "content-security-policy"); return;
    default: return;
  }
}

bool is_owned(std::string_view name) {
  return std::any_of(std::begin(owned_by_server), std::end(owned_by_server),
                     [name](std::string_view owned) { return same_name(name, owned); });
}

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const std::size_t begin = out.size();
  out.append(value);
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (out[i] == '\r' || out[i] == '\n' || out[i] == '\0') out[i] = ' ';
  }
  out.append("\r\n");
}

void append_number(std::string& out, std::uint64_t number, int base) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

void append_security(std::string& out, const Seen& seen) {
  if (!seen.content_type_options) out.append("X-Content-Type-Options: nosniff\r\n");
  if (!seen.referrer_policy) out.append("Referrer-Policy: no-referrer\r\n");
  if (!seen.cache_control) out.append("Cache-Control: no-store\r\n");
  if (seen.html && !seen.security_policy) {
    append_field(out, "Content-Security-Policy", content_security_policy);
  }
}

}  // namespace

bool bodiless(int status) { return status == 204 || status == 304 || status < 200; }

void append_head(std::string& out, const Response& response, const Framing& framing) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(std::clamp(response.status, 100, 999)), 10);
  out.append(" ").append(reason_phrase(response.status)).append("\r\nDate: ");
  out.append(framing.date).append("\r\n");
  Seen seen;
  for (const auto& [name, value] : response.headers) {
    if (is_owned(name) || !is_token(name)) continue;
    note(seen, name, value);
    append_field(out, name, value);
  }
  append_security(out, seen);
  if (!bodiless(response.status)) {
    if (framing.body == Framing::Body::sized) {
      out.append("Content-Length: ");
      append_number(out, framing.bytes, 10);
      out.append("\r\n");
    } else if (framing.body == Framing::Body::chunked) {
      out.append("Transfer-Encoding: chunked\r\n");
    }
  }
  if (framing.persistence == Framing::Persistence::close) out.append("Connection: close\r\n");
  out.append("\r\n");
}

void append_chunk(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size(), 16);
  out.append("\r\n").append(bytes).append("\r\n");
}

std::string imf_date(std::int64_t unix_seconds) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 40> text{};
  // The C locale is never changed by this program, so names of days and months are English.
  const auto bytes = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), bytes};
}

}  // namespace holdpoint::http
