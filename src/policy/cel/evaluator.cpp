// See evaluator.hpp. This file reads names and literals and does logic; how facts are typed stands
// in evaluate_facts.cpp, loops in evaluate_loops.cpp, operators in evaluate_operators.cpp.
#include "policy/cel/evaluator.hpp"

#include "policy/cel/equal_text.hpp"
namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t list_cost = 10;
constexpr std::int64_t map_cost = 30;

}  // namespace

Value Evaluator::run_whole() {
  const NodeId root = program_.tree.root;
  const Step& step = program_.steps[root];
  const bool is_joined = step.op == Op::logical_and || step.op == Op::logical_or;
  const Value value = is_joined ? logical_of_whole(root, step) : eval(root);
  const Type* type = program_.outcome_adapt;
  return type == nullptr ? value : adapt(value, *type, program_.tree.root);
}

Value Evaluator::eval(NodeId id) {
  const Step& step = program_.steps[id];
  switch (step.op) {
    case Op::constant: return step.constant;
    case Op::path: return path(id, step);
    case Op::local: return local(id, step, slots_.at[step.slot].element);
    case Op::local_field: return local_field(id, step);
    case Op::second_local: return local(id, step, slots_.at[step.slot].second);
    case Op::variable: return variable(id, step);
    case Op::select: return select(id, step);
    case Op::has: return has(id, step);
    case Op::index: return index(id, step);
    case Op::list: return list(id, step);
    case Op::map: return map(id, step);
    case Op::call: return call(id, step);
    case Op::match: return match(id, step);
    case Op::filtered_size: return filtered_size(id, step);
    case Op::all:
    case Op::exists: return quantifier(id, step);
    case Op::exists_one: return exists_one(id, step);
    case Op::map_each:
    case Op::filter: return collect(id, step);
    case Op::transform_map:
    case Op::transform_entries: return transform(id, step);
    case Op::sort_by: return sort_by(id, step);
    case Op::optional_select: return optional_select(id, step);
    case Op::optional_index: return optional_index(id, step);
    case Op::optional_entry: return eval(child(step, 0));
    case Op::optional_map:
    case Op::optional_flat_map: return optional_map(id, step);
    case Op::optional_or:
    case Op::optional_or_value: return optional_or(id, step);
    case Op::bind: return bound(id, step);
    case Op::failure: return session_.error(step.name, id);
    case Op::logical_and:
    case Op::logical_or: return logical(id, step);
    case Op::conditional: return conditional(id, step);
    case Op::logical_not: return logical_not(id, step);
    case Op::negate: return negate(id, step);
    case Op::arithmetic: return arithmetic(id, step);
    case Op::equal:
    case Op::not_equal: return equality(id, step);
    case Op::order: return order(id, step);
    case Op::in: return membership(id, step);
  }
  return {};
}

/// Where the field stood last is looked at first.
const json::value* Evaluator::find(const json::object& in, std::string_view name,
                                   std::uint32_t hint) {
  const std::uint32_t at = program_.hints[hint].load(std::memory_order_relaxed);
  if (at < in.size()) [[likely]] {
    const auto& entry = *(in.begin() + at);
    const auto key = entry.key();
    if (equal_text({key.data(), key.size()}, name)) return &entry.value();
  }
  return find_anew(in, name, hint);
}

const json::value* Evaluator::find_anew(const json::object& in, std::string_view name,
                                        std::uint32_t hint) {
  const auto found = in.find(name);
  if (found == in.end()) return nullptr;
  program_.hints[hint].store(static_cast<std::uint32_t>(found - in.begin()),
                             std::memory_order_relaxed);
  return &found->value();
}

Value Evaluator::missing(NodeId id, const Step& step) {
  const std::string where = path_of(id);
  if (step.absence == Absence::unknown) return session_.unknown(where, id);
  return session_.error("no such key: " + where, id);
}

Value Evaluator::path(NodeId id, const Step& step) {
  session_.charge(step.path_count, id);
  const json::object* in = &session_.facts();
  const auto first_hint = static_cast<std::uint32_t>(program_.steps.size()) + step.path;
  for (std::uint32_t i = 0;; ++i) {
    const json::value* found = find(*in, program_.path_fields[step.path + i].name, first_hint + i);
    if (found == nullptr) return missing_on_path(id, step, i);
    if (i + 1 == step.path_count) return read(*found, step, id);
    in = found->if_object();
    if (in == nullptr) return no_field_on_path(id, step, i + 1, from_json(*found));
  }
}

