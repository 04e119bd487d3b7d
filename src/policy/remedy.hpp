// Advice that is proved: for a rule that does not pass, the remedy is done to a copy of the facts
// and the rule is judged again. Only a rule that then passes makes the advice verified.
#pragma once

#include "policy/rule_run.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// Adds advice to the rules that are not passed, and whether all of it together makes the criteria
/// pass. `verdict` MUST be of these criteria and facts, with one rule verdict for each rule.
void advise(Trial& trial, CriteriaVerdict& verdict);

/// The remedy as the author wrote it, due from the time of the decision on, not tried.
Advice advice_of(const Remedy& remedy, const json::object& facts);

}  // namespace holdpoint::policy
