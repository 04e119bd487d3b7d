// See checker.hpp. A node with a mistake is typed dyn, so that one mistake is reported once.
#include "policy/cel/checker.hpp"

#include <algorithm>
#include <array>

#include "base/regex.hpp"
#include "policy/cel/compiled.hpp"
#include "policy/cel/type_rules.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::size_t issues_max = 20;

class Checker {
 public:
  Checker(Tree& tree, const Environment& environment)
      : tree_(tree),
        environment_(environment),
        types_(*environment.schema.types()),
        out_(tree.nodes.size()) {}

  std::expected<std::vector<Annotation>, std::vector<Issue>> run() {
    check(tree_.root);
    if (!issues_.empty()) return std::unexpected(std::move(issues_));
    for (Annotation& annotation : out_) {
      if (annotation.type == nullptr) annotation.type = dyn();
    }
    return std::move(out_);
  }

 private:
  struct Local {
    std::string_view name;
    const Type* type;
    Disclosure disclosure;
  };

  /// Whether a part of the expression reads a field that must not be shown.
  [[nodiscard]] Disclosure disclosure_of(NodeId id) const {
    if (out_[id].disclosure == Disclosure::withheld) return Disclosure::withheld;
    for (const NodeId child : tree_.nodes[id].children) {
      if (disclosure_of(child) == Disclosure::withheld) return Disclosure::withheld;
    }
    return Disclosure::shown;
  }

  const Type* dyn() { return types_.of(TypeKind::dyn); }
  const Type* boolean() { return types_.of(TypeKind::boolean); }

  const Type* issue(NodeId at, std::string message) {
    if (issues_.size() < issues_max) {
      const Place place = place_of(tree_.source, tree_.nodes[at].mark);
      issues_.push_back({std::move(message), place.line, place.column});
    }
    return dyn();
  }

  const Type* check(NodeId id) {
    const Type* type = type_of(id);
    out_[id].type = type;
    return type;
  }

  const Type* type_of(NodeId id) {
    switch (tree_.nodes[id].kind) {
      case NodeKind::constant: return constant(tree_.nodes[id].constant);
      case NodeKind::ident: return ident(id);
      case NodeKind::select: return select(id);
      case NodeKind::has: return has(id);
      case NodeKind::index: return index(id);
      case NodeKind::list: return list(id);
      case NodeKind::map: return map(id);
      case NodeKind::call: return call(id);
      case NodeKind::all:
      case NodeKind::exists:
      case NodeKind::exists_one:
      case NodeKind::map_each:
      case NodeKind::filter: return loop(id);
      case NodeKind::logical_and:
      case NodeKind::logical_or:
        for (const NodeId child : tree_.nodes[id].children) expect_bool(child);
        return boolean();
      case NodeKind::logical_not: expect_bool(tree_.nodes[id].children[0]); return boolean();
      case NodeKind::conditional: return conditional(id);
      case NodeKind::negate: return negate(id);
      case NodeKind::add:
      case NodeKind::subtract:
      case NodeKind::multiply:
      case NodeKind::divide:
      case NodeKind::modulo: return arithmetic(id);
      case NodeKind::equal:
      case NodeKind::not_equal: return equality(id);
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal: return order(id);
      case NodeKind::in: return membership(id);
    }
    return dyn();
  }

  const Type* constant(const Value& value) {
    switch (value.kind()) {
      case Kind::null: return types_.of(TypeKind::null);
      case Kind::boolean: return boolean();
      case Kind::integer: return types_.of(TypeKind::integer);
      case Kind::unsigned_integer: return types_.of(TypeKind::unsigned_integer);
      case Kind::floating: return types_.of(TypeKind::floating);
      case Kind::string: return types_.of(TypeKind::string);
      case Kind::bytes: return types_.of(TypeKind::bytes);
      default: return dyn();
    }
  }

  void expect_bool(NodeId id) {
    const Type* type = check(id);
    if (!fits(*type, TypeKind::boolean)) issue(id, "expected bool, found " + type->text());
  }

  // --- names -------------------------------------------------------------------------------------

