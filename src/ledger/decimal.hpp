// Numbers as C2SP texts write them: ASCII decimal without sign or leading zeros.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdpoint::ledger {

/// nullopt for anything but the one way to write a number below 2^64.
inline std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || text.front() == '-' || (text.front() == '0' && text.size() > 1)) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace holdpoint::ledger
