// See evaluator.hpp. This file reads facts, names and literals and does logic; loops stand in
// evaluate_loops.cpp, operators in evaluate_operators.cpp.
#include "policy/cel/evaluator.hpp"

#include <cstring>

#include "base/encoding.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t list_cost = 10;
constexpr std::int64_t map_cost = 30;

}  // namespace

Value Evaluator::eval(NodeId id) {
  const Step& step = program_.steps[id];
  switch (step.op) {
    case Op::constant: return step.constant;
    case Op::path: return path(id, step);
    case Op::local: session_.charge(1); return slots_.at[step.slot].element;
    case Op::variable: return variable(id, step);
    case Op::select: return select(id, step);
    case Op::has: return has(id, step);
    case Op::index: return index(id, step);
    case Op::list: return list(step);
    case Op::map: return map(id, step);
    case Op::call: return call(id, step);
    case Op::match: return match(id, step);
    case Op::filtered_size: return filtered_size(step);
    case Op::all:
    case Op::exists: return quantifier(id, step);
    case Op::exists_one: return exists_one(id, step);
    case Op::map_each:
    case Op::filter: return collect(id, step);
    case Op::logical_and:
    case Op::logical_or: return logical(id, step);
    case Op::conditional: return conditional(id, step);
    case Op::logical_not: return logical_not(id, step);
    case Op::negate: return negate(id, step);
    case Op::arithmetic: return arithmetic(id, step);
    case Op::equal:
    case Op::not_equal: return equality(step);
    case Op::order: return order(id, step);
    case Op::in: return membership(id, step);
  }
  return {};
}

const json::value* Evaluator::find(const json::object& in, std::string_view name,
                                   std::uint32_t hint) {
  std::atomic<std::uint32_t>& place = program_.hints[hint];
  const std::uint32_t at = place.load(std::memory_order_relaxed);
  if (at < in.size()) {
    const auto& entry = *(in.begin() + at);
    const auto key = entry.key();
    if (key.size() == name.size() && std::memcmp(name.data(), key.data(), name.size()) == 0) {
      return &entry.value();
    }
  }
  const auto found = in.find(name);
  if (found == in.end()) return nullptr;
  place.store(static_cast<std::uint32_t>(found - in.begin()), std::memory_order_relaxed);
  return &found->value();
}

Value Evaluator::read(const json::value& fact, const Step& step, NodeId id) {
  const Value value = from_json(fact);
  return step.adapt == nullptr ? value : adapt(value, *step.adapt, id);
}

/// A fact as the schema types it: integers as timestamps and durations, and so on. A fact of
/// another kind stays what it is, and the operator that meets it says so.
Value Evaluator::adapt(const Value& value, const Type& type, NodeId id) {
  if (type.kind == TypeKind::timestamp) {
    if (!value.is(Kind::string) && !value.is(Kind::integer)) return value;
    const auto at = value.is(Kind::string) ? parse_timestamp(value.as_text())
                                           : timestamp_from_microseconds(value.as_int());
    return at ? Value::of(*at) : session_.error("the fact is not a timestamp", id);
  }
  if (type.kind == TypeKind::duration) {
    constexpr std::int64_t microseconds_max = INT64_MAX / 1'000;
    std::optional<std::int64_t> nanoseconds;
    if (value.is(Kind::string)) {
      nanoseconds = parse_duration_nanoseconds(value.as_text());
    } else if (!value.is(Kind::integer)) {
      return value;
    } else if (value.as_int() >= -microseconds_max && value.as_int() <= microseconds_max) {
      nanoseconds = value.as_int() * 1'000;
    }
    return nanoseconds ? Value::duration(*nanoseconds)
                       : session_.error("the fact is not a duration", id);
  }
  if (type.kind == TypeKind::floating) {
    if (value.is(Kind::integer)) return Value::of(static_cast<double>(value.as_int()));
    if (value.is(Kind::unsigned_integer)) return Value::of(static_cast<double>(value.as_uint()));
    return value;
  }
  if (type.kind == TypeKind::bytes) {
    if (!value.is(Kind::string)) return value;
    const auto octets = from_base64(value.as_text());
    return octets ? session_.bytes(*octets) : session_.error("the fact is not base64", id);
  }
  if (type.kind != TypeKind::list || value.json_list() == nullptr) return value;
  std::vector<Value> items;
  for (std::size_t i = 0; i < value.count(); ++i) {
    session_.charge(1);
    const Value item = adapt(value.element(i), *type.element, id);
    if (!item.is_value()) return item;
    items.push_back(item);
  }
  return session_.list(items);
}

