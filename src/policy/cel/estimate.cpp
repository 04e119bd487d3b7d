// See estimate.hpp. The evaluator and the functions charge no more than what is added here.
#include "policy/cel/estimate.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "policy/cel/fact_extents.hpp"
#include "policy/cel/part_bound.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t list_cost = 10;
constexpr std::int64_t map_cost = 30;

bool is_text(const Type& type) {
  return type.kind == TypeKind::string || type.kind == TypeKind::bytes;
}

/// Numbers, times and the like: compared in one step.
bool is_scalar(const Type& type) {
  switch (type.kind) {
    case TypeKind::null:
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::unsigned_integer:
    case TypeKind::floating:
    case TypeKind::timestamp:
    case TypeKind::duration:
    case TypeKind::type: return true;
    default: return false;
  }
}

/// What is shared by a program and the variables that it refers to.
struct Sizes {
  const Schema& schema;
  Extents extents;
  FactExtents facts{extents};
  std::map<const Compiled*, Bound> variables;
};

class Estimator {
 public:
  Estimator(const Compiled& program, Sizes& sizes)
      : program_(program), sizes_(sizes), costs_(program.tree.nodes.size()) {
    locals_.fill({sizes.facts.open(), sizes.facts.open(), {}, 0});
  }

  Bound run() { return of(program_.tree.root); }
  /// The same, with all facts in the value typed.
  Units run_whole() {
    const Bound bound = run();
    return bound.cost + converting(program_.outcome_adapt, program_.tree.root, bound.extent);
  }

 private:
  struct Local {
    Extent extent;
    Extent second;    // of a loop with two names
    Missing missing;  // of a bound value, which may be unknown
    NodeId loop = 0;
  };

  const Node& node(NodeId id) const { return program_.tree.nodes[id]; }
  const Type& type(NodeId id) const { return *program_.node_types[id]; }
  NodeId child(NodeId id, std::size_t i) const { return node(id).children[i]; }

  Bound of(NodeId id) {
    Bound bound = bound_of(id);
    costs_[id] = bound.cost;
    return bound;
  }

  Bound bound_of(NodeId id) {
    const Step& step = program_.steps[id];
    if (step.op == Op::constant) return {{}, of_value(step.constant), {}};
    if (step.op == Op::path) return path(id, step);
    if (step.op == Op::local) {
      const Local& local = locals_[step.slot];
      return {Units{1} + converting(id, local.extent), local.extent, local.missing};
    }
    if (step.op == Op::second_local) {
      const Extent& second = locals_[step.slot].second;
      return {Units{1} + converting(id, second), second, {}};
    }
    if (step.op == Op::failure) return {};
    if (step.op == Op::variable) return variable(id, step);
    switch (node(id).kind) {
      case NodeKind::select:
      case NodeKind::optional_select: return select(id);
      case NodeKind::has: return has(id);
      case NodeKind::index:
      case NodeKind::optional_index: return index(id);
      case NodeKind::optional_entry: return entry(id);
      case NodeKind::bind:
      case NodeKind::optional_map:
      case NodeKind::optional_flat_map: return binding(id);
      case NodeKind::list: return list(id);
      case NodeKind::map: return map(id);
      case NodeKind::call: return call(id);
      case NodeKind::conditional: return conditional(id);
      case NodeKind::add: return add(id);
      case NodeKind::equal:
      case NodeKind::not_equal:
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal: return comparison(id);
      case NodeKind::in: return membership(id);
      default: return is_loop(node(id).kind) ? loop(id) : other(id);
    }
  }

  /// Logic and arithmetic, of which nothing larger than a number comes; of anything else, anything.
  Bound other(NodeId id) {
    Bound out = operands(id);
    out.extent = is_scalar(type(id)) ? Extent{} : sizes_.facts.open();
    return out;
  }

  // --- what is read ------------------------------------------------------------------------------

  Extent of_value(const Value& value) {
    if (value.is(Kind::string) || value.is(Kind::bytes)) {
      return Extents::text({static_cast<std::int64_t>(value.as_text().size())});
    }
    if (!value.is(Kind::list)) return value.is(Kind::map) ? sizes_.facts.open() : Extent{};
    Extent element;
    for (std::size_t i = 0; i < value.count(); ++i) {
      element = sizes_.extents.larger(element, of_value(value.element(i)));
    }
    return sizes_.extents.list({static_cast<std::int64_t>(value.count())}, element);
  }

