// The values that number literals stand for.
#pragma once

#include <expected>
#include <string>

#include "policy/cel/lexer.hpp"
#include "policy/cel/value.hpp"

namespace holdpoint::policy::cel {

enum class Sign : std::uint8_t { none, minus };

/// Of an integer, unsigned_integer or floating token; an error when it is out of range. The sign
/// belongs to the literal, so that the smallest int can be written.
std::expected<Value, std::string> number_value(const Token& token, Sign sign);

}  // namespace holdpoint::policy::cel