Value Evaluator::missing(NodeId id, const Step& step) {
  const std::string where = path_of(id);
  if (step.absence == Absence::unknown) return session_.unknown(where, id);
  return session_.error("no such key: " + where, id);
}

Value Evaluator::path(NodeId id, const Step& step) {
  session_.charge(step.path_count);
  const json::object* in = &session_.facts();
  const auto first_hint = static_cast<std::uint32_t>(program_.steps.size()) + step.path;
  for (std::uint32_t i = 0;; ++i) {
    const PathField& field = program_.path_fields[step.path + i];
    const json::value* found = find(*in, field.name, first_hint + i);
    if (found == nullptr) {
      std::string where;
      for (std::uint32_t j = 0; j <= i; ++j) {
        if (j != 0) where += '.';
        where += program_.path_fields[step.path + j].name;
      }
      if (field.absence == Absence::unknown) return session_.unknown(where, id);
      return session_.error("no such key: " + where, id);
    }
    if (i + 1 == step.path_count) return read(*found, step, id);
    in = found->if_object();
    if (in == nullptr) {
      return session_.error("no such field: " + std::string(kind_name(from_json(*found).kind())) +
                                " has no field " +
                                std::string(program_.path_fields[step.path + i + 1].name),
                            id);
    }
  }
}

/// Evaluated once for all expressions that judge these facts. An error names its place in the
/// variable, because nodes of another program mean nothing here.
Value Evaluator::variable(NodeId id, const Step& step) {
  session_.charge(1);
  auto& known = session_.variables();
  if (step.variable < known.size() && known[step.variable]) {
    const Value& value = *known[step.variable];
    return value.is(Kind::error) ? session_.error(value.trouble().message, id) : value;
  }
  const NamedProgram& variable = program_.variables[step.variable];
  Value value = Evaluator(*variable.program, session_).run();
  if (session_.is_exhausted()) return value;
  if (value.is(Kind::error)) {
    const Tree& tree = variable.program->tree;
    const Place place = place_of(tree.source, tree.nodes[value.trouble().node].mark);
    value = session_.error("variables." + variable.name + ": " + std::to_string(place.line) + ":" +
                               std::to_string(place.column) + ": " +
                               std::string(value.trouble().message),
                           id);
  }
  if (known.size() <= step.variable) known.resize(step.variable + 1);
  known[step.variable] = value;
  return value;
}

Value Evaluator::select(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  session_.charge(1);
  if (const json::object* object = target.json_map()) {
    const json::value* found = find(*object, step.name, id);
    return found == nullptr ? missing(id, step) : read(*found, step, id);
  }
  if (!target.is_value()) return target;
  if (!target.is(Kind::map)) {
    return session_.error("no such field: " + std::string(kind_name(target.kind())) +
                              " has no field " + std::string(step.name),
                          id);
  }
  const auto found = target.find(Value::of(step.name));
  return found ? *found : missing(id, step);
}

Value Evaluator::has(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  session_.charge(1);
  if (const json::object* object = target.json_map()) {
    return Value::of(find(*object, step.name, id) != nullptr);
  }
  if (!target.is_value()) return target;
  if (!target.is(Kind::map)) {
    return session_.error("no such field: " + std::string(kind_name(target.kind())) +
                              " has no field " + std::string(step.name),
                          id);
  }
  return Value::of(target.find(Value::of(step.name)).has_value());
}

Value Evaluator::index(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  const Value key = eval(child(step, 1));
  session_.charge(1);
  if (!target.is_value() || !key.is_value()) return session_.worse(target, key);
  if (target.is(Kind::map)) {
    if (!may_be_key(key)) return session_.error("no such key: a key of that type", id);
    const auto found = target.find(key);
    if (!found) return session_.error("no such key: " + text_of(key), id);
    return step.adapt == nullptr ? *found : adapt(*found, *step.adapt, id);
  }
  if (!target.is(Kind::list) || !key.is_number()) return no_overload(id, target, key);
  const Value count = Value::of(static_cast<std::int64_t>(target.count()));
  const bool is_whole = !key.is(Kind::floating) || may_be_key(key);
  if (!is_whole || compare_numbers(key, Value::of(std::int64_t{0})) < 0 ||
      !(compare_numbers(key, count) < 0)) {
    return session_.error("index out of bounds: " + text_of(key), id);
  }
  const auto at = key.is(Kind::floating) ? static_cast<std::size_t>(key.as_double())
                                         : static_cast<std::size_t>(key.as_uint());
  const Value element = target.element(at);
  return step.adapt == nullptr ? element : adapt(element, *step.adapt, id);
}