  const Type* ident(NodeId id) {
    const Node& node = tree_.nodes[id];
    Annotation& out = out_[id];
    if (node.scoping == Scoping::nearest) {
      for (std::size_t i = locals_.size(); i-- > 0;) {
        if (locals_[i].name != node.name) continue;
        out.reference = Reference::local;
        out.slot = static_cast<std::uint32_t>(i);
        out.disclosure = locals_[i].disclosure;
        return locals_[i].type;
      }
    }
    const ObjectType& root = environment_.schema.root();
    if (const Field* field = root.find(node.name)) {
      out.reference = Reference::fact;
      out.is_declared = true;
      out.disclosure = field->disclosure;
      return field->type;
    }
    if (is_type_name(node.name)) {
      out.reference = Reference::type_name;
      return types_.of(TypeKind::type);
    }
    if (root.additional != nullptr) {
      out.reference = Reference::fact;
      return root.additional;
    }
    std::vector<std::string_view> known;
    for (const Local& local : locals_) known.push_back(local.name);
    for (const Field& field : root.fields) known.push_back(field.name);
    if (node.name == "variables") return issue(id, "no variables are defined before this place");
    return issue(id, "there is no '" + node.name + "'" + suggestion(node.name, known));
  }

  static bool is_type_name(std::string_view name) {
    constexpr std::array<std::string_view, 10> names = {
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type"};
    return std::ranges::find(names, name) != names.end();
  }

  /// variables.<name>, or google.protobuf.Timestamp and Duration; nullptr when it is neither.
  const Type* qualified(NodeId id) {
    const Node& node = tree_.nodes[id];
    const Node& target = tree_.nodes[node.children[0]];
    const bool is_shadowed =
        std::ranges::any_of(locals_, [&](const Local& local) { return local.name == target.name; });
    if (target.kind == NodeKind::ident && target.name == "variables" && !is_shadowed &&
        !environment_.variables.empty()) {
      return variable(id);
    }
    if (target.kind != NodeKind::select || target.name != "protobuf") return nullptr;
    const Node& root = tree_.nodes[target.children[0]];
    if (root.kind != NodeKind::ident || root.name != "google") return nullptr;
    if (node.name != "Timestamp" && node.name != "Duration") return nullptr;
    out_[id].reference = Reference::type_name;
    return types_.of(TypeKind::type);
  }

  const Type* variable(NodeId id) {
    const Node& node = tree_.nodes[id];
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < environment_.variables.size(); ++i) {
      const Variable& candidate = environment_.variables[i];
      known.push_back(candidate.name);
      if (candidate.name != node.name) continue;
      out_[id].reference = Reference::variable;
      out_[id].slot = static_cast<std::uint32_t>(i);
      const auto& read = candidate.program->compiled().disclosures;
      if (std::ranges::find(read, Disclosure::withheld) != read.end()) {
        out_[id].disclosure = Disclosure::withheld;
      }
      return &candidate.program->result_type();
    }
    return issue(id, "there is no variable '" + node.name + "'" + suggestion(node.name, known));
  }

  const Type* field_of(NodeId id, const Type& target, const std::string& name) {
    Annotation& out = out_[id];
    if (is_dyn(target)) return dyn();
    if (target.kind == TypeKind::map) {
      if (!fits(*target.key, TypeKind::string)) {
        return issue(id, "the keys are " + target.key->text() + ", not string");
      }
      return target.element;
    }
    if (target.kind != TypeKind::object) {
      return issue(id, "no such field '" + name + "': " + target.text() + " has no fields");
    }
    if (const Field* field = target.object->find(name)) {
      out.is_declared = true;
      out.disclosure = field->disclosure;
      return field->type;
    }
    if (target.object->additional != nullptr) return target.object->additional;
    std::vector<std::string_view> known;
    for (const Field& field : target.object->fields) known.push_back(field.name);
    return issue(id, "no such field '" + name + "'" + suggestion(name, known));
  }

  const Type* select(NodeId id) {
    if (const Type* found = qualified(id)) return found;
    const Type* target = check(tree_.nodes[id].children[0]);
    return field_of(id, *target, tree_.nodes[id].name);
  }

  const Type* has(NodeId id) {
    const Type* target = check(tree_.nodes[id].children[0]);
    field_of(id, *target, tree_.nodes[id].name);
    return boolean();
  }

