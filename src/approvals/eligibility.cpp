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

std::vector<std::string> without_involved(const Situation& situation,
                                          const std::vector<std::string>& holders) {
  std::vector<std::string> people;
  for (const std::string& person : holders) {
    if (!person.empty() && !part_of(situation, person)) people.push_back(person);
  }
  std::ranges::sort(people);
  const auto [first, last] = std::ranges::unique(people);
  people.erase(first, last);
  return people;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

/// A seat of somebody of whom the demand asks, used for a role that it names.
bool is_holders(const Situation& situation, std::size_t demand, const Demand& asked,
                const SeatUse& seat) {
  return demand < situation.holders.size() && has(situation.holders[demand], seat.seat) &&
         reaches(seat.roles, asked);
}

/// A seat of somebody whom escalation added, used for a role that they were added by.
bool is_backups(const Situation& situation, std::size_t demand, const SeatUse& seat) {
  if (demand >= situation.backups.size() || !has(situation.backups[demand], seat.seat)) {
    return false;
  }
  return seat.roles.empty() || std::ranges::any_of(seat.roles, [&](const std::string& role) {
           return has(situation.backup_roles[demand], role);
         });
}

}  // namespace

std::optional<Part> part_of(const Situation& situation, std::string_view person) {
  const auto found = std::ranges::find(situation.involved, person, &Involved::person);
  return found == situation.involved.end() ? std::nullopt : std::optional(found->part);
}

std::optional<Involved> involved_behind(const Situation& situation, std::string_view person) {
  for (const StandIn& stand_in : situation.stand_ins) {
    if (stand_in.to != person || !is_running(stand_in, situation.now)) continue;
    if (const auto part = part_of(situation, stand_in.from)) {
      return Involved{stand_in.from, *part};
    }
  }
  return std::nullopt;
}

Eligible eligible(const Situation& situation) {
  Eligible out;
  for (std::size_t i = 0; i < situation.holders.size(); ++i) {
    std::vector<std::string> people = situation.holders[i];
    if (i < situation.backups.size()) {
      people.insert(people.end(), situation.backups[i].begin(), situation.backups[i].end());
    }
    out.push_back(without_involved(situation, people));
  }
  return out;
}

std::vector<Demand> demands_now(std::span<const Demand> demands, const Situation& situation) {
  std::vector<Demand> out(demands.begin(), demands.end());
  for (std::size_t i = 0; i < std::min(out.size(), situation.backups.size()); ++i) {
    if (situation.backups[i].empty()) continue;
    const auto own = without_involved(situation, situation.holders[i]);
    out[i].quorum = {QuorumKind::minimum, needed(out[i].quorum, own.size())};
    const auto& roles = situation.backup_roles[i];
    out[i].approval_roles.insert(out[i].approval_roles.end(), roles.begin(), roles.end());
  }
  return out;
}

std::vector<SeatUse> seats_of(const Situation& situation, std::span<const Demand> demands,
                              const std::string& person) {
  std::vector<SeatUse> seats;
  if (person.empty() || part_of(situation, person)) return seats;
  const auto add = [&](const SeatUse& seat) {
    if (part_of(situation, seat.seat)) return;
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (!is_holders(situation, i, demands[i], seat) && !is_backups(situation, i, seat)) continue;
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
    case Part::endorser: return "endorsed it as an emergency";
    case Part::earlier_requester: return "asked for an earlier approval of it";
    case Part::owner: return "would answer for it";
    case Part::policy_editor: return "changed the policy that asks for it";
  }
  return "has a part in it";
}

}  // namespace holdpoint::approvals
