// See approval_waivers.hpp.
#include "sim/approval_waivers.hpp"

#include <algorithm>

#include "base/instant.hpp"

namespace holdpoint::sim {
namespace {

constexpr Micros kHour = 3'600'000'000;
constexpr Micros kLongest = 180 * 24 * kHour;

}  // namespace

void ApprovalWaivers::ask_waiver() {
  // Until releases were judged again by what ended, it is not said what they show.
  if (model_.is_waiver_due()) return;
  Waived one{.id = "", .target = some_target(), .wide = choose_.one_in(3)};
  one.target.environment.clear();
  one.by = anybody_or_account();
  const std::string owner = choose_.of(model_.known);
  one.until = model_.now + static_cast<Micros>(1 + choose_.below(200)) * kHour;
  if (choose_.one_in(16)) one.until = model_.now + (choose_.one_in(2) ? 0 : kLongest + 1);

  const ApprovalModel::Demands demands = model_.demanded("waiver", one.target);
  Asked asked{.id = "", .kind = "waiver", .target = one.target, .content = "", .by = one.by};
  asked.owner = owner;
  asked.demands = demands.stages;
  asked.levels = demands.levels;
  asked.pending_until = demands.pending_until;
  asked.validity = demands.validity;
  asked.rejections = demands.rejections;
  asked.retries = demands.retries;
  asked.rationale = demands.rationale;
  asked.password = demands.password;
  asked.looked_at = model_.now;

  std::set<std::string> obstacles = demands.obstacles;
  const bool is_in_time = model_.now < one.until && one.until <= model_.now + kLongest;
  if (!is_in_time || !model_.active.contains(owner)) obstacles.insert("invalid_waiver");
  if (model_.is_waived(one.target)) obstacles.insert("violation_not_named");
  for (const Asked* before : asked_before(one)) {
    // Whose approval is over by now ends first.
    const bool is_over = !model_.ending(*before).empty();
    const bool is_same = model_.waiver(before->subject)->wide == one.wide;
    if (!is_over && is_same) obstacles.insert("already_requested");
  }
  if (demands.backout_plan) obstacles.insert("fields_missing");
  if (demands.stages.empty() && demands.obstacles.empty()) obstacles.insert("no_policy_applies");
  if (!model_.is_satisfiable(asked)) obstacles.insert("unsatisfiable");
  post(
      one.by, "waivers",
      {{"release", one.target.application + "@" + one.target.version},
       {"scope", one.wide ? "application" : "release"},
       {"criteria", "baseline"},
       {"rule", "unimportant"},
       {"owner", desk_.id(owner)},
       {"until", Instant{one.until}.text()},
       {"reason", "It is mended next week."}},
      [&](const json::value& answer) {
        int entries = 2;
        for (Asked* before : asked_before(one)) {
          if (!model_.ending(*before).empty()) entries += settle(*before);
        }
        one.id = text_at(answer, "id");
        model_.waivers.push_back(one);
        asked.id = text_at(answer, "approval");
        asked.subject = one.id;
        asked.content = model_.content(asked);
        model_.requests.push_back(asked);
        return std::optional(entries);
      },
      obstacles);
}

/// The requests for approval of waivers that were asked for and could cover the same.
std::vector<Asked*> ApprovalWaivers::asked_before(const Waived& one) {
  std::vector<Asked*> before;
  for (const Waived& other : model_.waivers) {
    const bool covers = other.target.application == one.target.application &&
                        (other.wide || other.target.version == one.target.version);
    if (other.state != "requested" || !covers) continue;
    const auto found = std::ranges::find_if(model_.requests, [&](const Asked& asked) {
      return asked.kind == "waiver" && asked.subject == other.id;
    });
    if (found != model_.requests.end()) before.push_back(&*found);
  }
  return before;
}

/// Mostly one that is open.
Waived* ApprovalWaivers::some_waiver() {
  if (model_.waivers.empty()) return nullptr;
  std::vector<Waived*> open;
  for (Waived& one : model_.waivers) {
    if (one.is_open()) open.push_back(&one);
  }
  if (!open.empty() && !choose_.one_in(6)) return choose_.of(open);
  return &model_.waivers[choose_.below(model_.waivers.size())];
}

void ApprovalWaivers::end_waiver() {
  Waived* one = some_waiver();
  if (one == nullptr) return;
  const bool is_revoked = choose_.one_in(2);
  const std::string who = choose_.one_in(4) ? anybody() : one->by;
  const std::string reason = choose_.one_in(8) ? "" : "not needed";
  std::set<std::string> obstacles;
  if (!one->is_open()) obstacles.insert("waiver_ended");
  if (reason.empty()) obstacles.insert("reason_needed");
  if (is_revoked && one->state != "in_force") obstacles.insert("not_in_force");
  if (!is_revoked && who != one->by) obstacles.insert("not_the_requester");
  post(
      who, "waivers/" + one->id + (is_revoked ? "/revocation" : "/withdrawal"),
      {{"reason", reason}},
      [&](const json::value&) {
        ++life_.waivers_ended;
        model_.end_waiver(*one, is_revoked ? "revoked" : "withdrawn", By::command);
        int entries = 1;
        for (Asked& asked : model_.requests) {
          const bool is_of_it = asked.kind == "waiver" && asked.subject == one->id;
          if (is_revoked || !is_of_it || !asked.is_open()) continue;
          asked.state = "withdrawn";
          ++entries;
        }
        return std::optional(entries);
      },
      obstacles);
}

}  // namespace holdpoint::sim
