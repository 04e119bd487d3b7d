// The instants at which the conditions of an expression that depend on the time of the decision
// may change: where a comparison with `now` has its two sides meet, also for each element of a
// loop, and, for calendar fields of `now`, a grid of quarter hours.
#pragma once

#include <cstdint>
#include <vector>

#include "policy/cel/session.hpp"
#include "policy/now.hpp"

namespace holdpoint::policy {

struct TimeBoundaries {
  static constexpr std::size_t instants_max = 20'000;
  static constexpr Duration grid_step = Duration::minutes(15);
  static constexpr Duration grid_span = Duration::days(8);

  std::vector<std::int64_t> instants_us;  // in no order, perhaps repeated
  bool needs_grid = false;

  /// In order, each once, after `now`; with the grid when it is needed.
  [[nodiscard]] std::vector<Instant> after(Instant now) const;
};

/// Adds those of the program. MUST be called in a session over the facts.
void add_time_boundaries(const cel::Compiled& program, cel::Session& session, TimeReaders& readers,
                         TimeBoundaries& to);

}  // namespace holdpoint::policy
