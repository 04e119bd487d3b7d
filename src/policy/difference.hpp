// What differs between two versions of documents: not their text but what they say, rule by rule.
// Spaces, comments and the order of keys are no difference.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policy/backtest.hpp"
#include "policy/document.hpp"

namespace holdpoint::policy {

enum class DifferenceKind : std::uint8_t { added, removed, changed };
HP_DESCRIBE_ENUM(DifferenceKind, added, removed, changed)

/// A part of one thing that a document says: `require` of the rule `tests-passed`.
struct PartDifference {
  std::string part;  // "require", "mode", "remedy.within"; "" for the thing as a whole
  std::string before;
  std::string after;
};
HP_DESCRIBE(PartDifference, part, before, after)

struct DocumentDifference {
  std::string kind_of_document;  // "GatePolicy"
  std::string document;
  std::string what;  // document, rule, variable, test
  std::string name;  // of the rule, variable or test; "" for the document itself
  DifferenceKind kind{};
  std::vector<PartDifference> parts;  // of what changed or was added: what it says
};
HP_DESCRIBE(DocumentDifference, kind_of_document, document, what, name, kind, parts)

/// A document with the members of its spec that only its kind has, such as routes of approval.
struct ComparedDocument {
  CriteriaDocument document;
  json::object members;
};
/// `written` is the whole document as parsed.
ComparedDocument compared(const CriteriaDocument& document, const json::value& written);

/// Documents are matched by kind and name; rules, variables and tests by name.
std::vector<DocumentDifference> difference(std::span<const ComparedDocument> before,
                                           std::span<const ComparedDocument> after);

/// A test of either version that ends otherwise under the other one.
struct TestDifference {
  std::string kind_of_document;
  std::string document;
  std::string test;
  bool passed_before = false;
  bool passed_after = false;
  std::vector<RuleDifference> rules;
};
HP_DESCRIBE(TestDifference, kind_of_document, document, test, passed_before, passed_after, rules)

/// The facts of the tests of both versions, judged by both. Documents that only one side has are
/// left out: there is nothing to compare them with.
std::vector<TestDifference> test_differences(std::span<const CompiledCriteria> before,
                                             std::span<const CompiledCriteria> after,
                                             const FactsSchemas& schemas);

}  // namespace holdpoint::policy
