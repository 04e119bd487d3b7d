// The part of the auditor that is about what is planned: change requests, which begin in their
// window, once, when others agreed, and overrides of freezes, which are used once. See
// approval_model.hpp.
#include "sim/approval_plans.hpp"

#include <algorithm>

#include "sim/approval_model.hpp"

namespace holdpoint::sim {
namespace {

template <class List>
auto* with_id(List& list, const std::string& id) {
  const auto found = std::ranges::find_if(list, [&](const auto& one) { return one.id == id; });
  return found == list.end() ? nullptr : &*found;
}

bool is_same_place(const Target& a, const Target& b) {
  return a.application == b.application && a.environment == b.environment;
}

}  // namespace

const Planned* ApprovalModel::change(const std::string& id) const { return with_id(changes, id); }
Planned* ApprovalModel::change(const std::string& id) { return with_id(changes, id); }
const Lifting* ApprovalModel::lifting(const std::string& id) const { return with_id(liftings, id); }

std::string ApprovalModel::content(const Planned& one) const {
  std::string out = "change " + one.id + " r" + std::to_string(one.revision);
  if (one.target.version.empty()) return out;
  const auto found = configured.find({one.target.application, one.target.environment});
  return out + "#" + (found == configured.end() ? "" : found->second.present);
}

std::string ApprovalModel::content_of_plan(const Asked& asked) const {
  if (asked.kind == "change") {
    const Planned* one = change(asked.subject);
    return one == nullptr || !one->is_open() ? "" : content(*one);
  }
  const Lifting* one = lifting(asked.subject);
  if (one == nullptr || one->expires <= now) return "";
  if (one->change.empty()) return "override " + one->id;
  const Planned* of_change = change(one->change);
  if (of_change == nullptr || !of_change->is_open()) return "";
  return "override " + one->id + " of " + content(*of_change);
}

Names ApprovalModel::involved(const Planned& one) const {
  Names all = answer_for(one.by);
  for (const std::string& editor : one.editors) all.merge(answer_for(editor));
  for (const std::string& endorser : one.endorsers) all.merge(answer_for(endorser));
  if (one.target.version.empty()) return all;
  all.merge(makers_of(one.target));
  all.merge(configurers_of(one.target));
  return all;
}

Names ApprovalModel::involved_in_plan(const Asked& asked) const {
  if (asked.kind == "change") {
    const Planned* one = change(asked.subject);
    return one == nullptr ? Names{} : involved(*one);
  }
  const Lifting* one = lifting(asked.subject);
  if (one == nullptr) return {};
  if (one->change.empty()) return makers_of(one->target);
  const Planned* of_change = change(one->change);
  return of_change == nullptr ? Names{} : involved(*of_change);
}

Names ApprovalModel::overdue_reviews(const std::string& application) const {
  Names all;
  for (const Planned& one : changes) {
    const bool is_overdue = one.review_due && *one.review_due <= now && !one.is_reviewed;
    if (is_overdue && one.target.application == application) all.insert(one.id);
  }
  return all;
}

std::string ApprovalModel::approval_of(const Asked& like) const {
  const Demands demands = demanded(like.kind, like.target);
  if (!demands.obstacles.empty()) return "untold";
  if (demands.stages.empty()) return "not_needed";
  const Asked* asked = latest(like);
  if (asked == nullptr || !ending(*asked).empty()) return "missing";
  if (!asked->is_open() && !is_good_again(*asked)) return "missing";
  const bool is_covered = std::ranges::all_of(demands.stages, [&](const Demanded& stage) {
    return std::ranges::find(asked->demands, stage) != asked->demands.end();
  });
  if (!is_covered) return "missing";
  if (asked->is_open() && !approves_now(*asked))
    return asked->state == "pending" ? "pending" : "missing";
  return is_outgrown(*asked, demands) ? "missing" : "granted";
}

bool ApprovalModel::is_good_again(const Asked& asked) const {
  if (asked.state != "consumed" || !asked.use_failed || asked.uses > asked.retries) return false;
  return content(asked) == asked.content && now < *asked.valid_until && !is_paused(asked) &&
         !has_unknown(asked) && suffices(asked, standing(asked));
}

Asked ApprovalModel::asking(const Planned& one) {
  return {
      .id = "", .kind = "change", .subject = one.id, .target = one.target, .content = "", .by = ""};
}

Asked ApprovalModel::asking(const Lifting& one) {
  return {.id = "",
          .kind = "freeze_override",
          .subject = one.id,
          .target = one.target,
          .content = "",
          .by = ""};
}

std::set<std::string> ApprovalModel::hindrances(const Planned& one) const {
  if (one.state == "draft") return {"change_not_submitted"};
  if (!one.is_open()) return {"change_ended"};
  // Another try after a failure, as often as its approval allows.
  const bool is_begun = one.state == "implementing";
  if (is_begun && approval_of(asking(one)) != "granted") return {"used_already"};
  std::set<std::string> all;
  if (one.until <= now) all.insert("window_over");
  if (now < one.from) all.insert("window_ahead");
  const bool is_standard = one.type == "standard";
  if (!is_standard && !overdue_reviews(one.target.application).empty()) {
    all.insert("review_overdue");
  }
  if (one.type == "emergency" && one.endorsed != content(one)) all.insert("not_endorsed");
  const std::string approval = approval_of(asking(one));
  const bool is_approved = approval == "granted" || (is_standard && approval == "not_needed");
  if (!is_approved) all.insert("change_not_approved");
  return all;
}

const Planned* ApprovalModel::governing(const Target& target) const {
  const auto found = std::find_if(changes.rbegin(), changes.rend(), [&](const Planned& one) {
    return one.state == "submitted" && one.target == target;
  });
  return found == changes.rend() ? nullptr : &*found;
}

const Planned* ApprovalModel::carrying(const Target& target) const {
  if (const Planned* first = governing(target)) return first;
  const auto found = std::find_if(changes.rbegin(), changes.rend(), [&](const Planned& one) {
    return one.state == "implementing" && one.target == target && hindrances(one).empty();
  });
  return found == changes.rend() ? nullptr : &*found;
}

Names ApprovalModel::freezes_at(const Target& target, Micros from, Micros until) const {
  Names all;
  for (const auto& [name, freeze] : freezes) {
    const bool meets = freeze.from < until && from < freeze.until;
    if (meets && freeze.environment == target.environment) all.insert(name);
  }
  return all;
}

const Lifting* ApprovalModel::lift(const Target& target, const std::string& change_id) const {
  const auto found = std::find_if(liftings.rbegin(), liftings.rend(), [&](const Lifting& one) {
    const bool is_for_it = change_id.empty()
                               ? one.change.empty() && one.target == target
                               : one.change == change_id && is_same_place(one.target, target);
    return is_for_it && now < one.expires && approval_of(asking(one)) == "granted";
  });
  if (found == liftings.rend()) return nullptr;
  const Names in_force = freezes_at(target, now, now + 1);
  const bool lifts_all = std::ranges::all_of(
      in_force, [&](const std::string& one) { return found->freezes.contains(one); });
  return lifts_all ? &*found : nullptr;
}

bool ApprovalModel::has_approved(const Asked& like, const Names& people) const {
  const Asked* asked = latest(like);
  return asked != nullptr && std::ranges::any_of(asked->ballots, [&](const Ballot& ballot) {
           const bool concerned = people.contains(ballot.person) || people.contains(ballot.seat);
           return ballot.choice == Ballot::Choice::approve && concerned;
         });
}

int ApprovalModel::use_up(const Asked& like) {
  Asked& asked = *latest(like);
  // What lacks nobody any more is granted and used in one.
  const int entries = asked.state == "pending" ? 2 : 1;
  if (!asked.valid_until) asked.valid_until = now + asked.validity;
  asked.state = "consumed";
  ++asked.uses;
  asked.use_failed = false;
  return entries;
}

int ApprovalModel::use_lift(const Lifting& one) {
  with_id(liftings, one.id)->is_used = true;
  return use_up(asking(one)) + 1;
}

int ApprovalModel::begin(Planned& one, const std::string& who) {
  const int used = approval_of(asking(one)) == "granted" ? use_up(asking(one)) : 0;
  const bool begins = one.state == "submitted";
  one.state = "implementing";
  one.begun_by = who;
  if (begins && one.type == "emergency") one.review_due = now + kReviewWithin;
  return used + 1;
}

int ApprovalModel::follow_change(const Asked& asked) {
  Planned* one = change(asked.subject);
  const bool is_rejection = asked.state == "rejected" || asked.state == "revoked";
  if (!is_rejection || one == nullptr || one->state != "submitted") return 0;
  one->state = "rejected";
  return 1;
}

bool ApprovalModel::is_review_due() const {
  return std::ranges::any_of(changes, [&](const Planned& one) {
    return one.review_due && *one.review_due <= now && !one.is_reviewed && !one.is_told_overdue;
  });
}

int ApprovalModel::tell_overdue_reviews() {
  int entries = 0;
  for (Planned& one : changes) {
    const bool is_due = one.review_due && *one.review_due <= now;
    if (!is_due || one.is_reviewed || one.is_told_overdue) continue;
    one.is_told_overdue = true;
    ++entries;
  }
  return entries;
}

}  // namespace holdpoint::sim
