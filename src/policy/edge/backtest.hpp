// Replays recorded decisions under candidate documents: rows are read a page at a time from a
// reader's snapshot that is given back at once, their facts come from the object store and are
// judged on two threads. The writer is never asked for anything. Which decisions there are comes
// from the capabilities that take them, as sources that main hands down.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/backtest.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::policy {

/// The decisions of one kind, as the capability that takes them lists them.
struct DecisionSource {
  DecisionKind decision{};
  std::string permission;  // to see what such decisions rest on
  /// Newest first. MUST give less than `limit` only when there are no more.
  std::function<std::vector<RecordedDecision>(engine::Connection&, std::string_view workspace,
                                              const DecisionPage&)>
      list;
  /// Whether the text may be the id of such a decision.
  std::function<bool(std::string_view)> is_id;
  /// Whether the facts alone keep it from passing, whatever documents say; may be empty.
  std::function<bool(const json::object& facts)> hindered{};
};

/// What the candidates are compared with: the documents that each decision was taken by, with the
/// decision as it is recorded, or the documents in force now.
enum class Baseline : std::uint8_t { then, now };
HP_DESCRIBE_ENUM(Baseline, then, now)

/// The last decision of each kind that was looked at, by its id.
using BacktestPosition = std::map<DecisionKind, std::string>;

struct BacktestBounds {
  static constexpr std::size_t decisions_max = 10'000;
  static constexpr Duration run_age_max = Duration::seconds(20);

  std::string application;  // "" for all
  std::optional<Instant> since;
  DecisionSelection decisions = DecisionSelection::standing;
  std::size_t limit = decisions_max;
  BacktestPosition after{};  // where an earlier run ended, empty to begin with the newest
  /// A run of this age begins no further decision: it ends with what it has, one decision at least,
  /// and says where it was cut.
  Duration age_max = run_age_max;
};

struct Backtest {
  BacktestReport report;
  /// Where to go on, when decisions are left.
  std::optional<BacktestPosition> cut_at;
};

class Backtester {
 public:
  Backtester(engine::Engine& engine, std::shared_ptr<CriteriaLibrary> library,
             std::vector<DecisionSource> sources)
      : engine_(engine), library_(std::move(library)), sources_(std::move(sources)) {}

  /// The decisions that documents of the candidates' kinds take, newest first. A Fault when
  /// documents in force now cannot be read.
  Result<Backtest> run(const std::string& workspace, const DocumentSet& candidates,
                       Baseline baseline, const BacktestBounds& bounds);

  [[nodiscard]] const FactsSchemas& schemas() const { return library_->schemas(); }
  [[nodiscard]] const std::vector<DecisionSource>& sources() const { return sources_; }
  /// Of the decisions that documents of this kind take; null when none are recorded.
  [[nodiscard]] const DecisionSource* source_of(Kind documents) const;

 private:
  engine::Engine& engine_;
  std::shared_ptr<CriteriaLibrary> library_;
  std::vector<DecisionSource> sources_;
};

}  // namespace holdpoint::policy
