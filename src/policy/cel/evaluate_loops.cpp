// Loops over lists and maps. With one name it is the element or the key; with two they are the
// index or the key, and the value.
#include <array>

#include "policy/cel/evaluator.hpp"

namespace holdpoint::policy::cel {

void Evaluator::bind(NodeId loop, const Value& range, std::size_t index) {
  Slot& slot = slots_.at[program_.steps[loop].slot];
  slot.loop = loop;
  slot.range = range;
  go_to(slot, program_.steps[loop], index);
}

void Evaluator::go_to(Slot& slot, const Step& loop, std::size_t index) {
  slot.index = index;
  const bool is_list = slot.range.is(Kind::list);
  if (loop.has_second) {
    slot.element = is_list ? Value::of(static_cast<std::int64_t>(index)) : slot.range.key_at(index);
    slot.second = is_list ? slot.range.element(index) : slot.range.value_at(index);
  } else {
    slot.element = is_list ? slot.range.element(index) : slot.range.key_at(index);
  }
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
  Slot& slot = slots_.at[step.slot];
  slot.loop = loop;
  slot.range = range;
  const std::size_t count = slot.range.count();
  for (std::size_t i = 0; i < count; ++i) {
    session_.charge(1, loop);
    go_to(slot, step, i);
    if (!visit()) break;
    if (session_.is_exhausted()) {
      session_.exhaust(loop);
      return session_.error("the limit of cost is exceeded", loop);
    }
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
    const Value value = operand(predicate);
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
  if (!trouble.is_value()) return trouble;
  const Value made = session_.list(items, id);
  return step.adapt == nullptr ? made : adapt(made, *step.adapt, id);
}

/// transformMap keeps the keys and makes the values; transformMapEntry makes maps, which are
/// united.
Value Evaluator::transform(NodeId id, const Step& step) {
  const bool has_predicate = step.count == 3;
  std::vector<ValueEntry> entries;
  Value trouble;
  const auto visit = [&] {
    if (has_predicate) {
      const Value value = eval(child(step, 1));
      if (!value.is(Kind::boolean)) {
        trouble = session_.worse(trouble, value.is_value() ? not_bool(id, value) : value);
        return true;
      }
      if (!value.as_bool()) return true;
    }
    const Value made = eval(child(step, step.count - 1));
    if (!made.is_value()) {
      trouble = session_.worse(trouble, made);
    } else if (step.op == Op::transform_map) {
      entries.push_back({slots_.at[step.slot].element, made});
    } else if (!made.is(Kind::map)) {
      trouble = session_.worse(trouble, session_.error("no such overload: expected a map", id));
    } else {
      session_.charge(static_cast<std::int64_t>(made.count()), id);
      for (std::size_t i = 0; i < made.count(); ++i) {
        entries.push_back({made.key_at(i), made.value_at(i)});
      }
    }
    return true;
  };
  const Value range = each(id, step, visit);
  if (!range.is_value()) return range;
  return trouble.is_value() ? session_.map(std::move(entries), id) : trouble;
}

/// The elements of a list in the order of their keys.
Value Evaluator::sort_by(NodeId id, const Step& step) {
  std::vector<Value> items;
  std::vector<Value> keys;
  Value trouble;
  const Value range = each(id, step, [&] {
    keys.push_back(eval(child(step, 1)));
    if (!keys.back().is_value()) trouble = session_.worse(trouble, keys.back());
    items.push_back(slots_.at[step.slot].element);
    return true;
  });
  if (!range.is_value()) return range;
  if (!range.is(Kind::list)) return session_.error("no such overload: expected a list", id);
  if (!trouble.is_value()) return trouble;
  const std::array<Value, 2> lists = {session_.list(items), session_.list(keys)};
  if (session_.is_exhausted()) return lists[0];
  const Value sorted = step.function->run(Call{session_, id, lists});
  return step.adapt == nullptr ? sorted : adapt(sorted, *step.adapt, id);
}

/// size(x.filter(…)) and x.filter(…).size().
Value Evaluator::filtered_size(NodeId id, const Step& step) {
  session_.charge(1, id);
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
