// Past decisions, taken again under other policies: which would end otherwise, and by which rules.
// Only differences are kept. What cannot be taken again is counted and named; it never counts as
// unchanged.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "policy/document.hpp"
#include "policy/past_decisions.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// What a candidate would do to a decision. `other_rules`: it ends as before, but on other rules.
enum class BacktestEffect : std::uint8_t { unchanged, would_block, would_pass, other_rules };
HP_DESCRIBE_ENUM(BacktestEffect, unchanged, would_block, would_pass, other_rules)

/// A decision that was taken, without the facts it was taken on.
struct PastDecision {
  DecisionKind kind{};
  std::string id;           // of its record
  std::string subject;      // "billing@1.4.0", "revision 12"
  std::string application;  // "billing", "" for what is of none
  std::optional<std::string> environment;
  Instant decided_at;
  /// How it ended. Without it the decision is taken under both sets and those are compared.
  std::optional<bool> passed;
  /// Something that no document speaks of kept it from passing, and would again.
  bool hindered = false;
  /// Only documents that read this fact are asked; "" when all are.
  std::string asks_readers_of{};
};

/// A document and the mode it is judged in, which a trial may choose itself.
struct TriedDocument {
  CompiledCriteria criteria;
  Mode mode{};
};
using DocumentSet = std::vector<TriedDocument>;

/// The documents that a decision is taken by: once as they were, once with the candidates.
struct DocumentSets {
  DocumentSet before;
  DocumentSet after;
};

/// Puts each candidate in the place of the document of its name, or at the end.
DocumentSet with_candidates(DocumentSet documents, const DocumentSet& candidates);

struct RuleOutcome {
  static constexpr std::size_t detail_length_max = 300;

  RuleResult result{};
  Mode mode{};  // of its document: only enforced ones stand in the way
  std::string message;
  std::string detail;  // have and need, or what the facts lack
};
HP_DESCRIBE(RuleOutcome, result, mode, message, detail)

/// A rule that did not pass on one side at least, and ended otherwise, or counts otherwise, on the
/// other.
struct RuleDifference {
  std::string document;
  std::string rule;
  std::optional<RuleOutcome> before;  // absent: there was no such rule, or its document is off
  std::optional<RuleOutcome> after;
};
HP_DESCRIBE(RuleDifference, document, rule, before, after)

/// A stage of approval that is demanded on one side only, or of others on the other.
struct StageDifference {
  std::string document;
  std::string route;
  std::string stage;
  std::optional<std::string> before;  // "2 of approver, release-board"; absent: not demanded
  std::optional<std::string> after;
};
HP_DESCRIBE(StageDifference, document, route, stage, before, after)

struct Replay {
  BacktestEffect effect = BacktestEffect::unchanged;
  bool passed_before = false;
  bool passed_after = false;
  std::vector<RuleDifference> rules;
  /// Documents that do not block as they are tried, and of which each alone, enforced beside those
  /// that are, would have ended the decision otherwise. Those that would have before are left out.
  std::vector<std::string> would_flip;
  std::string note;  // what made the difference beside rules, "" when nothing did
  std::vector<StageDifference> stages;
};

/// Takes the decision again. The error is a sentence for people: judged by the same documents it
/// does not end as it is recorded, so that nothing can be said of other documents.
std::expected<Replay, std::string> replay(const PastDecision& decision, const json::object& facts,
                                          const DocumentSets& sets);

struct DecisionDifference {
  static constexpr std::size_t rules_max = 20;
  static constexpr std::size_t stages_max = 60;

  DecisionKind kind{};
  std::string id;
  std::string subject;
  std::string application;
  std::optional<std::string> environment;
  Instant decided_at;
  BacktestEffect effect{};
  bool passed_before = false;
  bool passed_after = false;
  std::vector<RuleDifference> rules;
  std::int64_t rules_omitted = 0;
  std::vector<std::string> would_flip;
  std::string note;
  std::vector<StageDifference> stages;
  std::int64_t stages_omitted = 0;
};
HP_DESCRIBE(DecisionDifference, kind, id, subject, application, environment, decided_at, effect,
            passed_before, passed_after, rules, rules_omitted, would_flip, note, stages,
            stages_omitted)

struct NotReplayed {
  DecisionKind kind{};
  std::string id;
  std::string subject;
  std::optional<std::string> environment;
  Instant decided_at;
  std::string reason;
};
HP_DESCRIBE(NotReplayed, kind, id, subject, environment, decided_at, reason)

/// Of every decision that was looked at, also of those that are not listed.
struct BacktestTotals {
  std::int64_t decisions = 0;
  std::int64_t certifications = 0;  // of these
  std::int64_t deployments = 0;
  std::int64_t activations = 0;
  std::int64_t approvals = 0;
  std::int64_t unchanged = 0;
  std::int64_t would_block = 0;
  std::int64_t would_pass = 0;
  std::int64_t other_rules = 0;
  std::int64_t not_replayed = 0;
};
HP_DESCRIBE(BacktestTotals, decisions, certifications, deployments, activations, approvals,
            unchanged, would_block, would_pass, other_rules, not_replayed)

/// Gathers replays into a report of bounded size, in the order they are added.
class BacktestReport {
 public:
  static constexpr std::size_t differences_max = 200;
  static constexpr std::size_t not_replayed_max = 100;

  void add(const PastDecision& decision, std::expected<Replay, std::string> replayed);

  [[nodiscard]] const BacktestTotals& totals() const { return totals_; }
  [[nodiscard]] const std::vector<DecisionDifference>& differences() const { return differences_; }
  [[nodiscard]] const std::vector<NotReplayed>& not_replayed() const { return not_replayed_; }

 private:
  BacktestTotals totals_;
  std::vector<DecisionDifference> differences_;
  std::vector<NotReplayed> not_replayed_;
};

}  // namespace holdpoint::policy
