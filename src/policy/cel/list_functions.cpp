// The lists extension: flatten, lists.range, slice, and the sums of numbers and durations. Order is
// in order_functions.cpp, distinct with the sets, reverse and indexOf with the strings.
#include <algorithm>
#include <optional>

#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

/// Lists that may stand in each other when one is flattened; facts nest less deep.
constexpr std::size_t nested_max = 64;

/// Visits the items of a list, of the lists in it down to a depth, and so on, in order. False when
/// a visit says so, the budget is spent, or the lists nest too deep.
template <class Visit>
bool each_flat(Session& session, const Value& list, std::int64_t depth, std::size_t nested,
               const Visit& visit) {
  session.charge(static_cast<std::int64_t>(list.count()) + 1);
  if (nested > nested_max || session.is_exhausted()) return false;
  for (std::size_t i = 0; i < list.count(); ++i) {
    const Value item = list.element(i);
    if (item.is(Kind::list) && depth > 0) {
      if (!each_flat(session, item, depth - 1, nested + 1, visit)) return false;
    } else if (!visit(item)) {
      return false;
    }
  }
  return true;
}

Value flatten(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list)) return call.no_overload();
  std::int64_t depth = 1;
  if (call.arguments.size() == 2) {
    if (!call.arguments[1].is(Kind::integer)) return call.no_overload();
    depth = call.arguments[1].as_int();
  }
  if (depth < 0) return call.error("flatten() takes a depth of 0 or more");
  std::size_t count = 0;
  const bool is_counted = each_flat(call.session, list, depth, 0,
                                    [&](const Value&) { return ++count <= made_list_items_max; });
  if (call.session.is_exhausted()) return cost_error(call);
  if (!is_counted && count <= made_list_items_max) {
    return call.error("the list nests deeper than " + std::to_string(nested_max) + " levels");
  }
  ListMaker made(call, count);
  if (made.is_ready()) {
    each_flat(call.session, list, depth, 0, [&](const Value& item) {
      made.add(item);
      return true;
    });
  }
  return call.session.is_exhausted() ? cost_error(call) : made.finish();
}

Value range(const Call& call) {
  if (!call.arguments[0].is(Kind::integer)) return call.no_overload();
  const std::int64_t count = call.arguments[0].as_int();
  if (count < 0) return call.error("lists.range() takes a size of 0 or more");
  ListMaker made(call, static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count && made.is_ready(); ++i) made.add(Value::of(i));
  return made.finish();
}

Value slice(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list) || !call.arguments[1].is(Kind::integer) ||
      !call.arguments[2].is(Kind::integer)) {
    return call.no_overload();
  }
  const std::int64_t from = call.arguments[1].as_int();
  const std::int64_t to = call.arguments[2].as_int();
  if (from < 0 || from > to || static_cast<std::uint64_t>(to) > list.count()) {
    return call.error("slice(" + std::to_string(from) + ", " + std::to_string(to) +
                      ") is outside of a list of " + std::to_string(list.count()) + " items");
  }
  ListMaker made(call, static_cast<std::size_t>(to - from));
  for (std::int64_t i = from; i < to && made.is_ready(); ++i) {
    made.add(list.element(static_cast<std::size_t>(i)));
  }
  return made.finish();
}

/// nullopt when it does not fit; both MUST be of one kind that sums have.
std::optional<Value> added(const Value& a, const Value& b) {
  if (a.is(Kind::floating)) return Value::of(a.as_double() + b.as_double());
  if (a.is(Kind::unsigned_integer)) {
    std::uint64_t sum = 0;
    if (__builtin_add_overflow(a.as_uint(), b.as_uint(), &sum)) return std::nullopt;
    return Value::of(sum);
  }
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.as_int(), b.as_int(), &sum)) return std::nullopt;
  return a.is(Kind::duration) ? Value::duration(sum) : Value::of(sum);
}

/// The sum of an empty list is the int 0, because nothing says of what kind its items are not.
Value sum(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list)) return call.no_overload();
  call.session.charge(static_cast<std::int64_t>(list.count()));
  if (call.session.is_exhausted()) return cost_error(call);
  Value total = Value::of(std::int64_t{0});
  for (std::size_t i = 0; i < list.count(); ++i) {
    const Value item = list.element(i);
    if (!item.is_number() && !item.is(Kind::duration)) {
      return call.error("sum() takes numbers or durations, and the list has a " +
                        std::string(kind_name(item.kind())));
    }
    if (i == 0) {
      total = item;
      continue;
    }
    if (item.kind() != total.kind()) return call.error("the items of the list differ in type");
    const auto next = added(total, item);
    if (!next) return call.error("the sum overflows");
    total = *next;
  }
  return total;
}

Units list_bound(Units items) {
  return std::min(items, Units{static_cast<std::int64_t>(made_list_items_max)});
}

/// However deep it goes, there are no more items than units of weight, and what becomes an item
/// stood at some depth.
Worst worst_of_flatten(Extents& extents, std::span<const Extent> arguments) {
  const Extent& list = arguments[0];
  Extent item;
  const Extent* outer = nullptr;
  for (const Extent* inner = list.element; inner != nullptr && inner != outer;
       inner = inner->element) {
    item = extents.larger(item, *inner);
    outer = inner;
  }
  Extent made = extents.list(list_bound(list.weight), item);
  made.weight = list.weight;
  return {list.weight * Units{5}, made};
}

/// Of a size that is not known: as long as a list can be.
Worst worst_of_range(Extents& extents, std::span<const Extent>) {
  const Units items{static_cast<std::int64_t>(made_list_items_max)};
  return {items, extents.list(items)};
}

Worst worst_of_list_copy(Extents&, std::span<const Extent> arguments) {
  return {arguments[0].length, arguments[0]};
}

Worst worst_of_sum(Extents&, std::span<const Extent> arguments) {
  return {arguments[0].length, {}};
}

}  // namespace

std::vector<Function> list_functions() {
  using enum Receiver;
  return {
      {"flatten", present, flatten,
       signatures({"list(list(T)) -> list(T)", "list(dyn), int -> list(dyn)"}), worst_of_flatten},
      {"lists.range", absent, range, signatures({"int -> list(int)"}), worst_of_range},
      {"slice", present, slice, signatures({"list(T), int, int -> list(T)"}), worst_of_list_copy},
      {"sum", present, sum,
       signatures({"list(int) -> int", "list(uint) -> uint", "list(double) -> double",
                   "list(duration) -> duration"}),
       worst_of_sum},
  };
}

}  // namespace holdpoint::policy::cel
