// See schema.hpp.
#include "policy/cel/schema.hpp"

#include <algorithm>
#include <map>

namespace holdpoint::policy::cel {

const Field* ObjectType::find(std::string_view sought) const {
  const auto found = std::ranges::find(fields, sought, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

namespace {

/// Thrown inside this file only.
struct Refusal {
  std::string message;
};

const json::object* object_in(const json::object& schema, std::string_view key) {
  const auto* found = schema.if_contains(key);
  return found == nullptr ? nullptr : found->if_object();
}
const json::array* array_in(const json::object& schema, std::string_view key) {
  const auto* found = schema.if_contains(key);
  return found == nullptr ? nullptr : found->if_array();
}
std::string_view text_in(const json::object& schema, std::string_view key) {
  const auto* found = schema.if_contains(key);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string_view() : view(*text);
}
bool is_set(const json::object& schema, std::string_view key) {
  const auto* found = schema.if_contains(key);
  return found != nullptr && found->is_bool() && found->get_bool();
}

class SchemaReader {
 public:
  SchemaReader(const json::object& document, TypeStore& types)
      : document_(document), types_(types) {}

  const Type* read(const json::value& schema, const std::string& path, std::size_t depth) {
    if (depth > Schema::depth_max) throw Refusal{path + ": the schema nests too deep"};
    if (++count_ > Schema::types_max) throw Refusal{path + ": the schema is too large"};
    if (schema.is_bool()) return types_.of(TypeKind::dyn);
    const json::object* object = schema.if_object();
    if (object == nullptr) throw Refusal{path + ": a schema must be an object"};
    if (object->contains("$ref")) return reference(*object, path, depth);
    for (const std::string_view key : {"anyOf", "oneOf"}) {
      if (const auto* options = array_in(*object, key)) {
        return one_of(*options, path + "/" + std::string(key), depth);
      }
    }
    return typed(*object, path, depth);
  }

 private:
  const Type* reference(const json::object& schema, const std::string& path, std::size_t depth) {
    const std::string_view target = text_in(schema, "$ref");
    const auto known = references_.find(target);
    if (known != references_.end()) return known->second;
    const std::string_view prefix = target.starts_with("#/$defs/") ? "#/$defs/" : "#/definitions/";
    const auto* definitions = object_in(document_, prefix == "#/$defs/" ? "$defs" : "definitions");
    const json::value* found = target.starts_with(prefix) && definitions != nullptr
                                   ? definitions->if_contains(target.substr(prefix.size()))
                                   : nullptr;
    if (found == nullptr) throw Refusal{path + ": the reference leads nowhere"};
    if (is_object_with_properties(*found)) {
      // Known before its fields are read, so that it may refer to itself.
      ObjectType* made = types_.new_object(std::string(target.substr(prefix.size())));
      const Type* type = types_.object_of(made);
      references_.emplace(target, type);
      fill(*made, found->get_object(), std::string(target.substr(1)), depth);
      return type;
    }
    if (!resolving_.emplace(target, true).second) {
      throw Refusal{path + ": the reference refers to itself"};
    }
    const Type* type = read(*found, std::string(target.substr(1)), depth + 1);
    resolving_.erase(resolving_.find(target));
    references_.emplace(target, type);
    return type;
  }

  static bool is_object_with_properties(const json::value& schema) {
    const auto* object = schema.if_object();
    return object != nullptr && object_in(*object, "properties") != nullptr &&
           text_in(*object, "type") == "object";
  }

  /// A type or null is that type, nullable; any other choice is dyn.
  const Type* one_of(const json::array& options, const std::string& path, std::size_t depth) {
    const Type* chosen = nullptr;
    bool has_null = false;
    for (std::size_t i = 0; i < options.size(); ++i) {
      const Type* option = read(options[i], path + "/" + std::to_string(i), depth + 1);
      if (option->kind == TypeKind::null) {
        has_null = true;
      } else if (chosen == nullptr || chosen == option) {
        chosen = option;
      } else {
        chosen = types_.of(TypeKind::dyn);
      }
    }
    if (chosen == nullptr) return types_.of(has_null ? TypeKind::null : TypeKind::dyn);
    return has_null ? types_.nullable(chosen) : chosen;
  }

  const Type* typed(const json::object& schema, const std::string& path, std::size_t depth) {
    if (const auto* names = array_in(schema, "type")) {
      const Type* chosen = nullptr;
      bool has_null = false;
      for (const json::value& name : *names) {
        if (!name.is_string()) throw Refusal{path + "/type: a type name must be a text"};
        if (view(name.get_string()) == "null") {
          has_null = true;
          continue;
        }
        const Type* option = named(view(name.get_string()), schema, path, depth);
        chosen = chosen == nullptr ? option : types_.of(TypeKind::dyn);
      }
      if (chosen == nullptr) return types_.of(has_null ? TypeKind::null : TypeKind::dyn);
      return has_null ? types_.nullable(chosen) : chosen;
    }
    const std::string_view name = text_in(schema, "type");
    if (!name.empty()) return named(name, schema, path, depth);
    if (schema.contains("properties")) return named("object", schema, path, depth);
    return from_examples(schema);
  }

  const Type* named(std::string_view name, const json::object& schema, const std::string& path,
                    std::size_t depth) {
    const std::string_view format = text_in(schema, "format");
    if (name == "string" || name == "integer") {
      if (format == "date-time") return types_.of(TypeKind::timestamp);
      if (format == "duration") return types_.of(TypeKind::duration);
      if (format == "uint64" && name == "integer") {
        return types_.of(TypeKind::unsigned_integer);
      }
      if (format == "byte" && name == "string") return types_.of(TypeKind::bytes);
      return types_.of(name == "string" ? TypeKind::string : TypeKind::integer);
    }
    if (name == "number") return types_.of(TypeKind::floating);
    if (name == "boolean") return types_.of(TypeKind::boolean);
    if (name == "null") return types_.of(TypeKind::null);
    if (name == "array") {
      const auto* items = schema.if_contains("items");
      if (items == nullptr) return types_.list_of(types_.of(TypeKind::dyn));
      return types_.list_of(read(*items, path + "/items", depth + 1));
    }
    if (name == "object") return object(schema, path, depth);
    throw Refusal{path + "/type: there is no type '" + std::string(name) + "'"};
  }

  const Type* object(const json::object& schema, const std::string& path, std::size_t depth) {
    if (object_in(schema, "properties") == nullptr) {
      const auto* additional = schema.if_contains("additionalProperties");
      const Type* element = additional == nullptr
                                ? types_.of(TypeKind::dyn)
                                : read(*additional, path + "/additionalProperties", depth + 1);
      return types_.map_of(types_.of(TypeKind::string), element);
    }
    ObjectType* made = types_.new_object(std::string(text_in(schema, "title")));
    fill(*made, schema, path, depth);
    return types_.object_of(made);
  }

  void fill(ObjectType& made, const json::object& schema, const std::string& path,
            std::size_t depth) {
    const auto* required = array_in(schema, "required");
    for (const auto& property : *object_in(schema, "properties")) {
      Field field;
      field.name = std::string(property.key().data(), property.key().size());
      field.type = read(property.value(), path + "/properties/" + field.name, depth + 1);
      if (required != nullptr) {
        for (const json::value& name : *required) {
          if (name.is_string() && view(name.get_string()) == field.name) {
            field.presence = Presence::required;
          }
        }
      }
      const auto* own = property.value().if_object();
      if (own != nullptr && (is_set(*own, "x-personal") || is_set(*own, "x-secret"))) {
        field.disclosure = Disclosure::withheld;
      }
      field.minimal = minimal(property.value(), *field.type);
      field.bounds = bounds_of(document_, property.value());
      made.fields.push_back(std::move(field));
    }
    const auto* additional = schema.if_contains("additionalProperties");
    if (additional == nullptr || (additional->is_bool() && !additional->get_bool())) return;
    made.additional = read(*additional, path + "/additionalProperties", depth + 1);
  }

  /// The smallest value of a field, except objects, which are filled from their own fields.
  static json::value minimal(const json::value& schema, const Type& type) {
    if (const auto* object = schema.if_object()) {
      if (const auto* value = object->if_contains("default")) return *value;
      if (const auto* value = object->if_contains("const")) return *value;
      const auto* choices = array_in(*object, "enum");
      if (choices != nullptr && !choices->empty()) return choices->front();
      const auto* minimum = object->if_contains("minimum");
      if (minimum != nullptr && minimum->is_int64()) return *minimum;
    }
    if (type.nullable == Nullable::yes) return nullptr;
    switch (type.kind) {
      case TypeKind::boolean: return false;
      case TypeKind::integer:
      case TypeKind::unsigned_integer:
      case TypeKind::floating:
      case TypeKind::timestamp:
      case TypeKind::duration: return 0;
      case TypeKind::string:
      case TypeKind::bytes: return "";
      case TypeKind::list: return json::array();
      case TypeKind::map:
      case TypeKind::object: return json::object();
      case TypeKind::dyn:
      case TypeKind::null:
      case TypeKind::type:
      case TypeKind::abstract:
      case TypeKind::parameter: return nullptr;
    }
    return nullptr;
  }

  /// No `type`: the kind that `const` and every `enum` value share.
  const Type* from_examples(const json::object& schema) {
    std::vector<json::value> examples;
    if (const auto* value = schema.if_contains("const")) examples.push_back(*value);
    if (const auto* values = array_in(schema, "enum")) {
      examples.insert(examples.end(), values->begin(), values->end());
    }
    const auto all = [&](auto&& is_kind) {
      return !examples.empty() && std::ranges::all_of(examples, is_kind);
    };
    if (all([](const json::value& v) { return v.is_string(); })) return types_.of(TypeKind::string);
    if (all([](const json::value& v) { return v.is_int64(); })) return types_.of(TypeKind::integer);
    if (all([](const json::value& v) { return v.is_bool(); })) return types_.of(TypeKind::boolean);
    return types_.of(TypeKind::dyn);
  }

  const json::object& document_;
  TypeStore& types_;
  std::map<std::string, const Type*, std::less<>> references_;
  std::map<std::string, bool, std::less<>> resolving_;
  std::size_t count_ = 0;
};

/// The required fields with their smallest values. A required field that contains its own type has
/// no smallest value, so the descent is bounded.
json::object minimal_object(const ObjectType& type, std::size_t depth) {
  json::object out;
  for (const Field& field : type.fields) {
    if (field.presence == Presence::optional) continue;
    const bool is_empty_object = field.minimal.is_object() && field.minimal.get_object().empty();
    if (is_empty_object && field.type->kind == TypeKind::object && depth < Schema::depth_max) {
      out[field.name] = minimal_object(*field.type->object, depth + 1);
    } else {
      out[field.name] = field.minimal;
    }
  }
  return out;
}

}  // namespace

std::expected<Schema, std::string> Schema::from_json(const json::value& schema) {
  const json::object* document = schema.if_object();
  if (document == nullptr) return std::unexpected("a schema must be an object");
  Schema out;
  out.types_ = std::make_shared<TypeStore>();
  try {
    const Type* root = SchemaReader(*document, *out.types_).read(schema, "", 0);
    if (root->kind == TypeKind::object) {
      out.root_ = root->object;
    } else if (root->kind == TypeKind::map || root->kind == TypeKind::dyn) {
      ObjectType* open = out.types_->new_object("");
      open->additional = root->kind == TypeKind::map ? root->element : root;
      out.root_ = open;
    } else {
      return std::unexpected("the facts must be an object");
    }
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.message);
  }
  return out;
}

Schema Schema::of(std::shared_ptr<TypeStore> types, std::vector<Field> fields) {
  Schema out;
  out.types_ = std::move(types);
  ObjectType* root = out.types_->new_object("");
  root->fields = std::move(fields);
  out.root_ = root;
  return out;
}

json::object Schema::minimal_facts() const { return minimal_object(*root_, 0); }

}  // namespace holdpoint::policy::cel
