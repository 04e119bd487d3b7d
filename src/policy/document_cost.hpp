// What judging by a document can cost at most, found before it comes into force: each expression by
// itself, and all of them together. A document within these bounds never runs out of its budgets
// over facts within the bounds of their schema.
#pragma once

#include <string>
#include <vector>

#include "policy/cel/session.hpp"
#include "policy/cel/units.hpp"
#include "policy/document.hpp"

namespace holdpoint::policy {

/// Of one expression with the variables that it refers to. The same number bounds an evaluation.
inline constexpr std::int64_t expression_units_max = cel::Limits{}.cost_max;
/// Of all expressions of a document, with each variable once. The same number bounds a judgement.
inline constexpr std::int64_t document_units_max = cel::Session::allowance_max;

/// "5,000,000 units", and for what is too much to say so.
std::string units_text(cel::Units units);

struct CostIssue {
  std::string path;  // JSON Pointer into the document
  std::string message;
};

/// What is over a bound. Of a variable that is, the expressions that refer to it are not named too.
std::vector<CostIssue> cost_issues(const CompiledCriteria::Programs& programs,
                                   const cel::Schema& schema);

}  // namespace holdpoint::policy
