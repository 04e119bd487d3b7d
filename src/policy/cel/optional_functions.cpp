// Optional values: optional.of, none and ofNonZeroValue, what asks them for their value, and lists
// of them. or() and orValue() are run by the evaluator, which does not look at the other value when
// there is one.
#include "policy/cel/functions.hpp"

namespace holdpoint::policy::cel {
namespace {

Value of(const Call& call) { return call.session.optional(call.arguments[0]); }

Value none(const Call&) { return Value::optional(nullptr); }

Value of_non_zero(const Call& call) {
  return is_zero(call.arguments[0]) ? Value::optional(nullptr) : of(call);
}

Value has_value(const Call& call) {
  const Value& from = call.arguments[0];
  return from.is(Kind::optional) ? Value::of(from.as_optional() != nullptr) : call.no_overload();
}

Value value_of(const Call& call) {
  const Value& from = call.arguments[0];
  if (!from.is(Kind::optional)) return call.no_overload();
  return from.as_optional() == nullptr ? call.error("the optional has no value")
                                       : *from.as_optional();
}

Value other(const Call& call) {
  const Value& from = call.arguments[0];
  if (!from.is(Kind::optional)) return call.no_overload();
  return from.as_optional() == nullptr ? call.arguments[1] : from;
}

Value other_value(const Call& call) {
  const Value& from = call.arguments[0];
  if (!from.is(Kind::optional)) return call.no_overload();
  return from.as_optional() == nullptr ? call.arguments[1] : *from.as_optional();
}

Value first(const Call& call) {
  const Value& from = call.arguments[0];
  if (!from.is(Kind::list)) return call.no_overload();
  return from.count() == 0 ? Value::optional(nullptr) : call.session.optional(from.element(0));
}

Value last(const Call& call) {
  const Value& from = call.arguments[0];
  if (!from.is(Kind::list)) return call.no_overload();
  if (from.count() == 0) return Value::optional(nullptr);
  return call.session.optional(from.element(from.count() - 1));
}

/// The values that there are.
Value unwrap(const Call& call) {
  const Value& from = call.arguments[0];
  if (!from.is(Kind::list)) return call.no_overload();
  std::vector<Value> items;
  for (std::size_t i = 0; i < from.count(); ++i) {
    call.session.charge(1);
    const Value item = from.element(i);
    if (!item.is(Kind::optional)) return call.error("an element of the list is not optional");
    if (item.as_optional() != nullptr) items.push_back(*item.as_optional());
  }
  return call.session.list(items);
}

// An optional is as large as a list of what it holds.

Worst worst_of_making(Extents& extents, std::span<const Extent> arguments) {
  return {{}, extents.list({1}, arguments[0])};
}

Worst worst_of_value(Extents&, std::span<const Extent> arguments) {
  return {{}, element_of(arguments[0])};
}

Worst worst_of_choice(Extents& extents, std::span<const Extent> arguments) {
  return {{}, extents.larger(arguments[0], arguments[1])};
}

Worst worst_of_value_choice(Extents& extents, std::span<const Extent> arguments) {
  return {{}, extents.larger(element_of(arguments[0]), arguments[1])};
}

Worst worst_of_end(Extents& extents, std::span<const Extent> arguments) {
  return {{}, extents.list({1}, element_of(arguments[0]))};
}

Worst worst_of_unwrap(Extents& extents, std::span<const Extent> arguments) {
  const Units length = arguments[0].length;
  return {length, extents.list(length, element_of(element_of(arguments[0])))};
}

}  // namespace

std::vector<Function> optional_functions() {
  using enum Receiver;
  const auto chosen = signatures({"optional_type(T), optional_type(T) -> optional_type(T)"});
  const auto unwrapped = signatures({"list(optional_type(T)) -> list(T)"});
  const auto ends = signatures({"list(T) -> optional_type(T)"});
  const auto made = signatures({"T -> optional_type(T)"});
  return {
      {"optional.of", absent, of, made, worst_of_making},
      {"optional.none", absent, none, signatures({"-> optional_type(T)"})},
      {"optional.ofNonZeroValue", absent, of_non_zero, made, worst_of_making},
      {"optional.unwrap", absent, unwrap, unwrapped, worst_of_unwrap},
      {"unwrapOpt", present, unwrap, unwrapped, worst_of_unwrap},
      {"hasValue", present, has_value, signatures({"optional_type(T) -> bool"})},
      {"value", present, value_of, signatures({"optional_type(T) -> T"}), worst_of_value},
      {"or", present, other, chosen, worst_of_choice},
      {"orValue", present, other_value, signatures({"optional_type(T), T -> T"}),
       worst_of_value_choice},
      {"first", present, first, ends, worst_of_end},
      {"last", present, last, ends, worst_of_end},
  };
}

}  // namespace holdpoint::policy::cel