  Units converting(NodeId id, const Extent& extent) {
    return converting(program_.steps[id].adapt, id, extent);
  }

  /// The extent of an optional is that of a list of one, or already that of what it holds.
  Units converting(const Type* adapt, NodeId id, const Extent& extent) {
    if (adapt == nullptr) return {};
    const bool is_optional = optional_element(type(id)) != nullptr;
    return sizes_.facts.conversion(
        *adapt, is_optional ? sizes_.extents.larger(extent, element_of(extent)) : extent);
  }

  Bound path(NodeId id, const Step& step) {
    const ObjectType* object = &sizes_.schema.root();
    Bound out{{step.path_count}, sizes_.facts.open(), {}};
    for (std::uint32_t i = 0; i < step.path_count; ++i) {
      const Field* field =
          object == nullptr ? nullptr : object->find(program_.path_fields[step.path + i].name);
      // An undeclared field makes an error when it is missing, which names nothing.
      out.extent =
          field == nullptr ? sizes_.facts.open() : sizes_.facts.of(*field->type, &field->bounds);
      if (field != nullptr && field->presence == Presence::optional) out.missing.fixed = {1};
      object = field == nullptr ? nullptr : field->type->object;
    }
    out.cost += converting(id, out.extent);
    return out;
  }

  /// The value of a variable is computed once; it is counted beside the expressions.
  Bound variable(NodeId id, const Step& step) {
    const Compiled& program = *program_.variables[step.variable].program;
    auto known = sizes_.variables.find(&program);
    if (known == sizes_.variables.end()) {
      const Bound bound = Estimator(program, sizes_).run();
      known = sizes_.variables.emplace(&program, bound).first;
    }
    return {Units{1} + converting(id, known->second.extent),
            known->second.extent,
            {known->second.missing.all(), {}}};
  }

  /// What naming the place of a missing fact costs: the keys that lead to it are evaluated again.
  Units naming(NodeId id) {
    const Step& step = program_.steps[id];
    if (step.op == Op::local || step.op == Op::second_local) {
      return naming(child(locals_[step.slot].loop, 0));
    }
    if (node(id).kind == NodeKind::index) return costs_[id];
    const bool leads_on = node(id).kind == NodeKind::select || node(id).kind == NodeKind::has ||
                          node(id).kind == NodeKind::optional_select;
    return leads_on && step.op != Op::path ? naming(child(id, 0)) : Units{};
  }

  /// What is read from an optional is optional; then nothing that is absent is missing.
  Bound select(NodeId id) {
    const Bound target = of(child(id, 0));
    const Type* inner = optional_element(type(child(id, 0)));
    const Type& from = inner == nullptr ? type(child(id, 0)) : *inner;
    const Extent holder = inner == nullptr ? target.extent : element_of(target.extent);
    const bool is_optional = inner != nullptr || node(id).kind == NodeKind::optional_select;
    Bound out{target.cost + Units{1}, element_of(holder), target.missing};
    const Field* field = from.object == nullptr ? nullptr : from.object->find(node(id).name);
    if (field != nullptr) {
      out.extent = sizes_.facts.of(*field->type, &field->bounds);
      if (field->presence == Presence::optional && !is_optional) {
        out.missing = larger(out.missing, {{}, {1}});
        out.cost += naming(child(id, 0));
      }
    }
    out.cost += converting(id, out.extent);
    if (is_optional) out.extent = sizes_.extents.list({1}, out.extent);
    return out;
  }

  Bound has(NodeId id) {
    const Bound target = of(child(id, 0));
    return {target.cost + Units{1}, {}, target.missing};
  }

  Bound index(NodeId id) {
    const Bound target = of(child(id, 0));
    const Bound key = of(child(id, 1));
    const bool is_inside = optional_element(type(child(id, 0))) != nullptr;
    Bound out = both(target, key);
    out.extent = element_of(is_inside ? element_of(target.extent) : target.extent);
    out.cost += Units{1} + converting(id, out.extent);
    if (is_inside || node(id).kind == NodeKind::optional_index) {
      out.extent = sizes_.extents.list({1}, out.extent);
    }
    return out;
  }

  /// `?x` stands for what x holds.
  Bound entry(NodeId id) {
    Bound out = of(child(id, 0));
    out.extent = element_of(out.extent);
    return out;
  }

