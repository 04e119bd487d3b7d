// Policy documents as people write them, of every kind: YAML or JSON with rules in CEL, a message
// and a remedy for each, and tests that the document must pass before anyone can use it.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "policy/cel/program.hpp"
#include "policy/cel/schema.hpp"
#include "policy/kind_facts.hpp"
#include "policy/kinds.hpp"
#include "policy/spec_parts.hpp"

namespace holdpoint::policy {

/// enforce blocks; warn and shadow are judged and shown or only recorded; off is not judged.
enum class Mode : std::uint8_t { enforce, warn, shadow, off };

/// waived: it fails, and all that it fails on is covered by waivers in force.
enum class RuleResult : std::uint8_t { pass, fail, error, unknown, not_applicable, waived };

HP_DESCRIBE_ENUM(Mode, enforce, warn, shadow, off)
HP_DESCRIBE_ENUM(RuleResult, pass, fail, error, unknown, not_applicable, waived)

/// Whether the rule stands in nobody's way. An error or something unknown does.
constexpr bool is_fine(RuleResult result) {
  return result == RuleResult::pass || result == RuleResult::not_applicable ||
         result == RuleResult::waived;
}

std::string_view mode_name(Mode mode);
std::string_view result_name(RuleResult result);

/// What to do when the rule does not pass, who can, and optionally the command that does it, how
/// long it may take from the decision on, and what the facts look like when it was done.
struct Remedy {
  static constexpr Duration within_max = Duration::days(90);

  std::string action;  // `do` in the document
  std::string by;
  std::string command;
  std::optional<Duration> within;
  std::optional<json::object> effect;  // RFC 7396 merge patch over the facts
};

/// Whether a failure of the rule may be waived. What cannot be told never is.
enum class Waivable : std::uint8_t { yes, no };

struct RuleSource {
  std::string id;
  std::string require;
  std::string when;  // "" when the rule always applies
  std::string message;
  std::optional<Remedy> remedy;
  std::string evidence;  // kind of evidence the rule reads, "" when none is named
  Waivable waivable = Waivable::yes;
  int line = 1;  // of the first character of `require` in the document
  int column = 1;
};

struct VariableSource {
  std::string name;
  std::string expression;
  int line = 1;  // of the first character of `expression` in the document
  int column = 1;
};

struct ExpectedRule {
  std::string id;
  RuleResult result{};
};

enum class ExpectedVerdict : std::uint8_t { passed, failed };

struct TestSource {
  std::string name;
  json::object given;  // over the smallest facts, as RFC 7396 merges: null removes a field
  ExpectedVerdict expect{};
  std::vector<ExpectedRule> rules;
  /// The routes, goals or triggers whose condition holds, in the document's order.
  std::optional<std::vector<std::string>> selects;
};

struct CriteriaDocument {
  static constexpr std::size_t bytes_max = 256U << 10;
  static constexpr std::size_t rules_max = 200;
  static constexpr std::size_t variables_max = 50;
  static constexpr std::size_t tests_max = 200;
  static constexpr std::size_t text_length_max = 1'000;
  static constexpr std::size_t name_length_max = 64;

  Kind kind = Kind::certification_criteria;
  std::string name;
  std::string owner;
  std::string description;
  std::string review_by;  // "2027-03-31", "" when no review is planned
  Mode mode = Mode::enforce;
  std::string match;  // "" when the criteria apply to everything
  std::vector<VariableSource> variables;
  std::vector<RuleSource> rules;
  std::vector<TestSource> tests;
  std::vector<ConditionSource> conditions;  // of what only this kind has
  json::object part;                        // the members of the spec that only this kind has
  /// SHA-256 of the canonical JSON of the document.
  Digest digest;
};

/// Where a document is wrong. `path` is a JSON Pointer.
struct PolicyIssue {
  std::string path;
  int line = 1;
  int column = 1;
  std::string message;

  /// "/spec/rules/2/require: 14:16: expected bool, found int"
  [[nodiscard]] std::string text() const;
};
HP_DESCRIBE(PolicyIssue, path, line, column, message)

/// Checked and ready to judge; copies share the programs.
class CompiledCriteria {
 public:
  struct Rule {
    RuleSource source;
    std::optional<cel::Program> when;
    cel::Program require;
  };
  struct Programs {
    CriteriaDocument document;
    std::vector<std::unique_ptr<cel::Program>> variables;  // in the document's order
    std::optional<cel::Program> match;
    std::vector<Rule> rules;
    std::vector<std::optional<cel::Program>> conditions;  // empty where it always selects
    std::shared_ptr<cel::TypeStore> types;
  };

  explicit CompiledCriteria(std::shared_ptr<const Programs> programs)
      : programs_(std::move(programs)) {}

  [[nodiscard]] const CriteriaDocument& document() const { return programs_->document; }
  [[nodiscard]] const Digest& digest() const { return programs_->document.digest; }
  [[nodiscard]] const Programs& programs() const { return *programs_; }

 private:
  std::shared_ptr<const Programs> programs_;
};

/// Whether compiling runs the tests that the document carries. Documents MUST NOT come into force
/// with their tests left out; that is for who runs them one by one.
enum class OwnTests : std::uint8_t { run, leave };

/// Whether the document still has to be accepted. One that was accepted before is not held to the
/// bounds of cost again: evaluation keeps to budgets of its own, and a program that counts
/// otherwise must not close a gate on a document that nobody changed.
enum class Standing : std::uint8_t { proposed, accepted };

/// Reads the one document in the text, checks every expression against the schema of the facts of
/// its kind and against the bounds of cost, and runs the document's own tests. Refuses with every
/// issue found, also when a test fails, and a document of a kind that `schemas` lacks.
std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_policy(
    std::string_view text, const FactsSchemas& schemas, OwnTests tests = OwnTests::run,
    Standing standing = Standing::proposed);

/// The same for CertificationCriteria only.
std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_criteria(
    std::string_view text, const cel::Schema& schema, OwnTests tests = OwnTests::run,
    Standing standing = Standing::proposed);

/// Whether the document may read the fact of this name. Errs on the side of yes.
bool mentions(const CriteriaDocument& document, std::string_view fact);

}  // namespace holdpoint::policy
