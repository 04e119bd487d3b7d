// The walk of the checker over one tree. Literals and operators stand in checker.cpp, names and
// fields in check_names.cpp, calls and loops in check_calls.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/checker.hpp"
#include "policy/cel/signatures.hpp"
#include "policy/cel/unification.hpp"

namespace holdpoint::policy::cel {

class CheckWalk {
 public:
  CheckWalk(Tree& tree, const Environment& environment)
      : tree_(tree),
        environment_(environment),
        store_(std::make_shared<TypeStore>()),
        types_(*store_),
        unification_(types_),
        out_(tree.nodes.size()) {}

  std::expected<Checked, std::vector<Issue>> run();

 private:
  struct Local {
    std::string_view name;
    const Type* type;
    Disclosure disclosure;
    Reference reference;
    std::uint32_t slot;
  };
  /// The types of a loop's names.
  struct Elements {
    const Type* first = nullptr;
    const Type* second = nullptr;
  };

  static const Type* dyn() { return TypeStore::of(TypeKind::dyn); }
  static const Type* boolean() { return TypeStore::of(TypeKind::boolean); }
  [[nodiscard]] Node& node(NodeId id) { return tree_.nodes[id]; }
  [[nodiscard]] Disclosure disclosure_of(NodeId id) const;

  const Type* issue(NodeId at, std::string message);
  const Type* refuse(NodeId at, std::string message);
  const Type* unresolved(NodeId at, std::string message);
  std::string text(const Type* type);

  /// The type, with parameters that may be bound later.
  const Type* check(NodeId id);
  /// The type as far as it is known now.
  const Type* known(NodeId id) { return unification_.resolved(check(id)); }
  const Type* type_of(NodeId id);
  const Type* constant(const Value& value);
  void expect_bool(NodeId id);
  const Type* joined_or_dyn(const Type* a, const Type* b);
  const Type* entry(NodeId id);
  const Type* list(NodeId id);
  const Type* map(NodeId id);
  const Type* conditional(NodeId id);
  const Type* operation(NodeId id);
  const Type* index(NodeId id);
  const Type* element_at(NodeId id, const Type* target, const Type* key);

  const Type* ident(NodeId id);
  const Type* select(NodeId id);
  const Type* has(NodeId id);
  const Type* field_of(NodeId id, const Type* target, const std::string& name);
  const Type* resolve(NodeId id, std::string_view name, Scoping scoping);
  const Type* type_named(NodeId id, const std::string& name);
  const Type* qualified(NodeId id);
  const Type* variable(NodeId id);
  [[nodiscard]] std::vector<std::string> candidates(std::string_view name, Scoping scoping) const;
  /// "a.b.c" of a chain of selects from a name; nullopt for anything else.
  [[nodiscard]] std::optional<std::string> chain(NodeId id) const;
  [[nodiscard]] const Node& leading(NodeId id) const;
  [[nodiscard]] const Local* local(std::string_view name) const;
  [[nodiscard]] bool is_variable(NodeId id) const;

  const Type* call(NodeId id);
  void take_namespace(NodeId id);
  [[nodiscard]] std::vector<const Function*> functions_named(std::string_view name,
                                                             Receiver receiver) const;
  const Type* overload(std::span<const Overload> overloads, std::span<const Type* const> arguments);
  void check_pattern(NodeId id);
  std::string wrong_arguments(NodeId id, const std::vector<const Type*>& arguments);
  const Type* unknown_function(NodeId id);
  const Type* loop(NodeId id);
  Elements elements_of(NodeId range_id, const Type* range, bool has_two);
  const Type* loop_result(NodeId id, const Elements& elements, const Type* range);
  const Type* binding(NodeId id);
  bool open_slot(NodeId id);

  Tree& tree_;
  const Environment& environment_;
  std::shared_ptr<TypeStore> store_;
  TypeStore& types_;
  Unification unification_;
  std::vector<Annotation> out_;
  std::vector<Local> locals_;
  std::uint32_t slots_ = 0;
  std::size_t loops_ = 0;
  std::vector<Issue> issues_;
};

}  // namespace holdpoint::policy::cel
