// Counting: whether the votes so far satisfy every stage. Quorum is no sum: each stage needs people
// of its own, and within a route one person fills one seat, so votes are matched to stages anew at
// every count (a vote that was given to one stage is moved where it is needed). Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "approvals/approvals.hpp"

namespace holdpoint::approvals {

/// People by demand, in the demands' order: who may sign for it, without those who are excluded.
/// Sorted and distinct.
using Eligible = std::vector<std::vector<std::string>>;

/// A right to sign: whose it is, and for which roles it may be used; none named: for all of them.
struct SeatUse {
  std::string seat;
  std::vector<std::string> roles;
};

/// Whether a right for these roles reaches the demand.
bool reaches(const std::vector<std::string>& roles, const Demand& demand);

struct StageTally {
  std::int64_t need = 0;
  std::int64_t have = 0;
  bool reached = false;  // stages before it are satisfied
  bool satisfied = false;
  bool satisfiable = true;           // enough people are left who may still sign
  std::vector<std::string> signers;  // seats that count for it
};

struct Tally {
  std::vector<StageTally> stages;
  bool granted = false;
  bool rejected = false;
  bool satisfiable = true;
};

/// A vote counts when its seat is eligible for the stage, and for stages of its roles only. No
/// demand at all is never granted.
Tally count(std::span<const Demand> demands, const Eligible& eligible, std::span<const Vote> votes,
            std::int64_t rejections);

/// Whether an approval on this seat would bring the request nearer to being granted: it is eligible
/// for a stage that is reached, and the stage still needs somebody, perhaps after moving others.
bool advances(std::span<const Demand> demands, const Eligible& eligible,
              std::span<const Vote> votes, const SeatUse& seat);

/// Whether the seat is eligible for a stage that is reached, needed or not.
bool is_reached(std::span<const Demand> demands, const Eligible& eligible,
                std::span<const Vote> votes, const SeatUse& seat);

}  // namespace holdpoint::approvals
