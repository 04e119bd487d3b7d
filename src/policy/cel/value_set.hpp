// A list as a set by CEL's equality: numbers are on one line, NaN is in no set. Scalars are found
// by their order; lists and maps, which have none, by comparing.
#pragma once

#include <optional>
#include <vector>

#include "policy/cel/functions.hpp"

namespace holdpoint::policy::cel {

/// The cost of walking over a value and everything in it: what Extent::weight bounds.
std::int64_t walk_cost(const Value& value);

class ValueSet {
 public:
  /// Charges for reading the list. When the session is exhausted then, the set is empty.
  ValueSet(const Call& call, const Value& list);

  /// Where the list has an equal value first. Charges for looking.
  [[nodiscard]] std::optional<std::size_t> first_index(const Value& value) const;

 private:
  struct Member {
    Value value;
    std::size_t index;
  };

  const Call& call_;
  std::vector<Member> scalars_;  // sorted, of equal ones the first
  std::vector<Member> others_;
};

/// What making a set of a list can cost, and looking up each item of another.
Units worst_of_set(const Extent& list, const Extent& sought);

}  // namespace holdpoint::policy::cel
