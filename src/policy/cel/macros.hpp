// The macros that are written as methods: which names they bind, and which kind of node they are.
// has() and the namespace cel stand in the parser, because they are forms of their own.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "policy/cel/ast.hpp"

namespace holdpoint::policy::cel {

struct Macro {
  std::string_view name;
  std::size_t arguments = 0;  // with the names, without the receiver
  std::size_t names = 0;      // how many of the first arguments are names
  NodeKind kind = NodeKind::all;
};

/// nullopt when a call of that name and count is an ordinary call.
std::optional<Macro> find_macro(std::string_view name, std::size_t arguments);

}  // namespace holdpoint::policy::cel
