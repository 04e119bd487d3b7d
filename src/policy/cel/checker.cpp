// See checker.hpp. A node with a mistake is typed dyn, so that one mistake is reported once.
#include "policy/cel/checker.hpp"

#include "policy/cel/check_walk.hpp"
#include "policy/cel/type_rules.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::size_t issues_max = 20;
constexpr std::size_t type_text_max = 200;

}  // namespace

std::expected<Checked, std::vector<Issue>> CheckWalk::run() {
  check(tree_.root);
  for (Annotation& annotation : out_) {
    annotation.type = annotation.type == nullptr ? dyn() : unification_.settled(annotation.type);
  }
  if (unification_.is_exhausted())
    refuse(tree_.root, "the types of the expression are too involved");
  if (!issues_.empty()) return std::unexpected(std::move(issues_));
  return Checked{std::move(out_), std::move(store_)};
}

/// Whether a part of the expression reads a field that must not be shown.
Disclosure CheckWalk::disclosure_of(NodeId id) const {
  if (out_[id].disclosure == Disclosure::withheld) return Disclosure::withheld;
  for (const NodeId child : tree_.nodes[id].children) {
    if (disclosure_of(child) == Disclosure::withheld) return Disclosure::withheld;
  }
  return Disclosure::shown;
}

/// A mistake in types, which an evaluation would meet as an error.
const Type* CheckWalk::issue(NodeId at, std::string message) {
  if (environment_.options.checking == Checking::names) return dyn();
  return refuse(at, std::move(message));
}

/// A mistake that no evaluation could meet.
const Type* CheckWalk::refuse(NodeId at, std::string message) {
  if (issues_.size() < issues_max) {
    const Place place = place_of(tree_.source, node(at).mark);
    issues_.push_back({std::move(message), place.line, place.column});
  }
  return dyn();
}

/// A name that leads nowhere.
const Type* CheckWalk::unresolved(NodeId at, std::string message) {
  if (environment_.options.checking == Checking::types) return refuse(at, std::move(message));
  out_[at].failure = std::move(message);
  return dyn();
}

std::string CheckWalk::text(const Type* type) {
  std::string out = unification_.resolved(type)->text();
  if (out.size() > type_text_max) out = out.substr(0, type_text_max) + "…";
  return out;
}

const Type* CheckWalk::check(NodeId id) {
  const Type* type = type_of(id);
  out_[id].type = type;
  return type;
}

const Type* CheckWalk::type_of(NodeId id) {
  switch (node(id).kind) {
    case NodeKind::constant: return constant(node(id).constant);
    case NodeKind::ident: return ident(id);
    case NodeKind::select:
    case NodeKind::optional_select: return select(id);
    case NodeKind::has: return has(id);
    case NodeKind::index:
    case NodeKind::optional_index: return index(id);
    case NodeKind::list: return list(id);
    case NodeKind::map: return map(id);
    case NodeKind::optional_entry: return entry(id);
    case NodeKind::call: return call(id);
    case NodeKind::all:
    case NodeKind::exists:
    case NodeKind::exists_one:
    case NodeKind::map_each:
    case NodeKind::filter:
    case NodeKind::transform_map:
    case NodeKind::transform_entries:
    case NodeKind::sort_by: return loop(id);
    case NodeKind::bind:
    case NodeKind::optional_map:
    case NodeKind::optional_flat_map: return binding(id);
    case NodeKind::logical_and:
    case NodeKind::logical_or:
      for (const NodeId child : node(id).children) expect_bool(child);
      return boolean();
    case NodeKind::logical_not: expect_bool(node(id).children[0]); return boolean();
    case NodeKind::conditional: return conditional(id);
    case NodeKind::negate:
    case NodeKind::add:
    case NodeKind::subtract:
    case NodeKind::multiply:
    case NodeKind::divide:
    case NodeKind::modulo:
    case NodeKind::equal:
    case NodeKind::not_equal:
    case NodeKind::less:
    case NodeKind::less_equal:
    case NodeKind::greater:
    case NodeKind::greater_equal:
    case NodeKind::in: return operation(id);
  }
  return dyn();
}

const Type* CheckWalk::constant(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return TypeStore::of(TypeKind::null);
    case Kind::boolean: return boolean();
    case Kind::integer: return TypeStore::of(TypeKind::integer);
    case Kind::unsigned_integer: return TypeStore::of(TypeKind::unsigned_integer);
    case Kind::floating: return TypeStore::of(TypeKind::floating);
    case Kind::string: return TypeStore::of(TypeKind::string);
    case Kind::bytes: return TypeStore::of(TypeKind::bytes);
    default: return dyn();
  }
}

void CheckWalk::expect_bool(NodeId id) {
  const Type* type = check(id);
  if (!unification_.agree(type, boolean())) issue(id, "expected bool, found " + text(type));
}

