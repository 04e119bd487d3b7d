// The functions of CEL: their signatures for the checker and their code for the evaluator. A
// function is called with values only (errors and unknowns never reach it) and dispatches on their
// kinds, so that checked and dynamic calls run the same code.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/ast.hpp"
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
};

struct Function {
  std::string_view name;
  Receiver receiver = Receiver::absent;
  Implementation run = nullptr;
  std::vector<Signature> signatures;
};

constexpr std::size_t function_arguments_max = 8;

/// nullptr when there is none of that name and form.
const Function* find_function(std::string_view name, Receiver receiver);
/// Every function, for completion, documentation and "did you mean".
std::span<const Function> functions();

/// The rows of the table, by topic.
std::vector<Function> text_functions();
std::vector<Function> conversion_functions();
std::vector<Function> time_functions();
std::vector<Function> version_functions();

/// Code points of valid UTF-8.
std::size_t character_count(std::string_view text);

}  // namespace holdpoint::policy::cel
