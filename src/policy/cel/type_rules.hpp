// Relations between types, and the nearest known name to a wrong one: what the checker decides
// with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/ast.hpp"
#include "policy/cel/schema.hpp"

namespace holdpoint::policy::cel {

bool is_dyn(const Type& type);
bool is_numeric(const Type& type);
/// Maps, and objects with declared fields.
bool is_map_like(const Type& type);

/// Whether values of the two types can be equal.
bool comparable(const Type& a, const Type& b);

/// Whether a value of the type may be an argument for the parameter; dyn fits everywhere.
bool fits(const Type& type, TypeKind parameter);

/// The type of a value that is one or the other; nullptr when they have nothing in common. The
/// first may be nullptr, for no type yet.
const Type* joined(TypeStore& types, const Type* a, const Type* b);

/// The type of a + b, a - b, a * b, a / b or a % b; nullptr when there is no such operation.
const Type* arithmetic_type(TypeStore& types, NodeKind kind, const Type& a, const Type& b);

/// ", did you mean 'x'?" or "".
std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& known);

}  // namespace holdpoint::policy::cel
