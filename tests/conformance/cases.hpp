// The cases of the official suite, as cases.mjs wrote them.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "policy/cel/functions.hpp"
#include "policy/cel/program.hpp"

namespace holdpoint::conformance {

enum class Expectation : std::uint8_t {
  value,       // the expression has this value
  error,       // it is accepted, and its evaluation fails
  holds,       // its value is true
  accepted,    // by the checker
  refused,     // by the checker, but there is a tree
  readable,    // there is a tree
  unreadable,  // there is none
};

struct Case {
  std::string id;  // "conformance/basic/self_eval_zeroish/self_eval_int_zero"
  std::string expression;
  policy::cel::Schema schema;
  std::vector<policy::cel::Function> functions;
  policy::cel::Options options;  // without the functions, which move with the case
  json::object facts;
  Expectation expectation = Expectation::value;
  json::value value;
  std::string type;  // what the checker deduces; empty when nothing is said

  /// "conformance/basic", "checking".
  [[nodiscard]] std::string_view group() const;
};

struct Suite {
  json::value document;  // the cases refer to its texts
  std::vector<Case> cases;
};

/// The error says what cannot be read.
std::expected<Suite, std::string> read_suite(const std::string& text);

}  // namespace holdpoint::conformance
