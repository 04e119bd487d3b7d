// Whether our outcome of an expression is the peer's: an error for an error, and a value of the
// same type to the last bit. What an error says is not compared: the definition does not fix it.
#pragma once

#include <string>

#include "base/json.hpp"
#include "policy/cel/program.hpp"

namespace holdpoint::differential {

/// A line of the peer has "value" or "error".
bool is_same(const json::object& line, const policy::cel::Evaluation& ours);
bool is_same_value(const json::value& peer, const policy::cel::Value& ours);

/// For people: "true", "error: 1:3: division by zero".
std::string text_of(const policy::cel::Evaluation& ours);
/// The same of a line of the peer, as JSON.
std::string text_of(const json::object& line);

}  // namespace holdpoint::differential
