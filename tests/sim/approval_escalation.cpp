// The part of the auditor that is about time: levels of escalation fire once each, in the order of
// their policy, to people who may be reached then. See approval_model.hpp.
#include <algorithm>

#include "sim/approval_counting.hpp"
#include "sim/approval_model.hpp"

namespace holdpoint::sim {
namespace {

constexpr Micros kLateAfter = 5 * 60'000'000LL;

const char* kind_of(LevelRule::To to) {
  switch (to) {
    case LevelRule::To::reminder: return "reminder";
    case LevelRule::To::backup: return "backup";
    case LevelRule::To::manager: return "manager";
  }
  return "";
}

bool has_fired(const Asked& asked, const Level& level) {
  return std::ranges::any_of(asked.fired, [&](const Fired& fired) {
    return fired.kind != "owner" && fired.policy == level.policy && fired.level == level.rule.name;
  });
}

struct Next {
  std::size_t level = 0;
  Micros due = 0;
};

/// Of each policy the first level that has not fired; of these the one that is due first. After a
/// level that reached nobody the next one does not wait.
std::optional<Next> next_level(const Asked& asked) {
  std::optional<Next> next;
  Names looked_at;
  for (std::size_t i = 0; i < asked.levels.size(); ++i) {
    const Level& level = asked.levels[i];
    if (has_fired(asked, level) || !looked_at.insert(level.policy).second) continue;
    Micros due = level.due;
    const Fired* before = nullptr;
    for (const Fired& fired : asked.fired) {
      if (fired.policy == level.policy) before = &fired;
    }
    if (before != nullptr && before->people.empty()) due = std::min(due, before->at);
    if (!next || due < next->due) next = Next{i, due};
  }
  return next;
}

}  // namespace

bool ApprovalModel::wakes(const Asked& asked) const {
  if (asked.state != "pending" || asked.is_stopped()) return false;
  const bool has_begun = std::ranges::any_of(asked.ballots, [&](const Ballot& one) {
    return one.counts_from && asked.looked_at < *one.counts_from && *one.counts_from <= now;
  });
  const auto next = next_level(asked);
  return has_begun || (next && next->due <= now);
}

Names ApprovalModel::awaited(const Asked& asked, const std::string& policy) const {
  Names decided;
  for (const Ballot& ballot : asked.ballots) decided.insert({ballot.person, ballot.seat});
  const Names out_of_it = involved(asked);
  const auto people = signers(asked);
  Names all;
  const auto add = [&](std::size_t demand) {
    for (const std::string& person : people[demand].all()) {
      if (decided.contains(person)) continue;
      all.insert(person);
      for (const LentRight& one : lent_now(asked)) {
        const bool may = one.from == person && !out_of_it.contains(one.to) &&
                         may_use(person, one.roles, asked.demands[demand].rule, people[demand]);
        if (may && !decided.contains(one.to)) all.insert(one.to);
      }
    }
  };
  for (const Walk& walk : walks_of(asked, people, standing(asked))) {
    for (std::size_t i = 0; i < walk.demands.size(); ++i) {
      if (asked.demands[walk.demands[i]].policy != policy) continue;
      if (walk.is_reached(i) && !walk.has_enough(i)) add(walk.demands[i]);
    }
  }
  return all;
}

Names ApprovalModel::reached_by(const Asked& asked, const Level& level) const {
  if (level.rule.to == LevelRule::To::reminder) return awaited(asked, level.policy);
  const Names out_of_it = involved(asked);
  Names people = holders(level.rule.reaches);
  std::erase_if(people, [&](const std::string& one) { return out_of_it.contains(one); });
  return people;
}

Names ApprovalModel::policy_owners() const {
  StageRule administrators;
  administrators.roles = {"administrator"};
  Names people = teams.at("core");
  std::erase_if(people, [&](const std::string& one) { return !active.contains(one); });
  return people.empty() ? holders(administrators) : people;
}

void ApprovalModel::fire(Asked& asked, Fired fired) {
  ++(fired.kind == "owner" ? by_time.owners_told : by_time.fired);
  by_time.late += fired.late ? 1 : 0;
  by_time.skipped += fired.people.empty() ? 1 : 0;
  asked.fired.push_back(std::move(fired));
}

int ApprovalModel::escalate(Asked& asked) {
  const std::size_t before = asked.fired.size();
  for (auto next = next_level(asked); next && next->due <= now; next = next_level(asked)) {
    const Level& level = asked.levels[next->level];
    fire(asked, {level.policy, level.rule.name, kind_of(level.rule.to), level.due, now,
                 level.due + kLateAfter < now, reached_by(asked, level)});
  }
  const bool reached_nobody = !asked.fired.empty() && !next_level(asked) &&
                              std::ranges::all_of(asked.fired, [](const Fired& fired) {
                                return fired.people.empty() && fired.kind != "owner";
                              });
  if (reached_nobody) {
    fire(asked, {asked.levels.front().policy, "owner", "owner", now, now, false, policy_owners()});
  }
  return static_cast<int>(asked.fired.size() - before);
}

}  // namespace holdpoint::sim
