// See types.hpp.
#include "policy/cel/types.hpp"

#include <array>
#include <deque>
#include <map>
#include <tuple>

#include "policy/cel/schema.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::size_t kinds = static_cast<std::size_t>(TypeKind::parameter) + 1;

std::array<Type, kinds> make_plain_types() {
  std::array<Type, kinds> out;
  for (std::size_t i = 0; i < kinds; ++i) out[i].kind = static_cast<TypeKind>(i);
  return out;
}

std::string abstract_text(const AbstractType& abstract) {
  if (abstract.parameters.empty()) return abstract.name;
  std::string out = abstract.name;
  for (std::size_t i = 0; i < abstract.parameters.size(); ++i) {
    out += i == 0 ? "(" : ", ";
    out += abstract.parameters[i]->text();
  }
  return out + ")";
}

}  // namespace

std::string Type::text() const {
  switch (kind) {
    case TypeKind::dyn:
    case TypeKind::parameter: return "dyn";
    case TypeKind::null: return "null_type";
    case TypeKind::boolean: return "bool";
    case TypeKind::integer: return "int";
    case TypeKind::unsigned_integer: return "uint";
    case TypeKind::floating: return "double";
    case TypeKind::string: return "string";
    case TypeKind::bytes: return "bytes";
    case TypeKind::list: return "list(" + element->text() + ")";
    case TypeKind::map: return "map(" + key->text() + ", " + element->text() + ")";
    case TypeKind::object: return "object";
    case TypeKind::timestamp: return "timestamp";
    case TypeKind::duration: return "duration";
    case TypeKind::type: return element == nullptr ? "type" : "type(" + element->text() + ")";
    case TypeKind::abstract: return abstract_text(*abstract);
  }
  return "dyn";
}

const Type* optional_element(const Type& type) {
  const bool is_optional =
      type.kind == TypeKind::abstract && type.abstract->name == optional_type_name;
  return is_optional ? type.abstract->parameters[0] : nullptr;
}

bool same_type(const Type& a, const Type& b) {
  if (&a == &b) return true;
  if (a.kind != b.kind || a.nullable != b.nullable) return false;
  const auto same_part = [](const Type* x, const Type* y) {
    return x == nullptr || y == nullptr ? x == y : same_type(*x, *y);
  };
  if (a.kind == TypeKind::object) return a.object == b.object;
  if (a.kind == TypeKind::parameter) return a.parameter == b.parameter;
  if (a.kind != TypeKind::abstract) {
    return same_part(a.key, b.key) && same_part(a.element, b.element);
  }
  const auto& first = a.abstract->parameters;
  const auto& second = b.abstract->parameters;
  if (a.abstract->name != b.abstract->name || first.size() != second.size()) return false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!same_type(*first[i], *second[i])) return false;
  }
  return true;
}

struct TypeStore::Storage {
  using Parts = std::tuple<TypeKind, Nullable, const Type*, const Type*, const ObjectType*,
                           const AbstractType*, std::uint32_t>;
  std::map<Parts, Type> types;
  std::deque<ObjectType> objects;
  std::deque<AbstractType> abstracts;
};

TypeStore::TypeStore() : storage_(std::make_unique<Storage>()) {}
TypeStore::~TypeStore() = default;

const Type* TypeStore::of(TypeKind kind) {
  static const std::array<Type, kinds> plain = make_plain_types();
  return &plain[static_cast<std::size_t>(kind)];
}

const Type* TypeStore::keep(const Type& type) {
  const Storage::Parts parts{type.kind,   type.nullable, type.key,      type.element,
                             type.object, type.abstract, type.parameter};
  return &storage_->types.emplace(parts, type).first->second;
}
const Type* TypeStore::list_of(const Type* element) {
  return keep(Type{.kind = TypeKind::list, .element = element});
}
const Type* TypeStore::map_of(const Type* key, const Type* element) {
  return keep(Type{.kind = TypeKind::map, .key = key, .element = element});
}
const Type* TypeStore::type_of(const Type* type) {
  return keep(Type{.kind = TypeKind::type, .element = type});
}
const Type* TypeStore::optional_of(const Type* element) {
  return abstract_of(optional_type_name, {element});
}
const Type* TypeStore::abstract_of(std::string_view name, std::vector<const Type*> parameters) {
  for (const AbstractType& known : storage_->abstracts) {
    if (known.name == name && known.parameters == parameters) {
      return keep(Type{.kind = TypeKind::abstract, .abstract = &known});
    }
  }
  storage_->abstracts.push_back({std::string(name), std::move(parameters)});
  return keep(Type{.kind = TypeKind::abstract, .abstract = &storage_->abstracts.back()});
}
const Type* TypeStore::parameter(std::uint32_t number) {
  return keep(Type{.kind = TypeKind::parameter, .parameter = number});
}
const Type* TypeStore::object_of(const ObjectType* object) {
  return keep(Type{.kind = TypeKind::object, .object = object});
}
const Type* TypeStore::nullable(const Type* type) {
  if (type->kind == TypeKind::dyn || type->kind == TypeKind::null) return type;
  Type copy = *type;
  copy.nullable = Nullable::yes;
  return keep(copy);
}
ObjectType* TypeStore::new_object(std::string name) {
  storage_->objects.emplace_back().name = std::move(name);
  return &storage_->objects.back();
}

}  // namespace holdpoint::policy::cel
