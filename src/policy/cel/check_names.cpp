// Names and fields. A name may have dots, and a chain of selects is first tried as one: the longest
// that is known wins, in the container before outside of it. The name of a loop comes before all,
// except where a leading dot asks for the outermost.
#include <algorithm>
#include <array>

#include "policy/cel/check_walk.hpp"
#include "policy/cel/compiled.hpp"
#include "policy/cel/type_rules.hpp"

namespace holdpoint::policy::cel {

const CheckWalk::Local* CheckWalk::local(std::string_view name) const {
  for (std::size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i].name == name) return &locals_[i];
  }
  return nullptr;
}

std::vector<std::string> CheckWalk::candidates(std::string_view name, Scoping scoping) const {
  std::vector<std::string> out;
  std::string_view container = environment_.options.container;
  while (scoping == Scoping::nearest && !container.empty()) {
    out.push_back(std::string(container) + "." + std::string(name));
    const auto dot = container.rfind('.');
    container = dot == std::string_view::npos ? std::string_view() : container.substr(0, dot);
  }
  out.emplace_back(name);
  return out;
}

const Node& CheckWalk::leading(NodeId id) const {
  const Node* at = &tree_.nodes[id];
  while (at->kind == NodeKind::select) at = &tree_.nodes[at->children[0]];
  return *at;
}

std::optional<std::string> CheckWalk::chain(NodeId id) const {
  const Node& node = tree_.nodes[id];
  if (node.kind == NodeKind::ident) return node.name;
  if (node.kind != NodeKind::select) return std::nullopt;
  auto target = chain(node.children[0]);
  if (target) *target += "." + node.name;
  return target;
}

/// The type of what has the name, which the annotation then refers to; nullptr when nothing has.
const Type* CheckWalk::resolve(NodeId id, std::string_view name, Scoping scoping) {
  const ObjectType& root = environment_.schema.root();
  Annotation& out = out_[id];
  for (const std::string& candidate : candidates(name, scoping)) {
    if (const Field* field = root.find(candidate)) {
      out.reference = Reference::fact;
      out.name = candidate;
      out.is_declared = true;
      out.disclosure = field->disclosure;
      return field->type;
    }
    if (const Type* type = type_named(id, candidate)) return type;
  }
  return nullptr;
}

const Type* CheckWalk::type_named(NodeId id, const std::string& name) {
  struct NamedType {
    std::string_view name;
    std::string_view text;
  };
  constexpr std::array<NamedType, 13> names = {{{"bool", "bool"},
                                                {"int", "int"},
                                                {"uint", "uint"},
                                                {"double", "double"},
                                                {"string", "string"},
                                                {"bytes", "bytes"},
                                                {"list", "list(dyn)"},
                                                {"map", "map(dyn, dyn)"},
                                                {"null_type", "null_type"},
                                                {"type", "type"},
                                                {"google.protobuf.Timestamp", "timestamp"},
                                                {"google.protobuf.Duration", "duration"},
                                                {optional_type_name, "optional_type(dyn)"}}};
  const auto* found = std::ranges::find(names, name, &NamedType::name);
  if (found == names.end()) return nullptr;
  out_[id].reference = Reference::type_name;
  out_[id].name = name;
  return types_.type_of(*read_type(found->text, types_));
}

const Type* CheckWalk::ident(NodeId id) {
  const Node& name = node(id);
  Annotation& out = out_[id];
  const Local* found = name.scoping == Scoping::nearest ? local(name.name) : nullptr;
  if (found != nullptr) {
    out.reference = found->reference;
    out.slot = found->slot;
    out.disclosure = found->disclosure;
    return found->type;
  }
  if (const Type* type = resolve(id, name.name, name.scoping)) return type;
  const ObjectType& root = environment_.schema.root();
  if (root.additional != nullptr) {
    out.reference = Reference::fact;
    out.name = name.name;
    return root.additional;
  }
  std::vector<std::string_view> close;
  for (const Local& candidate : locals_) close.push_back(candidate.name);
  for (const Field& field : root.fields) close.push_back(field.name);
  if (name.name == "variables") {
    return unresolved(id, "no variables are defined before this place");
  }
  return unresolved(id, "there is no '" + name.name + "'" + suggestion(name.name, close));
}

