// What operators and functions take and return, for the checker. Written as text, with capital
// letters for type parameters: "map(K, V), K -> V".
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/functions.hpp"
#include "policy/cel/types.hpp"

namespace holdpoint::policy::cel {

struct Overload {
  std::vector<const Type*> parameters;
  const Type* result = nullptr;
  std::uint32_t type_parameters = 0;  // they are numbered from 0
};

/// "list(int)", "map(string, dyn)", "optional_type(T)"; an unknown name is an abstract type. The
/// error says what is wrong with the text.
std::expected<Overload, std::string> read_overload(std::string_view text, TypeStore& types);
std::expected<const Type*, std::string> read_type(std::string_view text, TypeStore& types);

/// Of a function of the language, or of one that an environment declares.
std::vector<Overload> overloads_of(const Function& function, TypeStore& types);
/// The same for a row of functions(), made once.
std::span<const Overload> overloads_of(const Function& row);

/// Of a comparison, an arithmetic operator, a negation or an index.
std::span<const Overload> operator_overloads(NodeKind kind);

}  // namespace holdpoint::policy::cel
