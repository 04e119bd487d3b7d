// See tally.hpp. Augmenting paths (bipartite matching): the stages of a route are seated in their
// order, and a path never takes a seat away from a stage that has enough.
#include "approvals/tally.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace holdpoint::approvals {
namespace {

/// The stages of one route of one policy, in order.
using RouteStages = std::vector<std::size_t>;

std::vector<RouteStages> routes_of(std::span<const Demand> demands) {
  std::map<std::pair<std::string, std::string>, RouteStages> routes;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    routes[{demands[i].policy, demands[i].route}].push_back(i);
  }
  std::vector<RouteStages> out;
  for (auto& [name, stages] : routes) {
    std::ranges::sort(stages, {}, [&](std::size_t i) { return std::pair(demands[i].order, i); });
    out.push_back(std::move(stages));
  }
  return out;
}

/// Gives people to the seats of stages, one person one seat.
class Seating {
 public:
  Seating(const Eligible& eligible, const std::set<std::string>& present)
      : eligible_(eligible), present_(present) {}

  /// Seats up to `need` people for the stage, and gives how many it has then.
  std::int64_t fill(std::size_t stage, std::int64_t need) {
    std::int64_t have = 0;
    while (have < need) {
      seats_.push_back(stage);
      std::set<std::string> tried;
      if (!place(seats_.size() - 1, tried)) {
        seats_.pop_back();
        break;
      }
      ++have;
    }
    return have;
  }

  [[nodiscard]] std::vector<std::string> people_of(std::size_t stage) const {
    std::vector<std::string> out;
    for (const auto& [person, seat] : taken_) {
      if (seats_[seat] == stage) out.push_back(person);
    }
    return out;
  }

 private:
  bool place(std::size_t seat, std::set<std::string>& tried) {
    for (const std::string& person : eligible_[seats_[seat]]) {
      if (!present_.contains(person) || !tried.insert(person).second) continue;
      const auto holder = taken_.find(person);
      if (holder == taken_.end() || place(holder->second, tried)) {
        taken_[person] = seat;
        return true;
      }
    }
    return false;
  }

  const Eligible& eligible_;
  const std::set<std::string>& present_;
  std::vector<std::size_t> seats_;            // the stage of each seat
  std::map<std::string, std::size_t> taken_;  // the seat of each person
};

/// Without the seats whose votes do not reach a demand: a right that was lent for one role fills no
/// seat of another.
Eligible narrowed(std::span<const Demand> demands, const Eligible& eligible,
                  std::span<const Vote> votes) {
  Eligible out = eligible;
  for (const Vote& vote : votes) {
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (!reaches(vote.roles, demands[i])) std::erase(out[i], vote.seat);
    }
  }
  return out;
}

std::set<std::string> seats_with(std::span<const Vote> votes, Choice choice) {
  std::set<std::string> seats;
  for (const Vote& vote : votes) {
    if (vote.choice == choice) seats.insert(vote.seat);
  }
  return seats;
}

bool may_sign_any(const Eligible& eligible, const std::string& seat) {
  return std::ranges::any_of(eligible, [&](const std::vector<std::string>& people) {
    return std::ranges::binary_search(people, seat);
  });
}

void count_route(std::span<const Demand> demands, const Eligible& eligible, const Eligible& usable,
                 const RouteStages& stages, const std::set<std::string>& approving, Tally& out) {
  Seating seating(usable, approving);
  bool is_reached = true;
  bool is_short = false;  // a stage of the present order lacks somebody
  std::int64_t order = demands[stages.front()].order;
  for (const std::size_t stage : stages) {
    if (demands[stage].order != order) {
      order = demands[stage].order;
      is_reached = is_reached && !is_short;
    }
    StageTally& row = out.stages[stage];
    row.need = needed(demands[stage].quorum, eligible[stage].size());
    row.reached = is_reached;
    if (is_reached) row.have = seating.fill(stage, row.need);
    row.satisfied = is_reached && row.have >= row.need;
    is_short = is_short || !row.satisfied;
  }
  for (const std::size_t stage : stages) out.stages[stage].signers = seating.people_of(stage);
}

