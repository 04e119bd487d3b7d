// See warnings.hpp. What holds for certain is read off the checked tree alone: constants, sizes
// that are compared with zero, and what && || ! make of those. It never guesses.
#include "policy/warnings.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "policy/cel/compiled.hpp"

namespace holdpoint::policy {
namespace {

using cel::Node;
using cel::NodeId;
using cel::NodeKind;

Certainty opposite(Certainty certainty) {
  switch (certainty) {
    case Certainty::always: return Certainty::never;
    case Certainty::never: return Certainty::always;
    case Certainty::open: break;
  }
  return Certainty::open;
}

class Walk {
 public:
  explicit Walk(const cel::Compiled& program) : program_(program) {}

  [[nodiscard]] Certainty of(NodeId id) const {
    const Node& node = program_.tree.nodes[id];
    if (program_.steps[id].op == cel::Op::variable) {
      const cel::Compiled& inner = *program_.variables[program_.steps[id].variable].program;
      return Walk(inner).of(inner.tree.root);
    }
    switch (node.kind) {
      case NodeKind::constant: return of_constant(node);
      case NodeKind::logical_not: return opposite(of(node.children[0]));
      case NodeKind::logical_or: return of_several(node, Certainty::always);
      case NodeKind::logical_and: return of_several(node, Certainty::never);
      case NodeKind::greater_equal: return of_size(node.children[0], node.children[1], 0);
      case NodeKind::greater: return of_size(node.children[0], node.children[1], -1);
      case NodeKind::less_equal: return of_size(node.children[1], node.children[0], 0);
      case NodeKind::less: return of_size(node.children[1], node.children[0], -1);
      case NodeKind::equal: return of_equal(node);
      case NodeKind::not_equal: return opposite(of_equal(node));
      default: return Certainty::open;
    }
  }

 private:
  static Certainty of_constant(const Node& node) {
    if (node.constant.is_true()) return Certainty::always;
    return node.constant.is_false() ? Certainty::never : Certainty::open;
  }

  /// One part that is `decisive` decides; otherwise all have to be certain.
  [[nodiscard]] Certainty of_several(const Node& node, Certainty decisive) const {
    bool is_certain = true;
    for (const NodeId child : node.children) {
      const Certainty certainty = of(child);
      if (certainty == decisive) return decisive;
      is_certain = is_certain && certainty != Certainty::open;
    }
    return is_certain ? opposite(decisive) : Certainty::open;
  }

  /// `size(…) >= 0` and `size(…) > -1` hold for every list.
  [[nodiscard]] Certainty of_size(NodeId subject, NodeId bound, std::int64_t least) const {
    const Node& size = program_.tree.nodes[subject];
    const Node& limit = program_.tree.nodes[bound];
    const bool is_size = size.kind == NodeKind::call && size.name == "size";
    if (!is_size || limit.kind != NodeKind::constant || !limit.constant.is(cel::Kind::integer)) {
      return Certainty::open;
    }
    return limit.constant.as_int() <= least ? Certainty::always : Certainty::open;
  }

  [[nodiscard]] Certainty of_equal(const Node& node) const {
    const Node& left = program_.tree.nodes[node.children[0]];
    const Node& right = program_.tree.nodes[node.children[1]];
    if (left.kind != NodeKind::constant || right.kind != NodeKind::constant) {
      return Certainty::open;
    }
    return cel::text_of(left.constant) == cel::text_of(right.constant) &&
                   left.constant.kind() == right.constant.kind()
               ? Certainty::always
               : Certainty::open;
  }

  const cel::Compiled& program_;
};

class Warner {
 public:
  Warner(const CompiledCriteria& criteria, std::span<const TestOutcome> outcomes, Instant now)
      : criteria_(criteria), outcomes_(outcomes), now_(now) {}

  std::vector<PolicyIssue> run() {
    const auto& rules = criteria_.programs().rules;
    for (std::size_t i = 0; i < rules.size(); ++i) about_certainty(rules[i], i);
    about_tests();
    about_variables();
    about_review();
    return std::move(issues_);
  }

 private:
  void warn(std::string path, int line, int column, std::string message) {
    issues_.push_back({std::move(path), line, column, std::move(message)});
  }

