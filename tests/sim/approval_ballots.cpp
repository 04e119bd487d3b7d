// The part of the auditor that is about ballots: who may fill which seats of a request, what was
// decided so far, and what a further decision makes of it. See approval_model.hpp.
#include <algorithm>

#include "sim/approval_counting.hpp"
#include "sim/approval_model.hpp"

namespace holdpoint::sim {

std::vector<Signers> ApprovalModel::signers(const Asked& asked) const {
  const Names out_of_it = involved(asked);
  const auto is_out = [&](const std::string& one) { return out_of_it.contains(one); };
  std::vector<Signers> all;
  for (const Demanded& demand : asked.demands) {
    Signers& of_stage = all.emplace_back();
    of_stage.own = holders(demand.rule);
    std::erase_if(of_stage.own, is_out);
    for (const Fired& fired : asked.fired) {
      const auto level = std::ranges::find_if(asked.levels, [&](const Level& one) {
        return one.policy == fired.policy && one.rule.name == fired.level;
      });
      if (fired.kind != "backup" && fired.kind != "manager") continue;
      const LevelRule& rule = level->rule;
      const bool is_for_stage = rule.stages.empty() || rule.stages.contains(demand.rule.name);
      if (fired.policy != demand.policy || !is_for_stage) continue;
      // Who was reached then, and still holds what put them there.
      const Names still = holders(rule.reaches, fired.at);
      Names reached;
      for (const std::string& person : fired.people) {
        if (still.contains(person) && !is_out(person)) reached.insert(person);
      }
      if (reached.empty()) continue;
      of_stage.added.merge(reached);
      Names& roles = of_stage.added_roles;
      roles.insert(rule.reaches.roles.begin(), rule.reaches.roles.end());
      roles.insert(rule.reaches.approval_roles.begin(), rule.reaches.approval_roles.end());
    }
  }
  return all;
}

std::vector<Ballot> ApprovalModel::kept(const Asked& asked) const {
  const Names out_of_it = involved(asked);
  std::vector<Ballot> ballots = asked.ballots;
  std::erase_if(ballots, [&](const Ballot& one) {
    return out_of_it.contains(one.person) || out_of_it.contains(one.seat);
  });
  return ballots;
}

std::vector<Ballot> ApprovalModel::standing(const Asked& asked) const {
  std::vector<Ballot> ballots = kept(asked);
  std::erase_if(ballots, [&](const Ballot& one) { return one.counts_from.value_or(now) > now; });
  return ballots;
}

bool ApprovalModel::is_rejected(const Asked& asked, const std::vector<Ballot>& ballots) const {
  const auto people = signers(asked);
  int against = 0;
  for (const Ballot& ballot : ballots) {
    if (ballot.choice != Ballot::Choice::reject) continue;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (!people[i].contains(ballot.seat) ||
          !reaches(ballot.roles, asked.demands[i].rule, people[i])) {
        continue;
      }
      ++against;
      break;
    }
  }
  return against >= asked.rejections;
}

bool ApprovalModel::suffices(const Asked& asked, const std::vector<Ballot>& ballots) const {
  if (asked.demands.empty() || is_rejected(asked, ballots)) return false;
  const auto routes = walks_of(asked, signers(asked), ballots);
  return std::ranges::all_of(routes, [](const Walk& walk) { return walk.is_walked(); });
}

bool ApprovalModel::is_satisfiable(const Asked& asked) const {
  // Everybody who may approve does.
  const auto people = signers(asked);
  std::map<std::string, Ballot> all;
  for (const Signers& of_stage : people) {
    for (const std::string& one : of_stage.all())
      all[one] = {one, one, {}, Ballot::Choice::approve};
  }
  std::vector<Ballot> ballots;
  for (auto& [name, ballot] : all) ballots.push_back(std::move(ballot));
  const auto routes = walks_of(asked, people, ballots);
  return std::ranges::all_of(routes, [](const Walk& walk) { return walk.is_walked(); });
}

bool ApprovalModel::is_complete(const Asked& asked) const {
  return asked.state == "pending" && !is_paused(asked) && !has_unknown(asked) &&
         suffices(asked, standing(asked));
}

std::vector<LentRight> ApprovalModel::lent_now(const Asked& asked) const {
  const Names out_of_it = involved(asked);
  std::vector<LentRight> all;
  for (const Lent& one : lent) {
    const bool runs = !one.revoked && one.begins <= now && now < one.ends;
    if (!runs || out_of_it.contains(one.from)) continue;
    if (!active.contains(one.from) || !active.contains(one.to)) continue;
    // Nobody lends what they do not have.
    Names roles;
    for (const std::string& role : one.roles) {
      StageRule alone;
      (built_in.contains(role) ? alone.roles : alone.approval_roles).insert(role);
      if (holders(alone).contains(one.from)) roles.insert(role);
    }
    if (!one.roles.empty() && roles.empty()) continue;
    all.push_back({one.from, one.to, std::move(roles)});
  }
  return all;
}

