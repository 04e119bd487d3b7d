// See verdict.hpp. Every rule is first evaluated without a trace; only one that is not a pass is
// looked at again to say why.
#include "policy/verdict.hpp"

#include "policy/cel/evaluator.hpp"
#include "policy/explain.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t detail_length_max = 2'000;

class Judge {
 public:
  Judge(const CompiledCriteria& criteria, const json::object& facts)
      : programs_(criteria.programs()), session_(facts, cel::Limits{}) {}

  CriteriaVerdict run() {
    const CriteriaDocument& document = programs_.document;
    CriteriaVerdict out{document.name, document.digest, document.mode, true, true, {}};
    if (programs_.match) {
      const cel::Evaluation match = evaluate(*programs_.match);
      if (match.is_false()) {
        out.applicable = false;
        out.passed = false;
        return out;
      }
      if (!match.is_true()) {
        out.passed = false;
        out.rules.push_back(match_verdict(match));
        return out;
      }
    }
    for (const CompiledCriteria::Rule& rule : programs_.rules) {
      out.rules.push_back(judge(rule));
      const RuleResult result = out.rules.back().result;
      const bool is_fine = result == RuleResult::pass || result == RuleResult::not_applicable;
      out.passed = out.passed && is_fine;
    }
    return out;
  }

 private:
  cel::Evaluation evaluate(const cel::Program& program) {
    session_.restart_cost(program.compiled().limits.cost_max);
    return cel::evaluate_in(program.compiled(), session_);
  }

  static RuleResult result_of(const cel::Evaluation& evaluation) {
    switch (evaluation.outcome) {
      case cel::Evaluation::Outcome::error: return RuleResult::error;
      case cel::Evaluation::Outcome::unknown: return RuleResult::unknown;
      case cel::Evaluation::Outcome::value: break;
    }
    if (evaluation.is_true()) return RuleResult::pass;
    return evaluation.is_false() ? RuleResult::fail : RuleResult::error;
  }

  void explain_into(RuleVerdict& out, const cel::Program& program,
                    const cel::Evaluation& evaluation) {
    Explanation why =
        explain(program.compiled(), session_, {out.line, column_, &programs_.document.variables});
    out.detail = std::move(why.detail);
    if (!evaluation.message.empty()) out.detail = evaluation.message;
    if (evaluation.outcome == cel::Evaluation::Outcome::value && out.detail.empty()) {
      out.detail = "the expression is " + cel::text_of(evaluation.value);
    }
    if (out.detail.size() > detail_length_max) shorten(out.detail);
    out.blame = std::move(why.blame);
    out.elements = std::move(why.elements);
    out.missing = std::move(why.missing);
    if (out.result == RuleResult::unknown) {
      out.missing = evaluation.unknown_paths;
      out.detail = "the facts lack " + joined(out.missing);
    }
  }

  static void shorten(std::string& text) {
    std::size_t end = detail_length_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    text += "…";
  }

  static std::string joined(const std::vector<std::string>& paths) {
    std::string out;
    for (const std::string& path : paths) {
      if (!out.empty()) out += ", ";
      out += path;
    }
    return out;
  }

  RuleVerdict match_verdict(const cel::Evaluation& match) {
    RuleVerdict out;
    out.document = programs_.document.name;
    out.rule_id = "match";
    out.result = result_of(match);
    out.message = "It cannot be told whether these criteria apply.";
    column_ = 1;
    explain_into(out, *programs_.match, match);
    return out;
  }

  RuleVerdict judge(const CompiledCriteria::Rule& rule) {
    RuleVerdict out;
    out.document = programs_.document.name;
    out.rule_id = rule.source.id;
    out.message = rule.source.message;
    out.remedy = rule.source.remedy;
    out.evidence = rule.source.evidence;
    out.line = rule.source.line;
    column_ = rule.source.column;
    if (rule.when) {
      const cel::Evaluation when = evaluate(*rule.when);
      if (when.is_false()) {
        out.result = RuleResult::not_applicable;
        return out;
      }
      if (!when.is_true()) {
        out.result = result_of(when);
        explain_into(out, *rule.when, when);
        return out;
      }
    }
    const cel::Evaluation require = evaluate(rule.require);
    out.result = result_of(require);
    if (out.result != RuleResult::pass) explain_into(out, rule.require, require);
    return out;
  }

  const CompiledCriteria::Programs& programs_;
  cel::Session session_;
  int column_ = 1;
};

}  // namespace

CriteriaVerdict judge(const CompiledCriteria& criteria, const json::object& facts) {
  return Judge(criteria, facts).run();
}

CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts) {
  const CriteriaDocument& document = criteria.document();
  if (document.mode == Mode::off) {
    return {document.name, document.digest, document.mode, false, false, {}};
  }
  return judge(criteria, facts);
}

}  // namespace holdpoint::policy
