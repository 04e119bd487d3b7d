// See whole_use.hpp.
#include "policy/cel/whole_use.hpp"

#include <set>

namespace holdpoint::policy::cel {
namespace {

/// Calls that look at how many there are, or whether there is one, and no further.
bool asks_for_presence(const Node& call) { return call.name == "size" || call.name == "hasValue"; }

/// Calls whose value is that of a child.
bool chooses(const Node& call) {
  return call.receiver == Receiver::present && (call.name == "or" || call.name == "orValue");
}

const Type& held_by(const Type& type) {
  const Type* inner = optional_element(type);
  return inner == nullptr ? type : *inner;
}

class UseWalk {
 public:
  UseWalk(const Tree& tree, const std::vector<Annotation>& annotations)
      : tree_(tree), annotations_(annotations), whole_(tree.nodes.size(), false) {}

  /// Parents have higher numbers than their children.
  std::vector<bool> run() {
    for (NodeId id = static_cast<NodeId>(tree_.nodes.size()); id-- > 0;) {
      const auto& children = tree_.nodes[id].children;
      for (std::size_t i = 0; i < children.size(); ++i) whole_[children[i]] = uses_whole(id, i);
    }
    return std::move(whole_);
  }

 private:
  [[nodiscard]] const Type& type(NodeId id) const { return *annotations_[id].type; }

  /// How the node uses its child at the place.
  [[nodiscard]] bool uses_whole(NodeId id, std::size_t place) const {
    const Node& node = tree_.nodes[id];
    switch (node.kind) {
      case NodeKind::select:
      case NodeKind::has:
      case NodeKind::optional_select: return false;
      case NodeKind::index:
      case NodeKind::optional_index:
      case NodeKind::optional_map:
      case NodeKind::optional_flat_map: return place != 0;
      case NodeKind::bind: return place == 1 && passes_on(id, place);
      case NodeKind::conditional: return place == 0 || passes_on(id, place);
      case NodeKind::in: return place == 0 || is_list(type(node.children[1]));
      case NodeKind::call:
        if (chooses(node)) return passes_on(id, place);
        return !asks_for_presence(node);
      default: return !is_loop(node.kind) || place != 0;
    }
  }

  /// A child that becomes the node's value is used as that is, unless its type is lost.
  [[nodiscard]] bool passes_on(NodeId id, std::size_t place) const {
    const NodeId child = tree_.nodes[id].children[place];
    return whole_[id] || !same_type(held_by(type(id)), held_by(type(child)));
  }

  static bool is_list(const Type& type) {
    return type.kind != TypeKind::map && type.kind != TypeKind::object;
  }

  const Tree& tree_;
  const std::vector<Annotation>& annotations_;
  std::vector<bool> whole_;
};

/// Objects may hold themselves.
bool has_conversion(const Type* type, std::set<const ObjectType*>& seen) {
  if (conversion(type) != nullptr) return true;
  switch (type->kind) {
    case TypeKind::list:
    case TypeKind::map: return has_conversion(type->element, seen);
    case TypeKind::abstract: {
      const Type* inner = optional_element(*type);
      return inner != nullptr && has_conversion(inner, seen);
    }
    case TypeKind::object: {
      const ObjectType* object = type->object;
      if (!seen.insert(object).second) return false;
      for (const Field& field : object->fields) {
        if (has_conversion(field.type, seen)) return true;
      }
      return object->additional != nullptr && has_conversion(object->additional, seen);
    }
    default: return false;
  }
}

}  // namespace

std::vector<bool> whole_uses(const Tree& tree, const std::vector<Annotation>& annotations) {
  return UseWalk(tree, annotations).run();
}

const Type* conversion(const Type* type) {
  switch (type->kind) {
    case TypeKind::timestamp:
    case TypeKind::duration:
    case TypeKind::bytes:
    case TypeKind::unsigned_integer:
    case TypeKind::floating: return type;
    case TypeKind::list: return conversion(type->element) == nullptr ? nullptr : type;
    case TypeKind::abstract: {
      const Type* inner = optional_element(*type);
      return inner == nullptr ? nullptr : conversion(inner);
    }
    default: return nullptr;
  }
}

bool is_plain(const Type& type) {
  switch (type.kind) {
    case TypeKind::dyn:
    case TypeKind::null:
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::string:
    case TypeKind::type:
    case TypeKind::parameter: return true;
    case TypeKind::list:
    case TypeKind::map: return is_plain(*type.element);
    default: return false;
  }
}

const Type* whole_conversion(const Type* type) {
  std::set<const ObjectType*> seen;
  if (!has_conversion(type, seen)) return nullptr;
  const Type* inner = optional_element(*type);
  return inner == nullptr ? type : inner;
}

}  // namespace holdpoint::policy::cel
