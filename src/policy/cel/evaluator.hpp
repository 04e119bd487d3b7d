// Runs the steps of a program over facts. Values are 16 bytes and refer to the facts; an error or
// an unknown is a value that travels up until && or || absorb it.
#pragma once

#include <array>
#include <string>

#include "policy/cel/compiled.hpp"
#include "policy/cel/session.hpp"

namespace holdpoint::policy::cel {

class Evaluator {
 public:
  /// Both MUST outlive the evaluator.
  Evaluator(const Compiled& program, Session& session) : program_(program), session_(session) {}

  Value run() { return eval(program_.tree.root); }

  /// The value of any part of the expression. Inside a loop, bind() MUST have been called for it.
  Value eval(NodeId id);

  /// Makes the element at the index the value of the loop's name.
  void bind(NodeId loop, const Value& range, std::size_t index);

  /// Where a value stands in the facts: "approvals[2].state"; the source text when it is computed.
  std::string path_of(NodeId id);

  [[nodiscard]] const Compiled& program() const { return program_; }
  [[nodiscard]] Session& session() { return session_; }

 private:
  struct Slot {
    NodeId loop = 0;
    std::size_t index = 0;
    Value range;
    Value element;
  };

  NodeId child(const Step& step, std::size_t i) const { return program_.children[step.first + i]; }

  Value path(NodeId id, const Step& step);
  Value variable(NodeId id, const Step& step);
  Value select(NodeId id, const Step& step);
  Value has(NodeId id, const Step& step);
  Value index(NodeId id, const Step& step);
  Value list(const Step& step);
  Value map(NodeId id, const Step& step);
  Value call(NodeId id, const Step& step);
  Value match(NodeId id, const Step& step);
  Value logical(NodeId id, const Step& step);
  Value conditional(NodeId id, const Step& step);
  Value logical_not(NodeId id, const Step& step);
  Value negate(NodeId id, const Step& step);
  Value arithmetic(NodeId id, const Step& step);
  Value equality(const Step& step);
  Value order(NodeId id, const Step& step);
  Value membership(NodeId id, const Step& step);
  Value quantifier(NodeId id, const Step& step);
  Value exists_one(NodeId id, const Step& step);
  Value collect(NodeId id, const Step& step);
  Value filtered_size(const Step& step);

  template <class Visit>
  Value each(NodeId loop, const Step& step, Visit visit);

  Value read(const json::value& fact, const Step& step, NodeId id);
  Value adapt(const Value& value, const Type& type, NodeId id);
  Value missing(NodeId id, const Step& step);
  Value no_overload(NodeId id, const Value& a, const Value& b);
  Value not_bool(NodeId id, const Value& value);
  const json::value* find(const json::object& in, std::string_view name, std::uint32_t hint);

  const Compiled& program_;
  Session& session_;
  /// A slot is written by bind() before it is read; most expressions have no loop, and clearing the
  /// slots would cost as much as a comparison.
  union Slots {
    Slots() {}  // NOLINT(modernize-use-equals-default)
    std::array<Slot, loop_slots_max> at;
  };
  Slots slots_;
};

/// Runs the program in a session that others may have used for the same facts. The result MUST NOT
/// outlive the session.
Evaluation evaluate_in(const Compiled& program, Session& session);

}  // namespace holdpoint::policy::cel
