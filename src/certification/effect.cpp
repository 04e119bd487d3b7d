// See effect.hpp.
#include "certification/effect.hpp"

#include <algorithm>

namespace holdpoint::certification {
namespace {

/// The rule that stands for the others in a verdict when it cannot be said whether the document
/// applies; documents may not use the id.
constexpr std::string_view match_rule = "match";

const policy::JudgedDocument* version_in(std::span<const policy::JudgedDocument> judged_by,
                                         const DocumentEffect& document) {
  const auto found = std::ranges::find(judged_by, document.name, &policy::JudgedDocument::name);
  return found == judged_by.end() ? nullptr : &*found;
}

const CriteriaView* view_in(const std::optional<Verdict>& verdict, const std::string& name) {
  if (!verdict) return nullptr;
  const auto found = std::ranges::find(verdict->criteria, name, &CriteriaView::name);
  return found == verdict->criteria.end() ? nullptr : &*found;
}

RuleEffect* row_of(DocumentEffect& document, const std::string& rule) {
  const auto found = std::ranges::find(document.rules, rule, &RuleEffect::rule);
  if (found != document.rules.end()) return &*found;
  // A rule of an earlier version that is not in force any more.
  if (rule != match_rule) return nullptr;
  return &document.rules.emplace_back(RuleEffect{.rule = rule});
}

void keep_latest(std::optional<NotPassed>& last, const PastCertification& decision,
                 policy::RuleResult result) {
  if (last && last->at >= decision.at) return;
  last = {decision.id, decision.subject, decision.at, result};
}

void count_rule(RuleEffect& row, const PastCertification& decision, const std::string& text) {
  // A word that this program does not know, as a newer one may write, is never a pass.
  const auto result =
      describe::enum_parse<policy::RuleResult>(text).value_or(policy::RuleResult::unknown);
  if (result == policy::RuleResult::not_applicable) {
    ++row.not_applicable;
    return;
  }
  ++row.judged;
  switch (result) {
    case policy::RuleResult::pass: ++row.passed; return;
    case policy::RuleResult::fail: ++row.failed; break;
    case policy::RuleResult::error: ++row.error; break;
    case policy::RuleResult::unknown: ++row.unknown; break;
    case policy::RuleResult::waived: ++row.waived; break;
    case policy::RuleResult::not_applicable: return;
  }
  keep_latest(row.last_not_passed, decision, result);
  if (result != policy::RuleResult::unknown) keep_latest(row.last_failed, decision, result);
}

/// A version that was enforced was part of the decision and could not have changed it, and records
/// from before it was written down do not say.
void count_trial(DocumentEffect& document, const CriteriaView& view) {
  if (view.mode == policy::mode_name(policy::Mode::enforce)) return;
  if (!view.would_flip) {
    ++document.untold;
    return;
  }
  ++document.decisions;
  *document.would_flip += *view.would_flip ? 1 : 0;
}

void count_rules(DocumentEffect& document, const PastCertification& decision,
                 const CriteriaView& view) {
  ++document.decisions;
  if (!view.applicable) {
    // A verdict does not list the rules of a document that did not apply, so that of another
    // version it is not known which it had.
    if (view.digest != document.digest) return;
    for (RuleEffect& row : document.rules) ++row.not_applicable;
    return;
  }
  for (const RuleView& rule : view.rules) {
    if (RuleEffect* row = row_of(document, rule.id)) count_rule(*row, decision, rule.result);
  }
}

}  // namespace

DocumentEffect uncounted(const policy::CriteriaDocument& document) {
  DocumentEffect effect;
  effect.name = document.name;
  effect.owner = document.owner;
  effect.mode = document.mode;
  effect.digest = document.digest;
  if (document.mode == policy::Mode::enforce) {
    for (const policy::RuleSource& rule : document.rules) effect.rules.push_back({.rule = rule.id});
  } else {
    effect.would_flip = 0;
  }
  return effect;
}

bool EffectCount::needs_verdict(std::span<const policy::JudgedDocument> judged_by) const {
  return std::ranges::any_of(documents_, [&](const DocumentEffect& document) {
    const policy::JudgedDocument* version = version_in(judged_by, document);
    return version != nullptr &&
           (versions_ == CountedVersions::every || version->digest == document.digest);
  });
}

void EffectCount::add(const PastCertification& decision, const std::optional<Verdict>& verdict) {
  for (DocumentEffect& document : documents_) {
    const policy::JudgedDocument* version = version_in(decision.judged_by, document);
    if (version == nullptr) continue;
    if (versions_ == CountedVersions::in_force && version->digest != document.digest) {
      ++document.other_versions;
      continue;
    }
    const CriteriaView* view = view_in(verdict, document.name);
    if (view == nullptr) {
      ++document.untold;
    } else if (view->mode == policy::mode_name(policy::Mode::off)) {
      continue;
    } else if (document.would_flip) {
      count_trial(document, *view);
    } else {
      count_rules(document, decision, *view);
    }
  }
}

std::vector<DocumentEffect> EffectCount::documents(std::int64_t judged_min) const {
  std::vector<DocumentEffect> marked = documents_;
  for (DocumentEffect& document : marked) {
    if (document.untold > 0) continue;
    for (RuleEffect& row : document.rules) {
      row.never_blocked = row.passed >= judged_min && row.failed + row.error + row.waived == 0;
      row.never_applicable = row.not_applicable >= judged_min && row.judged == 0;
    }
  }
  return marked;
}

std::vector<DocumentEffect> only_idle(std::vector<DocumentEffect> documents) {
  for (DocumentEffect& document : documents) {
    std::erase_if(document.rules, [](const RuleEffect& row) {
      return !row.never_blocked && !row.never_applicable;
    });
  }
  std::erase_if(documents, [](const DocumentEffect& document) {
    const bool is_untold = document.untold > 0 && !document.would_flip;
    return document.rules.empty() && !is_untold;
  });
  return documents;
}

}  // namespace holdpoint::certification
