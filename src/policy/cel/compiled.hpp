// What a program is made of: the checked tree, and for each of its nodes one step that the
// evaluator runs. Steps and nodes have the same numbers, so that an explanation can evaluate any
// part.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.hpp"
#include "policy/cel/ast.hpp"
#include "policy/cel/functions.hpp"
#include "policy/cel/program.hpp"
#include "policy/cel/schema.hpp"

namespace holdpoint::policy::cel {

enum class Op : std::uint8_t {
  constant,
  path,           // a fact, or fields of it, from the root of the facts
  local,          // the element of a loop, or a bound value
  local_field,    // a field of that
  second_local,   // the second name of a loop
  variable,       // variables.<name>
  select,         //
  has,            //
  index,          //
  list,           //
  map,            //
  call,           //
  match,          // matches() with a constant pattern
  filtered_size,  // size of a filter, counted without building the list
  all,
  exists,
  exists_one,
  map_each,
  filter,
  transform_map,
  transform_entries,
  sort_by,
  optional_select,
  optional_index,
  optional_entry,
  optional_map,
  optional_flat_map,
  optional_or,        // a.or(b), b only when a has no value
  optional_or_value,  // a.orValue(b), likewise
  bind,
  failure,  // a name or function that leads nowhere, in an expression without checked types
  logical_and,
  logical_or,
  conditional,
  logical_not,
  negate,
  arithmetic,
  equal,
  not_equal,
  order,
  in,
};

/// Loops and bindings that may nest, whatever the limits say.
constexpr std::size_t local_slots_max = 32;

/// What the absence of a field means: a declared fact that is missing is unknown.
enum class Absence : std::uint8_t { error, unknown };

struct PathField {
  std::string_view name;
  Absence absence = Absence::error;
};

struct Step {
  Op op = Op::constant;
  NodeKind kind = NodeKind::constant;
  Absence absence = Absence::error;
  std::uint8_t slot = 0;    // of a loop's element
  bool has_second = false;  // a loop with two names
  std::uint32_t first = 0;  // children: children[first .. first + count)
  std::uint32_t count = 0;
  std::uint32_t path = 0;  // fields of a path: path_fields[path .. path + path_count)
  std::uint32_t path_count = 0;
  std::uint32_t variable = 0;
  const Type* adapt = nullptr;  // facts of this type need converting when read
  std::string_view name;
  const Function* function = nullptr;
  const Regex* regex = nullptr;
  Value constant;
};

struct NamedProgram {
  std::string name;
  const Compiled* program = nullptr;
};

struct Compiled {
  Tree tree;
  Limits limits;
  std::shared_ptr<TypeStore> types;               // of the expression
  std::shared_ptr<const TypeStore> schema_types;  // of the facts, to which those refer
  std::vector<const Type*> node_types;
  const Type* outcome_adapt = nullptr;  // the result has facts of this type that need converting
  std::vector<Disclosure> disclosures;  // of the field that a select reads
  std::vector<Step> steps;
  std::vector<NodeId> children;
  std::vector<PathField> path_fields;
  std::vector<NamedProgram> variables;
  std::deque<Regex> regexes;
  std::deque<std::vector<Value>> list_items;
  std::deque<ValueList> lists;
  /// Where each named field was found last: facts of one kind have their fields in one order.
  /// One for each step, then one for each path field.
  std::unique_ptr<std::atomic<std::uint32_t>[]> hints;

  [[nodiscard]] std::span<const NodeId> children_of(const Step& step) const {
    return std::span(children).subspan(step.first, step.count);
  }
};

}  // namespace holdpoint::policy::cel
