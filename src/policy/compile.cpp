// Compiling a policy: every expression is checked against the schema of the facts of its kind and
// against what it may cost, and the document's own tests must hold.
#include <algorithm>

#include "policy/document.hpp"
#include "policy/document_cost.hpp"
#include "policy/document_reader.hpp"
#include "policy/test_run.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t issues_max = 50;

enum class Expected : std::uint8_t { anything, boolean };

class Compiler {
 public:
  Compiler(ReadCriteria read, const cel::Schema& schema)
      : source_(std::move(read.source)), schema_(schema) {
    out_->document = std::move(read.document);
    out_->types = schema.types();
  }

  std::expected<CompiledCriteria, std::vector<PolicyIssue>> run(OwnTests tests, Standing standing) {
    const CriteriaDocument& document = out_->document;
    for (std::size_t i = 0; i < document.variables.size(); ++i) {
      const VariableSource& variable = document.variables[i];
      auto program = compile("/spec/variables/" + std::to_string(i) + "/expression",
                             variable.expression, Expected::anything);
      if (!program) return std::unexpected(std::move(issues_));
      out_->variables.push_back(std::make_unique<cel::Program>(std::move(*program)));
      variables_.push_back({variable.name, out_->variables.back().get()});
    }
    if (!document.match.empty()) {
      out_->match = compile("/spec/match", document.match, Expected::boolean);
    }
    for (std::size_t i = 0; i < document.rules.size(); ++i) compile_rule(i);
    for (const ConditionSource& one : document.conditions) {
      out_->conditions.emplace_back();
      if (one.expression.empty()) continue;
      out_->conditions.back() = compile(one.path, one.expression, Expected::boolean);
    }
    if (issues_.empty() && standing == Standing::proposed) {
      for (CostIssue& one : cost_issues(*out_, schema_)) issue(one.path, std::move(one.message));
    }
    if (!issues_.empty()) return std::unexpected(std::move(issues_));
    CompiledCriteria criteria(out_);
    if (tests == OwnTests::leave) return criteria;
    run_own_tests(criteria, standing);
    if (!issues_.empty()) return std::unexpected(std::move(issues_));
    return criteria;
  }

 private:
  void issue(const std::string& path, std::string message) {
    const YamlPosition place = source_.position(path);
    if (issues_.size() < issues_max) {
      issues_.push_back({path, place.line, place.column, std::move(message)});
    }
  }

  /// Adds the place inside the expression to the place of the expression in the document.
  void issue(const std::string& path, const cel::Issue& inside) {
    const YamlPosition place = source_.position(path);
    if (issues_.size() >= issues_max) return;
    issues_.push_back(
        {path, place.line + inside.line - 1, place.column + inside.column - 1, inside.message});
  }

  std::optional<cel::Program> compile(const std::string& path, const std::string& source,
                                      Expected expected) {
    auto program = cel::Program::compile(source, schema_, variables_);
    if (!program) {
      for (const cel::Issue& inside : program.error()) issue(path, inside);
      return std::nullopt;
    }
    const cel::Type& type = program->result_type();
    const bool is_bool = type.kind == cel::TypeKind::boolean || type.kind == cel::TypeKind::dyn;
    if (expected == Expected::boolean && !is_bool) {
      issue(path, cel::Issue{"expected bool, found " + type.text()});
      return std::nullopt;
    }
    return std::move(*program);
  }

  void compile_rule(std::size_t i) {
    const RuleSource& rule = out_->document.rules[i];
    const std::string path = "/spec/rules/" + std::to_string(i);
    std::optional<cel::Program> when;
    if (!rule.when.empty()) when = compile(path + "/when", rule.when, Expected::boolean);
    auto require = compile(path + "/require", rule.require, Expected::boolean);
    if (require) out_->rules.push_back({rule, std::move(when), std::move(*require)});
  }

  void run_own_tests(const CompiledCriteria& criteria, Standing standing) {
    OwnTestRun tests(criteria, schema_);
    for (std::size_t i = 0; i < criteria.document().tests.size(); ++i) {
      for (TestComplaint& complaint : tests.run(i)) {
        issue(complaint.path, std::move(complaint.message));
      }
      if (!tests.is_spent()) continue;
      if (standing == Standing::accepted) return;
      issue("/spec/tests/" + std::to_string(i),
            "up to here the tests cost more than the " + units_text({OwnTestRun::cost_max}) +
                " that those of a document have together: give them shorter lists, or put rules "
                "into a second document with its own tests");
      return;
    }
    if (standing == Standing::proposed && issues_.empty()) require_passing(tests);
  }

  /// Rules that no change could pass would lock the policies, themselves included, for ever.
  void require_passing(const OwnTestRun& tests) {
    if (out_->document.kind != Kind::policy_activation || tests.has_shown_passing()) return;
    issue(
        "/spec/tests",
        "a PolicyActivation needs a test in which it applies and every rule passes: it shows that "
        "a change of what it judges can come into force");
  }

  YamlDocument source_;
  const cel::Schema& schema_;
  std::shared_ptr<CompiledCriteria::Programs> out_ = std::make_shared<CompiledCriteria::Programs>();
  std::vector<cel::Variable> variables_;
  std::vector<PolicyIssue> issues_;
};

}  // namespace

std::string_view mode_name(Mode mode) { return describe::enum_text(mode); }

std::string_view result_name(RuleResult result) { return describe::enum_text(result); }

std::string PolicyIssue::text() const {
  return path + (path.empty() ? "" : ": ") + std::to_string(line) + ":" + std::to_string(column) +
         ": " + message;
}

namespace {

std::unexpected<std::vector<PolicyIssue>> wrong_kind(const ReadCriteria& read,
                                                     std::string message) {
  const YamlPosition place = read.source.position("/kind");
  return std::unexpected(
      std::vector{PolicyIssue{"/kind", place.line, place.column, std::move(message)}});
}

}  // namespace

std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_policy(
    std::string_view text, const FactsSchemas& schemas, OwnTests tests, Standing standing) {
  auto read = read_criteria(text);
  if (!read) return std::unexpected(std::move(read).error());
  const auto schema = schemas.find(read->document.kind);
  if (schema == schemas.end()) {
    return wrong_kind(*read, "no facts are known for documents of this kind");
  }
  return Compiler(std::move(*read), schema->second).run(tests, standing);
}

std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_criteria(
    std::string_view text, const cel::Schema& schema, OwnTests tests, Standing standing) {
  auto read = read_criteria(text);
  if (!read) return std::unexpected(std::move(read).error());
  if (read->document.kind != Kind::certification_criteria) {
    return wrong_kind(*read, "expected 'CertificationCriteria'");
  }
  return Compiler(std::move(*read), schema).run(tests, standing);
}

bool mentions(const CriteriaDocument& document, std::string_view fact) {
  const auto reads = [&](const std::string& expression) { return expression.contains(fact); };
  return reads(document.match) ||
         std::ranges::any_of(document.variables, reads, &VariableSource::expression) ||
         std::ranges::any_of(document.rules, [&](const RuleSource& rule) {
           return reads(rule.require) || reads(rule.when);
         });
}

}  // namespace holdpoint::policy
