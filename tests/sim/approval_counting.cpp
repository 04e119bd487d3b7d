// See approval_counting.hpp.
#include "sim/approval_counting.hpp"

#include <algorithm>
#include <numeric>

namespace holdpoint::sim {
namespace {

bool meet(const Names& a, const Names& b) {
  return std::ranges::any_of(a, [&](const std::string& one) { return b.contains(one); });
}

/// Of those whom the stage names itself: whoever escalation adds changes nothing about it.
int need_of(const StageRule& rule, std::size_t own) {
  const int people = static_cast<int>(own);
  int need = rule.value;
  if (rule.form == StageRule::Form::majority) need = people / 2 + 1;
  if (rule.form == StageRule::Form::all) need = people;
  if (rule.form == StageRule::Form::percent) {
    need = people * rule.value / 100 + (people * rule.value % 100 != 0 ? 1 : 0);
  }
  return std::max(need, 1);
}

}  // namespace

bool reaches(const Names& roles, const StageRule& rule) {
  return roles.empty() || meet(roles, rule.roles) || meet(roles, rule.approval_roles);
}

bool reaches(const Names& roles, const StageRule& rule, const Signers& signers) {
  return reaches(roles, rule) || meet(roles, signers.added_roles);
}

bool may_use(const std::string& seat, const Names& roles, const StageRule& rule,
             const Signers& signers) {
  if (signers.own.contains(seat) && reaches(roles, rule)) return true;
  return signers.added.contains(seat) && (roles.empty() || meet(roles, signers.added_roles));
}

int Walk::filled(const std::vector<std::size_t>& stages) const {
  int best = INT32_MAX;
  for (std::uint32_t subset = 0; subset < (1U << stages.size()); ++subset) {
    Names of_subset;
    int bound = 0;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if ((subset >> i & 1U) != 0) {
        of_subset.insert(seats[stages[i]].begin(), seats[stages[i]].end());
      } else {
        bound += needs[stages[i]];
      }
    }
    best = std::min(best, bound + static_cast<int>(of_subset.size()));
  }
  return best;
}

bool Walk::is_full(const std::vector<std::size_t>& stages) const {
  int needed = 0;
  for (const std::size_t stage : stages) needed += needs[stage];
  return filled(stages) == needed;
}

std::vector<std::size_t> Walk::before(int order) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (orders[i] < order) out.push_back(i);
  }
  return out;
}

bool Walk::has_enough(std::size_t stage) const {
  std::vector<std::size_t> stages(stage);
  std::iota(stages.begin(), stages.end(), std::size_t{0});
  const int without = filled(stages);
  stages.push_back(stage);
  return filled(stages) - without >= needs[stage];
}

bool Walk::is_walked() const { return is_full(before(INT32_MAX)); }

std::vector<Walk> walks_of(const Asked& asked, const std::vector<Signers>& signers,
                           const std::vector<Ballot>& ballots) {
  std::map<std::pair<std::string, std::string>, Walk> walks;
  for (std::size_t i = 0; i < asked.demands.size(); ++i) {
    const Demanded& demand = asked.demands[i];
    Walk& walk = walks[{demand.policy, demand.route}];
    walk.demands.push_back(i);
    walk.orders.push_back(demand.order);
    walk.needs.push_back(need_of(demand.rule, signers[i].own.size()));
    Names& seats = walk.seats.emplace_back();
    for (const Ballot& ballot : ballots) {
      const bool counts = ballot.choice == Ballot::Choice::approve &&
                          signers[i].contains(ballot.seat) &&
                          reaches(ballot.roles, demand.rule, signers[i]);
      if (counts) seats.insert(ballot.seat);
    }
  }
  std::vector<Walk> out;
  for (auto& [name, walk] : walks) out.push_back(std::move(walk));
  return out;
}

int progress(const Asked& asked, const std::vector<Signers>& signers,
             const std::vector<Ballot>& ballots) {
  int sum = 0;
  for (const Walk& walk : walks_of(asked, signers, ballots)) {
    std::vector<std::size_t> reached;
    for (std::size_t i = 0; i < walk.orders.size(); ++i) {
      if (walk.is_reached(i)) reached.push_back(i);
    }
    sum += walk.filled(reached);
  }
  return sum;
}

}  // namespace holdpoint::sim
