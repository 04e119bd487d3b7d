// See ids.hpp. The alphabet and layout are those of the ULID specification.
#include "base/ids.hpp"

#include <algorithm>

namespace holdpoint {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

}  // namespace

std::string ulid_text(Instant at, const std::array<std::uint8_t, 10>& entropy) {
  std::string out(kUlidLength, '0');
  auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(at.us, 0) / 1000);
  for (std::size_t i = 10; i-- > 0; milliseconds >>= 5) out[i] = kAlphabet[milliseconds & 31];
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t next = 10;
  for (const std::uint8_t byte : entropy) {
    bits = bits << 8 | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      out[next++] = kAlphabet[bits >> held & 31];
    }
  }
  return out;
}

bool is_prefixed_ulid(std::string_view text, std::string_view prefix) {
  if (text.size() != prefix.size() + 1 + kUlidLength) return false;
  if (!text.starts_with(prefix) || text[prefix.size()] != '_') return false;
  text.remove_prefix(prefix.size() + 1);
  if (text.front() > '7') return false;
  return std::ranges::all_of(text, [](char c) { return kAlphabet.contains(c); });
}

}  // namespace holdpoint