Value Evaluator::missing_on_path(NodeId id, const Step& step, std::uint32_t place) {
  std::string where;
  for (std::uint32_t i = 0; i <= place; ++i) {
    if (i != 0) where += '.';
    where += program_.path_fields[step.path + i].name;
  }
  if (program_.path_fields[step.path + place].absence == Absence::unknown) {
    return session_.unknown(where, id);
  }
  return session_.error("no such key: " + where, id);
}

Value Evaluator::no_field_on_path(NodeId id, const Step& step, std::uint32_t place, Value target) {
  return session_.error("no such field: " + std::string(kind_name(target.kind())) +
                            " has no field " +
                            std::string(program_.path_fields[step.path + place].name),
                        id);
}

Value Evaluator::local(NodeId id, const Step& step, Value value) {
  session_.charge(1, id);
  return step.adapt == nullptr ? value : adapt(value, *step.adapt, id);
}

Value Evaluator::variable(NodeId id, const Step& step) {
  session_.charge(1, id);
  const Value value = variable_value(id, step);
  return step.adapt == nullptr ? value : adapt(value, *step.adapt, id);
}

/// Evaluated once for all expressions that judge these facts. An error names its place in the
/// variable, because nodes of another program mean nothing here.
Value Evaluator::variable_value(NodeId id, const Step& step) {
  auto& known = session_.variables();
  if (step.variable < known.size() && known[step.variable]) {
    const Value& value = *known[step.variable];
    return value.is(Kind::error) ? session_.error(value.trouble().message, id) : value;
  }
  // What was spent before is not the variable's to place.
  if (session_.is_exhausted()) return session_.error("the limit of cost is exceeded", id);
  const NamedProgram& variable = program_.variables[step.variable];
  Value value = Evaluator(*variable.program, session_).run();
  const auto place_in_variable = [&](NodeId node) {
    const Tree& tree = variable.program->tree;
    const Place place = place_of(tree.source, tree.nodes[node].mark);
    return "variables." + variable.name + ": " + std::to_string(place.line) + ":" +
           std::to_string(place.column) + ": ";
  };
  if (session_.is_exhausted()) {
    const NodeId at = session_.exhausted_at();
    const Tree& tree = variable.program->tree;
    session_.exhausted_within(place_in_variable(at < tree.nodes.size() ? at : tree.root), id);
    return value;
  }
  if (value.is(Kind::error)) {
    value = session_.error(
        place_in_variable(value.trouble().node) + std::string(value.trouble().message), id);
  }
  if (known.size() <= step.variable) known.resize(step.variable + 1);
  known[step.variable] = value;
  return value;
}

Value Evaluator::no_field(NodeId id, const Step& step, Value target) {
  return session_.error("no such field: " + std::string(kind_name(target.kind())) +
                            " has no field " + std::string(step.name),
                        id);
}

/// The entry of a map under the step's name.
std::optional<Value> Evaluator::field(const Value& map, NodeId id, const Step& step) {
  if (const json::object* object = map.json_map()) {
    const json::value* found = find(*object, step.name, id);
    if (found == nullptr) return std::nullopt;
    return read(*found, step, id);
  }
  return map.find(Value::of(step.name));
}

Value Evaluator::select(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  session_.charge(1, id);
  return field_of(target, id, step);
}

/// The element of a loop is nearly always an object of the facts.
Value Evaluator::local_field(NodeId id, const Step& step) {
  session_.charge(2, id);
  return field_of(slots_.at[step.slot].element, id, step);
}

Value Evaluator::field_of(Value target, NodeId id, const Step& step) {
  const json::object* object = target.json_map();
  if (object == nullptr) [[unlikely]]
    return field_of_other(target, id, step);
  const json::value* found = find(*object, step.name, id);
  return found == nullptr ? missing(id, step) : read(*found, step, id);
}

/// Of what is no object of the facts.
Value Evaluator::field_of_other(Value target, NodeId id, const Step& step) {
  if (!target.is_value()) return target;
  if (target.is(Kind::optional)) {
    if (target.as_optional() == nullptr) return target;
    const Value& inner = *target.as_optional();
    return inner.is(Kind::map) ? optional(field(inner, id, step)) : no_field(id, step, inner);
  }
  if (!target.is(Kind::map)) return no_field(id, step, target);
  const auto found = target.find(Value::of(step.name));
  return found ? *found : missing(id, step);
}

