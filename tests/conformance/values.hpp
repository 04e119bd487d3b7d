// Values as the suite writes them (the JSON form of cel.expr.Value) beside those of the engine.
#pragma once

#include "base/json.hpp"
#include "policy/cel/value.hpp"

namespace holdpoint::conformance {

/// The value as a fact: what JSON has no form for is written as the schema reads it, bytes in
/// base64 and durations as text. A message becomes an object that no type describes.
json::value fact_of(const json::object& value);

/// Whether the value is exactly the expected one, in kind too: 1 is not 1u and not 1.0.
bool is_expected(const policy::cel::Value& value, const json::object& expected);

}  // namespace holdpoint::conformance
