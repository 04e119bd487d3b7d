// Arithmetic with errors instead of overflow, equality and order on one number line, membership.
#include <cmath>
#include <optional>

#include "policy/cel/equal_text.hpp"
#include "policy/cel/evaluator.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

template <class Whole>
std::optional<Whole> whole_result(NodeKind kind, Whole a, Whole b) {
  Whole out{};
  switch (kind) {
    case NodeKind::add:
      if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
      return out;
    case NodeKind::subtract:
      if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
      return out;
    case NodeKind::multiply:
      if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
      return out;
    case NodeKind::divide: return static_cast<Whole>(a / b);
    default: return static_cast<Whole>(a % b);
  }
}

double real_result(NodeKind kind, double a, double b) {
  switch (kind) {
    case NodeKind::add: return a + b;
    case NodeKind::subtract: return a - b;
    case NodeKind::multiply: return a * b;
    default: return a / b;
  }
}

std::int64_t text_equality_cost(Value a, Value b) {
  return static_cast<std::int64_t>(std::min(a.as_text().size(), b.as_text().size()) / 10 + 1);
}

/// Elements that an equality of the two looks at, at most.
std::int64_t equality_cost(Value a, Value b) {
  if (a.kind() != b.kind()) return 1;
  if (a.is(Kind::string) || a.is(Kind::bytes)) return text_equality_cost(a, b);
  if (a.is(Kind::optional)) {
    const bool has_both = a.as_optional() != nullptr && b.as_optional() != nullptr;
    return has_both ? 1 + equality_cost(*a.as_optional(), *b.as_optional()) : 1;
  }
  if (!a.is(Kind::list) && !a.is(Kind::map)) return 1;
  if (a.count() != b.count()) return 1;
  std::int64_t cost = 1;
  for (std::size_t i = 0; i < a.count(); ++i) {
    const Value inner = a.is(Kind::list) ? a.element(i) : a.value_at(i);
    cost += equality_cost(inner, inner);
  }
  return cost;
}

}  // namespace

Value Evaluator::no_overload(NodeId id, Value a, Value b) {
  std::string message = "no such overload: ";
  message += kind_name(a.kind());
  const auto symbol = operator_text(program_.tree.nodes[id].kind);
  message += symbol.empty() ? ", " : " " + std::string(symbol) + " ";
  message += kind_name(b.kind());
  return session_.error(message, id);
}

Value Evaluator::negate(NodeId id, const Step& step) {
  const Value value = eval(child(step, 0));
  session_.charge(1, id);
  if (value.is(Kind::integer)) {
    if (value.as_int() == INT64_MIN) return session_.error("integer overflow", id);
    return Value::of(-value.as_int());
  }
  if (value.is(Kind::floating)) return Value::of(-value.as_double());
  if (!value.is_value()) return value;
  return session_.error("no such overload: -" + std::string(kind_name(value.kind())), id);
}

namespace {

struct Operands {
  Session& session;
  NodeId node;
  NodeKind kind;
  const Value& a;
  const Value& b;
};

Value integers(const Operands& op) {
  const bool divides = op.kind == NodeKind::divide || op.kind == NodeKind::modulo;
  if (divides && op.b.as_int() == 0) {
    return op.session.error(op.kind == NodeKind::divide ? "division by zero" : "modulus by zero",
                            op.node);
  }
  if (divides && op.a.as_int() == INT64_MIN && op.b.as_int() == -1) {
    return op.session.error("integer overflow", op.node);
  }
  const auto result = whole_result(op.kind, op.a.as_int(), op.b.as_int());
  return result ? Value::of(*result) : op.session.error("integer overflow", op.node);
}

Value naturals(const Operands& op) {
  const bool divides = op.kind == NodeKind::divide || op.kind == NodeKind::modulo;
  if (divides && op.b.as_uint() == 0) {
    return op.session.error(op.kind == NodeKind::divide ? "division by zero" : "modulus by zero",
                            op.node);
  }
  const auto result = whole_result(op.kind, op.a.as_uint(), op.b.as_uint());
  return result ? Value::of(*result) : op.session.error("unsigned integer overflow", op.node);
}

std::optional<Value> times(const Operands& op) {
  const bool adds = op.kind == NodeKind::add;
  if (!adds && op.kind != NodeKind::subtract) return std::nullopt;
  const auto checked = [&](std::optional<Timestamp> at) {
    return at ? Value::of(*at) : op.session.error("timestamp out of range", op.node);
  };
  const auto span = [&](std::optional<std::int64_t> nanoseconds) {
    return nanoseconds ? Value::duration(*nanoseconds)
                       : op.session.error("duration out of range", op.node);
  };
  if (op.a.is(Kind::duration) && op.b.is(Kind::duration)) {
    return span(whole_result(op.kind, op.a.as_nanoseconds(), op.b.as_nanoseconds()));
  }
  if (op.a.is(Kind::timestamp) && op.b.is(Kind::duration)) {
    const std::int64_t by = op.b.as_nanoseconds();
    if (!adds && by == INT64_MIN) return span(std::nullopt);
    return checked(add(op.a.as_timestamp(), adds ? by : -by));
  }
  if (op.a.is(Kind::duration) && op.b.is(Kind::timestamp) && adds) {
    return checked(add(op.b.as_timestamp(), op.a.as_nanoseconds()));
  }
  if (op.a.is(Kind::timestamp) && op.b.is(Kind::timestamp) && !adds) {
    return span(difference(op.a.as_timestamp(), op.b.as_timestamp()));
  }
  return std::nullopt;
}

/// Strings, bytes and lists, one after the other.
std::optional<Value> joined(const Operands& op) {
  if (op.kind != NodeKind::add || op.a.kind() != op.b.kind()) return std::nullopt;
  if (op.a.is(Kind::string) || op.a.is(Kind::bytes)) {
    const std::size_t size = op.a.as_text().size() + op.b.as_text().size();
    op.session.charge(static_cast<std::int64_t>(size / 10), op.node);
    if (op.session.is_exhausted())
      return op.session.error("the limit of cost is exceeded", op.node);
    std::string both;
    both.reserve(size);
    both.append(op.a.as_text()).append(op.b.as_text());
    return op.a.is(Kind::string) ? op.session.text(both, op.node) : op.session.bytes(both, op.node);
  }
  if (!op.a.is(Kind::list)) return std::nullopt;
  const std::size_t count = op.a.count() + op.b.count();
  op.session.charge(static_cast<std::int64_t>(count), op.node);
  if (op.session.is_exhausted()) return op.session.error("the limit of cost is exceeded", op.node);
  std::vector<Value> items;
  items.reserve(count);
  for (std::size_t i = 0; i < op.a.count(); ++i) items.push_back(op.a.element(i));
  for (std::size_t i = 0; i < op.b.count(); ++i) items.push_back(op.b.element(i));
  return op.session.list(items, op.node);
}

}  // namespace

