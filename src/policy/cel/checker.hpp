// Types every node of a tree against the schema of the facts, resolves names and functions, and
// reports every mistake it finds with its place.
#pragma once

#include <expected>
#include <vector>

#include "policy/cel/ast.hpp"
#include "policy/cel/functions.hpp"
#include "policy/cel/program.hpp"
#include "policy/cel/schema.hpp"

namespace holdpoint::policy::cel {

enum class Reference : std::uint8_t { none, fact, local, variable, type_name };

/// What the checker learned about one node.
struct Annotation {
  const Type* type = nullptr;
  Reference reference = Reference::none;
  std::uint32_t slot = 0;    // of a local: the depth of its loop; of a variable: its index
  bool is_declared = false;  // the schema names this field
  Disclosure disclosure = Disclosure::shown;
  const Function* function = nullptr;
};

struct Environment {
  const Schema& schema;
  const std::vector<Variable>& variables;
  const Limits& limits;
};

/// One annotation per node. May rewrite the tree: a["b"] on an object becomes a.b.
std::expected<std::vector<Annotation>, std::vector<Issue>> check(Tree& tree,
                                                                 const Environment& environment);

}  // namespace holdpoint::policy::cel
