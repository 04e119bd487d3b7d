// The functions of CEL: their signatures for the checker, their code for the evaluator, and their
// worst case for the estimate of cost. A function is called with values only (errors and unknowns
// never reach it) and dispatches on their kinds, so that checked and dynamic calls run the same
// code.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/ast.hpp"
#include "policy/cel/extent.hpp"
#include "policy/cel/schema.hpp"
#include "policy/cel/session.hpp"

namespace holdpoint::policy::cel {

struct Call {
  Session& session;
  NodeId node = 0;
  std::span<const Value> arguments;

  [[nodiscard]] Value error(std::string_view message) const { return session.error(message, node); }
  [[nodiscard]] Value no_overload() const;
};

using Implementation = Value (*)(const Call&);

/// dyn stands for any type. A receiver is the first parameter.
struct Signature {
  std::vector<TypeKind> parameters;
  TypeKind result = TypeKind::dyn;
  /// The same in CEL's notation, with parameters of types: "list(T), int -> T".
  std::string_view text = {};
};

/// Signatures of their texts, with one space after a comma and around the arrow; "-> int" takes
/// nothing. A text MUST outlive them and be well formed.
std::vector<Signature> signatures(std::initializer_list<std::string_view> texts);

/// What a call can cost beyond the 1 that every call costs, and how large its result can be.
struct Worst {
  Units cost;
  Extent result;
};
/// Of arguments of those extents. MUST NOT be less than what the implementation charges.
using WorstCase = Worst (*)(Extents& extents, std::span<const Extent> arguments);

struct Function {
  std::string_view name;  // with its namespace: "math.greatest"
  Receiver receiver = Receiver::absent;
  Implementation run = nullptr;
  std::vector<Signature> signatures;
  WorstCase worst = nullptr;  // nullptr: costs nothing beyond 1 and returns a number, bool or time
};

constexpr std::size_t function_arguments_max = 8;

/// nullptr when there is none of that name and form.
const Function* find_function(std::string_view name, Receiver receiver);
/// Every function, for completion, documentation and "did you mean".
std::span<const Function> functions();

/// The rows of the table, by topic.
std::vector<Function> text_functions();
std::vector<Function> string_functions();
std::vector<Function> format_functions();
std::vector<Function> conversion_functions();
std::vector<Function> math_functions();
std::vector<Function> bit_functions();
std::vector<Function> list_functions();
std::vector<Function> order_functions();
std::vector<Function> set_functions();
std::vector<Function> encoding_functions();
std::vector<Function> pattern_functions();
std::vector<Function> time_functions();
std::vector<Function> business_functions();
std::vector<Function> version_functions();
std::vector<Function> optional_functions();

/// Code points of valid UTF-8.
std::size_t character_count(std::string_view text);

}  // namespace holdpoint::policy::cel
