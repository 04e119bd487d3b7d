// The schema of the facts that expressions are checked against. A schema is a JSON Schema whose
// top-level properties are the variables: integer is int (format uint64: uint), number is double,
// format date-time a timestamp, format duration a duration, format byte bytes, and what the schema
// leaves open is dyn.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "policy/cel/fact_bounds.hpp"
#include "policy/cel/types.hpp"

namespace holdpoint::policy::cel {

enum class Presence : std::uint8_t { optional, required };
/// Whether a value may be shown in an explanation (schema keywords x-personal, x-secret).
enum class Disclosure : std::uint8_t { shown, withheld };

struct Field {
  std::string name;
  const Type* type = nullptr;
  Presence presence = Presence::optional;
  Disclosure disclosure = Disclosure::shown;
  json::value minimal;  // the value minimal_facts() gives it, when required
  Bounds bounds;
};

struct ObjectType {
  std::string name;
  std::vector<Field> fields;         // in the schema's order
  const Type* additional = nullptr;  // type of undeclared fields; nullptr when there are none

  [[nodiscard]] const Field* find(std::string_view name) const;
};

class Schema {
 public:
  static constexpr std::size_t depth_max = 32;
  static constexpr std::size_t types_max = 10'000;

  /// Reads type, format, properties, required, items, additionalProperties, enum, const,
  /// anyOf/oneOf with null, and $ref to "#/$defs/…". The error names the JSON Pointer of what it
  /// cannot read.
  static std::expected<Schema, std::string> from_json(const json::value& schema);

  /// A schema of variables that no JSON Schema describes. The store MUST own the fields' types.
  static Schema of(std::shared_ptr<TypeStore> types, std::vector<Field> fields);

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
