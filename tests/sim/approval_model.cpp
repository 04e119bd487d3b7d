// See approval_model.hpp.
#include "sim/approval_model.hpp"

#include <algorithm>

namespace holdpoint::sim {
namespace {

constexpr Micros kDay = 86'400'000'000;
constexpr Micros kPendingOtherwise = 14 * kDay;
constexpr Micros kValidityOtherwise = 7 * kDay;
constexpr Micros kFirstOf2026 = 20'454 * kDay;  // 2026-01-01 is so many days after 1970-01-01

}  // namespace

bool is_due(const Asked& asked, Micros now) {
  if (!asked.is_open() || asked.is_stopped()) return false;
  return (asked.state == "pending" ? asked.pending_until : *asked.valid_until) <= now;
}

Names ApprovalModel::holders(const StageRule& rule, Micros at) const {
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
      const auto days = static_cast<std::size_t>((at - kFirstOf2026) / kDay);
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

namespace {

/// Ended without anybody's decision about it, so that asking once more is the same request still.
bool is_void(const Asked& asked) {
  return asked.state == "superseded" || asked.state == "withdrawn" || asked.state == "invalidated";
}

}  // namespace

Names ApprovalModel::involved(const Asked& asked) const {
  Names all = answer_for(asked.by);
  // Whoever asked for the same before, and was superseded by this one or is about to be.
  for (const Asked& one : requests) {
    if (!asked.id.empty() && one.id == asked.id) break;
    const bool is_same =
        one.kind == asked.kind && one.subject == asked.subject && one.target == asked.target;
    if (!is_same || !(one.is_open() || is_void(one))) continue;
    const Names people = answer_for(one.by);
    all.insert(people.begin(), people.end());
  }
  if (asked.kind == "waiver") {
    all.merge(involved_in_waiver(asked));
  } else if (asked.kind == "promotion") {
    all.merge(makers_of(asked.target));
    all.merge(configurers_of(asked.target));
  } else {
    all.merge(involved_in_plan(asked));
  }
  return all;
}

Names ApprovalModel::makers_of(const Target& target) const {
  const auto release = releases.find({target.application, target.version});
  if (release == releases.end()) return {};
  Names all = answer_for(release->second.by);
  all.insert(release->second.contributors.begin(), release->second.contributors.end());
  return all;
}

Names ApprovalModel::configurers_of(const Target& target) const {
  Names all;
  const auto found = configured.find({target.application, target.environment});
  if (found == configured.end() || found->second.present.empty()) return all;
  for (const std::string& recorder : found->second.by.at(found->second.present)) {
    all.merge(answer_for(recorder));
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

Names ApprovalModel::pausing(const Asked& asked) const {
  const Planned* one = asked.kind == "change" ? change(asked.subject) : nullptr;
  return one != nullptr && one->type == "emergency" ? Names{} : pausing(asked.target);
}

Deployed* ApprovalModel::running(const std::pair<std::string, std::string>& place) {
  const auto found = deployed.find(place);
  if (found == deployed.end() || found->second.empty()) return nullptr;
  Deployed& newest = found->second.back();
  return newest.ended ? nullptr : &newest;
}

bool ApprovalModel::is_frozen(const Target& target) const {
  return !freezes_at(target, now, now + 1).empty();
}

const Asked* ApprovalModel::latest(const Asked& like) const {
  const auto found = std::find_if(requests.rbegin(), requests.rend(), [&](const Asked& one) {
    return one.kind == like.kind && one.subject == like.subject && one.target == like.target;
  });
  return found == requests.rend() ? nullptr : &*found;
}

Asked* ApprovalModel::latest(const Asked& like) {
  const ApprovalModel& self = *this;
  return const_cast<Asked*>(self.latest(like));
}

Asked* ApprovalModel::latest(const Target& target) { return latest(asking(target)); }

Asked ApprovalModel::asking(const Target& target) {
  return {.id = "", .target = target, .content = "", .by = ""};
}

ApprovalModel::Demands ApprovalModel::demanded(const std::string& kind,
                                               const Target& target) const {
  Demands out;
  out.pending_until = now + kPendingOtherwise;
  out.validity = kValidityOtherwise;
  const bool cardholder = target.application == "shop";
  bool first = true;
  for (const auto& [name, policy] : policies) {
    if (!policy.enforced) continue;
    if (policy.production_only && kind == "waiver") {
      if (policy.forgets_waivers) out.obstacles.insert("routing_untold");
      continue;
    }
    if (policy.production_only && target.environment != "production") continue;
    if (policy.beside_promotions && kind == "promotion") continue;
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
    for (const LevelRule& level : policy.levels) {
      // Every application here is of high criticality.
      const Micros after = level.after_when_high != 0 ? level.after_when_high : level.after;
      out.levels.push_back({name, level, now + after});
    }
    if (policy.pending != 0) out.pending_until = std::min(out.pending_until, now + policy.pending);
    if (policy.validity != 0) out.validity = std::min(out.validity, policy.validity);
    out.retries = first ? policy.retries : std::min(out.retries, policy.retries);
    out.rejections = first ? policy.rejections : std::min(out.rejections, policy.rejections);
    out.rationale |= policy.rationale;
    out.password |= policy.password;
    out.backout_plan |= policy.backout_plan;
    first = false;
  }
  return out;
}

bool ApprovalModel::fulfils(const Asked& asked) const {
  const Demands demands = demanded(asked.kind, asked.target);
  if (!demands.obstacles.empty()) return false;
  if (demands.stages.empty()) return true;
  const bool is_covered = std::ranges::all_of(demands.stages, [&](const Demanded& stage) {
    return std::ranges::find(asked.demands, stage) != asked.demands.end();
  });
  return is_covered && !is_outgrown(asked, demands);
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
  if (content(asked) != asked.content) return "invalidated";
  return is_due(asked, now) ? "expired" : "";
}

bool ApprovalModel::approves_now(const Asked& asked) const {
  if (!ending(asked).empty() || is_paused(asked) || has_unknown(asked)) return false;
  if (asked.state != "granted" && !is_complete(asked)) return false;
  return suffices(asked, standing(asked));
}

std::set<std::string> ApprovalModel::gate(const Target& target) const {
  std::set<std::string> reasons;
  if (!releases.contains({target.application, target.version})) return {"release_not_found"};
  if (is_paused(target)) reasons.insert("incident_open");
  if (is_frozen(target) && lift(target, "") == nullptr) reasons.insert("frozen");
  if (needs_change(target)) {
    const Planned* planned = carrying(target);
    if (planned == nullptr) {
      reasons.insert("change_missing");
    } else if (!hindrances(*planned).empty()) {
      reasons.insert("change_not_ready");
    }
  }
  const std::string approval = approval_of(asking(target));
  if (approval != "granted" && approval != "not_needed") reasons.insert("approval_" + approval);
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
  const auto before = deployed.find({target.application, target.environment});
  const bool is_running =
      before != deployed.end() && !before->second.empty() && !before->second.back().ended;
  if (is_running && before->second.back().version == target.version) {
    out.obstacles.insert("deployment_running");
    return out;
  }
  if (!gate(target).empty()) {
    out.obstacles.insert("gate_not_open");
    return out;
  }
  if (is_running) out.obstacles.insert("deployment_running");
  if (!is_back && is_step_back(target)) out.obstacles.insert("newer_release_started");
  // Who approved what is used up by it does not deploy.
  const Names deployers = answer_for(who);
  if (approval_of(asking(target)) == "granted" && has_approved(asking(target), deployers)) {
    out.obstacles.insert("approver_deploys");
  }
  if (is_used_by_approver(target, deployers)) out.obstacles.insert("approver_deploys");
  return out;
}

bool ApprovalModel::is_used_by_approver(const Target& target, const Names& deployers) const {
  // A change that has begun used its approval up: its second place is no other than the first.
  if (const Planned* planned = carrying(target); planned && hindrances(*planned).empty()) {
    const bool is_approved =
        planned->state == "implementing" || approval_of(asking(*planned)) == "granted";
    if (is_approved && has_approved(asking(*planned), deployers)) return true;
  }
  return is_frozen(target) && has_approved(asking(*lift(target, "")), deployers);
}

int ApprovalModel::start(const Target& target, const std::string& who) {
  int entries = 1;
  if (approval_of(asking(target)) == "granted") entries += use_up(asking(target));
  if (is_frozen(target)) entries += use_lift(*lift(target, ""));
  const Planned* planned = carrying(target);
  if (planned && hindrances(*planned).empty()) entries += begin(*change(planned->id), who);
  std::erase_if(refused_starts_, [&](const RefusedStart& one) { return one.target == target; });
  return entries;
}

int ApprovalModel::refuse_start(const Target& target, const std::string& who,
                                const std::string& code) {
  const bool is_kept = code == "gate_not_open" || code == "newer_release_started" ||
                       code == "approver_deploys" || code == "nobody_answers";
  if (!is_kept) return 0;
  if (!releases.contains({target.application, target.version})) return 0;
  return refused_starts_.insert({target, who, code, gate(target)}).second ? 1 : 0;
}

int ApprovalModel::follow(Asked& asked, By what) {
  if (asked.kind == "waiver") return follow_waiver(asked, what);
  return asked.kind == "change" ? follow_change(asked) : 0;
}

int ApprovalModel::settle(Asked& asked) {
  if (const std::string end = ending(asked); !end.empty()) {
    asked.state = end;
    return 1;
  }
  if (!is_complete(asked)) return 0;
  asked.state = "granted";
  asked.valid_until = now + asked.validity;
  asked.looked_at = now;
  return 1;
}

int ApprovalModel::follow_incidents(Asked& asked) {
  // Time that is over stays over: what waits for its timer to say so is not paused.
  if (asked.state != "pending" || is_due(asked, now)) return 0;
  const Names around = pausing(asked);
  const bool was_stopped = asked.is_stopped();
  int entries = 0;
  for (const std::string& one : around) entries += asked.stopped_by.contains(one) ? 0 : 1;
  for (const std::string& one : asked.stopped_by) entries += around.contains(one) ? 0 : 1;
  asked.stopped_by = around;
  if (entries > 0) asked.looked_at = now;
  if (!was_stopped) asked.stopped_at = now;
  if (!was_stopped || asked.is_stopped()) return entries;
  // What was due before stays due; everything else has as much time left as it had.
  const Micros pause = now - asked.stopped_at;
  asked.pending_until += pause;
  for (Level& level : asked.levels) level.due += level.due > asked.stopped_at ? pause : 0;
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
  return std::ranges::any_of(
             requests, [&](const Asked& asked) { return is_due(asked, now) || wakes(asked); }) ||
         is_waiver_due() || is_review_due();
}

int ApprovalModel::fire_timers() {
  int entries = expire_waivers() + tell_overdue_reviews();
  for (Asked& asked : requests) {
    if (is_due(asked, now)) {
      asked.state = ending(asked);
      entries += 1 + follow(asked, By::clock);
    } else if (wakes(asked)) {
      const int settled = settle(asked);
      by_time.granted += asked.state == "granted" ? 1 : 0;
      entries += settled != 0 ? settled + follow(asked, By::clock) : escalate(asked);
      asked.looked_at = now;
    }
  }
  return entries;
}

}  // namespace holdpoint::sim