  void about_certainty(const CompiledCriteria::Rule& rule, std::size_t index) {
    const std::string path = "/spec/rules/" + std::to_string(index);
    const auto says = [&](const char* part, const char* message) {
      warn(path + part, rule.source.line, rule.source.column,
           "the rule '" + rule.source.id + "' " + message);
    };
    if (rule.when && certainty_of(*rule.when) == Certainty::never) {
      says("/when", "never applies: its `when` is false for whatever facts are there");
    }
    switch (certainty_of(rule.require)) {
      case Certainty::always:
        says("/require", "can never fail: it holds for whatever facts are there");
        break;
      case Certainty::never:
        says("/require", "can never pass: it is false for whatever facts are there");
        break;
      case Certainty::open: break;
    }
  }

  void about_tests() {
    const CriteriaDocument& document = criteria_.document();
    // Without a rule and a condition there is nothing that a test could show.
    if (document.rules.empty() && document.conditions.empty()) return;
    if (document.tests.empty()) {
      warn("/spec", 1, 1,
           "there is no test: nothing shows that '" + document.name + "' judges as it is meant to");
      return;
    }
    if (!document.match.empty()) about_match();
    const auto coverage = tally_of(document, outcomes_);
    for (std::size_t i = 0; i < coverage.size(); ++i) {
      const RuleTally& row = coverage[i];
      about_when(i, row);
      if (row.is_whole()) continue;
      const char* lacking = row.held == 0 && row.failed == 0 ? "passing, and none failing"
                            : row.held == 0                  ? "passing"
                                                             : "failing";
      const RuleSource& rule = document.rules[i];
      warn("/spec/rules/" + std::to_string(i), rule.line, rule.column,
           "no test shows the rule '" + row.rule + "' " + lacking);
    }
  }

  void about_when(std::size_t i, const RuleTally& row) {
    const RuleSource& rule = criteria_.document().rules[i];
    if (rule.when.empty() || row.skipped > 0) return;
    warn("/spec/rules/" + std::to_string(i), rule.line, rule.column,
         "no test shows the rule '" + row.rule + "' not applying");
  }

  /// A `match` that is never false in a test may be one that applies to everything, and the
  /// reverse.
  void about_match() {
    const auto applies = [](const TestOutcome& outcome) { return outcome.verdict.applicable; };
    const bool is_shown_applying = std::ranges::any_of(outcomes_, applies);
    if (is_shown_applying && !std::ranges::all_of(outcomes_, applies)) return;
    warn("/spec/match", 1, 1,
         "no test shows '" + criteria_.document().name +
             (is_shown_applying ? "' not applying" : "' applying") + ", as its `match` decides");
  }

  void about_variables() {
    const auto& programs = criteria_.programs();
    std::set<std::uint32_t> used;
    const auto note = [&](const cel::Program& program) {
      for (const cel::Step& step : program.compiled().steps) {
        if (step.op == cel::Op::variable) used.insert(step.variable);
      }
    };
    if (programs.match) note(*programs.match);
    for (const CompiledCriteria::Rule& rule : programs.rules) {
      note(rule.require);
      if (rule.when) note(*rule.when);
    }
    for (const auto& variable : programs.variables) note(*variable);
    for (const auto& condition : programs.conditions) {
      if (condition) note(*condition);
    }
    const auto& variables = programs.document.variables;
    for (std::uint32_t i = 0; i < variables.size(); ++i) {
      if (used.contains(i)) continue;
      warn("/spec/variables/" + std::to_string(i), variables[i].line, variables[i].column,
           "nothing uses the variable '" + variables[i].name + "'");
    }
  }

  /// A review is due by the end of its day.
  void about_review() {
    const std::string& day = criteria_.document().review_by;
    const auto begin = Instant::parse(day + "T00:00:00Z");
    if (!begin || now_ < *begin + Duration::days(1)) return;
    warn("/metadata", 1, 1, "the review of '" + criteria_.document().name + "' was due by " + day);
  }

  const CompiledCriteria& criteria_;
  std::span<const TestOutcome> outcomes_;
  Instant now_;
  std::vector<PolicyIssue> issues_;
};

}  // namespace

Certainty certainty_of(const cel::Program& condition) {
  return Walk(condition.compiled()).of(condition.compiled().tree.root);
}

std::vector<PolicyIssue> warnings_of(const CompiledCriteria& criteria,
                                     std::span<const TestOutcome> outcomes, Instant now) {
  auto issues = Warner(criteria, outcomes, now).run();
  std::ranges::sort(issues, [](const PolicyIssue& a, const PolicyIssue& b) {
    return std::tie(a.line, a.column, a.path) < std::tie(b.line, b.column, b.path);
  });
  return issues;
}

}  // namespace holdpoint::policy
