// The part of the auditor that is about waivers: one violation does not count, for a time, when
// others than who asked and who wrote the release agreed. See approval_model.hpp.
#include <algorithm>

#include "sim/approval_model.hpp"

namespace holdpoint::sim {

std::string ApprovalModel::content(const Asked& asked) const {
  if (asked.kind == "promotion") return content(asked.target);
  if (asked.kind != "waiver") return content_of_plan(asked);
  // What ended, or has no time left, is nothing that could be approved.
  const Waived* one = waiver(asked.subject);
  return one == nullptr || !one->is_open() || one->until <= now ? "" : "waiver " + one->id;
}

const Waived* ApprovalModel::waiver(const std::string& id) const {
  const auto found = std::ranges::find(waivers, id, &Waived::id);
  return found == waivers.end() ? nullptr : &*found;
}

Waived* ApprovalModel::waiver(const std::string& id) {
  const auto found = std::ranges::find(waivers, id, &Waived::id);
  return found == waivers.end() ? nullptr : &*found;
}

Names ApprovalModel::involved_in_waiver(const Asked& asked) const {
  const auto release = releases.find({asked.target.application, asked.target.version});
  Names all = release == releases.end() ? Names{} : release->second.contributors;
  all.insert(asked.owner);
  return all;
}

bool ApprovalModel::is_waived(const Target& release) const {
  return std::ranges::any_of(waivers, [&](const Waived& one) {
    return one.state == "in_force" && one.target.application == release.application &&
           (one.wide || one.target.version == release.version);
  });
}

bool ApprovalModel::is_waiver_due() const {
  return std::ranges::any_of(waivers, [&](const Waived& one) {
    return one.is_judged_later || (one.is_open() && one.until <= now);
  });
}

void ApprovalModel::end_waiver(Waived& one, const std::string& state, By what) {
  if (one.state == "in_force") {
    was_judged_again = true;
    one.is_judged_later = one.wide && what == By::clock;
  }
  one.state = state;
}

int ApprovalModel::follow_waiver(Asked& asked, By what) {
  Waived* one = waiver(asked.subject);
  if (one == nullptr || one->state != "requested") return 0;
  if (asked.state == "pending" || asked.state == "consumed") return 0;
  if (asked.state != "granted") {
    const std::string state = asked.state == "invalidated" ? "moot"
                              : asked.state == "revoked"   ? "withdrawn"
                                                           : asked.state;
    end_waiver(*one, state, what);
    return 1;
  }
  if (one->until <= now || !fulfils(asked)) {
    end_waiver(*one, one->until <= now ? "expired" : "rejected", what);
    return 1;
  }
  asked.state = "consumed";
  one->state = "in_force";
  one->is_judged_later = one->wide && what == By::clock;
  was_judged_again = true;
  ++waivers_granted;
  return 2;
}

int ApprovalModel::expire_waivers() {
  int entries = 0;
  for (Waived& one : waivers) {
    if (one.is_judged_later) was_judged_again = true;
    one.is_judged_later = false;
    if (!one.is_open() || one.until > now) continue;
    end_waiver(one, "expired", By::clock);
    ++entries;
  }
  return entries;
}

}  // namespace holdpoint::sim