/// Whether the route could still be walked by everybody who has not spoken against it.
void foresee_route(std::span<const Demand> demands, const Eligible& eligible,
                   const RouteStages& stages, const std::set<std::string>& willing, Tally& out) {
  Seating seating(eligible, willing);
  for (const std::size_t stage : stages) {
    const std::int64_t need = needed(demands[stage].quorum, eligible[stage].size());
    out.stages[stage].satisfiable = seating.fill(stage, need) >= need;
    out.satisfiable = out.satisfiable && out.stages[stage].satisfiable;
  }
}

std::int64_t seated(std::span<const Demand> demands, const Eligible& eligible,
                    std::span<const Vote> votes) {
  std::int64_t have = 0;
  for (const StageTally& row : count(demands, eligible, votes, 1).stages) have += row.have;
  return have;
}

}  // namespace

bool reaches(const std::vector<std::string>& roles, const Demand& demand) {
  if (roles.empty()) return true;
  return std::ranges::any_of(roles, [&](const std::string& role) {
    return std::ranges::find(demand.approval_roles, role) != demand.approval_roles.end() ||
           std::ranges::find(demand.roles, role) != demand.roles.end();
  });
}

std::int64_t needed(const Quorum& quorum, std::size_t eligible) {
  const auto people = static_cast<std::int64_t>(eligible);
  switch (quorum.kind) {
    case QuorumKind::minimum: return std::max<std::int64_t>(1, quorum.value);
    case QuorumKind::majority: return people / 2 + 1;
    case QuorumKind::percent: return std::max<std::int64_t>(1, (people * quorum.value + 99) / 100);
    case QuorumKind::all: return std::max<std::int64_t>(1, people);
  }
  return 1;
}

Tally count(std::span<const Demand> demands, const Eligible& eligible, std::span<const Vote> votes,
            std::int64_t rejections) {
  Tally out;
  out.stages.resize(demands.size());
  const std::set<std::string> approving = seats_with(votes, Choice::approve);
  const Eligible usable = narrowed(demands, eligible, votes);
  std::set<std::string> willing;
  for (const auto& people : eligible) willing.insert(people.begin(), people.end());
  std::int64_t against = 0;
  for (const std::string& seat : seats_with(votes, Choice::reject)) {
    willing.erase(seat);
    against += may_sign_any(usable, seat) ? 1 : 0;
  }
  for (const std::string& seat : seats_with(votes, Choice::abstain)) willing.erase(seat);
  for (const RouteStages& stages : routes_of(demands)) {
    count_route(demands, eligible, usable, stages, approving, out);
    foresee_route(demands, eligible, stages, willing, out);
  }
  out.rejected = against >= std::max<std::int64_t>(1, rejections);
  out.granted =
      !out.rejected && !demands.empty() &&
      std::ranges::all_of(out.stages, [](const StageTally& row) { return row.satisfied; });
  return out;
}

bool is_reached(std::span<const Demand> demands, const Eligible& eligible,
                std::span<const Vote> votes, const SeatUse& seat) {
  const Tally tally = count(demands, eligible, votes, 1);
  for (std::size_t i = 0; i < demands.size(); ++i) {
    if (tally.stages[i].reached && reaches(seat.roles, demands[i]) &&
        std::ranges::binary_search(eligible[i], seat.seat)) {
      return true;
    }
  }
  return false;
}

bool advances(std::span<const Demand> demands, const Eligible& eligible,
              std::span<const Vote> votes, const SeatUse& seat) {
  std::vector<Vote> with(votes.begin(), votes.end());
  with.push_back(
      Vote{.person = seat.seat, .seat = seat.seat, .roles = seat.roles, .choice = Choice::approve});
  return seated(demands, eligible, with) > seated(demands, eligible, votes);
}

}  // namespace holdpoint::approvals
