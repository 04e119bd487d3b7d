// See backtest.hpp.
#include "policy/backtest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace holdpoint::policy {
namespace {

bool is_enforced(const CriteriaVerdict* verdict) {
  return verdict->mode == Mode::enforce && verdict->applicable;
}

bool is_trial(const CriteriaVerdict* verdict) {
  return (verdict->mode == Mode::warn || verdict->mode == Mode::shadow) && verdict->applicable;
}

std::string shortened(const std::string& text) {
  if (text.size() <= RuleOutcome::detail_length_max) return text;
  return std::string(cut_text(text, RuleOutcome::detail_length_max)) + "…";
}

RuleOutcome outcome_of(const RuleVerdict& rule, Mode mode) {
  return {rule.result, mode, rule.message, shortened(rule.detail)};
}

const RuleVerdict* find_rule(const CriteriaVerdict* verdict, const std::string& id) {
  if (verdict == nullptr) return nullptr;
  const auto found = std::ranges::find(verdict->rules, id, &RuleVerdict::rule_id);
  return found == verdict->rules.end() ? nullptr : &*found;
}

/// Two verdicts of one document, rule by rule; either may be missing.
class Comparison {
 public:
  Comparison(const CriteriaVerdict* before, const CriteriaVerdict* after,
             std::vector<RuleDifference>& out)
      : before_(before), after_(after), out_(out) {}

  void run() {
    if (after_ != nullptr) {
      for (const RuleVerdict& rule : after_->rules) add(find_rule(before_, rule.rule_id), &rule);
    }
    if (before_ == nullptr) return;
    for (const RuleVerdict& rule : before_->rules) {
      if (find_rule(after_, rule.rule_id) == nullptr) add(&rule, nullptr);
    }
  }

 private:
  void add(const RuleVerdict* was, const RuleVerdict* is) {
    const bool passed =
        (was == nullptr || is_fine(was->result)) && (is == nullptr || is_fine(is->result));
    const bool is_same = was != nullptr && is != nullptr && was->result == is->result &&
                         before_->mode == after_->mode;
    if (passed || is_same) return;
    RuleDifference difference;
    difference.document = (is != nullptr ? is : was)->document;
    difference.rule = (is != nullptr ? is : was)->rule_id;
    if (was != nullptr) difference.before = outcome_of(*was, before_->mode);
    if (is != nullptr) difference.after = outcome_of(*is, after_->mode);
    out_.push_back(std::move(difference));
  }

  const CriteriaVerdict* before_;
  const CriteriaVerdict* after_;
  std::vector<RuleDifference>& out_;
};

std::string name_of(const TriedDocument& one) { return one.criteria.document().name; }

/// In the mode that the trial gives it; a document that is off is not judged.
CriteriaVerdict verdict_of(const TriedDocument& one, const json::object& facts) {
  const CriteriaDocument& document = one.criteria.document();
  if (one.mode == Mode::off) {
    CriteriaVerdict none;
    none.name = document.name;
    none.digest = document.digest;
    none.mode = one.mode;
    none.applicable = false;
    return none;
  }
  CriteriaVerdict verdict = judge(one.criteria, facts);
  verdict.mode = one.mode;
  return verdict;
}

/// The verdicts of both sets; a document that stands in both is judged once.
class Judged {
 public:
  Judged(const PastDecision& decision, const json::object& facts, const DocumentSets& sets)
      : hindered_(decision.hindered), passes_unjudged_(passes_unjudged(decision.kind)) {
    verdicts_.reserve(sets.before.size() + sets.after.size());
    for (const TriedDocument& one : sets.before) {
      verdicts_.push_back(verdict_of(one, facts));
      before_.push_back(&verdicts_.back());
    }
    for (const TriedDocument& one : sets.after) {
      const auto same = std::ranges::find_if(sets.before, [&](const TriedDocument& other) {
        return &other.criteria.programs() == &one.criteria.programs() && other.mode == one.mode;
      });
      if (same != sets.before.end()) {
        after_.push_back(before_[static_cast<std::size_t>(same - sets.before.begin())]);
        continue;
      }
      verdicts_.push_back(verdict_of(one, facts));
      after_.push_back(&verdicts_.back());
    }
  }

  /// Whether a document that blocks applies, where nothing passes without one.
  [[nodiscard]] bool judged_before() const { return is_judged(before_); }
  [[nodiscard]] bool judged_after() const { return is_judged(after_); }
  [[nodiscard]] bool passed_before() const { return is_passed(before_); }
  [[nodiscard]] bool passed_after() const { return is_passed(after_); }

  [[nodiscard]] std::vector<std::string> would_flip() const {
    const auto before = flipping(before_);
    auto names = flipping(after_);
    std::erase_if(names, [&](const std::string& name) {
      return std::ranges::find(before, name) != before.end();
    });
    return names;
  }

  [[nodiscard]] std::vector<RuleDifference> differences() const {
    std::vector<RuleDifference> out;
    for (const CriteriaVerdict* after : after_) {
      const CriteriaVerdict* before = named(before_, after->name);
      if (before != after) Comparison(before, after, out).run();
    }
    for (const CriteriaVerdict* before : before_) {
      if (named(after_, before->name) == nullptr) Comparison(before, nullptr, out).run();
    }
    return out;
  }

