// all, exists, exists_one, map and filter over lists (elements) and maps (keys).
#include "policy/cel/evaluator.hpp"

namespace holdpoint::policy::cel {

void Evaluator::bind(NodeId loop, const Value& range, std::size_t index) {
  Slot& slot = slots_.at[program_.steps[loop].slot];
  slot.loop = loop;
  slot.index = index;
  slot.range = range;
  slot.element = range.is(Kind::list) ? range.element(index) : range.key_at(index);
}

/// Evaluates the range and visits each element until `visit` says stop or the budget is spent.
/// Returns the range, or why there is none.
template <class Visit>
Value Evaluator::each(NodeId loop, const Step& step, Visit visit) {
  const Value range = eval(child(step, 0));
  if (!range.is_value()) return range;
  if (!range.is(Kind::list) && !range.is(Kind::map)) {
    return session_.error(
        "no such overload: expected a list or a map, found " + std::string(kind_name(range.kind())),
        loop);
  }
  const std::size_t count = range.count();
  for (std::size_t i = 0; i < count; ++i) {
    session_.charge(1);
    bind(loop, range, i);
    if (!visit()) break;
    if (session_.is_exhausted()) return session_.error("the limit of cost is exceeded", loop);
  }
  return range;
}

/// all is && over the elements, exists is ||: the deciding value absorbs errors and unknowns.
Value Evaluator::quantifier(NodeId id, const Step& step) {
  const bool deciding = step.op == Op::exists;
  const NodeId predicate = child(step, 1);
  Value trouble;
  bool is_decided = false;
  const Value range = each(id, step, [&] {
    const Value value = eval(predicate);
    if (value.is(Kind::boolean)) {
      is_decided = value.as_bool() == deciding;
      return !is_decided;
    }
    trouble = session_.worse(trouble, value.is_value() ? not_bool(id, value) : value);
    return true;
  });
  if (!range.is_value()) return range;
  if (is_decided) return Value::of(deciding);
  return trouble.is_value() ? Value::of(!deciding) : trouble;
}

/// Strict: every element is looked at, and any error is the result.
Value Evaluator::exists_one(NodeId id, const Step& step) {
  const NodeId predicate = child(step, 1);
  Value trouble;
  std::size_t found = 0;
  const Value range = each(id, step, [&] {
    const Value value = eval(predicate);
    if (value.is_true()) ++found;
    if (!value.is(Kind::boolean)) {
      trouble = session_.worse(trouble, value.is_value() ? not_bool(id, value) : value);
    }
    return true;
  });
  if (!range.is_value()) return range;
  return trouble.is_value() ? Value::of(found == 1) : trouble;
}

Value Evaluator::collect(NodeId id, const Step& step) {
  const bool is_filter = step.op == Op::filter;
  const bool has_predicate = is_filter || step.count == 3;
  const NodeId predicate = child(step, 1);
  const NodeId result = child(step, step.count - 1);
  std::vector<Value> items;
  Value trouble;
  const Value range = each(id, step, [&] {
    if (has_predicate) {
      const Value value = eval(predicate);
      if (!value.is(Kind::boolean)) {
        trouble = session_.worse(trouble, value.is_value() ? not_bool(id, value) : value);
        return true;
      }
      if (!value.as_bool()) return true;
    }
    items.push_back(is_filter ? slots_.at[step.slot].element : eval(result));
    if (!items.back().is_value()) trouble = session_.worse(trouble, items.back());
    return true;
  });
  if (!range.is_value()) return range;
  return trouble.is_value() ? session_.list(items) : trouble;
}

/// size(x.filter(…)) and x.filter(…).size().
Value Evaluator::filtered_size(const Step& step) {
  session_.charge(1);
  const NodeId loop = child(step, 0);
  const Step& filter = program_.steps[loop];
  const NodeId predicate = child(filter, 1);
  Value trouble;
  std::int64_t count = 0;
  const Value range = each(loop, filter, [&] {
    const Value value = eval(predicate);
    if (value.is_true()) ++count;
    if (!value.is(Kind::boolean)) {
      trouble = session_.worse(trouble, value.is_value() ? not_bool(loop, value) : value);
    }
    return true;
  });
  if (!range.is_value()) return range;
  return trouble.is_value() ? Value::of(count) : trouble;
}

}  // namespace holdpoint::policy::cel
