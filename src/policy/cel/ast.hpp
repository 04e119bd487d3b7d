// The syntax tree of one expression: nodes in one vector, children by index. Macros are kept as
// they were written (a loop is a loop), because the evaluator runs them directly and an explanation
// can then speak of "all" and "exists" instead of folds.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/value.hpp"

namespace holdpoint::policy::cel {

enum class NodeKind : std::uint8_t {
  constant,  // constant
  ident,     // name
  select,    // child 0 . name
  has,       // has(child 0 . name)
  index,     // child 0 [ child 1 ]
  list,      // children
  map,       // key, value, key, value, …
  call,      // name(children); child 0 is the receiver when there is one
  // Loops over child 0 with a name, some with a second: all, exists, exists_one, map_each and both
  // transformations. One of three children has a filter as child 1.
  all,                // child 0 .all(name, child 1)
  exists,             //
  exists_one,         //
  map_each,           // map, and transformList with two names
  filter,             //
  transform_map,      // child 0 .transformMap(name, second, child 1)
  transform_entries,  // child 0 .transformMapEntry(name, second, child 1)
  sort_by,            // child 0 .sortBy(name, child 1)
  // Optional values.
  optional_select,    // child 0 .?name
  optional_index,     // child 0 [? child 1 ]
  optional_entry,     // ?child 0, an element of a list or a value of a map
  optional_map,       // child 0 .optMap(name, child 1)
  optional_flat_map,  // child 0 .optFlatMap(name, child 1)
  bind,               // cel.bind(name, child 0, child 1)
  // Operators.
  logical_and,    // two or more children
  logical_or,     // two or more children
  conditional,    // child 0 ? child 1 : child 2
  logical_not,    //
  negate,         //
  add,            //
  subtract,       //
  multiply,       //
  divide,         //
  modulo,         //
  equal,          //
  not_equal,      //
  less,           //
  less_equal,     //
  greater,        //
  greater_equal,  //
  in,             // child 0 in child 1
};

enum class Receiver : std::uint8_t { absent, present };
/// `.name`: the name is not one of a loop.
enum class Scoping : std::uint8_t { nearest, outermost };

using NodeId = std::uint32_t;

struct Node {
  NodeKind kind = NodeKind::constant;
  Receiver receiver = Receiver::absent;
  Scoping scoping = Scoping::nearest;
  std::uint32_t height = 1;
  std::uint32_t begin = 0;  // offsets of its text in the source
  std::uint32_t end = 0;
  std::uint32_t mark = 0;  // offset that messages point at: the operator, or the start
  std::string name;
  std::string second;  // the second name of a loop; empty when it has one
  Value constant;
  std::vector<NodeId> children;
};

struct Tree {
  std::string source;
  std::vector<Node> nodes;
  NodeId root = 0;
  /// Characters of the constants; a deque does not move them.
  std::shared_ptr<std::deque<std::string>> texts = std::make_shared<std::deque<std::string>>();

  [[nodiscard]] std::string_view text(NodeId id) const {
    const Node& node = nodes[id];
    return std::string_view(source).substr(node.begin, node.end - node.begin);
  }
};

/// Line and column of an offset, both from 1, columns in characters.
struct Place {
  int line = 1;
  int column = 1;
};
Place place_of(std::string_view source, std::size_t offset);

constexpr bool is_loop(NodeKind kind) { return kind >= NodeKind::all && kind <= NodeKind::sort_by; }
constexpr bool is_comparison(NodeKind kind) {
  return kind >= NodeKind::equal && kind <= NodeKind::in;
}

/// "&&", "<=", "in"; "" for a node that is not an operator.
std::string_view operator_text(NodeKind kind);

}  // namespace holdpoint::policy::cel
