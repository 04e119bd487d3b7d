// Types, and the schema of the facts that expressions are checked against. A schema is a JSON
// Schema whose top-level properties are the variables: integer is int, number is double, format
// date-time a timestamp, format duration a duration, and what the schema leaves open is dyn.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace holdpoint::policy::cel {

enum class TypeKind : std::uint8_t {
  dyn,
  null,
  boolean,
  integer,
  unsigned_integer,
  floating,
  string,
  bytes,
  list,
  map,
  object,
  timestamp,
  duration,
  type,
};

enum class Nullable : std::uint8_t { no, yes };
enum class Presence : std::uint8_t { optional, required };
/// Whether a value may be shown in an explanation (schema keywords x-personal, x-secret).
enum class Disclosure : std::uint8_t { shown, withheld };

struct ObjectType;

/// Types are made by a TypeStore and compared by structure, objects by identity.
struct Type {
  TypeKind kind = TypeKind::dyn;
  Nullable nullable = Nullable::no;
  const Type* key = nullptr;      // of a map
  const Type* element = nullptr;  // of a list; the values of a map
  const ObjectType* object = nullptr;

  /// "list(string)", "map(string, int)", "object"; the way messages name it.
  [[nodiscard]] std::string text() const;
};

struct Field {
  std::string name;
  const Type* type = nullptr;
  Presence presence = Presence::optional;
  Disclosure disclosure = Disclosure::shown;
  json::value minimal;  // the value minimal_facts() gives it, when required
};

struct ObjectType {
  std::string name;
  std::vector<Field> fields;         // in the schema's order
  const Type* additional = nullptr;  // type of undeclared fields; nullptr when there are none

  [[nodiscard]] const Field* find(std::string_view name) const;
};

/// Owns types; they live as long as the store.
class TypeStore {
 public:
  TypeStore();
  TypeStore(const TypeStore&) = delete;
  TypeStore& operator=(const TypeStore&) = delete;
  ~TypeStore();

  const Type* of(TypeKind kind);
  const Type* list_of(const Type* element);
  const Type* map_of(const Type* key, const Type* element);
  const Type* object_of(const ObjectType* object);
  const Type* nullable(const Type* type);
  ObjectType* new_object(std::string name);

 private:
  const Type* intern(Type type);
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

class Schema {
 public:
  static constexpr std::size_t depth_max = 32;
  static constexpr std::size_t types_max = 10'000;

  /// Reads type, format, properties, required, items, additionalProperties, enum, const,
  /// anyOf/oneOf with null, and $ref to "#/$defs/…". The error names the JSON Pointer of what it
  /// cannot read.
  static std::expected<Schema, std::string> from_json(const json::value& schema);

  /// The object type whose fields are the variables.
  [[nodiscard]] const ObjectType& root() const { return *root_; }
  /// The smallest facts that have every required field: empty lists, zeros, first enum values.
  [[nodiscard]] json::object minimal_facts() const;
  [[nodiscard]] const std::shared_ptr<TypeStore>& types() const { return types_; }

 private:
  std::shared_ptr<TypeStore> types_;
  const ObjectType* root_ = nullptr;
};

}  // namespace holdpoint::policy::cel
