// From the text of an expression to its tree. The whole grammar of CEL is read, except that
// messages cannot be constructed.
#pragma once

#include <expected>
#include <string_view>

#include "policy/cel/ast.hpp"
#include "policy/cel/program.hpp"

namespace holdpoint::policy::cel {

/// Height of a tree, which also bounds every later recursion over it.
constexpr std::uint32_t tree_height_max = 250;

std::expected<Tree, Issue> parse(std::string_view source, const Limits& limits);

}  // namespace holdpoint::policy::cel