/// variables.<name>, or a name with dots; nullptr when it is neither.
const Type* CheckWalk::qualified(NodeId id) {
  const Node& first = leading(id);
  if (first.kind != NodeKind::ident) return nullptr;
  if (first.scoping == Scoping::nearest && local(first.name) != nullptr) return nullptr;
  const Node& target = node(node(id).children[0]);
  if (target.kind == NodeKind::ident && target.name == "variables" &&
      !environment_.options.variables.empty()) {
    return variable(id);
  }
  return resolve(id, *chain(id), first.scoping);
}

const Type* CheckWalk::variable(NodeId id) {
  const std::string& name = node(id).name;
  std::vector<std::string_view> close;
  const std::vector<Variable>& variables = environment_.options.variables;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Variable& candidate = variables[i];
    close.push_back(candidate.name);
    if (candidate.name != name) continue;
    out_[id].reference = Reference::variable;
    out_[id].slot = static_cast<std::uint32_t>(i);
    const auto& read = candidate.program->compiled().disclosures;
    if (std::ranges::find(read, Disclosure::withheld) != read.end()) {
      out_[id].disclosure = Disclosure::withheld;
    }
    return &candidate.program->result_type();
  }
  return unresolved(id, "there is no variable '" + name + "'" + suggestion(name, close));
}

/// Whether the chain begins with a name that has a value, so that it cannot be a namespace.
bool CheckWalk::is_variable(NodeId id) const {
  const Node& first = leading(id);
  if (first.kind != NodeKind::ident) return true;
  if (first.scoping == Scoping::nearest && local(first.name) != nullptr) return true;
  const ObjectType& root = environment_.schema.root();
  return std::ranges::any_of(
      candidates(first.name, first.scoping),
      [&](const std::string& candidate) { return root.find(candidate) != nullptr; });
}

const Type* CheckWalk::select(NodeId id) {
  const bool is_optional = node(id).kind == NodeKind::optional_select;
  if (!is_optional) {
    if (const Type* found = qualified(id)) return found;
  }
  const Type* target = known(node(id).children[0]);
  const Type* inner = optional_element(*target);
  const Type* field = field_of(id, inner == nullptr ? target : inner, node(id).name);
  return is_optional || inner != nullptr ? types_.optional_of(field) : field;
}

const Type* CheckWalk::has(NodeId id) {
  const Type* target = known(node(id).children[0]);
  const Type* inner = optional_element(*target);
  field_of(id, inner == nullptr ? target : inner, node(id).name);
  return boolean();
}

const Type* CheckWalk::field_of(NodeId id, const Type* target, const std::string& name) {
  Annotation& out = out_[id];
  if (is_dyn(*target)) return dyn();
  if (target->kind == TypeKind::parameter) {
    unification_.agree(dyn(), target);
    return dyn();
  }
  if (target->kind == TypeKind::map) {
    if (unification_.agree(TypeStore::of(TypeKind::string), target->key)) return target->element;
    return issue(id, "the keys are " + text(target->key) + ", not string");
  }
  if (target->kind != TypeKind::object) {
    return issue(id, "no such field '" + name + "': " + text(target) + " has no fields");
  }
  if (const Field* field = target->object->find(name)) {
    out.is_declared = true;
    out.disclosure = field->disclosure;
    return field->type;
  }
  if (target->object->additional != nullptr) return target->object->additional;
  std::vector<std::string_view> close;
  for (const Field& field : target->object->fields) close.push_back(field.name);
  return issue(id, "no such field '" + name + "'" + suggestion(name, close));
}

}  // namespace holdpoint::policy::cel
