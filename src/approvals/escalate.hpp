// When levels of escalation are due and which fires next: pure, from the request and the time. Each
// level fires at most once, in the order of its policy; after a level that reached nobody the next
// one does not wait; when none reached anybody, whoever owns the policies is told once.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "approvals/approvals.hpp"
#include "approvals/eligibility.hpp"
#include "base/business_calendar.hpp"

namespace holdpoint::approvals {

/// A timer that fires this much after its instant says so: the server was away.
inline constexpr Duration escalation_late_after = Duration::minutes(5);

/// A calendar, and what to record of it where a time is reckoned by it.
struct KnownCalendar {
  BusinessCalendar calendar;
  CalendarUsed as_used;
};

/// The calendar of that name, or nullptr when it is gone or cannot be worked out.
using CalendarNamed = std::function<const KnownCalendar*(const std::string& name)>;

/// When so much time has passed, working time where there is a calendar. nullopt when it never is.
std::optional<Instant> due_after(Instant from, Duration after, const BusinessCalendar* calendar);

/// What is due by then, when clocks stood still from `pause` to `now`: what was due before stays,
/// the rest has as much time left as it had. A calendar that is gone moves it by the length of the
/// pause.
DueAfterPause due_after_pause(std::span<const Escalation> levels, Instant pause, Instant now,
                              const CalendarNamed& calendar_named);

/// The level that fires now: by index into request.escalation; nullopt when none is due. MUST be
/// asked again after each that fired.
std::optional<std::size_t> level_to_fire(const Request& request, Instant now);
/// When the next level is due; nullopt when all have fired.
std::optional<Instant> next_level_due(const Request& request);
/// Whether every level fired, none reached anybody, and the owners were not told yet.
bool must_tell_owners(const Request& request);

/// The level fires, and reaches these people, the first escalated_people_max of them.
ApprovalEscalated fire(const Request& request, std::size_t level, std::vector<std::string> people,
                       Instant now);
ApprovalEscalated fire_for_owners(const Request& request, std::vector<std::string> people,
                                  Instant now);

/// Whether who this level reached may sign the demand from then on.
bool adds_signers(const FiredEscalation& fired, const Escalation& level, const Demand& demand);
/// Adds whom the level that fired lets sign, and by which roles: those whom it reached who are
/// among these people still, sorted, and have no part in it. With none of them it lends no role.
void add_reached(const Request& request, const FiredEscalation& fired,
                 const std::vector<std::string>& people, Situation& situation);
/// The level that fired, as the request has it; nullptr for the owners.
const Escalation* level_of(const Request& request, const FiredEscalation& fired);

}  // namespace holdpoint::approvals
