// What an expression can cost at most, before it is ever run: from the sizes that the schema allows
// facts to have. Criteria are refused by it when they are published, so that no gate runs out of
// its budget later.
#pragma once

#include <span>

#include "policy/cel/compiled.hpp"
#include "policy/cel/schema.hpp"
#include "policy/cel/units.hpp"

namespace holdpoint::policy::cel {

/// At least the cost of evaluating the program over any facts of the schema, with the bounds that
/// fact_extents.hpp names where the schema has none; the variables that it refers to are counted
/// once. The schema MUST be the one that the program was compiled with.
Units estimate(const Compiled& program, const Schema& schema);

/// The same of programs that judge the same facts in one session: a variable that several of them
/// refer to is counted once.
Units estimate_together(std::span<const Compiled* const> programs, const Schema& schema);

}  // namespace holdpoint::policy::cel
