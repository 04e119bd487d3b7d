// Judging facts by criteria, and saying why: for each rule one of six results, and when it is not
// a pass, which condition failed, what the facts have, what is needed, and who can do what about
// it, by when, and whether that was proved to suffice. Errors and unknowns never count as passed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/instant.hpp"
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
  /// What makes it this element and no other, see violation.hpp; "" where none is worked out.
  std::string identity;
};
HP_DESCRIBE(FailingElement, path, keys, blame, identity)

/// An element that a count left out, and the condition that it does not meet.
struct ExcludedElement {
  std::string path;
  json::object keys;
  std::string reason;  // "does not count: a.state is "open", needs == "approved""
};
HP_DESCRIBE(ExcludedElement, path, keys, reason)

/// One fact that has to change: `evidence.tests.failed` from `3` to `0`.
struct NeededChange {
  std::string path;
  std::string from;  // for an element that has to go, the fields that identify it
  std::string to;    // "absent" for what has to go
};
HP_DESCRIBE(NeededChange, path, from, to)

/// What to do about a rule that is not a pass. The author's remedy, or, without one, the changes of
/// facts that were worked out.
struct Advice {
  static constexpr std::size_t changes_shown_max = 20;

  std::string action;
  std::string by;  // "" when the criteria name nobody
  std::string command;
  std::optional<Instant> due;  // the time of the decision and what the remedy may take
  /// The rule was judged again over facts as they are when this was done, and passed.
  bool verified = false;
  std::string unverified_because;     // "" when it is verified
  std::vector<NeededChange> changes;  // the smallest set that was found
};
HP_DESCRIBE(Advice, action, by, command, due, verified, unverified_because, changes)

/// One thing that a rule fails on, which one waiver may cover.
struct Violation {
  std::string fingerprint;  // 64 hex digits, the same as long as it is the same violation
  std::string what;
  std::optional<std::string> waiver;  // the id of the one in force that covers it
};
HP_DESCRIBE(Violation, fingerprint, what, waiver)

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
  std::vector<ExcludedElement> excluded;
  std::vector<std::string> missing;
  std::optional<Advice> remedy;
  /// The first instant at which the rule no longer stands in the way although nobody does anything.
  std::optional<Instant> unblocks_at;
  /// What the rule fails on, of one that may be waived.
  std::vector<Violation> violations;
  std::string evidence;
  int line = 1;
};
HP_DESCRIBE(RuleVerdict, document, rule_id, result, message, detail, blame, elements, excluded,
            missing, remedy, unblocks_at, violations, evidence, line)

struct CriteriaVerdict {
  std::string name;
  Digest digest;
  Mode mode{};
  /// False when the document's match is false or its mode is off, and then there are no rules, and
  /// when none of its rules applies.
  bool applicable = true;
  /// The criteria apply and every rule that applies passed. When match is an error or unknown, the
  /// criteria apply, have not passed, and one rule verdict with the id "match" says why.
  bool passed = false;
  /// Every rule that applies passed or is waived, and at least one is waived. Never passed too.
  bool waived = false;
  /// The remedies of all rules together, when all are done, were proved to make the criteria pass.
  bool remedies_suffice = false;
  /// The first instant at which the criteria pass although nobody does anything.
  std::optional<Instant> unblocks_at;
  std::vector<RuleVerdict> rules;
};
HP_DESCRIBE(CriteriaVerdict, name, digest, mode, applicable, passed, waived, remedies_suffice,
            unblocks_at, rules)

/// Whether the criteria stand in nobody's way.
inline bool lets_through(const CriteriaVerdict& verdict) {
  return verdict.passed || verdict.waived;
}

/// Whether this verdict alone keeps a gate closed.
inline bool blocks(const CriteriaVerdict& verdict) {
  return verdict.mode == Mode::enforce && verdict.applicable && !lets_through(verdict);
}

/// How much a verdict says about rules that are not a pass: only that, or why, or also what to do
/// and when it passes by itself, proved by judging again.
enum class Depth : std::uint8_t { results, reasons, advice };

/// Deterministic: the same criteria, facts and depth give the same verdict, always.
CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts,
                         Depth depth = Depth::reasons);

/// The same, whatever the mode: how `off` and `shadow` criteria are tried and backtested.
CriteriaVerdict judge(const CompiledCriteria& criteria, const json::object& facts,
                      Depth depth = Depth::reasons);

/// What several documents may spend together on advice, in units of cost, so that a decision is
/// bounded however many of them fail. Once it is spent, advice is not verified and says so.
struct AdviceBudget {
  std::int64_t units = 30'000'000;
};

/// With advice, within what is left of a budget that is shared.
CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts,
                         AdviceBudget& budget);

/// The results of the same criteria at that time, on facts that are otherwise the same.
CriteriaVerdict evaluate_at(const CompiledCriteria& criteria, const json::object& facts,
                            Instant at);

}  // namespace holdpoint::policy
