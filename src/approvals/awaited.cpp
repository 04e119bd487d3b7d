// See awaited.hpp.
#include "approvals/awaited.hpp"

#include <algorithm>
#include <set>

namespace holdpoint::approvals {

std::vector<std::size_t> waiting_stages(const Request& request, const Situation& situation) {
  std::vector<std::size_t> out;
  if (request.state != State::pending) return out;
  const Tally tally = tally_of(request, situation, standing_votes(request, situation));
  for (std::size_t i = 0; i < tally.stages.size(); ++i) {
    if (tally.stages[i].reached && !tally.stages[i].satisfied) out.push_back(i);
  }
  return out;
}

std::vector<std::string> awaited(const Request& request, const Situation& situation,
                                 std::span<const std::size_t> stages) {
  std::set<std::string> decided;
  for (const Vote& vote : request.votes) {
    decided.insert(vote.person);
    decided.insert(vote.seat);
  }
  const Eligible people = eligible(situation);
  std::set<std::string> out;
  for (const std::size_t stage : stages) {
    for (const std::string& person : people[stage]) {
      if (decided.contains(person)) continue;
      out.insert(person);
      for (const StandIn& stand_in : situation.stand_ins) {
        if (stand_in.from != person || decided.contains(stand_in.to)) continue;
        const std::span<const Demand> demand(&request.demands[stage], 1);
        Situation of_stage = situation;
        of_stage.holders = {people[stage]};
        of_stage.backups.clear();
        of_stage.backup_roles.clear();
        const auto seats = seats_of(of_stage, demand, stand_in.to);
        const bool may =
            std::ranges::any_of(seats, [&](const SeatUse& use) { return use.seat == person; });
        if (may) out.insert(stand_in.to);
      }
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace holdpoint::approvals
