// See verdict.hpp. Every rule is first evaluated without a trace; only one that is not a pass is
// looked at again, in all its parts, to say why. The first run decides; a second one that came to
// something else would explain another decision, so its reasons are not shown.
#include "policy/verdict.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "policy/explain.hpp"
#include "policy/now.hpp"
#include "policy/remedy.hpp"
#include "policy/rule_run.hpp"
#include "policy/unblock.hpp"
#include "policy/violation.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t detail_length_max = 2'000;
constexpr std::string_view no_reason = "the reason could not be worked out";

class Judge {
 public:
  Judge(const CompiledCriteria& criteria, const json::object& facts, Depth depth,
        AdviceBudget& budget)
      : programs_(criteria.programs()),
        session_(facts, cel::Limits{}),
        depth_(depth),
        budget_(budget),
        waivers_(waivers_in_force(criteria.document(), facts)) {}

  CriteriaVerdict run() {
    const CriteriaDocument& document = programs_.document;
    CriteriaVerdict out{
        .name = document.name, .digest = document.digest, .mode = document.mode, .passed = true};
    if (programs_.match) {
      const cel::Evaluation match = policy::run(*programs_.match, session_);
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
      out.passed = out.passed && is_fine(out.rules.back().result);
      out.waived = out.waived || out.rules.back().result == RuleResult::waived;
    }
    if (none_applied(out.rules)) out.applicable = out.passed = false;
    out.waived = out.waived && out.passed;
    if (out.waived) out.passed = false;
    if (out.applicable && !lets_through(out) && depth_ == Depth::advice) {
      Trial trial(programs_, session_.facts(), budget_.units);
      advise(trial, out);
      budget_.units -= trial.cost();
      trial.restart_cost(budget_.units);
      find_unblocking(trial, out);
      budget_.units -= trial.cost();
    }
    return out;
  }

 private:
  void explain_into(RuleVerdict& out, const cel::Program& program,
                    const cel::Evaluation& evaluation, Identities identities) {
    // What ran out the first time may not the second time, when the variables are known.
    const bool has_run_out = session_.is_exhausted();
    Explanation why = explain(program.compiled(), evaluation, session_,
                              {out.line, column_, &programs_.document.variables}, identities);
    if (!has_run_out && why.truth && result_of(*why.truth) != out.result) {
      out.detail = no_reason;
      return;
    }
    out.detail = std::move(why.detail);
    if (!evaluation.message.empty()) out.detail = evaluation.message;
    if (evaluation.outcome == cel::Evaluation::Outcome::value && out.detail.empty()) {
      out.detail = "the expression is " + cel::text_of(evaluation.value);
    }
    if (out.detail.size() > detail_length_max) shorten(out.detail);
    out.blame = std::move(why.blame);
    out.elements = std::move(why.elements);
    out.excluded = std::move(why.excluded);
    out.missing = std::move(why.missing);
    if (out.result == RuleResult::unknown) {
      out.missing = evaluation.unknown_paths;
      out.detail = "the facts lack " + joined(out.missing);
    }
  }

  /// A document of whose rules none concerns the facts has judged nothing, and so not passed.
  static bool none_applied(const std::vector<RuleVerdict>& rules) {
    return !rules.empty() && std::ranges::all_of(rules, [](const RuleVerdict& rule) {
      return rule.result == RuleResult::not_applicable;
    });
  }

  static RuleResult result_of(Truth truth) {
    switch (truth) {
      case Truth::yes: return RuleResult::pass;
      case Truth::no: return RuleResult::fail;
      case Truth::error: return RuleResult::error;
      case Truth::unknown: return RuleResult::unknown;
    }
    return RuleResult::error;
  }

  static void shorten(std::string& text) {
    text.resize(cut_text(text, detail_length_max).size());
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
    out.result = policy::result_of(match);
    // A match that is true never comes here; one that is no boolean is an error.
    out.message = "It cannot be told whether these criteria apply.";
    column_ = 1;
    if (depth_ != Depth::results) {
      explain_into(out, *programs_.match, match, Identities::left_out);
    }
    return out;
  }

  RuleVerdict judge(const CompiledCriteria::Rule& rule) {
    RuleVerdict out;
    out.document = programs_.document.name;
    out.rule_id = rule.source.id;
    out.message = rule.source.message;
    out.evidence = rule.source.evidence;
    out.line = rule.source.line;
    column_ = rule.source.column;
    const RuleRun run = run_rule(rule, session_);
    out.result = run.result;
    if (is_fine(run.result)) return out;
    if (rule.source.remedy) out.remedy = advice_of(*rule.source.remedy, session_.facts());
    const bool may_be_waived = run.result == RuleResult::fail &&
                               rule.source.waivable == Waivable::yes &&
                               programs_.document.kind == Kind::certification_criteria;
    const std::vector<WaiverInForce> waivers =
        may_be_waived ? of_rule(waivers_, rule.source.id) : std::vector<WaiverInForce>{};
    const bool asks_for_violations = may_be_waived && (depth_ == Depth::advice || !waivers.empty());
    if (depth_ != Depth::results || asks_for_violations) {
      explain_into(out, *run.program, run.evaluation,
                   asks_for_violations ? Identities::worked_out : Identities::left_out);
    }
    if (asks_for_violations) {
      out.violations = violations_of(programs_, rule, session_.facts(), out);
      if (are_waived(rule, session_.facts(), waivers, out.violations)) {
        out.result = RuleResult::waived;
        out.remedy.reset();
      }
    }
    return out;
  }

  const CompiledCriteria::Programs& programs_;
  cel::Session session_;
  Depth depth_;
  AdviceBudget& budget_;
  std::vector<WaiverInForce> waivers_;
  int column_ = 1;
};

CriteriaVerdict not_judged(const CriteriaDocument& document) {
  return {
      .name = document.name, .digest = document.digest, .mode = document.mode, .applicable = false};
}

}  // namespace

CriteriaVerdict judge(const CompiledCriteria& criteria, const json::object& facts, Depth depth) {
  AdviceBudget budget;
  return Judge(criteria, facts, depth, budget).run();
}

CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts, Depth depth) {
  const CriteriaDocument& document = criteria.document();
  return document.mode == Mode::off ? not_judged(document) : judge(criteria, facts, depth);
}

CriteriaVerdict evaluate(const CompiledCriteria& criteria, const json::object& facts,
                         AdviceBudget& budget) {
  const CriteriaDocument& document = criteria.document();
  return document.mode == Mode::off ? not_judged(document)
                                    : Judge(criteria, facts, Depth::advice, budget).run();
}

CriteriaVerdict evaluate_at(const CompiledCriteria& criteria, const json::object& facts,
                            Instant at) {
  ChangedFacts changed(facts);
  const FactChange change = time_change(facts, at);
  changed.apply({&change, 1});
  return evaluate(criteria, changed.facts(), Depth::results);
}

}  // namespace holdpoint::policy
