// A CEL expression, parsed, checked against a schema and planned, ready to judge facts. Evaluation
// is pure: no clock, no randomness, no I/O; bounded in cost, memory and depth; it never throws. A
// declared field that is absent from the facts is unknown, which is neither true nor an error.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "policy/cel/schema.hpp"
#include "policy/cel/value.hpp"

namespace holdpoint::policy::cel {

struct Limits {
  std::int64_t cost_max = 5'000'000;
  std::size_t source_bytes_max = 16'384;
  std::size_t nodes_max = 4'096;
  std::size_t depth_max = 48;        // nesting of parentheses, calls, indexes, literals
  std::size_t loops_nested_max = 6;  // nesting of all, exists, map, filter
  std::size_t memory_bytes_max = 8U << 20;
};

/// Line and column count from 1, columns in characters.
struct Issue {
  std::string message;
  int line = 1;
  int column = 1;

  [[nodiscard]] std::string text() const;
};

struct Evaluation {
  enum class Outcome : std::uint8_t { value, error, unknown };
  Outcome outcome = Outcome::value;
  /// MUST NOT be used after the facts or the program are gone.
  Value value;
  /// Of an error: "2:14: division by zero".
  std::string message;
  /// Of an unknown: the declared fields that the facts lack, sorted, without repetition.
  std::vector<std::string> unknown_paths;
  std::int64_t cost = 0;
  /// Of an expression that is operands joined by && or ||: how many of them, from the first on,
  /// came to true, or to false with ||, before one came to something else.
  std::uint32_t settled_operands = 0;
  /// Whether that one decided the whole: false with &&, true with ||.
  bool is_decided_early = false;
  /// Keeps what the value refers to, when it was computed.
  std::shared_ptr<const void> storage;

  [[nodiscard]] bool is_true() const { return outcome == Outcome::value && value.is_true(); }
  [[nodiscard]] bool is_false() const { return outcome == Outcome::value && value.is_false(); }
};

class Program;
struct Compiled;

/// A named expression that others refer to as `variables.<name>`; evaluated at most once per facts.
struct Variable {
  std::string name;
  const Program* program = nullptr;  // MUST outlive the programs that refer to it
};

/// With `names`, types are not checked: what the checker would refuse is an error of the
/// evaluation. That is how the language defines itself; criteria are always checked.
enum class Checking : std::uint8_t { types, names };

struct Function;

struct Options {
  Limits limits = {};
  /// An expression may use those before it.
  std::vector<Variable> variables = {};
  /// "a.b": a name x is sought as a.b.x, then a.x, then x.
  std::string container = {};
  /// Functions beside those of the language. They MUST outlive the program.
  const std::vector<Function>* functions = nullptr;
  Checking checking = Checking::types;
};

class Program {
 public:
  static std::expected<Program, std::vector<Issue>> compile(std::string_view source,
                                                            const Schema& schema,
                                                            Limits limits = {});
  /// The same with variables; an expression may use those before it.
  static std::expected<Program, std::vector<Issue>> compile(std::string_view source,
                                                            const Schema& schema,
                                                            const std::vector<Variable>& variables,
                                                            Limits limits = {});
  static std::expected<Program, std::vector<Issue>> compile(std::string_view source,
                                                            const Schema& schema,
                                                            const Options& options);

  [[nodiscard]] Evaluation evaluate(const json::object& facts) const;

  [[nodiscard]] const Type& result_type() const;
  [[nodiscard]] std::string_view source() const;
  /// For the evaluator and the explanation, which walk the checked tree.
  [[nodiscard]] const Compiled& compiled() const { return *compiled_; }

 private:
  explicit Program(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace holdpoint::policy::cel