std::vector<Right> ApprovalModel::rights(const Asked& asked, const Signing& signing,
                                         std::set<std::string>& obstacles) const {
  const auto people = signers(asked);
  const auto ballots = standing(asked);
  const auto is_for_some_stage = [&](const Right& right) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (may_use(right.seat, right.roles, asked.demands[i].rule, people[i])) return true;
    }
    return false;
  };
  std::vector<Right> all{{signing.who, {}}};
  for (LentRight& one : lent_now(asked)) {
    if (one.to == signing.who) all.push_back({one.from, std::move(one.roles)});
  }
  std::erase_if(all, [&](const Right& right) { return !is_for_some_stage(right); });
  if (signing.in_place_of) {
    std::erase_if(all, [&](const Right& right) { return right.seat != *signing.in_place_of; });
    if (all.empty()) obstacles.insert("not_a_stand_in");
  } else if (all.empty()) {
    obstacles.insert("not_eligible");
  }
  // What was granted is taken back by anybody who may sign, whatever is needed.
  if (all.empty() || may_be_taken_back(asked)) return all;
  // A deferred approval takes its seat, although it does not count yet.
  const auto seated = kept(asked);
  std::erase_if(all, [&](const Right& right) {
    return std::ranges::find(seated, right.seat, &Ballot::seat) != seated.end();
  });
  if (all.empty()) obstacles.insert("seat_taken");
  if (all.empty()) return all;
  const auto routes = walks_of(asked, people, ballots);
  std::erase_if(all, [&](const Right& right) {
    for (const Walk& walk : routes) {
      for (std::size_t i = 0; i < walk.demands.size(); ++i) {
        const std::size_t demand = walk.demands[i];
        if (walk.is_reached(i) && people[demand].contains(right.seat) &&
            reaches(right.roles, asked.demands[demand].rule, people[demand])) {
          return false;
        }
      }
    }
    return true;
  });
  if (all.empty()) obstacles.insert("stage_not_reached");
  if (all.empty() || signing.choice != Ballot::Choice::approve) return all;
  const int before = progress(asked, people, ballots);
  std::erase_if(all, [&](const Right& right) {
    auto with = ballots;
    with.push_back({right.seat, right.seat, right.roles, Ballot::Choice::approve});
    return progress(asked, people, with) <= before;
  });
  if (all.empty()) obstacles.insert("signature_not_needed");
  return all;
}

Expected ApprovalModel::sign(const Asked& asked, const Signing& signing) const {
  Expected out;
  const auto against = [&](bool speaks, const char* code) {
    if (speaks) out.obstacles.insert(code);
  };
  const bool revokes = may_be_taken_back(asked) && signing.choice == Ballot::Choice::reject;
  against(asked.state != "pending" && !revokes, "request_ended");
  against((asked.is_open() || revokes) && is_paused(asked), "paused_by_incident");
  if (revokes && asked.state == "consumed") {
    against(content(asked).empty(), "subject_gone");
    against(now >= *asked.valid_until, "too_late");
  }
  if (asked.state != "pending" && !revokes) return out;
  against(owners.contains(signing.who), "approver_not_a_person");
  against(involved(asked).contains(signing.who), "own_part");
  against(!revokes && has_unknown(asked), "unknown_people");
  against(!signing.shown_present, "content_changed");
  const bool must_say_why = asked.rationale || signing.choice == Ballot::Choice::reject;
  against(must_say_why && signing.reason.empty(), "reason_needed");
  against(asked.password && !signing.with_password, "password_needed");
  const bool has_signed =
      std::ranges::find(asked.ballots, signing.who, &Ballot::person) != asked.ballots.end();
  against(!revokes && has_signed, "signed_already");
  if (signing.counts_from) {
    against(signing.choice != Ballot::Choice::approve, "only_approvals_wait");
    against(*signing.counts_from <= now || *signing.counts_from >= asked.pending_until,
            "deferred_out_of_reach");
  }
  static_cast<void>(rights(asked, signing, out.obstacles));
  return out;
}

int ApprovalModel::take(Asked& asked, Ballot ballot) {
  if (may_be_taken_back(asked)) {
    const auto own = std::erase_if(asked.ballots,
                                   [&](const Ballot& one) { return one.person == ballot.person; });
    asked.ballots.push_back(std::move(ballot));
    asked.state = "revoked";
    return (own == 0 ? 2 : 3) + follow(asked);
  }
  const bool counts = !ballot.counts_from;
  asked.ballots.push_back(std::move(ballot));
  asked.looked_at = now;
  if (!counts) return 1;
  const auto ballots = standing(asked);
  if (is_rejected(asked, ballots)) {
    asked.state = "rejected";
    return 2 + follow(asked);
  }
  if (!suffices(asked, ballots)) return 1;
  asked.state = "granted";
  asked.valid_until = now + asked.validity;
  return 2 + follow(asked);
}

Expected ApprovalModel::take_back(const Asked& asked, const std::string& who,
                                  const std::string& reason) const {
  Expected out;
  if (!asked.is_open()) out.obstacles.insert("request_ended");
  if (reason.empty()) out.obstacles.insert("reason_needed");
  if (std::ranges::find(asked.ballots, who, &Ballot::person) == asked.ballots.end()) {
    out.obstacles.insert("not_signed");
  }
  return out;
}

int ApprovalModel::took_back(Asked& asked, const std::string& who) {
  std::erase_if(asked.ballots, [&](const Ballot& one) { return one.person == who; });
  asked.looked_at = now;
  if (asked.state == "granted" && suffices(asked, standing(asked))) return 2 + follow(asked);
  asked.state = "pending";
  asked.valid_until.reset();
  if (!is_due(asked, now)) return 1;
  asked.state = "expired";
  return 2 + follow(asked);
}

}  // namespace holdpoint::sim
