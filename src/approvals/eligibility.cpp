// See eligibility.hpp.
#include "approvals/eligibility.hpp"

#include <algorithm>

namespace holdpoint::approvals {
namespace {

bool is_running(const StandIn& stand_in, Instant now) {
  return stand_in.from_at <= now && now < stand_in.until;
}

/// Each of the two would sign for the other.
bool is_mutual(const Situation& situation, const StandIn& stand_in) {
  return std::ranges::any_of(situation.stand_ins, [&](const StandIn& other) {
    return is_running(other, situation.now) && other.from == stand_in.to &&
           other.to == stand_in.from;
  });
}

}  // namespace

std::optional<Part> part_of(const Situation& situation, std::string_view person) {
  const auto found = std::ranges::find(situation.involved, person, &Involved::person);
  return found == situation.involved.end() ? std::nullopt : std::optional(found->part);
}

Eligible eligible(const Situation& situation) {
  Eligible out;
  for (const std::vector<std::string>& holders : situation.holders) {
    std::vector<std::string>& people = out.emplace_back();
    for (const std::string& person : holders) {
      if (!person.empty() && !part_of(situation, person)) people.push_back(person);
    }
    std::ranges::sort(people);
    const auto [first, last] = std::ranges::unique(people);
    people.erase(first, last);
  }
  return out;
}

std::vector<SeatUse> seats_of(const Situation& situation, std::span<const Demand> demands,
                              const std::string& person) {
  std::vector<SeatUse> seats;
  if (person.empty() || part_of(situation, person)) return seats;
  const Eligible people = eligible(situation);
  const auto add = [&](const SeatUse& seat) {
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (!reaches(seat.roles, demands[i])) continue;
      if (!std::ranges::binary_search(people[i], seat.seat)) continue;
      seats.push_back(seat);
      return;
    }
  };
  add({person, {}});
  for (const StandIn& stand_in : situation.stand_ins) {
    if (stand_in.to != person || !is_running(stand_in, situation.now)) continue;
    if (stand_in.from == person || is_mutual(situation, stand_in)) continue;
    add({stand_in.from, stand_in.approval_roles});
  }
  return seats;
}

std::string_view words(Part part) {
  switch (part) {
    case Part::requester: return "asked for this approval";
    case Part::author: return "wrote a commit of it";
    case Part::committer: return "committed a part of it";
    case Part::co_author: return "is a co-author of it";
    case Part::editor: return "edited what is to be approved";
    case Part::builder: return "built it";
    case Part::deployer: return "deploys it";
  }
  return "has a part in it";
}

}  // namespace holdpoint::approvals