// --- literals ------------------------------------------------------------------------------------

const Type* CheckWalk::joined_or_dyn(const Type* a, const Type* b) {
  const Type* both = unification_.joined(a, b);
  return both == nullptr ? dyn() : both;
}

/// `?x` in a list, `?k: v` in a map: the optional value is there or is left out.
const Type* CheckWalk::entry(NodeId id) {
  const NodeId child = node(id).children[0];
  const Type* element = unification_.fresh();
  const Type* found = check(child);
  if (unification_.agree(found, types_.optional_of(element))) return element;
  return issue(child, "after '?' an optional is needed, found " + text(found));
}

const Type* CheckWalk::list(NodeId id) {
  const Type* element = nullptr;
  const std::vector<NodeId> children = node(id).children;
  for (const NodeId child : children) element = joined_or_dyn(element, check(child));
  return types_.list_of(element == nullptr ? unification_.fresh() : element);
}

const Type* CheckWalk::map(NodeId id) {
  const Type* key = nullptr;
  const Type* element = nullptr;
  const std::vector<NodeId> children = node(id).children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Type* type = known(children[i]);
    if (!may_be_key(*type)) issue(children[i], "a map key cannot be " + text(type));
    key = joined_or_dyn(key, type);
    element = joined_or_dyn(element, check(children[i + 1]));
  }
  return types_.map_of(key == nullptr ? unification_.fresh() : key,
                       element == nullptr ? unification_.fresh() : element);
}

// --- operators -----------------------------------------------------------------------------------

const Type* CheckWalk::conditional(NodeId id) {
  const std::vector<NodeId> children = node(id).children;
  expect_bool(children[0]);
  const Type* then = check(children[1]);
  const Type* otherwise = check(children[2]);
  const Type* both = unification_.joined(then, otherwise);
  if (both != nullptr) return both;
  return issue(id, "the branches differ: " + text(then) + " and " + text(otherwise));
}

const Type* CheckWalk::operation(NodeId id) {
  const std::vector<NodeId> children = node(id).children;
  std::vector<const Type*> operands;
  for (const NodeId child : children) operands.push_back(check(child));
  const NodeKind kind = node(id).kind;
  const Type* in = kind == NodeKind::in ? unification_.resolved(operands[1]) : nullptr;
  if (in != nullptr && in->kind == TypeKind::object) {
    operands[1] = types_.map_of(TypeStore::of(TypeKind::string), dyn());
  }
  const Type* result = overload(operator_overloads(kind), operands);
  if (result != nullptr) return result;
  const std::string symbol(operator_text(kind));
  if (operands.size() == 1) return issue(id, "no such overload: " + symbol + text(operands[0]));
  const std::string right = in == nullptr ? text(operands[1]) : in->text();
  return issue(id, "no such overload: " + text(operands[0]) + " " + symbol + " " + right);
}

const Type* CheckWalk::index(NodeId id) {
  const Type* target = known(node(id).children[0]);
  const Type* key = known(node(id).children[1]);
  const Type* inner = optional_element(*target);
  if (inner == nullptr && node(id).kind == NodeKind::index) return element_at(id, target, key);
  return types_.optional_of(element_at(id, inner == nullptr ? target : inner, key));
}

const Type* CheckWalk::element_at(NodeId id, const Type* target, const Type* key) {
  switch (target->kind) {
    case TypeKind::dyn: return dyn();
    case TypeKind::parameter: {
      const Type* element = unification_.fresh();
      const bool is_place = unification_.agree(key, TypeStore::of(TypeKind::integer));
      unification_.agree(is_place ? types_.list_of(element) : types_.map_of(key, element), target);
      return element;
    }
    case TypeKind::list:
      if (unification_.agree(key, TypeStore::of(TypeKind::integer))) return target->element;
      return issue(id, "a list is indexed by int, not " + text(key));
    case TypeKind::map:
      if (unification_.agree(key, target->key)) return target->element;
      return issue(id, "the keys are " + text(target->key) + ", not " + text(key));
    case TypeKind::object: break;
    default: return issue(id, "no such overload: " + text(target) + " cannot be indexed");
  }
  if (!unification_.agree(key, TypeStore::of(TypeKind::string))) {
    return issue(id, "the fields of an object are named by string, not " + text(key));
  }
  const NodeId key_id = node(id).children[1];
  if (node(key_id).kind != NodeKind::constant) return dyn();
  Node& selection = node(id);
  selection.kind = selection.kind == NodeKind::index ? NodeKind::select : NodeKind::optional_select;
  selection.name = std::string(node(key_id).constant.as_text());
  selection.children = {selection.children[0]};
  return field_of(id, target, selection.name);
}

std::expected<Checked, std::vector<Issue>> check(Tree& tree, const Environment& environment) {
  return CheckWalk(tree, environment).run();
}

}  // namespace holdpoint::policy::cel
