// See approval_model.hpp.
#include "sim/approval_model.hpp"

#include <algorithm>

#include "sim/approval_counting.hpp"

namespace holdpoint::sim {
namespace {

constexpr Micros kDay = 86'400'000'000;
constexpr Micros kPendingOtherwise = 14 * kDay;
constexpr Micros kValidityOtherwise = 7 * kDay;
constexpr Micros kFirstOf2026 = 20'454 * kDay;  // 2026-01-01 is so many days after 1970-01-01

bool is_due(const Asked& asked, Micros now) {
  if (!asked.is_open() || asked.is_stopped()) return false;
  return (asked.state == "pending" ? asked.pending_until : *asked.valid_until) <= now;
}

}  // namespace

Names ApprovalModel::holders(const StageRule& rule) const {
  Names all = rule.people;
  for (const std::string& role : rule.roles) {
    if (const auto found = built_in.find(role); found != built_in.end()) {
      all.insert(found->second.begin(), found->second.end());
    }
  }
  for (const std::string& role : rule.approval_roles) {
    const auto found = approval_roles.find(role);
    if (found == approval_roles.end()) continue;
    all.insert(found->second.people.begin(), found->second.people.end());
    for (const std::string& team : found->second.teams) {
      all.insert(teams.at(team).begin(), teams.at(team).end());
    }
    const auto& turns = found->second.turns;
    if (!turns.empty()) {
      const auto days = static_cast<std::size_t>((now - kFirstOf2026) / kDay);
      all.insert(turns[days % turns.size()]);
    }
  }
  std::erase_if(all, [&](const std::string& person) { return !active.contains(person); });
  return all;
}

Names ApprovalModel::answer_for(const std::string& who) const {
  const auto account = owners.find(who);
  return account == owners.end() ? Names{who} : account->second;
}

std::string ApprovalModel::content(const Target& target) const {
  if (!releases.contains({target.application, target.version})) return "";
  const auto found = configured.find({target.application, target.environment});
  return target.application + "@" + target.version + "/" + target.environment + "#" +
         (found == configured.end() ? "" : found->second.present);
}

Names ApprovalModel::involved(const Asked& asked) const {
  Names all = answer_for(asked.by);
  // Whoever asked for the same before, and was superseded by this one or is about to be.
  for (const Asked& one : requests) {
    if (!asked.id.empty() && one.id == asked.id) break;
    if (one.target != asked.target || (one.state != "superseded" && !one.is_open())) continue;
    const Names people = answer_for(one.by);
    all.insert(people.begin(), people.end());
  }
  const auto release = releases.find({asked.target.application, asked.target.version});
  if (release != releases.end()) {
    const Names makers = answer_for(release->second.by);
    all.insert(makers.begin(), makers.end());
    all.insert(release->second.contributors.begin(), release->second.contributors.end());
  }
  const auto found = configured.find({asked.target.application, asked.target.environment});
  if (found != configured.end() && !found->second.present.empty()) {
    for (const std::string& recorder : found->second.by.at(found->second.present)) {
      const Names people = answer_for(recorder);
      all.insert(people.begin(), people.end());
    }
  }
  return all;
}

bool ApprovalModel::has_unknown(const Asked& asked) const {
  const auto all = involved(asked);
  return std::ranges::any_of(all, [&](const std::string& one) { return !known.contains(one); });
}

Names ApprovalModel::pausing(const Target& target) const {
  Names all;
  for (const Trouble& one : troubles) {
    const bool affects =
        one.environments.contains(target.environment) &&
        (one.applications.empty() || one.applications.contains(target.application));
    if (one.open && one.is_major() && affects) all.insert(one.id);
  }
  return all;
}

Deployed* ApprovalModel::running(const std::pair<std::string, std::string>& place) {
  const auto found = deployed.find(place);
  if (found == deployed.end() || found->second.empty()) return nullptr;
  Deployed& newest = found->second.back();
  return newest.ended ? nullptr : &newest;
}

bool ApprovalModel::is_frozen(const Target& target) const {
  return std::ranges::any_of(freezes, [&](const auto& named) {
    const Closed& one = named.second;
    return one.environment == target.environment && one.from <= now && now < one.until;
  });
}

std::vector<Names> ApprovalModel::eligible(const Asked& asked) const {
  const Names out_of_it = involved(asked);
  std::vector<Names> all;
  for (const Demanded& demand : asked.demands) {
    Names people = holders(demand.rule);
    std::erase_if(people, [&](const std::string& one) { return out_of_it.contains(one); });
    all.push_back(std::move(people));
  }
  return all;
}

std::vector<Ballot> ApprovalModel::standing(const Asked& asked) const {
  const Names out_of_it = involved(asked);
  std::vector<Ballot> ballots = asked.ballots;
  std::erase_if(ballots, [&](const Ballot& one) {
    return out_of_it.contains(one.person) || out_of_it.contains(one.seat);
  });
  return ballots;
}

bool ApprovalModel::is_rejected(const Asked& asked, const std::vector<Ballot>& ballots) const {
  const auto people = eligible(asked);
  int against = 0;
  for (const Ballot& ballot : ballots) {
    if (ballot.choice != Ballot::Choice::reject) continue;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (!people[i].contains(ballot.seat) || !reaches(ballot.roles, asked.demands[i].rule)) {
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
  const auto routes = walks_of(asked, eligible(asked), ballots);
  return std::ranges::all_of(routes, [](const Walk& walk) { return walk.is_walked(); });
}

bool ApprovalModel::is_satisfiable(const Asked& asked) const {
  // Everybody who may approve does.
  const auto people = eligible(asked);
  std::map<std::string, Ballot> all;
  for (const Names& of_stage : people) {
    for (const std::string& one : of_stage) all[one] = {one, one, {}, Ballot::Choice::approve};
  }
  std::vector<Ballot> ballots;
  for (auto& [name, ballot] : all) ballots.push_back(std::move(ballot));
  const auto routes = walks_of(asked, people, ballots);
  return std::ranges::all_of(routes, [](const Walk& walk) { return walk.is_walked(); });
}

const Asked* ApprovalModel::latest(const Target& target) const {
  const auto found = std::find_if(requests.rbegin(), requests.rend(),
                                  [&](const Asked& one) { return one.target == target; });
  return found == requests.rend() ? nullptr : &*found;
}

Asked* ApprovalModel::latest(const Target& target) {
  const ApprovalModel& self = *this;
  return const_cast<Asked*>(self.latest(target));
}

ApprovalModel::Demands ApprovalModel::demanded(const Target& target) const {
  Demands out;
  out.pending_until = now + kPendingOtherwise;
  out.validity = kValidityOtherwise;
  const bool cardholder = target.application == "shop";
  bool first = true;
  for (const auto& [name, policy] : policies) {
    if (!policy.enforced || (policy.production_only && target.environment != "production"))
      continue;
    std::size_t selected = 0;
    for (const RouteRule& route : policy.routes) {
      if (route.when == RouteRule::When::cardholder && !cardholder) continue;
      if (route.when == RouteRule::When::plain && cardholder) continue;
      ++selected;
      for (std::size_t i = 0; i < route.stages.size(); ++i) {
        out.stages.push_back(
            {name, route.name, route.parallel ? 0 : static_cast<int>(i), route.stages[i]});
      }
    }
    if (selected == 0) out.obstacles.insert("no_route");
    if (policy.pending != 0) out.pending_until = std::min(out.pending_until, now + policy.pending);
    if (policy.validity != 0) out.validity = std::min(out.validity, policy.validity);
    out.rejections = first ? policy.rejections : std::min(out.rejections, policy.rejections);
    out.rationale |= policy.rationale;
    out.password |= policy.password;
    out.backout_plan |= policy.backout_plan;
    first = false;
  }
  return out;
}

bool ApprovalModel::is_outgrown(const Asked& asked, const Demands& demands) const {
  const bool is_shorter = asked.valid_until && demands.validity < asked.validity;
  if (is_shorter && *asked.valid_until - asked.validity + demands.validity <= now) return true;
  std::vector<Ballot> ballots = standing(asked);
  std::erase_if(ballots, [&](const Ballot& one) {
    return one.choice == Ballot::Choice::approve &&
           ((demands.password && !one.with_password) || (demands.rationale && !one.with_reason));
  });
  Asked now_asked = asked;
  now_asked.rejections = std::min(asked.rejections, demands.rejections);
  return !suffices(now_asked, ballots);
}

std::string ApprovalModel::ending(const Asked& asked) const {
  if (!asked.is_open()) return "";
  if (content(asked.target) != asked.content) return "invalidated";
  return is_due(asked, now) ? "expired" : "";
}

bool ApprovalModel::is_complete(const Asked& asked) const {
  return asked.state == "pending" && !is_paused(asked.target) && !has_unknown(asked) &&
         suffices(asked, standing(asked));
}

std::vector<Right> ApprovalModel::rights(const Asked& asked, const Signing& signing,
                                         std::set<std::string>& obstacles) const {
  const auto people = eligible(asked);
  const Names out_of_it = involved(asked);
  const auto ballots = standing(asked);
  const auto is_for_some_stage = [&](const Right& right) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (people[i].contains(right.seat) && reaches(right.roles, asked.demands[i].rule))
        return true;
    }
    return false;
  };
  std::vector<Right> all{{signing.who, {}}};
  for (const Lent& one : lent) {
    const bool runs = !one.revoked && one.begins <= now && now < one.ends;
    if (!runs || one.to != signing.who || out_of_it.contains(one.from)) continue;
    if (!active.contains(one.from) || !active.contains(one.to)) continue;
    // Nobody lends what they do not have.
    Names roles;
    for (const std::string& role : one.roles) {
      StageRule alone;
      (built_in.contains(role) ? alone.roles : alone.approval_roles).insert(role);
      if (holders(alone).contains(one.from)) roles.insert(role);
    }
    if (!one.roles.empty() && roles.empty()) continue;
    all.push_back({one.from, std::move(roles)});
  }
  std::erase_if(all, [&](const Right& right) { return !is_for_some_stage(right); });
  if (signing.in_place_of) {
    std::erase_if(all, [&](const Right& right) { return right.seat != *signing.in_place_of; });
    if (all.empty()) obstacles.insert("not_a_stand_in");
  } else if (all.empty()) {
    obstacles.insert("not_eligible");
  }
  // What was granted is taken back by anybody who may sign, whatever is needed.
  if (all.empty() || asked.state == "granted") return all;
  std::erase_if(all, [&](const Right& right) {
    return std::ranges::find(ballots, right.seat, &Ballot::seat) != ballots.end();
  });
  if (all.empty()) obstacles.insert("seat_taken");
  if (all.empty()) return all;
  const auto routes = walks_of(asked, people, ballots);
  std::erase_if(all, [&](const Right& right) {
    for (const Walk& walk : routes) {
      for (std::size_t i = 0; i < walk.demands.size(); ++i) {
        const std::size_t demand = walk.demands[i];
        if (walk.is_reached(i) && people[demand].contains(right.seat) &&
            reaches(right.roles, asked.demands[demand].rule)) {
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
  const bool revokes = asked.state == "granted" && signing.choice == Ballot::Choice::reject;
  against(asked.state != "pending" && !revokes, "request_ended");
  against(asked.is_open() && is_paused(asked.target), "paused_by_incident");
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
  static_cast<void>(rights(asked, signing, out.obstacles));
  return out;
}

int ApprovalModel::take(Asked& asked, Ballot ballot) const {
  if (asked.state == "granted") {
    const auto own = std::erase_if(asked.ballots,
                                   [&](const Ballot& one) { return one.person == ballot.person; });
    asked.ballots.push_back(std::move(ballot));
    asked.state = "revoked";
    return own == 0 ? 2 : 3;
  }
  asked.ballots.push_back(std::move(ballot));
  const auto ballots = standing(asked);
  if (is_rejected(asked, ballots)) {
    asked.state = "rejected";
    return 2;
  }
  if (!suffices(asked, ballots)) return 1;
  asked.state = "granted";
  asked.valid_until = now + asked.validity;
  return 2;
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

int ApprovalModel::took_back(Asked& asked, const std::string& who) const {
  std::erase_if(asked.ballots, [&](const Ballot& one) { return one.person == who; });
  if (asked.state == "granted" && suffices(asked, standing(asked))) return 2;
  asked.state = "pending";
  asked.valid_until.reset();
  if (!is_due(asked, now)) return 1;
  asked.state = "expired";
  return 2;
}

bool ApprovalModel::approves_now(const Asked& asked) const {
  if (!ending(asked).empty() || is_paused(asked.target) || has_unknown(asked)) return false;
  if (asked.state != "granted" && !is_complete(asked)) return false;
  return suffices(asked, standing(asked));
}

std::set<std::string> ApprovalModel::gate(const Target& target) const {
  std::set<std::string> reasons;
  if (!releases.contains({target.application, target.version})) return {"release_not_found"};
  if (is_paused(target)) reasons.insert("incident_open");
  if (is_frozen(target)) reasons.insert("frozen");
  const Demands demands = demanded(target);
  if (!demands.obstacles.empty()) {
    reasons.insert("approval_untold");
    return reasons;
  }
  if (demands.stages.empty()) return reasons;
  const Asked* asked = latest(target);
  const bool stands = asked != nullptr && asked->is_open() && ending(*asked).empty() &&
                      std::ranges::all_of(demands.stages, [&](const Demanded& stage) {
                        return std::ranges::find(asked->demands, stage) != asked->demands.end();
                      });
  if (!stands) {
    reasons.insert("approval_missing");
  } else if (!approves_now(*asked)) {
    reasons.insert(asked->state == "pending" ? "approval_pending" : "approval_missing");
  } else if (is_outgrown(*asked, demands)) {
    reasons.insert("approval_missing");
  }
  return reasons;
}

bool ApprovalModel::is_step_back(const Target& target) const {
  const auto there = deployed.find({target.application, target.environment});
  if (there == deployed.end()) return false;
  const std::size_t order = releases.at({target.application, target.version}).order;
  return std::ranges::any_of(there->second, [&](const Deployed& one) {
    return !one.failed && releases.at({target.application, one.version}).order > order;
  });
}

Expected ApprovalModel::deploy(const Target& target, const std::string& who, bool is_back) const {
  Expected out;
  if (!gate(target).empty()) {
    out.obstacles.insert("gate_not_open");
    return out;
  }
  const auto before = deployed.find({target.application, target.environment});
  if (before != deployed.end() && !before->second.empty() && !before->second.back().ended) {
    out.obstacles.insert("deployment_running");
  }
  if (!is_back && is_step_back(target)) out.obstacles.insert("newer_release_started");
  if (demanded(target).stages.empty()) return out;
  const Names deployers = answer_for(who);
  for (const Ballot& ballot : latest(target)->ballots) {
    const bool concerned = deployers.contains(ballot.person) || deployers.contains(ballot.seat);
    if (ballot.choice == Ballot::Choice::approve && concerned) {
      out.obstacles.insert("approver_deploys");
    }
  }
  return out;
}

int ApprovalModel::settle(Asked& asked) const {
  if (const std::string end = ending(asked); !end.empty()) {
    asked.state = end;
    return 1;
  }
  if (!is_complete(asked)) return 0;
  asked.state = "granted";
  asked.valid_until = now + asked.validity;
  return 1;
}

int ApprovalModel::follow_incidents(Asked& asked) const {
  // Time that is over stays over: what waits for its timer to say so is not paused.
  if (asked.state != "pending" || is_due(asked, now)) return 0;
  const Names around = pausing(asked.target);
  const bool was_stopped = asked.is_stopped();
  int entries = 0;
  for (const std::string& one : around) entries += asked.stopped_by.contains(one) ? 0 : 1;
  for (const std::string& one : asked.stopped_by) entries += around.contains(one) ? 0 : 1;
  asked.stopped_by = around;
  if (!was_stopped) asked.stopped_at = now;
  if (!was_stopped || asked.is_stopped()) return entries;
  asked.pending_until += now - asked.stopped_at;
  return entries + settle(asked);
}

int ApprovalModel::implicate(const Trouble& trouble) {
  if (!trouble.is_major()) return 0;
  int entries = 0;
  for (auto& [place, all] : deployed) {
    const bool is_named =
        trouble.applications.contains(place.first) && trouble.environments.contains(place.second);
    if (!is_named || all.empty()) continue;
    Deployed& newest = all.back();
    const bool ran = newest.started <= trouble.declared &&
                     (!newest.ended || trouble.declared < *newest.ended + kDay);
    if (!ran || newest.implicated) continue;
    newest.implicated = true;
    ++entries;
  }
  return entries;
}

bool ApprovalModel::is_something_due() const {
  return std::ranges::any_of(requests, [&](const Asked& asked) { return is_due(asked, now); });
}

int ApprovalModel::fire_timers() {
  int entries = 0;
  for (Asked& asked : requests) {
    if (!is_due(asked, now)) continue;
    asked.state = ending(asked);
    ++entries;
  }
  return entries;
}

}  // namespace holdpoint::sim