  // --- operators ---------------------------------------------------------------------------------

  static Bound both(const Bound& a, const Bound& b) {
    Union united;
    united.add(a.missing);
    united.add(b.missing);
    return {a.cost + b.cost + united.cost(), {}, united.missing()};
  }

  /// All children one after the other, and a step of its own.
  Bound operands(NodeId id) {
    Bound out{{1}, {}, {}};
    Union united;
    for (const NodeId part : node(id).children) {
      const Bound bound = of(part);
      out.cost += bound.cost;
      united.add(bound.missing);
      out.extent = sizes_.extents.larger(out.extent, bound.extent);
    }
    out.cost += united.cost();
    out.missing = united.missing();
    return out;
  }

  Bound list(NodeId id) {
    Bound out = operands(id);
    const Units count{static_cast<std::int64_t>(node(id).children.size())};
    out.cost += Units{list_cost} + count;
    out.extent = sizes_.extents.list(count, out.extent);
    return out;
  }

  /// Keys and values are taken together: each entry is as large as the largest of them.
  Bound map(NodeId id) {
    Bound out = operands(id);
    const Units count{static_cast<std::int64_t>(node(id).children.size())};
    // Of an entry's key and value each is united for itself.
    out.cost += Units{map_cost} + count + out.missing.all();
    out.extent = sizes_.extents.map(count, out.extent.length, out.extent);
    return out;
  }

  Bound call(NodeId id) {
    Bound out{{1}, {}, {}};
    Union united;
    std::vector<Extent> arguments;
    for (const NodeId part : node(id).children) {
      const Bound bound = of(part);
      out.cost += bound.cost;
      united.add(bound.missing);
      arguments.push_back(bound.extent);
    }
    out.cost += united.cost();
    out.missing = united.missing();
    if (program_.steps[id].op == Op::match) {
      out.cost += {arguments[0].length.count / 10 + 1};
      return out;
    }
    const Function* function = program_.steps[id].function;
    if (function->worst == nullptr) return out;
    const Worst worst = function->worst(sizes_.extents, arguments);
    out.cost += worst.cost;
    out.extent = worst.result;
    return out;
  }

  Bound conditional(NodeId id) {
    const Bound condition = of(child(id, 0));
    const Bound then = of(child(id, 1));
    const Bound otherwise = of(child(id, 2));
    return {condition.cost + std::max(then.cost, otherwise.cost),
            sizes_.extents.larger(then.extent, otherwise.extent),
            larger(condition.missing, larger(then.missing, otherwise.missing))};
  }

  /// Texts and lists are joined, anything else is added in one step.
  Bound add(NodeId id) {
    const Bound a = of(child(id, 0));
    const Bound b = of(child(id, 1));
    Bound out = both(a, b);
    out.cost += {1};
    if (is_scalar(type(id))) return out;
    const Units length = a.extent.length + b.extent.length;
    out.cost += is_text(type(id)) ? Units{length.count / 10} : length;
    out.extent = sizes_.extents.larger(a.extent, b.extent);
    out.extent.length = length;
    out.extent.weight = a.extent.weight + b.extent.weight;
    return out;
  }

  /// What comparing a value of the one with one of the other costs.
  static Units comparing(const Type& a, const Extent& first, const Type& b, const Extent& second) {
    if (is_scalar(a) || is_scalar(b)) return {1};
    if (!is_text(a) && !is_text(b)) return first.weight;
    return {std::min(first.length, second.length).count / 10 + 1};
  }

  Bound comparison(NodeId id) {
    const Bound a = of(child(id, 0));
    const Bound b = of(child(id, 1));
    Bound out = both(a, b);
    out.cost += comparing(type(child(id, 0)), a.extent, type(child(id, 1)), b.extent);
    return out;
  }

  Bound membership(NodeId id) {
    const Bound element = of(child(id, 0));
    const Bound in = of(child(id, 1));
    const Type& sought = type(child(id, 0));
    Bound out = both(element, in);
    out.cost += {1};
    if (type(child(id, 1)).kind == TypeKind::map || type(child(id, 1)).kind == TypeKind::object) {
      return out;
    }
    out.cost += in.extent.length * comparing(sought, element.extent, sought, element_of(in.extent));
    return out;
  }

  // --- loops -------------------------------------------------------------------------------------

