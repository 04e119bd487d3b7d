// See literals.hpp.
#include "policy/cel/literals.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace holdpoint::policy::cel {

std::expected<Value, std::string> number_value(const Token& token, Sign sign) {
  if (token.kind == TokenKind::floating) {
    const std::string text = (sign == Sign::minus ? "-" : "") + token.text;
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    // Too small is zero, as arithmetic has it; only too large has no value.
    if (result.ec == std::errc::result_out_of_range) value = std::strtod(text.c_str(), nullptr);
    if (std::isinf(value)) return std::unexpected("the number is out of range");
    return Value::of(value);
  }
  std::string_view digits = token.text;
  int radix = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    digits.remove_prefix(2);
    radix = 16;
  }
  constexpr std::string_view too_large = "the number does not fit in 64 bits";
  std::uint64_t magnitude = 0;
  const auto result =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, radix);
  if (result.ec != std::errc()) return std::unexpected(std::string(too_large));
  if (token.kind == TokenKind::unsigned_integer) return Value::of(magnitude);
  constexpr std::uint64_t lowest = 1ULL << 63;
  if (sign == Sign::minus ? magnitude > lowest : magnitude >= lowest) {
    return std::unexpected(std::string(too_large));
  }
  return Value::of(static_cast<std::int64_t>(sign == Sign::minus ? 0 - magnitude : magnitude));
}

}  // namespace holdpoint::policy::cel
