// See remedy.hpp. A declared effect is what the author says the remedy brings about; without one
// the changes are derived from what is to blame, the alternatives are tried from the smallest on,
// and what is superfluous in the first that suffices is left out. Where neither is there, the
// advice is whom to ask.
#include "policy/remedy.hpp"

#include <algorithm>

#include "policy/derive.hpp"
#include "policy/now.hpp"

namespace holdpoint::policy {
namespace {

/// After changes that do not suffice, what is still to blame is looked at again.
constexpr int rounds_max = 3;
constexpr std::size_t reduced_changes_max = 16;
constexpr std::size_t changes_in_action_max = 3;

std::vector<FactChange> changes_in(const Proposal& proposal) {
  std::vector<FactChange> out;
  for (const ProposedChange& change : proposal) out.push_back(change.change);
  return out;
}

std::string action_of(const std::vector<NeededChange>& changes) {
  std::string out;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (i == changes_in_action_max) {
      return out + " and " + std::to_string(changes.size() - i) + " more";
    }
    const NeededChange& change = changes[i];
    if (!out.empty()) out += "; ";
    out += "bring " + change.path + (change.from.empty() ? "" : " from " + change.from) + " to " +
           change.to;
  }
  return out;
}

class Adviser {
 public:
  explicit Adviser(Trial& trial) : trial_(trial) {}

  void run(CriteriaVerdict& verdict) {
    const auto& rules = trial_.programs().rules;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (!is_fine(verdict.rules[i].result)) advise(rules[i], verdict.rules[i]);
    }
    verdict.remedies_suffice = is_complete_ && suffices_together();
  }

 private:
  void advise(const CompiledCriteria::Rule& rule, RuleVerdict& out) {
    if (out.remedy && rule.source.remedy->effect) {
      try_effect(rule, *out.remedy);
    } else {
      try_derived(rule, out);
    }
    if (!out.remedy || !out.remedy->verified) is_complete_ = false;
  }

  void try_effect(const CompiledCriteria::Rule& rule, Advice& advice) {
    std::vector<FactChange> changes = changes_of(*rule.source.remedy->effect, trial_.original());
    const auto result = judged(rule, changes);
    advice.verified = result == RuleResult::pass;
    if (advice.verified) {
      advice.unverified_because.clear();
      effects_.insert(effects_.end(), changes.begin(), changes.end());
    } else {
      advice.unverified_because =
          !result ? "it is too costly to try"
                  : "with its declared effect the rule is still " +
                        std::string(*result == RuleResult::fail ? "failed" : result_name(*result));
    }
  }

  void try_derived(const CompiledCriteria::Rule& rule, RuleVerdict& out) {
    std::string obstacle;
    const auto found = search(rule, obstacle);
    if (!found) {
      if (!out.remedy) out.remedy = owner_asked();
      out.remedy->unverified_because = std::move(obstacle);
      return;
    }
    for (const ProposedChange& change : *found) derived_.push_back(change.change);
    std::vector<NeededChange> shown;
    for (const ProposedChange& change : *found) shown.push_back(change.shown);
    if (!out.remedy) out.remedy.emplace().action = action_of(shown);
    out.remedy->verified = true;
    out.remedy->unverified_because.clear();
    shown.resize(std::min(shown.size(), Advice::changes_shown_max));
    out.remedy->changes = std::move(shown);
  }

  /// Where nobody wrote a remedy and none was found, the owner of the document is who can help.
  [[nodiscard]] Advice owner_asked() const {
    const CriteriaDocument& document = trial_.programs().document;
    Advice advice;
    advice.action = "see to what the rule names";
    advice.by = document.owner;
    advice.command =
        "holdpoint policy show " + std::string(kind_name(document.kind)) + " " + document.name;
    return advice;
  }

  std::optional<Proposal> search(const CompiledCriteria::Rule& rule, std::string& obstacle) {
    Proposal base;
    for (int round = 0; round < rounds_max; ++round) {
      const Proposals found = proposals(rule, base);
      if (found.alternatives.empty()) {
        obstacle = found.obstacle;
        return std::nullopt;
      }
      for (const Proposal& alternative : found.alternatives) {
        Proposal attempt = combined(base, alternative);
        const auto result = judged(rule, changes_in(attempt));
        if (result == RuleResult::pass) return reduced(rule, std::move(attempt));
        if (!result) {
          obstacle = "it is too costly to try";
          return std::nullopt;
        }
      }
      base = combined(base, found.alternatives.front());
      // Where elements came or went, the indexes of the next round would mean others.
      const bool sets_only = std::ranges::all_of(
          base, [](const ProposedChange& one) { return one.change.kind == ChangeKind::set; });
      if (!sets_only) break;
    }
    obstacle = "the changes that could be derived do not suffice";
    return std::nullopt;
  }

  Proposals proposals(const CompiledCriteria::Rule& rule, const Proposal& base) {
    if (trial_.is_spent()) return {{}, "it is too costly to work out"};
    if (!base.empty()) trial_.changed().apply(changes_in(base));
    const json::object& facts = base.empty() ? trial_.original() : trial_.changed().facts();
    cel::Session session(facts, cel::Limits{});
    const RuleRun run = run_rule(rule, session);
    Proposals out{{}, "whether the rule applies cannot be told"};
    if (run.program == &rule.require) out = derive(rule.require.compiled(), session);
    trial_.charge(run.cost + session.cost());
    if (!base.empty()) trial_.changed().revert();
    return out;
  }

  /// Leaves out, one after the other, what the rule passes without.
  Proposal reduced(const CompiledCriteria::Rule& rule, Proposal proposal) {
    if (proposal.size() > reduced_changes_max) return proposal;
    for (std::size_t i = proposal.size(); i-- > 0 && proposal.size() > 1;) {
      Proposal smaller = proposal;
      smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(i));
      if (judged(rule, changes_in(smaller)) == RuleResult::pass) proposal = std::move(smaller);
    }
    return proposal;
  }

  std::optional<RuleResult> judged(const CompiledCriteria::Rule& rule,
                                   const std::vector<FactChange>& changes) {
    if (trial_.is_spent() || !trial_.changed().apply(changes)) return std::nullopt;
    const auto result = trial_.judge(rule);
    trial_.changed().revert();
    return result;
  }

  bool suffices_together() {
    // Derived changes name elements of the facts as they are; an effect may replace whole lists.
    const bool is_applied = trial_.changed().apply(derived_) && trial_.changed().apply(effects_);
    const bool passes = is_applied && trial_.passes() == true;
    trial_.changed().revert();
    return passes;
  }

  Trial& trial_;
  std::vector<FactChange> derived_;
  std::vector<FactChange> effects_;
  bool is_complete_ = true;
};

}  // namespace

void advise(Trial& trial, CriteriaVerdict& verdict) { Adviser(trial).run(verdict); }

Advice advice_of(const Remedy& remedy, const json::object& facts) {
  Advice advice;
  advice.action = remedy.action;
  advice.by = remedy.by;
  advice.command = remedy.command;
  advice.unverified_because = "it was not tried";
  const auto now = now_of(facts);
  if (now && remedy.within) advice.due = *now + *remedy.within;
  return advice;
}

}  // namespace holdpoint::policy
