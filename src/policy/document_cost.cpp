// See document_cost.hpp.
#include "policy/document_cost.hpp"

#include "policy/cel/estimate.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view what_to_do =
    "look at a shorter list, put the loops beside each other instead of into each other, or "
    "compare "
    "whole lists with sets.contains or sets.intersects";

struct Part {
  std::string path;
  const cel::Compiled* program = nullptr;
};

std::vector<Part> variables_of(const CompiledCriteria::Programs& programs) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < programs.variables.size(); ++i) {
    parts.push_back({"/spec/variables/" + std::to_string(i) + "/expression",
                     &programs.variables[i]->compiled()});
  }
  return parts;
}

/// Everything that is evaluated for its own sake.
std::vector<Part> expressions_of(const CompiledCriteria::Programs& programs) {
  std::vector<Part> parts;
  if (programs.match) parts.push_back({"/spec/match", &programs.match->compiled()});
  for (std::size_t i = 0; i < programs.rules.size(); ++i) {
    const CompiledCriteria::Rule& rule = programs.rules[i];
    const std::string path = "/spec/rules/" + std::to_string(i);
    if (rule.when) parts.push_back({path + "/when", &rule.when->compiled()});
    parts.push_back({path + "/require", &rule.require.compiled()});
  }
  for (std::size_t i = 0; i < programs.conditions.size(); ++i) {
    if (!programs.conditions[i]) continue;
    parts.push_back({programs.document.conditions[i].path, &programs.conditions[i]->compiled()});
  }
  return parts;
}

std::vector<CostIssue> costly(const std::vector<Part>& parts, const cel::Schema& schema) {
  std::vector<CostIssue> issues;
  for (const Part& part : parts) {
    const cel::Units units = cel::estimate(*part.program, schema);
    if (units <= cel::Units{expression_units_max}) continue;
    issues.push_back({part.path, "may cost " + units_text(units) + " and is allowed " +
                                     units_text({expression_units_max}) + ": " +
                                     std::string(what_to_do)});
  }
  return issues;
}

}  // namespace

std::string units_text(cel::Units units) {
  if (units.count == cel::Units::count_max) return "more units than can be counted";
  std::string text = std::to_string(units.count);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text + " units";
}

std::vector<CostIssue> cost_issues(const CompiledCriteria::Programs& programs,
                                   const cel::Schema& schema) {
  if (auto issues = costly(variables_of(programs), schema); !issues.empty()) return issues;
  const std::vector<Part> parts = expressions_of(programs);
  if (auto issues = costly(parts, schema); !issues.empty()) return issues;
  std::vector<const cel::Compiled*> all;
  for (const Part& part : parts) all.push_back(part.program);
  const cel::Units together = cel::estimate_together(all, schema);
  if (together <= cel::Units{document_units_max}) return {};
  return {{"/spec", "the expressions of a document are allowed " +
                        units_text({document_units_max}) + " together, and these may cost " +
                        units_text(together) +
                        ": put what several of them work out into a variable, which counts once, "
                        "or some rules into a second document"}};
}

}  // namespace holdpoint::policy
