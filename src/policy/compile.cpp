// Compiling criteria: every expression is checked against the schema of the facts, and the
// document's own tests must hold.
#include <algorithm>

#include "policy/document.hpp"
#include "policy/document_reader.hpp"
#include "policy/verdict.hpp"

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

  std::expected<CompiledCriteria, std::vector<PolicyIssue>> run() {
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
    if (!issues_.empty()) return std::unexpected(std::move(issues_));
    CompiledCriteria criteria(out_);
    for (std::size_t i = 0; i < document.tests.size(); ++i) run_test(criteria, i);
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

  /// RFC 7396: objects merge, null removes, anything else replaces.
  static void merge(json::object& into, const json::object& patch) {
    for (const auto& entry : patch) {
      if (entry.value().is_null()) {
        into.erase(entry.key());
        continue;
      }
      json::value& target = into[entry.key()];
      const auto* inner = entry.value().if_object();
      if (inner == nullptr) {
        target = entry.value();
        continue;
      }
      if (!target.is_object()) target = json::object();
      merge(target.get_object(), *inner);
    }
  }

  void run_test(const CompiledCriteria& criteria, std::size_t i) {
    const TestSource& test = out_->document.tests[i];
    const std::string path = "/spec/tests/" + std::to_string(i);
    json::object facts = schema_.minimal_facts();
    merge(facts, test.given);
    const CriteriaVerdict verdict = judge(criteria, facts);
    const bool passed = verdict.passed || !verdict.applicable;
    if (passed != (test.expect == ExpectedVerdict::passed)) {
      std::string message = "the test '" + test.name + "' ";
      message += passed ? "passed, but must fail" : "failed, but must pass";
      for (const RuleVerdict& rule : verdict.rules) {
        const bool is_fine =
            rule.result == RuleResult::pass || rule.result == RuleResult::not_applicable;
        if (!is_fine) message += "; " + rule.rule_id + ": " + rule.detail;
      }
      issue(path + "/expect", message);
    }
    for (const ExpectedRule& expected : test.rules) {
      const auto rule = std::ranges::find(verdict.rules, expected.id, &RuleVerdict::rule_id);
      const RuleResult result =
          rule == verdict.rules.end() ? RuleResult::not_applicable : rule->result;
      if (result == expected.result) continue;
      issue(path + "/rules" + pointer_step(expected.id),
            "in the test '" + test.name + "' the rule is " + std::string(result_name(result)) +
                ", not " + std::string(result_name(expected.result)));
    }
  }

  YamlDocument source_;
  const cel::Schema& schema_;
  std::shared_ptr<CompiledCriteria::Programs> out_ = std::make_shared<CompiledCriteria::Programs>();
  std::vector<cel::Variable> variables_;
  std::vector<PolicyIssue> issues_;
};

}  // namespace

std::string_view mode_name(Mode mode) {
  switch (mode) {
    case Mode::enforce: return "enforce";
    case Mode::warn: return "warn";
    case Mode::shadow: return "shadow";
    case Mode::off: return "off";
  }
  return "off";
}

std::string_view result_name(RuleResult result) {
  switch (result) {
    case RuleResult::pass: return "pass";
    case RuleResult::fail: return "fail";
    case RuleResult::error: return "error";
    case RuleResult::unknown: return "unknown";
    case RuleResult::not_applicable: return "not_applicable";
  }
  return "error";
}

std::string PolicyIssue::text() const {
  return path + (path.empty() ? "" : ": ") + std::to_string(line) + ":" + std::to_string(column) +
         ": " + message;
}

std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_criteria(
    std::string_view text, const cel::Schema& schema) {
  auto read = read_criteria(text);
  if (!read) return std::unexpected(std::move(read).error());
  return Compiler(std::move(*read), schema).run();
}

}  // namespace holdpoint::policy