Value Evaluator::arithmetic(NodeId id, const Step& step) {
  const Value a = eval(child(step, 0));
  const Value b = eval(child(step, 1));
  session_.charge(1, id);
  if (!a.is_value() || !b.is_value()) return session_.worse(a, b);
  const Operands operands{session_, id, step.kind, a, b};
  if (a.is(Kind::integer) && b.is(Kind::integer)) return integers(operands);
  if (a.is(Kind::unsigned_integer) && b.is(Kind::unsigned_integer)) return naturals(operands);
  if (a.is(Kind::floating) && b.is(Kind::floating) && step.kind != NodeKind::modulo) {
    return Value::of(real_result(step.kind, a.as_double(), b.as_double()));
  }
  if (const auto value = times(operands)) return *value;
  if (const auto value = joined(operands)) return *value;
  return no_overload(id, a, b);
}

Value Evaluator::equality(NodeId id, const Step& step) {
  const Value a = operand(child(step, 0));
  const Value b = operand(child(step, 1));
  if (a.is(Kind::string) && b.is(Kind::string)) [[likely]] {
    session_.charge(text_equality_cost(a, b), id);
    return Value::of(equal_text(a.as_text(), b.as_text()) == (step.op == Op::equal));
  }
  if (!a.is_value() || !b.is_value()) return session_.worse(a, b);
  session_.charge(equality_cost(a, b), id);
  return Value::of(equal(a, b) == (step.op == Op::equal));
}

namespace {

bool holds(NodeKind kind, std::partial_ordering order) {
  switch (kind) {
    case NodeKind::less: return order < 0;
    case NodeKind::less_equal: return order <= 0;
    case NodeKind::greater: return order > 0;
    default: return order >= 0;
  }
}

}  // namespace

Value Evaluator::order(NodeId id, const Step& step) {
  const Value a = operand(child(step, 0));
  const Value b = operand(child(step, 1));
  session_.charge(1, id);
  if (a.is(Kind::integer) && b.is(Kind::integer)) [[likely]] {
    return Value::of(holds(step.kind, a.as_int() <=> b.as_int()));
  }
  return order_of_others(id, step, a, b);
}

Value Evaluator::order_of_others(NodeId id, const Step& step, Value a, Value b) {
  if (!a.is_value() || !b.is_value()) return session_.worse(a, b);
  if (a.is_number() && b.is_number()) return Value::of(holds(step.kind, compare_rounded(a, b)));
  const auto order = compare(a, b);
  if (!order) return no_overload(id, a, b);
  if (a.is(Kind::string)) session_.charge(equality_cost(a, b) - 1, id);
  return Value::of(holds(step.kind, *order));
}

Value Evaluator::membership(NodeId id, const Step& step) {
  const Value element = operand(child(step, 0));
  const Value in = eval(child(step, 1));
  if (!element.is_value() || !in.is_value()) return session_.worse(element, in);
  session_.charge(1, id);
  if (in.is(Kind::map)) return Value::of(may_be_key(element) && in.find(element).has_value());
  if (!in.is(Kind::list)) return no_overload(id, element, in);
  const json::array* facts = in.json_list();
  if (facts != nullptr && element.is(Kind::string)) {
    session_.charge(static_cast<std::int64_t>(facts->size()), id);
    const std::string_view sought = element.as_text();
    for (const json::value& candidate : *facts) {
      const auto* text = candidate.if_string();
      if (text != nullptr && equal_text(view(*text), sought)) return Value::of(true);
    }
    return Value::of(false);
  }
  for (std::size_t i = 0; i < in.count(); ++i) {
    const Value candidate = in.element(i);
    session_.charge(equality_cost(element, candidate), id);
    if (equal(element, candidate)) return Value::of(true);
    if (session_.is_exhausted()) return session_.error("the limit of cost is exceeded", id);
  }
  return Value::of(false);
}

}  // namespace holdpoint::policy::cel
