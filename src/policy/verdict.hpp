// Judging facts by criteria, and saying why: for each rule one of five results, and when it is not
// a pass, which condition failed, what the facts have, what is needed, and who can act. Errors and
// unknowns never count as passed.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "policy/document.hpp"

namespace holdpoint::policy {

/// One condition that does not hold: `evidence.tests.failed` has `3`, relation `==`, needs `0`.
struct Blame {
  static constexpr std::size_t text_length_max = 120;

  std::string expression;
  std::string have;
  std::string relation;
  std::string need;
  int line = 1;
  int column = 1;
};

/// An element of a list that a quantifier failed on, with the fields that identify it.
struct FailingElement {
  std::string path;  // "approvals[2]"
  json::object keys;
  std::vector<Blame> blame;
};

struct RuleVerdict {
  static constexpr std::size_t blame_max = 16;
  static constexpr std::size_t elements_max = 20;

  std::string document;
  std::string rule_id;
  RuleResult result{};
  std::string message;  // the author's sentence
  std::string detail;   // "evidence.tests.failed is 3, needs == 0"
  std::vector<Blame> blame;
  std::vector<FailingElement> elements;
  std::vector<std::string> missing;
  std::optional<Remedy> remedy;
  std::string evidence;
  int line = 1;
};

struct CriteriaVerdict {
  std::string name;
  Digest digest;
  Mode mode{};
  /// False when the document's match is false or its mode is off; then there are no rules.
  bool applicable = true;
  /// Every rule that applies passed. A document whose match is an error or unknown has not passed.
  bool passed = false;
  std::vector<RuleVerdict> rules;
};

/// Deterministic: the same criteria and facts give the same verdict, always.
CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts);

}  // namespace holdpoint::policy
