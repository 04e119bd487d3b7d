// When a rule stops standing in the way although nobody does anything: a freeze that ends, a soak
// time that is over. The instants at which comparisons with the time of the decision change are
// tried one after the other by judging again.
#pragma once

#include "policy/rule_run.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// Adds to the rules that are not passed, and to the verdict as a whole, the first instant from
/// which time alone opens them. `verdict` MUST be of these criteria and facts, with one rule
/// verdict for each rule.
void find_unblocking(Trial& trial, CriteriaVerdict& verdict);

}  // namespace holdpoint::policy
