// See origin.hpp.
#include "ledger/origin.hpp"

#include <algorithm>

namespace holdpoint::ledger {
namespace {

bool may_stand_in_origin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_:/").find(c) != std::string_view::npos;
}

}  // namespace

bool is_origin(std::string_view text) {
  if (text.size() > origin_bytes_max || !std::ranges::all_of(text, may_stand_in_origin)) {
    return false;
  }
  const auto slash = text.find('/');
  return slash != std::string_view::npos && slash != 0 && !text.ends_with('/') &&
         text.find("//") == std::string_view::npos;
}

std::optional<std::string> make_origin(std::string_view server, std::string_view workspace) {
  if (workspace.find('/') != std::string_view::npos) return std::nullopt;
  std::string origin(server);
  origin += '/';
  origin += workspace;
  if (!is_origin(origin)) return std::nullopt;
  return origin;
}

}  // namespace holdpoint::ledger
