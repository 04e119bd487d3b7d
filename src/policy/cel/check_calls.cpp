// Calls, loops and the names that they bind. Of all overloads that fit, the result is their common
// type, or dyn when they differ.
#include "base/regex.hpp"
#include "policy/cel/check_walk.hpp"
#include "policy/cel/compiled.hpp"
#include "policy/cel/type_rules.hpp"

namespace holdpoint::policy::cel {

// --- calls ---------------------------------------------------------------------------------------

/// The result of those overloads that fit; nullptr when none does.
const Type* CheckWalk::overload(std::span<const Overload> overloads,
                                std::span<const Type* const> arguments) {
  const Type* result = nullptr;
  std::vector<const Type*> parameters;
  for (const Overload& candidate : overloads) {
    if (candidate.parameters.size() != arguments.size()) continue;
    const Type* one = candidate.result;
    parameters = candidate.parameters;
    if (candidate.type_parameters != 0) {
      const std::uint32_t first = unification_.fresh(candidate.type_parameters);
      for (const Type*& parameter : parameters) parameter = unification_.instance(parameter, first);
      one = unification_.instance(one, first);
    }
    if (!unification_.agree(arguments, parameters)) continue;
    one = unification_.resolved(one);
    if (result == nullptr) {
      result = one;
    } else if (!same_type(*result, *one)) {
      result = dyn();
    }
  }
  return result;
}

std::vector<const Function*> CheckWalk::functions_named(std::string_view name,
                                                        Receiver receiver) const {
  std::vector<const Function*> out;
  if (const Function* row = find_function(name, receiver)) out.push_back(row);
  if (environment_.options.functions == nullptr) return out;
  for (const Function& declared : *environment_.options.functions) {
    if (declared.name == name && declared.receiver == receiver) out.push_back(&declared);
  }
  return out;
}

/// math.abs(x): a call of "math.abs", unless `math` has a value. The tree then says so.
void CheckWalk::take_namespace(NodeId id) {
  Node& called = node(id);
  if (called.receiver == Receiver::absent) {
    for (const std::string& candidate : candidates(called.name, called.scoping)) {
      if (functions_named(candidate, Receiver::absent).empty()) continue;
      called.name = candidate;
      return;
    }
    return;
  }
  const NodeId target = called.children[0];
  const auto prefix = chain(target);
  if (!prefix || is_variable(target)) return;
  for (const std::string& candidate :
       candidates(*prefix + "." + called.name, leading(target).scoping)) {
    if (functions_named(candidate, Receiver::absent).empty()) continue;
    called.name = candidate;
    called.receiver = Receiver::absent;
    called.children.erase(called.children.begin());
    return;
  }
}

const Type* CheckWalk::call(NodeId id) {
  take_namespace(id);
  const std::vector<NodeId> children = node(id).children;
  const auto functions = functions_named(node(id).name, node(id).receiver);
  if (functions.empty()) return unknown_function(id);
  std::vector<const Type*> arguments;
  for (const NodeId child : children) arguments.push_back(check(child));
  const Type* result = nullptr;
  bool has_arity = false;
  for (const Function* function : functions) {
    const bool is_declared = function != find_function(function->name, function->receiver);
    std::vector<Overload> own;
    if (is_declared) own = overloads_of(*function, types_);
    const auto overloads = is_declared ? std::span<const Overload>(own) : overloads_of(*function);
    for (const Overload& candidate : overloads) {
      has_arity = has_arity || candidate.parameters.size() == arguments.size();
    }
    const Type* one = overload(overloads, arguments);
    if (out_[id].function == nullptr || (one != nullptr && result == nullptr)) {
      out_[id].function = function;
    }
    if (one != nullptr) result = result == nullptr ? one : joined_or_dyn(result, one);
  }
  if (!has_arity) return unresolved(id, wrong_arguments(id, arguments));
  if (result == nullptr) return issue(id, wrong_arguments(id, arguments));
  if (node(id).name == "matches") check_pattern(children.back());
  return result;
}

void CheckWalk::check_pattern(NodeId id) {
  const Node& pattern = node(id);
  if (pattern.kind != NodeKind::constant || !pattern.constant.is(Kind::string)) return;
  if (auto regex = Regex::compile(pattern.constant.as_text()); !regex) {
    issue(id, "the pattern is not a regular expression: " + regex.error());
  }
}

std::string CheckWalk::wrong_arguments(NodeId id, const std::vector<const Type*>& arguments) {
  std::string message = "no such overload: ";
  std::size_t first = 0;
  if (node(id).receiver == Receiver::present) {
    message += text(arguments[0]) + ".";
    first = 1;
  }
  message += node(id).name + "(";
  for (std::size_t i = first; i < arguments.size(); ++i) {
    if (i != first) message += ", ";
    message += text(arguments[i]);
  }
  return message + ")";
}

const Type* CheckWalk::unknown_function(NodeId id) {
  const std::string& name = node(id).name;
  const bool is_method = node(id).receiver == Receiver::present;
  const auto other = is_method ? Receiver::absent : Receiver::present;
  if (find_function(name, other) != nullptr) {
    return unresolved(id, is_method ? "'" + name + "' is written " + name + "(x)"
                                    : "'" + name + "' is written x." + name + "()");
  }
  std::vector<std::string_view> close = {"all", "exists", "exists_one", "map", "filter", "has"};
  for (const Function& function : functions()) close.push_back(function.name);
  return unresolved(
      id, "there is no function '" + name + "' with these arguments" + suggestion(name, close));
}

// --- loops and bindings --------------------------------------------------------------------------

/// A place for the values of the names that a node binds; false when there is none.
bool CheckWalk::open_slot(NodeId id) {
  if (slots_ >= local_slots_max) {
    refuse(id, "names are bound deeper than " + std::to_string(local_slots_max) + " levels");
    return false;
  }
  out_[id].slot = slots_++;
  return true;
}

CheckWalk::Elements CheckWalk::elements_of(NodeId range_id, const Type* range, bool has_two) {
  const Type* integer = TypeStore::of(TypeKind::integer);
  const Type* string = TypeStore::of(TypeKind::string);
  switch (range->kind) {
    case TypeKind::dyn: return {dyn(), dyn()};
    case TypeKind::parameter: unification_.agree(dyn(), range); return {dyn(), dyn()};
    case TypeKind::list:
      if (has_two) return {integer, range->element};
      return {range->element, nullptr};
    case TypeKind::map: return {range->key, range->element};
    case TypeKind::object: return {string, dyn()};
    default:
      issue(range_id, "expected a list or a map, found " + text(range));
      return {dyn(), dyn()};
  }
}

const Type* CheckWalk::loop(NodeId id) {
  const Node loop = node(id);
  const NodeId range_id = loop.children[0];
  const Type* range = known(range_id);
  const bool has_two = !loop.second.empty();
  const Elements elements = elements_of(range_id, range, has_two);
  const std::size_t nested_max = environment_.options.limits.loops_nested_max;
  if (loops_ >= nested_max) {
    return refuse(id, "loops nest deeper than " + std::to_string(nested_max) + " levels");
  }
  if (!open_slot(id)) return dyn();
  ++loops_;
  const std::size_t outside = locals_.size();
  const Disclosure disclosure = disclosure_of(range_id);
  const std::uint32_t slot = out_[id].slot;
  locals_.push_back({loop.name, elements.first, disclosure, Reference::local, slot});
  if (has_two) {
    locals_.push_back({loop.second, elements.second, disclosure, Reference::second_local, slot});
  }
  const Type* result = loop_result(id, elements, range);
  locals_.resize(outside);
  --loops_;
  --slots_;
  return result;
}

const Type* CheckWalk::loop_result(NodeId id, const Elements& elements, const Type* range) {
  const std::vector<NodeId> children = node(id).children;
  const NodeKind kind = node(id).kind;
  const bool makes = kind == NodeKind::map_each || kind == NodeKind::transform_map ||
                     kind == NodeKind::transform_entries || kind == NodeKind::sort_by;
  if (!makes || children.size() == 3) expect_bool(children[1]);
  if (kind == NodeKind::filter) return types_.list_of(elements.first);
  if (!makes) return boolean();
  const Type* made = check(children.back());
  if (kind == NodeKind::map_each) return types_.list_of(made);
  if (kind == NodeKind::transform_map) return types_.map_of(elements.first, made);
  if (kind == NodeKind::transform_entries) {
    const Type* map = types_.map_of(unification_.fresh(), unification_.fresh());
    if (unification_.agree(made, map)) return unification_.resolved(map);
    return issue(children.back(), "expected a map, found " + text(made));
  }
  if (is_map_like(*range)) return issue(children[0], "expected a list, found " + text(range));
  return types_.list_of(elements.first);
}

/// cel.bind(name, value, body), x.optMap(name, body), x.optFlatMap(name, body).
const Type* CheckWalk::binding(NodeId id) {
  const Node binding = node(id);
  const Type* value = check(binding.children[0]);
  if (binding.kind != NodeKind::bind) {
    const Type* element = unification_.fresh();
    if (!unification_.agree(value, types_.optional_of(element))) {
      issue(binding.children[0], "expected an optional, found " + text(value));
    }
    value = element;
  }
  if (!open_slot(id)) return dyn();
  locals_.push_back(
      {binding.name, value, disclosure_of(binding.children[0]), Reference::local, out_[id].slot});
  const Type* body = check(binding.children[1]);
  locals_.pop_back();
  --slots_;
  if (binding.kind == NodeKind::bind) return body;
  if (binding.kind == NodeKind::optional_map) return types_.optional_of(body);
  const Type* result = types_.optional_of(unification_.fresh());
  if (unification_.agree(body, result)) return unification_.resolved(result);
  return issue(binding.children[1], "expected an optional, found " + text(body));
}

}  // namespace holdpoint::policy::cel
