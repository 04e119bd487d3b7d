// Optional values: asking for what may be absent, choosing what stands for it, and names for
// values. An absent fact is no value here, as has() says, and not unknown.
#include "policy/cel/evaluator.hpp"

namespace holdpoint::policy::cel {

/// An error or unknown stays what it is.
Value Evaluator::optional(const std::optional<Value>& found) {
  if (!found) return Value::optional(nullptr);
  return found->is_value() ? session_.optional(*found) : *found;
}

Value Evaluator::optional_select(NodeId id, const Step& step) {
  Value target = eval(child(step, 0));
  session_.charge(1, id);
  if (!target.is_value()) return target;
  if (target.is(Kind::optional)) {
    if (target.as_optional() == nullptr) return target;
    target = *target.as_optional();
  }
  return target.is(Kind::map) ? optional(field(target, id, step)) : no_field(id, step, target);
}

Value Evaluator::optional_index(NodeId id, const Step& step) {
  Value target = eval(child(step, 0));
  const Value key = eval(child(step, 1));
  session_.charge(1, id);
  if (!target.is_value() || !key.is_value()) return session_.worse(target, key);
  if (target.is(Kind::optional)) {
    if (target.as_optional() == nullptr) return target;
    target = *target.as_optional();
  }
  return optional(element(target, key, id, step));
}

/// Makes the value that of the name which the node binds.
void Evaluator::bind_value(NodeId binding, const Value& value) {
  Slot& slot = slots_.at[program_.steps[binding].slot];
  slot.loop = binding;
  slot.index = 0;
  slot.range = Value();
  slot.element = value;
}

/// cel.bind: an error in a value that is not used is no error.
Value Evaluator::bound(NodeId id, const Step& step) {
  const Value value = eval(child(step, 0));
  if (session_.is_exhausted()) return value;
  bind_value(id, value);
  return eval(child(step, 1));
}

Value Evaluator::optional_map(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  session_.charge(1, id);
  if (!target.is_value()) return target;
  if (!target.is(Kind::optional)) return not_optional(id, target);
  if (target.as_optional() == nullptr) return target;
  bind_value(id, *target.as_optional());
  const Value made = eval(child(step, 1));
  if (!made.is_value()) return made;
  if (step.op == Op::optional_map) return session_.optional(made);
  return made.is(Kind::optional) ? made : not_optional(id, made);
}

/// The other value is not looked at when there is one.
Value Evaluator::optional_or(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  session_.charge(1, id);
  if (!target.is_value()) return target;
  if (!target.is(Kind::optional)) return not_optional(id, target);
  const bool is_value_wanted = step.op == Op::optional_or_value;
  if (target.as_optional() != nullptr) {
    return is_value_wanted ? *target.as_optional() : target;
  }
  const Value other = eval(child(step, 1));
  if (is_value_wanted || !other.is_value() || other.is(Kind::optional)) return other;
  return not_optional(id, other);
}

Value Evaluator::not_optional(NodeId id, const Value& value) {
  return session_.error(
      "no such overload: expected an optional, found " + std::string(kind_name(value.kind())), id);
}

}  // namespace holdpoint::policy::cel
