// Replays stored certifications under candidate documents: rows are read a page at a time from a
// reader's snapshot that is given back at once, their facts come from the object store and are
// judged on two threads. The writer is never asked for anything.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "certification/edge/certification_queries.hpp"
#include "policy/backtest.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::certification {

/// What the candidates are compared with: the documents that each decision was taken by, with the
/// decision as it is recorded, or the documents in force now.
enum class Baseline : std::uint8_t { then, now };
HP_DESCRIBE_ENUM(Baseline, then, now)

struct BacktestBounds {
  static constexpr std::size_t decisions_max = 10'000;
  static constexpr Duration run_age_max = Duration::seconds(20);

  std::string application;  // "" for all
  std::optional<Instant> since;
  DecisionSelection decisions = DecisionSelection::standing;
  std::size_t limit = decisions_max;
  std::string after;  // the id where an earlier run ended, "" to begin with the newest
  /// A run of this age begins no further decision: it ends with what it has, one decision at least,
  /// and says where it was cut.
  Duration age_max = run_age_max;
};

struct Backtest {
  policy::BacktestReport report;
  /// The id to go on after, when decisions are left.
  std::optional<std::string> cut_at;
};

class Backtester {
 public:
  Backtester(engine::Engine& engine, std::shared_ptr<policy::CriteriaLibrary> library)
      : engine_(engine), library_(std::move(library)) {}

  /// Newest decisions first. A Fault when documents in force now cannot be read.
  Result<Backtest> run(const std::string& workspace, const policy::DocumentSet& candidates,
                       Baseline baseline, const BacktestBounds& bounds);

  [[nodiscard]] const policy::FactsSchemas& schemas() const { return library_->schemas(); }

 private:
  engine::Engine& engine_;
  std::shared_ptr<policy::CriteriaLibrary> library_;
};

}  // namespace holdpoint::certification
