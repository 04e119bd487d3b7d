// Lists in order: sort, min, max, isSorted, and @sortByAssociatedKeys, which the macro sortBy calls
// with a list of its keys. What is ordered is of one kind; NaN has no order and is an error.
#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <vector>

#include "policy/cel/making.hpp"
#include "policy/cel/value_set.hpp"

namespace holdpoint::policy::cel {
namespace {

bool has_order(const Value& value) {
  if (value.is(Kind::floating)) return !std::isnan(value.as_double());
  return value.is_number() || value.is(Kind::boolean) || value.is(Kind::string) ||
         value.is(Kind::bytes) || value.is(Kind::timestamp) || value.is(Kind::duration);
}

/// Both MUST be of one kind and have an order.
bool is_less(const Value& a, const Value& b) {
  if (a.is_number()) return compare_numbers(a, b) < 0;
  if (a.is(Kind::boolean)) return !a.as_bool() && b.as_bool();
  if (a.is(Kind::timestamp)) return a.as_timestamp() < b.as_timestamp();
  if (a.is(Kind::duration)) return a.as_nanoseconds() < b.as_nanoseconds();
  return a.as_text() < b.as_text();
}

std::int64_t levels(std::int64_t count) {
  return std::bit_width(static_cast<std::uint64_t>(count)) + 1;
}

/// Charges for comparing each item as often as an order needs; says why a list has no order.
std::optional<Value> refuse_unordered(const Call& call, const Value& list, std::int64_t times) {
  for (std::size_t i = 0; i < list.count(); ++i) {
    const Value item = list.element(i);
    if (item.is(Kind::floating) && std::isnan(item.as_double())) {
      return call.error("NaN has no order");
    }
    if (!has_order(item)) {
      return call.error("a " + std::string(kind_name(item.kind())) + " has no order");
    }
    if (item.kind() != list.element(0).kind()) {
      return call.error("the items of the list differ in type");
    }
    call.session.charge(walk_cost(item) * times);
    if (call.session.is_exhausted()) return cost_error(call);
  }
  return std::nullopt;
}

Value sorted_by(const Call& call, const Value& list, const Value& keys) {
  const auto count = static_cast<std::int64_t>(keys.count());
  if (const auto refusal = refuse_unordered(call, keys, levels(count))) return *refusal;
  ListMaker made(call, list.count());
  if (!made.is_ready()) return made.finish();
  struct Keyed {
    Value key;
    std::size_t index;
  };
  std::vector<Keyed> order;
  order.reserve(keys.count());
  for (std::size_t i = 0; i < keys.count(); ++i) order.push_back({keys.element(i), i});
  std::ranges::sort(order, [](const Keyed& a, const Keyed& b) {
    if (is_less(a.key, b.key)) return true;
    return !is_less(b.key, a.key) && a.index < b.index;
  });
  for (const Keyed& keyed : order) made.add(list.element(keyed.index));
  return made.finish();
}

Value sort(const Call& call) {
  if (!call.arguments[0].is(Kind::list)) return call.no_overload();
  return sorted_by(call, call.arguments[0], call.arguments[0]);
}

Value sort_by_keys(const Call& call) {
  const Value& list = call.arguments[0];
  const Value& keys = call.arguments[1];
  if (!list.is(Kind::list) || !keys.is(Kind::list)) return call.no_overload();
  if (list.count() != keys.count()) {
    return call.error("there are " + std::to_string(keys.count()) + " keys for " +
                      std::to_string(list.count()) + " items");
  }
  return sorted_by(call, list, keys);
}

Value is_sorted(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list)) return call.no_overload();
  if (const auto refusal = refuse_unordered(call, list, 1)) return *refusal;
  for (std::size_t i = 1; i < list.count(); ++i) {
    if (is_less(list.element(i), list.element(i - 1))) return Value::of(false);
  }
  return Value::of(true);
}

enum class End : std::uint8_t { first, last };

/// The first or last in order; of equal ones the first.
template <End end>
Value extreme(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list)) return call.no_overload();
  if (list.count() == 0) return call.error("the list is empty");
  if (const auto refusal = refuse_unordered(call, list, 1)) return *refusal;
  Value best = list.element(0);
  for (std::size_t i = 1; i < list.count(); ++i) {
    const Value item = list.element(i);
    if (end == End::first ? is_less(item, best) : is_less(best, item)) best = item;
  }
  return best;
}

Worst worst_of_sort(Extents&, std::span<const Extent> arguments) {
  const Extent& list = arguments[0];
  const Extent& keys = arguments.back();
  return {keys.weight * Units{levels(keys.length.count)} + list.length, list};
}

Worst worst_of_extreme(Extents&, std::span<const Extent> arguments) {
  return {arguments[0].weight, element_of(arguments[0])};
}

Worst worst_of_question(Extents&, std::span<const Extent> arguments) {
  return {arguments[0].weight, {}};
}

}  // namespace

std::vector<Function> order_functions() {
  using enum Receiver;
  const auto sorts = signatures(
      {"list(int) -> list(int)", "list(uint) -> list(uint)", "list(double) -> list(double)",
       "list(bool) -> list(bool)", "list(string) -> list(string)", "list(bytes) -> list(bytes)",
       "list(timestamp) -> list(timestamp)", "list(duration) -> list(duration)"});
  const auto keyed =
      signatures({"list(T), list(int) -> list(T)", "list(T), list(uint) -> list(T)",
                  "list(T), list(double) -> list(T)", "list(T), list(bool) -> list(T)",
                  "list(T), list(string) -> list(T)", "list(T), list(bytes) -> list(T)",
                  "list(T), list(timestamp) -> list(T)", "list(T), list(duration) -> list(T)"});
  const auto extremes =
      signatures({"list(int) -> int", "list(uint) -> uint", "list(double) -> double",
                  "list(bool) -> bool", "list(string) -> string", "list(bytes) -> bytes",
                  "list(timestamp) -> timestamp", "list(duration) -> duration"});
  const auto questions =
      signatures({"list(int) -> bool", "list(uint) -> bool", "list(double) -> bool",
                  "list(bool) -> bool", "list(string) -> bool", "list(bytes) -> bool",
                  "list(timestamp) -> bool", "list(duration) -> bool"});
  return {
      {"sort", present, sort, sorts, worst_of_sort},
      {"@sortByAssociatedKeys", present, sort_by_keys, keyed, worst_of_sort},
      {"isSorted", present, is_sorted, questions, worst_of_question},
      {"min", present, extreme<End::first>, extremes, worst_of_extreme},
      {"max", present, extreme<End::last>, extremes, worst_of_extreme},
  };
}

}  // namespace holdpoint::policy::cel