  const Type* index(NodeId id) {
    const NodeId target_id = tree_.nodes[id].children[0];
    const NodeId key_id = tree_.nodes[id].children[1];
    const Type* target = check(target_id);
    const Type* key = check(key_id);
    if (is_dyn(*target)) return dyn();
    if (target->kind == TypeKind::list) {
      if (fits(*key, TypeKind::integer)) return target->element;
      return issue(id, "a list is indexed by int, not " + key->text());
    }
    if (target->kind == TypeKind::map) {
      if (comparable(*key, *target->key)) return target->element;
      return issue(id, "the keys are " + target->key->text() + ", not " + key->text());
    }
    if (target->kind != TypeKind::object) {
      return issue(id, "no such overload: " + target->text() + " cannot be indexed");
    }
    if (!fits(*key, TypeKind::string)) {
      return issue(id, "the fields of an object are named by string, not " + key->text());
    }
    Node& node = tree_.nodes[id];
    if (tree_.nodes[key_id].kind != NodeKind::constant) return dyn();
    node.kind = NodeKind::select;
    node.name = std::string(tree_.nodes[key_id].constant.as_text());
    node.children = {target_id};
    return field_of(id, *target, node.name);
  }

  // --- literals ----------------------------------------------------------------------------------

  const Type* joined_or_dyn(const Type* a, const Type* b) {
    const Type* both = joined(types_, a, b);
    return both == nullptr ? dyn() : both;
  }

  const Type* list(NodeId id) {
    const Type* element = nullptr;
    const std::vector<NodeId> children = tree_.nodes[id].children;
    for (const NodeId child : children) element = joined_or_dyn(element, check(child));
    return types_.list_of(element == nullptr ? dyn() : element);
  }