Value Evaluator::list(const Step& step) {
  session_.charge(list_cost + step.count);
  std::vector<Value> items;
  items.reserve(step.count);
  Value trouble;
  for (std::size_t i = 0; i < step.count; ++i) {
    items.push_back(eval(child(step, i)));
    if (!items.back().is_value()) trouble = session_.worse(trouble, items.back());
  }
  return trouble.is_value() ? session_.list(items) : trouble;
}

Value Evaluator::map(NodeId id, const Step& step) {
  session_.charge(map_cost + step.count);
  std::vector<ValueEntry> entries;
  entries.reserve(step.count / 2);
  Value trouble;
  for (std::size_t i = 0; i + 1 < step.count; i += 2) {
    const Value key = eval(child(step, i));
    const Value value = eval(child(step, i + 1));
    if (!key.is_value()) trouble = session_.worse(trouble, key);
    if (!value.is_value()) trouble = session_.worse(trouble, value);
    entries.push_back({key, value});
  }
  return trouble.is_value() ? session_.map(std::move(entries), id) : trouble;
}

Value Evaluator::call(NodeId id, const Step& step) {
  session_.charge(1);
  std::array<Value, function_arguments_max> arguments;
  Value trouble;
  for (std::size_t i = 0; i < step.count; ++i) {
    arguments[i] = eval(child(step, i));
    if (!arguments[i].is_value()) trouble = session_.worse(trouble, arguments[i]);
  }
  if (!trouble.is_value()) return trouble;
  return step.function->run(Call{session_, id, std::span(arguments.data(), step.count)});
}

Value Evaluator::match(NodeId id, const Step& step) {
  const Value text = eval(child(step, 0));
  if (!text.is_value()) return text;
  if (!text.is(Kind::string)) return no_overload(id, text, eval(child(step, 1)));
  session_.charge(static_cast<std::int64_t>(text.as_text().size() / 10 + 1));
  return Value::of(step.regex->matches(text.as_text()));
}

Value Evaluator::not_bool(NodeId id, const Value& value) {
  return session_.error(
      "no such overload: expected bool, found " + std::string(kind_name(value.kind())), id);
}

/// && and ||: an operand that decides absorbs errors, unknowns and non-booleans on either side.
Value Evaluator::logical(NodeId id, const Step& step) {
  const bool deciding = step.op == Op::logical_or;
  Value trouble;
  for (std::size_t i = 0; i < step.count; ++i) {
    const Value value = eval(child(step, i));
    if (value.is(Kind::boolean)) {
      if (value.as_bool() == deciding) return value;
      continue;
    }
    if (session_.is_exhausted()) return value;
    trouble = session_.worse(trouble, value.is_value() ? not_bool(id, value) : value);
  }
  return trouble.is_value() ? Value::of(!deciding) : trouble;
}

Value Evaluator::conditional(NodeId id, const Step& step) {
  const Value condition = eval(child(step, 0));
  if (condition.is(Kind::boolean)) return eval(child(step, condition.as_bool() ? 1 : 2));
  return condition.is_value() ? not_bool(id, condition) : condition;
}

Value Evaluator::logical_not(NodeId id, const Step& step) {
  const Value value = eval(child(step, 0));
  session_.charge(1);
  if (value.is(Kind::boolean)) return Value::of(!value.as_bool());
  return value.is_value() ? not_bool(id, value) : value;
}

std::string Evaluator::path_of(NodeId id) {
  const Node& node = program_.tree.nodes[id];
  const Step& step = program_.steps[id];
  if (step.op == Op::local) {
    const Slot& slot = slots_.at[step.slot];
    const std::string range = path_of(child(program_.steps[slot.loop], 0));
    if (slot.range.is(Kind::list)) return range + "[" + std::to_string(slot.index) + "]";
    return range + "." + std::string(slot.element.as_text());
  }
  switch (node.kind) {
    case NodeKind::ident: return node.name;
    case NodeKind::has:
    case NodeKind::select: return path_of(node.children[0]) + "." + node.name;
    case NodeKind::index: {
      const Value key = eval(node.children[1]);
      return path_of(node.children[0]) + "[" + text_of(key) + "]";
    }
    default: return std::string(program_.tree.text(id));
  }
}

}  // namespace holdpoint::policy::cel
