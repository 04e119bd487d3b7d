// See escalate.hpp.
#include "approvals/escalate.hpp"

#include <algorithm>

namespace holdpoint::approvals {
namespace {

const FiredEscalation* fired_of(const Request& request, const Escalation& level) {
  const auto found = std::ranges::find_if(request.fired, [&](const FiredEscalation& fired) {
    return fired.policy == level.policy && fired.level == level.level &&
           fired.kind != EscalationKind::owner;
  });
  return found == request.fired.end() ? nullptr : &*found;
}

/// A level that has not fired, and when it does.
struct Waiting {
  std::size_t level = 0;
  Instant due;
};

/// The first level of each policy that has not fired. One that follows a level which reached nobody
/// is due as soon as that one was.
std::vector<Waiting> waiting_levels(const Request& request) {
  std::vector<Waiting> out;
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < request.escalation.size(); ++i) {
    const Escalation& level = request.escalation[i];
    if (std::ranges::find(seen, level.policy) != seen.end()) continue;
    if (fired_of(request, level) != nullptr) continue;
    seen.push_back(level.policy);
    Waiting waiting{i, level.due};
    const auto before = std::ranges::find_if(
        request.fired.rbegin(), request.fired.rend(),
        [&](const FiredEscalation& one) { return one.policy == level.policy; });
    if (before != request.fired.rend() && before->people.empty()) {
      waiting.due = std::min(waiting.due, before->at);
    }
    out.push_back(waiting);
  }
  std::ranges::sort(out, {}, [](const Waiting& one) { return std::pair(one.due, one.level); });
  return out;
}

std::vector<std::string> bounded(std::vector<std::string> people) {
  if (people.size() > escalated_people_max) people.resize(escalated_people_max);
  return people;
}

}  // namespace

std::optional<Instant> due_after(Instant from, Duration after, const BusinessCalendar* calendar) {
  return calendar == nullptr ? std::optional(from + after) : calendar->after(from, after);
}

DueAfterPause due_after_pause(std::span<const Escalation> levels, Instant pause, Instant now,
                              const CalendarNamed& calendar_named) {
  DueAfterPause out;
  for (const Escalation& level : levels) {
    if (level.due <= pause) {
      out.due.push_back(level.due);
      continue;
    }
    const KnownCalendar* known = level.calendar ? calendar_named(*level.calendar) : nullptr;
    const auto left = known == nullptr ? std::nullopt : known->calendar.worked(pause, level.due);
    const auto due = left ? known->calendar.after(now, *left) : std::nullopt;
    out.due.push_back(due.value_or(level.due + (now - pause)));
    const bool is_new =
        due && std::ranges::find(out.calendars, known->as_used) == out.calendars.end();
    if (is_new) out.calendars.push_back(known->as_used);
  }
  return out;
}

std::optional<std::size_t> level_to_fire(const Request& request, Instant now) {
  const auto waiting = waiting_levels(request);
  if (waiting.empty() || waiting.front().due > now) return std::nullopt;
  return waiting.front().level;
}

std::optional<Instant> next_level_due(const Request& request) {
  const auto waiting = waiting_levels(request);
  return waiting.empty() ? std::nullopt : std::optional(waiting.front().due);
}

bool must_tell_owners(const Request& request) {
  return !request.escalation.empty() && waiting_levels(request).empty() &&
         std::ranges::all_of(request.fired, [](const FiredEscalation& fired) {
           return fired.people.empty() && fired.kind != EscalationKind::owner;
         });
}

ApprovalEscalated fire(const Request& request, std::size_t level, std::vector<std::string> people,
                       Instant now) {
  const Escalation& one = request.escalation[level];
  return {.id = request.id,
          .policy = one.policy,
          .level = one.level,
          .kind = one.kind,
          .due = one.due,
          .late = one.due + escalation_late_after < now,
          .people = bounded(std::move(people))};
}

ApprovalEscalated fire_for_owners(const Request& request, std::vector<std::string> people,
                                  Instant now) {
  return {.id = request.id,
          .policy = request.escalation.front().policy,
          .level = "owner",
          .kind = EscalationKind::owner,
          .due = now,
          .late = false,
          .people = bounded(std::move(people))};
}

bool adds_signers(const FiredEscalation& fired, const Escalation& level, const Demand& demand) {
  if (fired.kind != EscalationKind::backup && fired.kind != EscalationKind::manager) return false;
  if (fired.policy != demand.policy) return false;
  return level.stages.empty() ||
         std::ranges::find(level.stages, demand.stage) != level.stages.end();
}

void add_reached(const Request& request, const FiredEscalation& fired,
                 const std::vector<std::string>& people, Situation& situation) {
  const Escalation* level = level_of(request, fired);
  if (level == nullptr) return;
  std::vector<std::string> reached;
  for (const std::string& person : fired.people) {
    if (!std::ranges::binary_search(people, person) || part_of(situation, person)) continue;
    reached.push_back(person);
  }
  if (reached.empty()) return;
  situation.backups.resize(request.demands.size());
  situation.backup_roles.resize(request.demands.size());
  for (std::size_t i = 0; i < request.demands.size(); ++i) {
    if (!adds_signers(fired, *level, request.demands[i])) continue;
    situation.backups[i].insert(situation.backups[i].end(), reached.begin(), reached.end());
    auto& roles = situation.backup_roles[i];
    roles.insert(roles.end(), level->roles.begin(), level->roles.end());
    roles.insert(roles.end(), level->approval_roles.begin(), level->approval_roles.end());
  }
}

const Escalation* level_of(const Request& request, const FiredEscalation& fired) {
  if (fired.kind == EscalationKind::owner) return nullptr;
  const auto found = std::ranges::find_if(request.escalation, [&](const Escalation& level) {
    return level.policy == fired.policy && level.level == fired.level;
  });
  return found == request.escalation.end() ? nullptr : &*found;
}

}  // namespace holdpoint::approvals