  const Type* map(NodeId id) {
    const Type* key = nullptr;
    const Type* element = nullptr;
    const std::vector<NodeId> children = tree_.nodes[id].children;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      const Type* type = check(children[i]);
      const bool is_key = is_dyn(*type) || type->kind == TypeKind::boolean ||
                          type->kind == TypeKind::integer || type->kind == TypeKind::string ||
                          type->kind == TypeKind::unsigned_integer;
      if (!is_key) issue(children[i], "a map key cannot be " + type->text());
      key = joined_or_dyn(key, type);
      element = joined_or_dyn(element, check(children[i + 1]));
    }
    return types_.map_of(key == nullptr ? dyn() : key, element == nullptr ? dyn() : element);
  }

  // --- operators ---------------------------------------------------------------------------------

  struct Pair {
    const Type* left;
    const Type* right;
  };
  Pair operands(NodeId id) {
    const NodeId left = tree_.nodes[id].children[0];
    const NodeId right = tree_.nodes[id].children[1];
    const Type* first = check(left);
    return {first, check(right)};
  }

  const Type* no_overload(NodeId id, const Pair& pair) {
    return issue(id, "no such overload: " + pair.left->text() + " " +
                         std::string(operator_text(tree_.nodes[id].kind)) + " " +
                         pair.right->text());
  }

  const Type* conditional(NodeId id) {
    const std::vector<NodeId> children = tree_.nodes[id].children;
    expect_bool(children[0]);
    const Type* then = check(children[1]);
    const Type* otherwise = check(children[2]);
    const Type* both = joined(types_, then, otherwise);
    if (both != nullptr) return both;
    return issue(id, "the branches differ: " + then->text() + " and " + otherwise->text());
  }

  const Type* negate(NodeId id) {
    const Type* type = check(tree_.nodes[id].children[0]);
    const bool is_fine =
        is_dyn(*type) || type->kind == TypeKind::integer || type->kind == TypeKind::floating;
    return is_fine ? type : issue(id, "no such overload: -" + type->text());
  }

  const Type* arithmetic(NodeId id) {
    const Pair pair = operands(id);
    const Type* type = arithmetic_type(types_, tree_.nodes[id].kind, *pair.left, *pair.right);
    return type == nullptr ? no_overload(id, pair) : type;
  }

  const Type* equality(NodeId id) {
    const Pair pair = operands(id);
    return comparable(*pair.left, *pair.right) ? boolean() : no_overload(id, pair);
  }

  const Type* order(NodeId id) {
    const Pair pair = operands(id);
    if (is_dyn(*pair.left) || is_dyn(*pair.right)) return boolean();
    if (pair.left->kind != pair.right->kind) return no_overload(id, pair);
    switch (pair.left->kind) {
      case TypeKind::boolean:
      case TypeKind::integer:
      case TypeKind::unsigned_integer:
      case TypeKind::floating:
      case TypeKind::string:
      case TypeKind::bytes:
      case TypeKind::timestamp:
      case TypeKind::duration: return boolean();
      default: return no_overload(id, pair);
    }
  }

  const Type* membership(NodeId id) {
    const Pair pair = operands(id);
    const Type& in = *pair.right;
    if (is_dyn(in)) return boolean();
    if (in.kind == TypeKind::list && comparable(*pair.left, *in.element)) return boolean();
    if (in.kind == TypeKind::map && comparable(*pair.left, *in.key)) return boolean();
    if (in.kind == TypeKind::object && fits(*pair.left, TypeKind::string)) return boolean();
    return no_overload(id, pair);
  }

  // --- loops and calls ---------------------------------------------------------------------------

  const Type* element_of(NodeId range_id, const Type& range) {
    if (is_dyn(range)) return dyn();
    if (range.kind == TypeKind::list) return range.element;
    if (range.kind == TypeKind::map) return range.key;
    if (range.kind == TypeKind::object) return types_.of(TypeKind::string);
    return issue(range_id, "expected a list or a map, found " + range.text());
  }

  const Type* loop(NodeId id) {
    const Node node = tree_.nodes[id];
    const Type* range = check(node.children[0]);
    const Type* element = element_of(node.children[0], *range);
    if (locals_.size() >= environment_.limits.loops_nested_max) {
      return issue(id, "loops nest deeper than " +
                           std::to_string(environment_.limits.loops_nested_max) + " levels");
    }
    out_[id].slot = static_cast<std::uint32_t>(locals_.size());
    locals_.push_back({node.name, element, disclosure_of(node.children[0])});
    const bool is_map = node.kind == NodeKind::map_each;
    const Type* result = boolean();
    if (!is_map || node.children.size() == 3) expect_bool(node.children[1]);
    if (is_map) result = types_.list_of(check(node.children.back()));
    if (node.kind == NodeKind::filter) result = types_.list_of(element);
    locals_.pop_back();
    return result;
  }

  const Type* call(NodeId id) {
    const Node node = tree_.nodes[id];
    std::vector<const Type*> arguments;
    for (const NodeId child : node.children) arguments.push_back(check(child));
    const Function* function = find_function(node.name, node.receiver);
    if (function == nullptr) return unknown_function(id);
    out_[id].function = function;
    const Type* result = nullptr;
    bool is_fitting = false;
    for (const Signature& signature : function->signatures) {
      if (signature.parameters.size() != arguments.size()) continue;
      bool fits_all = true;
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        fits_all = fits_all && fits(*arguments[i], signature.parameters[i]);
      }
      if (!fits_all) continue;
      is_fitting = true;
      result = joined_or_dyn(result, types_.of(signature.result));
    }
    if (!is_fitting) return wrong_arguments(id, arguments);
    if (node.name == "matches") check_pattern(node.children.back());
    return result;
  }

  void check_pattern(NodeId id) {
    const Node& node = tree_.nodes[id];
    if (node.kind != NodeKind::constant) return;
    if (auto regex = Regex::compile(node.constant.as_text()); !regex) {
      issue(id, "the pattern is not a regular expression: " + regex.error());
    }
  }

  const Type* wrong_arguments(NodeId id, const std::vector<const Type*>& arguments) {
    std::string message = "no such overload: ";
    std::size_t first = 0;
    if (tree_.nodes[id].receiver == Receiver::present) {
      message += arguments[0]->text() + ".";
      first = 1;
    }
    message += tree_.nodes[id].name + "(";
    for (std::size_t i = first; i < arguments.size(); ++i) {
      if (i != first) message += ", ";
      message += arguments[i]->text();
    }
    return issue(id, message + ")");
  }

  const Type* unknown_function(NodeId id) {
    const Node& node = tree_.nodes[id];
    const bool is_method = node.receiver == Receiver::present;
    const auto other = is_method ? Receiver::absent : Receiver::present;
    if (find_function(node.name, other) != nullptr) {
      return issue(id, is_method ? "'" + node.name + "' is written " + node.name + "(x)"
                                 : "'" + node.name + "' is written x." + node.name + "()");
    }
    std::vector<std::string_view> known = {"all", "exists", "exists_one", "map", "filter", "has"};
    for (const Function& function : functions()) known.push_back(function.name);
    return issue(id, "there is no function '" + node.name + "' with these arguments" +
                         suggestion(node.name, known));
  }

  Tree& tree_;
  const Environment& environment_;
  TypeStore& types_;
  std::vector<Annotation> out_;
  std::vector<Local> locals_;
  std::vector<Issue> issues_;
};

}  // namespace

std::expected<std::vector<Annotation>, std::vector<Issue>> check(Tree& tree,
                                                                 const Environment& environment) {
  return Checker(tree, environment).run();
}

}  // namespace holdpoint::policy::cel
