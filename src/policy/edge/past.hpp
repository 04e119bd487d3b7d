// The decisions of several sources as one row, the newest first, without holding more than a page
// of each.
#pragma once

#include <deque>

#include "policy/edge/backtest.hpp"

namespace holdpoint::policy {

inline constexpr std::size_t page_rows_max = 250;

class Past {
 public:
  struct Row {
    const DecisionSource* source = nullptr;
    RecordedDecision decision;
  };

  Past(engine::Engine& engine, const std::string& workspace, const BacktestBounds& bounds)
      : engine_(engine), workspace_(workspace), bounds_(bounds) {}

  /// MUST be called before the first row is taken.
  void add(const DecisionSource& source);
  /// The next rows, at most so many; fewer when there are no more.
  std::vector<Row> take(std::size_t count_max);
  [[nodiscard]] bool has_more();

 private:
  struct Stream {
    const DecisionSource* source = nullptr;
    std::deque<RecordedDecision> rows{};
    std::string after{};
    bool is_ended = false;
  };
  /// The one whose next row is the newest; null when all have ended.
  Stream* newest();
  void fill(Stream& stream);

  engine::Engine& engine_;
  const std::string& workspace_;
  const BacktestBounds& bounds_;
  std::vector<Stream> streams_;
};

}  // namespace holdpoint::policy
