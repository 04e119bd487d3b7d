// Runs the steps of a program over facts. Values are 16 bytes and refer to the facts; an error or
// an unknown is a value that travels up until && or || absorb it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "policy/cel/compiled.hpp"
#include "policy/cel/session.hpp"

namespace holdpoint::policy::cel {

class Evaluator {
 public:
  /// Both MUST outlive the evaluator.
  Evaluator(const Compiled& program, Session& session) : program_(program), session_(session) {}

  /// Objects and maps in the value stay facts as JSON has them, for whoever reads them by name.
  Value run() { return eval(program_.tree.root); }
  /// The value with all facts in it typed.
  Value run_whole();

  /// The value of any part of the expression. Inside a loop, bind() MUST have been called for it.
  Value eval(NodeId id);

  /// Makes the element at the index the value of the loop's name.
  void bind(NodeId loop, const Value& range, std::size_t index);

  /// Where a value stands in the facts: "approvals[2].state"; the source text when it is computed.
  std::string path_of(NodeId id);

  /// What run_whole() found of the operands of an expression that is joined by && or ||.
  struct SettledOperands {
    std::uint32_t settled = 0;  // see Evaluation
    bool is_decided_early = false;
  };
  [[nodiscard]] SettledOperands settled_operands() const { return operands_; }

  [[nodiscard]] const Compiled& program() const { return program_; }
  [[nodiscard]] Session& session() { return session_; }

 private:
  struct Slot {
    NodeId loop = 0;
    std::size_t index = 0;
    Value range;
    Value element;
    Value second;
  };

  NodeId child(const Step& step, std::size_t i) const { return program_.children[step.first + i]; }

  /// The value of an operand: what most operands are does without the detour of eval().
  Value operand(NodeId id) {
    const Step& step = program_.steps[id];
    if (step.op == Op::constant) return step.constant;
    return step.op == Op::local_field ? local_field(id, step) : eval(id);
  }

  Value path(NodeId id, const Step& step);
  Value local(NodeId id, const Step& step, Value value);
  Value local_field(NodeId id, const Step& step);
  Value variable(NodeId id, const Step& step);
  Value variable_value(NodeId id, const Step& step);
  Value select(NodeId id, const Step& step);
  Value has(NodeId id, const Step& step);
  Value index(NodeId id, const Step& step);
  Value list(NodeId id, const Step& step);
  Value map(NodeId id, const Step& step);
  Value call(NodeId id, const Step& step);
  Value match(NodeId id, const Step& step);
  Value logical(NodeId id, const Step& step);
  Value logical_of_whole(NodeId id, const Step& step);
  template <class Noted>
  Value over_operands(NodeId id, const Step& step, Noted noted);
  Value conditional(NodeId id, const Step& step);
  Value logical_not(NodeId id, const Step& step);
  Value negate(NodeId id, const Step& step);
  Value arithmetic(NodeId id, const Step& step);
  Value equality(NodeId id, const Step& step);
  Value order(NodeId id, const Step& step);
  [[gnu::noinline]] Value order_of_others(NodeId id, const Step& step, Value a, Value b);
  Value membership(NodeId id, const Step& step);
  Value quantifier(NodeId id, const Step& step);
  Value exists_one(NodeId id, const Step& step);
  Value collect(NodeId id, const Step& step);
  Value filtered_size(NodeId id, const Step& step);
  Value transform(NodeId id, const Step& step);
  Value sort_by(NodeId id, const Step& step);
  Value bound(NodeId id, const Step& step);
  Value optional_select(NodeId id, const Step& step);
  Value optional_index(NodeId id, const Step& step);
  Value optional_map(NodeId id, const Step& step);
  Value optional_or(NodeId id, const Step& step);

  /// Makes the element at the index of the slot's range the value of the loop's names.
  void go_to(Slot& slot, const Step& loop, std::size_t index);
  template <class Visit>
  Value each(NodeId loop, const Step& step, Visit visit);

  Value read(const json::value& fact, const Step& step, NodeId id) {
    const Value value = from_json(fact);
    return step.adapt == nullptr ? value : adapt(value, *step.adapt, id);
  }
  const json::value* find(const json::object& in, std::string_view name, std::uint32_t hint);
  Value field_of(Value target, NodeId id, const Step& step);
  std::optional<Value> field(const Value& map, NodeId id, const Step& step);
  std::optional<Value> element(const Value& target, const Value& key, NodeId id, const Step& step);
  std::optional<Value> entry(NodeId id, const Value& value);
  Value optional(const std::optional<Value>& found);
  void bind_value(NodeId binding, const Value& value);

  // What is rare stays apart from the code that it is rare in, which then needs no stack for it.
  [[gnu::noinline]] Value adapt(Value value, const Type& type, NodeId id);
  Value adapt_parts(const Value& value, const Type& type, NodeId id);
  Value adapt_list(const Value& value, const Type& type, NodeId id);
  Value adapt_map(const Value& value, const Type& type, NodeId id);
  [[gnu::noinline]] const json::value* find_anew(const json::object& in, std::string_view name,
                                                 std::uint32_t hint);
  [[gnu::noinline]] Value field_of_other(Value target, NodeId id, const Step& step);
  [[gnu::cold]] Value missing(NodeId id, const Step& step);
  [[gnu::cold]] Value missing_on_path(NodeId id, const Step& step, std::uint32_t place);
  [[gnu::cold]] Value no_field(NodeId id, const Step& step, Value target);
  [[gnu::cold]] Value no_field_on_path(NodeId id, const Step& step, std::uint32_t place,
                                       Value target);
  [[gnu::cold]] Value no_overload(NodeId id, Value a, Value b);
  [[gnu::cold]] Value not_bool(NodeId id, Value value);
  [[gnu::cold]] Value not_optional(NodeId id, const Value& value);

  const Compiled& program_;
  Session& session_;
  SettledOperands operands_;
  /// A slot is written by bind() before it is read; most expressions have no loop, and clearing the
  /// slots would cost as much as a comparison.
  union Slots {
    Slots() {}  // NOLINT(modernize-use-equals-default)
    std::array<Slot, local_slots_max> at;
  };
  Slots slots_;
};

/// Runs the program in a session that others may have used for the same facts. The result MUST NOT
/// outlive the session.
Evaluation evaluate_in(const Compiled& program, Session& session);

}  // namespace holdpoint::policy::cel
