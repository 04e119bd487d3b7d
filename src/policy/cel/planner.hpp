// From a checked tree to the steps that the evaluator runs: facts read by path, constants folded,
// constant patterns compiled once.
#pragma once

#include <memory>

#include "policy/cel/checker.hpp"
#include "policy/cel/compiled.hpp"

namespace holdpoint::policy::cel {

std::shared_ptr<const Compiled> plan(Tree tree, const Checked& checked,
                                     const Environment& environment);

}  // namespace holdpoint::policy::cel