  /// Every element costs 1 and what its body costs, so nested loops multiply.
  Bound loop(NodeId id) {
    const Bound range = of(child(id, 0));
    const Type& from = type(child(id, 0));
    const bool has_keys = from.kind == TypeKind::map || from.kind == TypeKind::object;
    const Extent keys = has_keys ? Extents::text(range.extent.key_length) : key(range);
    const Extent values = element_of(range.extent);
    const bool has_two = program_.steps[id].has_second;
    const Extent element = has_keys || has_two ? keys : sizes_.extents.larger(values, keys);
    const std::uint8_t slot = program_.steps[id].slot;
    const Local outer = locals_[slot];
    locals_[slot] = {element, values, {}, id};
    Bound body;
    Extent last;
    for (std::size_t i = 1; i < node(id).children.size(); ++i) {
      const Bound part = of(child(id, i));
      body.cost += part.cost;
      body.missing.add(part.missing);
      last = part.extent;
    }
    locals_[slot] = outer;
    const Units count = range.extent.length;
    const Missing& each = body.missing;
    const Missing gathered{each.fixed, std::min(count * each.moving, names_kept_max + each.moving)};
    const Units united =
        each.all().count == 0 ? Units{} : std::min(gathered.all(), names_kept_max) + each.all();
    Bound out{range.cost + count * (Units{1} + body.cost + united), {}, gathered};
    out.missing.add(range.missing);
    if (!is_scalar(type(id))) out.extent = sizes_.facts.open();
    made(id, count, {element, range.extent, last}, out);
    out.cost += converting(id, out.extent);
    return out;
  }

  struct Made {
    const Extent& element;
    const Extent& range;
    const Extent& last;  // of the body
  };

  /// What the loop makes of its elements, and what making it costs beside them.
  void made(NodeId id, Units count, const Made& parts, Bound& out) {
    Extents& extents = sizes_.extents;
    const Extent& last = parts.last;
    switch (node(id).kind) {
      case NodeKind::map_each: out.extent = extents.list(count, last); return;
      case NodeKind::filter: out.extent = extents.list(count, parts.element); return;
      case NodeKind::transform_map:
        out.extent = extents.map(count, parts.range.key_length, last);
        return;
      case NodeKind::transform_entries:
        out.cost += count * last.length;
        out.extent = extents.map(count * last.length, last.key_length, element_of(last));
        return;
      case NodeKind::sort_by: {
        const std::array<Extent, 2> lists = {parts.range, extents.list(count, last)};
        const Worst worst = program_.steps[id].function->worst(extents, lists);
        out.cost += worst.cost;
        out.extent = worst.result;
        return;
      }
      default: return;
    }
  }

  /// The value is worked out once, whether the body uses it or not.
  Bound binding(NodeId id) {
    const Bound value = of(child(id, 0));
    const bool is_plain = node(id).kind == NodeKind::bind;
    const std::uint8_t slot = program_.steps[id].slot;
    const Local outer = locals_[slot];
    locals_[slot] = {is_plain ? value.extent : element_of(value.extent), {}, value.missing, id};
    Bound out = of(child(id, 1));
    locals_[slot] = outer;
    out.cost += value.cost + Units{1};
    out.missing.add(value.missing);
    if (node(id).kind == NodeKind::optional_map) {
      out.extent = sizes_.extents.list({1}, out.extent);
    }
    return out;
  }

  /// What the keys of a value are as elements, when it may be a map and when not.
  static Extent key(const Bound& range) {
    return range.extent.key_length.count == 0 ? Extent{} : Extents::text(range.extent.key_length);
  }

  const Compiled& program_;
  Sizes& sizes_;
  std::vector<Units> costs_;       // of the parts that were looked at
  std::array<Local, 256> locals_;  // by slot, whose type has as many values
};

}  // namespace

Units estimate(const Compiled& program, const Schema& schema) {
  const Compiled* const one = &program;
  return estimate_together({&one, 1}, schema);
}

Units estimate_together(std::span<const Compiled* const> programs, const Schema& schema) {
  Sizes sizes{.schema = schema, .extents = {}, .variables = {}};
  Units total;
  for (const Compiled* program : programs) total += Estimator(*program, sizes).run_whole();
  for (const auto& [variable, bound] : sizes.variables) total += bound.cost;
  return total;
}

}  // namespace holdpoint::policy::cel
