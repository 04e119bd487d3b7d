// What a rule fails on, named so that a waiver can cover exactly that and nothing that comes later:
// the elements that stand in the way, each by what it is, or, where the rule does not fail on
// elements, the rule as a whole over all that it reads.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policy/verdict.hpp"

namespace holdpoint::policy {

struct WaiverInForce {
  std::string id;
  std::string rule;
  std::string violation;
};

/// A finding is its fingerprint, which is the same from scan to scan; any other element is all
/// that it says.
std::string identity_of(const json::object& element);

/// Those that the facts hold for the document and that are not over at the time of the decision.
/// Without a time there are none. Only certification criteria have waivers.
std::vector<WaiverInForce> waivers_in_force(const CriteriaDocument& document,
                                            const json::object& facts);
std::vector<WaiverInForce> of_rule(const std::vector<WaiverInForce>& waivers,
                                   const std::string& rule);

/// MUST be given a rule that fails over the facts, and its explanation. The elements are its
/// violations when it passes without them; otherwise there is one, the rule with what it reads.
std::vector<Violation> violations_of(const CompiledCriteria::Programs& programs,
                                     const CompiledCriteria::Rule& rule, const json::object& facts,
                                     const RuleVerdict& explained);

/// Marks the violations that are covered, and says whether the rule holds without them: it is
/// judged again over facts from which they are gone.
bool are_waived(const CompiledCriteria::Rule& rule, const json::object& facts,
                std::span<const WaiverInForce> waivers, std::vector<Violation>& violations);

}  // namespace holdpoint::policy
