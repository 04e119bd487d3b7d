// Types of CEL as the checker knows them. A schema makes them from JSON Schema; a signature such as
// "list(T), int -> T" brings type parameters with it, which a call replaces.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
  abstract,   // named, with parameters: optional_type(int)
  parameter,  // stands for a type that is not known yet
};

enum class Nullable : std::uint8_t { no, yes };

struct ObjectType;
struct Type;

struct AbstractType {
  std::string name;
  std::vector<const Type*> parameters;
};

/// Types are made by a TypeStore and compared by same_type(); objects by identity.
struct Type {
  TypeKind kind = TypeKind::dyn;
  Nullable nullable = Nullable::no;
  const Type* key = nullptr;      // of a map
  const Type* element = nullptr;  // of a list; the values of a map; what a type is of, if known
  const ObjectType* object = nullptr;
  const AbstractType* abstract = nullptr;
  std::uint32_t parameter = 0;  // number of a type parameter

  /// "list(string)", "map(string, int)", "object"; the way messages name it.
  [[nodiscard]] std::string text() const;
};

constexpr std::string_view optional_type_name = "optional_type";

/// T of optional_type(T); nullptr for any other type.
const Type* optional_element(const Type& type);
bool same_type(const Type& a, const Type& b);

/// Owns types; they live as long as the store. Types that have no parts are shared by all stores.
class TypeStore {
 public:
  TypeStore();
  TypeStore(const TypeStore&) = delete;
  TypeStore& operator=(const TypeStore&) = delete;
  ~TypeStore();

  static const Type* of(TypeKind kind);
  const Type* list_of(const Type* element);
  const Type* map_of(const Type* key, const Type* element);
  const Type* type_of(const Type* type);
  const Type* optional_of(const Type* element);
  const Type* abstract_of(std::string_view name, std::vector<const Type*> parameters);
  const Type* parameter(std::uint32_t number);
  const Type* object_of(const ObjectType* object);
  const Type* nullable(const Type* type);
  ObjectType* new_object(std::string name);

 private:
  const Type* keep(const Type& type);
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace holdpoint::policy::cel
