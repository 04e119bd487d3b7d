// The sets extension, over lists: sets.contains, sets.equivalent, sets.intersects; and distinct.
#include "policy/cel/making.hpp"
#include "policy/cel/value_set.hpp"

namespace holdpoint::policy::cel {
namespace {

bool are_lists(const Call& call) {
  return call.arguments[0].is(Kind::list) && call.arguments[1].is(Kind::list);
}

enum class Wanted : std::uint8_t { all, any };

/// Whether the first list has all items of the second, or any.
bool has_items(const Call& call, Wanted wanted, const Value& list, const Value& sought) {
  const ValueSet set(call, list);
  for (std::size_t i = 0; i < sought.count() && !call.session.is_exhausted(); ++i) {
    const bool is_there = set.first_index(sought.element(i)).has_value();
    if (is_there == (wanted == Wanted::any)) return is_there;
  }
  return wanted == Wanted::all;
}

Value answer(const Call& call, bool holds) {
  return call.session.is_exhausted() ? cost_error(call) : Value::of(holds);
}

Value contains(const Call& call) {
  if (!are_lists(call)) return call.no_overload();
  return answer(call, has_items(call, Wanted::all, call.arguments[0], call.arguments[1]));
}

Value intersects(const Call& call) {
  if (!are_lists(call)) return call.no_overload();
  return answer(call, has_items(call, Wanted::any, call.arguments[0], call.arguments[1]));
}

Value equivalent(const Call& call) {
  if (!are_lists(call)) return call.no_overload();
  const Value& a = call.arguments[0];
  const Value& b = call.arguments[1];
  return answer(call, has_items(call, Wanted::all, a, b) && has_items(call, Wanted::all, b, a));
}

/// The items without repetition, each where it stood first. NaN equals nothing, so every one stays.
Value distinct(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list)) return call.no_overload();
  const ValueSet set(call, list);
  if (call.session.is_exhausted()) return cost_error(call);
  ListMaker made(call, list.count());
  for (std::size_t i = 0; i < list.count() && made.is_ready(); ++i) {
    const Value item = list.element(i);
    if (set.first_index(item).value_or(i) == i) made.add(item);
  }
  return call.session.is_exhausted() ? cost_error(call) : made.finish();
}

Worst worst_of_contains(Extents&, std::span<const Extent> arguments) {
  return {worst_of_set(arguments[0], arguments[1]), {}};
}

Worst worst_of_equivalent(Extents&, std::span<const Extent> arguments) {
  return {worst_of_set(arguments[0], arguments[1]) + worst_of_set(arguments[1], arguments[0]), {}};
}

Worst worst_of_distinct(Extents&, std::span<const Extent> arguments) {
  return {worst_of_set(arguments[0], arguments[0]) + arguments[0].length, arguments[0]};
}

}  // namespace

std::vector<Function> set_functions() {
  using enum Receiver;
  const auto pairs = signatures({"list(T), list(T) -> bool"});
  return {
      {"sets.contains", absent, contains, pairs, worst_of_contains},
      {"sets.intersects", absent, intersects, pairs, worst_of_contains},
      {"sets.equivalent", absent, equivalent, pairs, worst_of_equivalent},
      {"distinct", present, distinct, signatures({"list(T) -> list(T)"}), worst_of_distinct},
  };
}

}  // namespace holdpoint::policy::cel
