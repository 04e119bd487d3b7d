// See fact_place.hpp.
#include "policy/fact_place.hpp"

namespace holdpoint::policy {

using cel::Kind;
using cel::NodeId;
using cel::Op;
using cel::Step;
using cel::Value;

void FactPlaces::bind(NodeId loop, std::optional<FactPath> element) {
  bound_[evaluator_.program().steps[loop].slot] = std::move(element);
}

std::optional<FactPath> FactPlaces::of(NodeId id) {
  const cel::Compiled& program = evaluator_.program();
  const Step& step = program.steps[id];
  const auto& children = program.tree.nodes[id].children;
  switch (step.op) {
    case Op::path: {
      FactPath path;
      for (std::uint32_t i = 0; i < step.path_count; ++i) {
        path.emplace_back(std::string(program.path_fields[step.path + i].name));
      }
      return path.front() == FactStep("now") ? std::nullopt : std::optional(std::move(path));
    }
    case Op::local: return bound_[step.slot];
    case Op::local_field:
    case Op::select: {
      auto path = of(children[0]);
      if (path) path->emplace_back(std::string(step.name));
      return path;
    }
    case Op::index: {
      auto path = of(children[0]);
      const Value key = evaluator_.eval(children[1]);
      if (!path) return path;
      if (key.is(Kind::string)) {
        path->emplace_back(std::string(key.as_text()));
      } else if (key.is(Kind::integer) && key.as_int() >= 0) {
        path->emplace_back(static_cast<std::size_t>(key.as_int()));
      } else {
        return std::nullopt;
      }
      return path;
    }
    case Op::variable: {
      const cel::Compiled& inner = *program.variables[step.variable].program;
      cel::Evaluator evaluator(inner, evaluator_.session());
      return FactPlaces(evaluator).of(inner.tree.root);
    }
    default: return std::nullopt;
  }
}

std::optional<std::vector<FactPath>> FactPlaces::of_elements(NodeId id) {
  const cel::Compiled& program = evaluator_.program();
  const Step& step = program.steps[id];
  if (step.op == Op::variable) {
    const cel::Compiled& inner = *program.variables[step.variable].program;
    cel::Evaluator evaluator(inner, evaluator_.session());
    return FactPlaces(evaluator).of_elements(inner.tree.root);
  }
  if (step.op == Op::filter) return of_filtered(id);
  const auto whole = of(id);
  if (!whole) return std::nullopt;
  const Value value = evaluator_.eval(id);
  if (!value.is(Kind::list) && !value.is(Kind::map)) return std::nullopt;
  evaluator_.session().charge(static_cast<std::int64_t>(value.count()));
  std::vector<FactPath> out;
  for (std::size_t i = 0; i < value.count(); ++i) {
    if (evaluator_.session().is_exhausted()) return std::nullopt;
    out.push_back(*whole);
    if (value.is(Kind::list)) {
      out.back().emplace_back(i);
    } else {
      out.back().emplace_back(std::string(value.key_at(i).as_text()));
    }
  }
  return out;
}

/// The elements of its range that the filter lets through. Binds the filter's own name only, before
/// any loop over its result is bound.
std::optional<std::vector<FactPath>> FactPlaces::of_filtered(NodeId filter) {
  const auto& children = evaluator_.program().tree.nodes[filter].children;
  const auto all = of_elements(children[0]);
  if (!all) return std::nullopt;
  const Value range = evaluator_.eval(children[0]);
  if (!range.is(Kind::list)) return std::nullopt;
  std::vector<FactPath> out;
  for (std::size_t i = 0; i < all->size(); ++i) {
    evaluator_.bind(filter, range, i);
    bind(filter, (*all)[i]);
    if (evaluator_.eval(children[1]).is_true()) out.push_back((*all)[i]);
  }
  return out;
}

}  // namespace holdpoint::policy
