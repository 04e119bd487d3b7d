// See awaited.hpp.
#include "approvals/awaited.hpp"

#include <algorithm>
#include <set>

namespace holdpoint::approvals {

namespace {

/// What is known of one stage.
Situation at_stage(const Situation& situation, std::size_t stage) {
  Situation out = situation;
  out.holders = {situation.holders[stage]};
  const bool is_opened = stage < situation.backups.size();
  out.backups = is_opened ? Eligible{situation.backups[stage]} : Eligible{};
  out.backup_roles = is_opened ? Eligible{situation.backup_roles[stage]} : Eligible{};
  return out;
}

std::set<std::string> who_decided(const Request& request) {
  std::set<std::string> decided;
  for (const Vote& vote : request.votes) {
    decided.insert(vote.person);
    decided.insert(vote.seat);
  }
  return decided;
}

}  // namespace

std::vector<std::size_t> waiting_stages(const Request& request, const Situation& situation) {
  std::vector<std::size_t> out;
  if (request.state != State::pending) return out;
  const Tally tally = tally_of(request, situation, standing_votes(request, situation));
  for (std::size_t i = 0; i < tally.stages.size(); ++i) {
    if (tally.stages[i].reached && !tally.stages[i].satisfied) out.push_back(i);
  }
  return out;
}

std::vector<std::string> stand_ins_of(const Request& request, const Situation& situation,
                                      std::size_t stage, std::span<const std::string> people) {
  const auto decided = who_decided(request);
  const Situation of_stage = at_stage(situation, stage);
  const std::span<const Demand> demand(&request.demands[stage], 1);
  std::set<std::string> out;
  for (const StandIn& stand_in : situation.stand_ins) {
    if (std::ranges::find(people, stand_in.from) == people.end()) continue;
    if (decided.contains(stand_in.from) || decided.contains(stand_in.to)) continue;
    const auto seats = seats_of(of_stage, demand, stand_in.to);
    const bool may =
        std::ranges::any_of(seats, [&](const SeatUse& use) { return use.seat == stand_in.from; });
    if (may) out.insert(stand_in.to);
  }
  return {out.begin(), out.end()};
}

std::vector<std::string> awaited(const Request& request, const Situation& situation,
                                 std::span<const std::size_t> stages) {
  const auto decided = who_decided(request);
  const Eligible people = eligible(situation);
  std::set<std::string> out;
  for (const std::size_t stage : stages) {
    for (const std::string& person : people[stage]) {
      if (!decided.contains(person)) out.insert(person);
    }
    for (std::string& one : stand_ins_of(request, situation, stage, people[stage])) {
      out.insert(std::move(one));
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace holdpoint::approvals
