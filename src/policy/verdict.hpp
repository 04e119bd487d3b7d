// Judging facts by criteria, and saying why: for each rule one of five results, and when it is not
// a pass, which condition failed, what the facts have, what is needed, and who can act. Errors and
// unknowns never count as passed.
#pragma once

#include <optional>
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
HP_DESCRIBE(Blame, expression, have, relation, need, line, column)

/// An element of a list that a quantifier failed on, with the fields that identify it.
struct FailingElement {
  std::string path;  // "approvals[2]"
  json::object keys;
  std::vector<Blame> blame;
};
HP_DESCRIBE(FailingElement, path, keys, blame)

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
HP_DESCRIBE(RuleVerdict, document, rule_id, result, message, detail, blame, elements, missing,
            remedy, evidence, line)

struct CriteriaVerdict {
  std::string name;
  Digest digest;
  Mode mode{};
  /// False when the document's match is false or its mode is off; then there are no rules.
  bool applicable = true;
  /// The criteria apply and every rule that applies passed. When match is an error or unknown, the
  /// criteria apply, have not passed, and one rule verdict with the id "match" says why.
  bool passed = false;
  std::vector<RuleVerdict> rules;
};
HP_DESCRIBE(CriteriaVerdict, name, digest, mode, applicable, passed, rules)

/// Whether this verdict alone keeps a gate closed.
inline bool blocks(const CriteriaVerdict& verdict) {
  return verdict.mode == Mode::enforce && verdict.applicable && !verdict.passed;
}

/// Deterministic: the same criteria and facts give the same verdict, always.
CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts);

/// The same, whatever the mode: how `off` and `shadow` criteria are tried and backtested.
CriteriaVerdict judge(const CompiledCriteria& criteria, const json::object& facts);

}  // namespace holdpoint::policy