Value Evaluator::has(NodeId id, const Step& step) {
  Value target = eval(child(step, 0));
  session_.charge(1, id);
  if (target.is(Kind::optional)) {
    if (target.as_optional() == nullptr) return Value::of(false);
    target = *target.as_optional();
  }
  if (const json::object* object = target.json_map()) {
    return Value::of(find(*object, step.name, id) != nullptr);
  }
  if (!target.is_value()) return target;
  if (!target.is(Kind::map)) return no_field(id, step, target);
  return Value::of(target.find(Value::of(step.name)).has_value());
}

/// The element of a list or the entry of a map; nullopt when there is none under the key. A key
/// that cannot be one is an error.
std::optional<Value> Evaluator::element(const Value& target, const Value& key, NodeId id,
                                        const Step& step) {
  std::optional<Value> found;
  if (target.is(Kind::map)) {
    if (!may_be_key(key)) return session_.error("no such key: a key of that type", id);
    found = target.find(key);
  } else {
    if (!target.is(Kind::list) || !key.is_number()) return no_overload(id, target, key);
    const Value count = Value::of(static_cast<std::int64_t>(target.count()));
    const bool is_whole = !key.is(Kind::floating) || may_be_key(key);
    if (!is_whole) return session_.error("index out of bounds: " + text_of(key), id);
    if (compare_numbers(key, Value::of(std::int64_t{0})) < 0 ||
        !(compare_numbers(key, count) < 0)) {
      return std::nullopt;
    }
    found = target.element(key.is(Kind::floating) ? static_cast<std::size_t>(key.as_double())
                                                  : static_cast<std::size_t>(key.as_uint()));
  }
  if (!found || step.adapt == nullptr) return found;
  return adapt(*found, *step.adapt, id);
}

Value Evaluator::index(NodeId id, const Step& step) {
  const Value target = eval(child(step, 0));
  const Value key = eval(child(step, 1));
  session_.charge(1, id);
  if (!target.is_value() || !key.is_value()) return session_.worse(target, key);
  if (target.is(Kind::optional)) {
    if (target.as_optional() == nullptr) return target;
    return optional(element(*target.as_optional(), key, id, step));
  }
  const auto found = element(target, key, id, step);
  if (found) return *found;
  return session_.error(
      (target.is(Kind::map) ? "no such key: " : "index out of bounds: ") + text_of(key), id);
}

Value Evaluator::list(NodeId id, const Step& step) {
  session_.charge(list_cost + step.count, id);
  std::vector<Value> items;
  items.reserve(step.count);
  Value trouble;
  for (std::size_t i = 0; i < step.count; ++i) {
    const auto item = entry(child(step, i), eval(child(step, i)));
    if (!item) continue;
    if (!item->is_value()) trouble = session_.worse(trouble, *item);
    items.push_back(*item);
  }
  return trouble.is_value() ? session_.list(items, id) : trouble;
}

/// What an element of a list or a map contributes; nullopt when it is left out.
std::optional<Value> Evaluator::entry(NodeId id, const Value& value) {
  if (program_.steps[id].op != Op::optional_entry || !value.is_value()) return value;
  if (!value.is(Kind::optional)) {
    return session_.error(
        "no such overload: expected an optional, found " + std::string(kind_name(value.kind())),
        id);
  }
  if (value.as_optional() == nullptr) return std::nullopt;
  return *value.as_optional();
}

Value Evaluator::map(NodeId id, const Step& step) {
  session_.charge(map_cost + step.count, id);
  std::vector<ValueEntry> entries;
  entries.reserve(step.count / 2);
  Value trouble;
  for (std::size_t i = 0; i + 1 < step.count; i += 2) {
    const Value key = eval(child(step, i));
    const auto value = entry(child(step, i + 1), eval(child(step, i + 1)));
    if (!key.is_value()) trouble = session_.worse(trouble, key);
    if (!value) continue;
    if (!value->is_value()) trouble = session_.worse(trouble, *value);
    entries.push_back({key, *value});
  }
  return trouble.is_value() ? session_.map(std::move(entries), id) : trouble;
}

