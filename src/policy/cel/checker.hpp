// Types every node of a tree against the schema of the facts, resolves names and functions, and
// reports every mistake it finds with its place.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/ast.hpp"
#include "policy/cel/functions.hpp"
#include "policy/cel/program.hpp"
#include "policy/cel/schema.hpp"

namespace holdpoint::policy::cel {

enum class Reference : std::uint8_t { none, fact, local, second_local, variable, type_name };

/// What the checker learned about one node.
struct Annotation {
  const Type* type = nullptr;
  Reference reference = Reference::none;
  std::uint32_t slot = 0;    // of a local: the depth of its loop; of a variable: its index
  bool is_declared = false;  // the schema names this field
  Disclosure disclosure = Disclosure::shown;
  const Function* function = nullptr;
  /// Of a fact or a type: the name it was found under, which may have dots.
  std::string name;
  /// Why the node has no value, when types are not checked.
  std::string failure;
};

struct Environment {
  const Schema& schema;
  const Options& options;
};

struct Checked {
  std::vector<Annotation> annotations;  // one per node
  std::shared_ptr<TypeStore> types;     // MUST live as long as the annotations' types are used
};

/// May rewrite the tree: a["b"] on an object becomes a.b, and math.abs(x) a call without receiver.
std::expected<Checked, std::vector<Issue>> check(Tree& tree, const Environment& environment);

}  // namespace holdpoint::policy::cel
