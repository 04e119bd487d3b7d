// Percent-encoding and the few questions we ask an address.
#include "cli/url.hpp"

namespace holdpoint::cli {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
    }
  }
  return out;
}

std::string path_of(const std::vector<std::string>& segments) {
  std::string out;
  for (const std::string& segment : segments) out += "/" + percent_encoded(segment);
  return out;
}

std::string query_of(const Query& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    out += out.empty() ? '?' : '&';
    out += percent_encoded(name) + "=" + percent_encoded(value);
  }
  return out;
}

std::string without_credentials(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string(address);
  const auto begin = scheme + 3;
  const auto end = std::min(address.find_first_of("/?#", begin), address.size());
  const auto at = address.substr(begin, end - begin).rfind('@');
  if (at == std::string_view::npos) return std::string(address);
  return std::string(address.substr(0, begin)) + std::string(address.substr(begin + at + 1));
}

bool is_unprotected(std::string_view server) {
  if (!server.starts_with("http://")) return false;
  std::string_view host = server.substr(7);
  host = host.substr(0, host.find('/'));
  if (host.starts_with("[::1]")) return false;
  host = host.substr(0, host.find(':'));
  return host != "localhost" && !host.starts_with("127.");
}

}  // namespace holdpoint::cli