 private:
  using Verdicts = std::vector<const CriteriaVerdict*>;

  static bool is_blocked(const Verdicts& verdicts) {
    return std::ranges::any_of(verdicts,
                               [](const CriteriaVerdict* verdict) { return blocks(*verdict); });
  }
  [[nodiscard]] bool is_judged(const Verdicts& verdicts) const {
    return passes_unjudged_ || std::ranges::any_of(verdicts, is_enforced);
  }
  [[nodiscard]] bool is_passed(const Verdicts& verdicts) const {
    return !hindered_ && is_judged(verdicts) && !is_blocked(verdicts);
  }
  /// A document on trial that applies would have judged, had it been enforced.
  [[nodiscard]] std::vector<std::string> flipping(const Verdicts& verdicts) const {
    const bool others_let_through = !hindered_ && !is_blocked(verdicts);
    std::vector<std::string> names;
    for (const CriteriaVerdict* one : verdicts) {
      const bool with_it = others_let_through && one->passed;
      if (is_trial(one) && with_it != is_passed(verdicts)) names.push_back(one->name);
    }
    return names;
  }
  static const CriteriaVerdict* named(const Verdicts& verdicts, const std::string& name) {
    const auto found = std::ranges::find(verdicts, name, &CriteriaVerdict::name);
    return found == verdicts.end() ? nullptr : *found;
  }

  const bool hindered_;
  const bool passes_unjudged_;
  std::vector<CriteriaVerdict> verdicts_;  // reserved, so that what points into it stays
  Verdicts before_;
  Verdicts after_;
};

}  // namespace

DocumentSet with_candidates(DocumentSet documents, const DocumentSet& candidates) {
  for (const TriedDocument& candidate : candidates) {
    const auto found = std::ranges::find(documents, name_of(candidate), name_of);
    if (found == documents.end()) {
      documents.push_back(candidate);
    } else {
      *found = candidate;
    }
  }
  return documents;
}

std::expected<Replay, std::string> replay(const PastDecision& decision, const json::object& facts,
                                          const DocumentSets& sets) {
  const Judged judged(decision, facts, sets);
  Replay out;
  out.passed_before = judged.passed_before();
  out.passed_after = judged.passed_after();
  if (decision.passed && *decision.passed != out.passed_before) {
    return std::unexpected(std::string("judged again by the policies of its time it is ") +
                           (out.passed_before ? "passed" : "not passed") + ", but it is recorded " +
                           (*decision.passed ? "as passed" : "as refused"));
  }
  out.rules = judged.differences();
  out.would_flip = judged.would_flip();
  if (out.passed_before != out.passed_after) {
    out.effect = out.passed_after ? BacktestEffect::would_pass : BacktestEffect::would_block;
    if (!judged.judged_after()) out.note = "no policy that blocks would apply to it";
    if (!judged.judged_before()) out.note = "no policy that blocks applied to it";
  } else if (!out.rules.empty() || !out.would_flip.empty()) {
    out.effect = BacktestEffect::other_rules;
  }
  return out;
}

void BacktestReport::add(const PastDecision& decision,
                         std::expected<Replay, std::string> replayed) {
  ++totals_.decisions;
  switch (decision.kind) {
    case DecisionKind::certification: ++totals_.certifications; break;
    case DecisionKind::deployment: ++totals_.deployments; break;
    case DecisionKind::activation: ++totals_.activations; break;
    case DecisionKind::approval: ++totals_.approvals; break;
  }
  if (!replayed) {
    ++totals_.not_replayed;
    if (not_replayed_.size() >= not_replayed_max) return;
    not_replayed_.push_back({decision.kind, decision.id, decision.subject, decision.environment,
                             decision.decided_at, std::move(replayed).error()});
    return;
  }
  switch (replayed->effect) {
    case BacktestEffect::unchanged: ++totals_.unchanged; return;
    case BacktestEffect::would_block: ++totals_.would_block; break;
    case BacktestEffect::would_pass: ++totals_.would_pass; break;
    case BacktestEffect::other_rules: ++totals_.other_rules; break;
  }
  if (differences_.size() >= differences_max) return;
  DecisionDifference difference{.kind = decision.kind,
                                .id = decision.id,
                                .subject = decision.subject,
                                .application = decision.application,
                                .environment = decision.environment,
                                .decided_at = decision.decided_at,
                                .effect = replayed->effect,
                                .passed_before = replayed->passed_before,
                                .passed_after = replayed->passed_after,
                                .rules = std::move(replayed->rules),
                                .would_flip = std::move(replayed->would_flip),
                                .note = std::move(replayed->note),
                                .stages = std::move(replayed->stages)};
  if (difference.rules.size() > DecisionDifference::rules_max) {
    difference.rules_omitted =
        static_cast<std::int64_t>(difference.rules.size() - DecisionDifference::rules_max);
    difference.rules.resize(DecisionDifference::rules_max);
  }
  if (difference.stages.size() > DecisionDifference::stages_max) {
    difference.stages_omitted =
        static_cast<std::int64_t>(difference.stages.size() - DecisionDifference::stages_max);
    difference.stages.resize(DecisionDifference::stages_max);
  }
  differences_.push_back(std::move(difference));
}

}  // namespace holdpoint::policy