Value Evaluator::call(NodeId id, const Step& step) {
  session_.charge(1, id);
  std::array<Value, function_arguments_max> arguments;
  Value trouble;
  for (std::size_t i = 0; i < step.count; ++i) {
    arguments[i] = eval(child(step, i));
    if (!arguments[i].is_value()) trouble = session_.worse(trouble, arguments[i]);
  }
  if (!trouble.is_value()) return trouble;
  const Value value =
      step.function->run(Call{session_, id, std::span(arguments.data(), step.count)});
  if (session_.is_exhausted()) session_.exhaust(id);
  return value;
}

Value Evaluator::match(NodeId id, const Step& step) {
  const Value text = eval(child(step, 0));
  if (!text.is_value()) return text;
  if (!text.is(Kind::string)) return no_overload(id, text, eval(child(step, 1)));
  session_.charge(static_cast<std::int64_t>(text.as_text().size() / 10 + 1), id);
  return Value::of(step.regex->matches(text.as_text()));
}

Value Evaluator::not_bool(NodeId id, Value value) {
  return session_.error(
      "no such overload: expected bool, found " + std::string(kind_name(value.kind())), id);
}

/// && and ||: an operand that decides absorbs errors, unknowns and non-booleans on either side.
/// `noted` is called for each operand, with whether it is the one that decides.
template <class Noted>
Value Evaluator::over_operands(NodeId id, const Step& step, Noted noted) {
  const bool deciding = step.op == Op::logical_or;
  Value trouble;
  for (std::size_t i = 0; i < step.count; ++i) {
    const Value value = operand(child(step, i));
    if (value.is(Kind::boolean)) {
      const bool decides = value.as_bool() == deciding;
      noted(i, decides);
      if (decides) return value;
      continue;
    }
    if (session_.is_exhausted()) return value;
    trouble = session_.worse(trouble, value.is_value() ? not_bool(id, value) : value);
  }
  return trouble.is_value() ? Value::of(!deciding) : trouble;
}

Value Evaluator::logical(NodeId id, const Step& step) {
  return over_operands(id, step, [](std::size_t, bool) {});
}

Value Evaluator::logical_of_whole(NodeId id, const Step& step) {
  return over_operands(id, step, [this](std::size_t operand, bool decides) {
    if (operand != operands_.settled) return;
    if (decides) {
      operands_.is_decided_early = true;
    } else {
      ++operands_.settled;
    }
  });
}

Value Evaluator::conditional(NodeId id, const Step& step) {
  const Value condition = eval(child(step, 0));
  if (condition.is(Kind::boolean)) return eval(child(step, condition.as_bool() ? 1 : 2));
  return condition.is_value() ? not_bool(id, condition) : condition;
}

Value Evaluator::logical_not(NodeId id, const Step& step) {
  const Value value = operand(child(step, 0));
  session_.charge(1, id);
  if (value.is(Kind::boolean)) return Value::of(!value.as_bool());
  return value.is_value() ? not_bool(id, value) : value;
}

std::string Evaluator::path_of(NodeId id) {
  const Node& node = program_.tree.nodes[id];
  const Step& step = program_.steps[id];
  if (step.op == Op::local || step.op == Op::second_local) {
    const Slot& slot = slots_.at[step.slot];
    const Step& loop = program_.steps[slot.loop];
    const std::string range = path_of(child(loop, 0));
    if (!is_loop(loop.kind)) return range;
    const bool is_list = slot.range.is(Kind::list);
    const bool is_key = step.op == Op::local && (loop.has_second || !is_list);
    if (is_key && loop.has_second) return text_of(slot.element);
    if (is_list) return range + "[" + std::to_string(slot.index) + "]";
    const Value key = slot.range.key_at(slot.index);
    return range + "." + (key.is(Kind::string) ? std::string(key.as_text()) : text_of(key));
  }
  switch (node.kind) {
    case NodeKind::ident: return node.name;
    case NodeKind::has:
    case NodeKind::select: return path_of(node.children[0]) + "." + node.name;
    case NodeKind::optional_select: return path_of(node.children[0]) + ".?" + node.name;
    case NodeKind::index: {
      const Value key = eval(node.children[1]);
      return path_of(node.children[0]) + "[" + text_of(key) + "]";
    }
    default: return std::string(program_.tree.text(id));
  }
}

}  // namespace holdpoint::policy::cel
