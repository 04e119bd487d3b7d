// What is not wrong in a document but probably not meant: rules that no test has shown passing and
// failing, rules that can never fail, variables that nothing uses, reviews that are overdue.
#pragma once

#include <span>
#include <vector>

#include "base/instant.hpp"
#include "policy/document.hpp"
#include "policy/test_run.hpp"

namespace holdpoint::policy {

/// `outcomes` are those of all tests of the document; `now` tells whether its review is overdue.
/// The lines are those of the document's text.
std::vector<PolicyIssue> warnings_of(const CompiledCriteria& criteria,
                                     std::span<const TestOutcome> outcomes, Instant now);

/// Whether the condition holds, or fails, whatever the facts are. `open` when that depends on them
/// or is not seen at a glance.
enum class Certainty : std::uint8_t { open, always, never };
Certainty certainty_of(const cel::Program& condition);

}  // namespace holdpoint::policy
