// What happens when nobody decides for a while (B8): levels that the policies in force state when a
// request opens, each with the instant it is due. They stand in the event of the request, so that a
// later policy or calendar moves nothing that is under way; who is reached is told when it fires.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/instant.hpp"

namespace holdpoint::approvals {

enum class EscalationKind : std::uint8_t {
  reminder,  // to those who may sign and have not
  backup,    // others may sign from now on
  manager,   // who answers for them hears of it, and may sign
  owner,     // of the policy: told once when no level reached anybody
};
HP_DESCRIBE_ENUM(EscalationKind, reminder, backup, manager, owner)

/// By what a time was reckoned: a calendar and the rules of time zones as they were then.
struct CalendarUsed {
  std::string name;
  Digest record;      // of the calendar, as the event has it that stated it last
  std::string zones;  // zones_version()
  bool operator==(const CalendarUsed&) const = default;
};
HP_DESCRIBE(CalendarUsed, name, record, zones)

struct Escalation {
  std::string policy;
  std::string level;
  EscalationKind kind{};
  Instant due;
  std::optional<std::string> calendar;  // by whose working hours it is due
  std::vector<std::string> roles;
  std::vector<std::string> approval_roles;
  std::vector<std::string> people;  // ids
  std::vector<std::string> stages;  // that they may sign; none named: all of the policy
  /// Absent without a calendar, when it was gone after a pause, and in earlier events.
  std::optional<CalendarUsed> reckoned_by;
  bool operator==(const Escalation&) const = default;
};
HP_DESCRIBE(Escalation, policy, level, kind, due, calendar, roles, approval_roles, people, stages,
            reckoned_by)

/// What levels are due by once an incident is over, in their order, and by which calendars that was
/// reckoned.
struct DueAfterPause {
  std::vector<Instant> due;
  std::vector<CalendarUsed> calendars;
};

/// A level that fired. Without people it was skipped, and the next one fires at once.
struct FiredEscalation {
  std::string policy;
  std::string level;
  EscalationKind kind{};
  Instant due;
  Instant at;
  bool late = false;  // the server was away when it was due
  std::vector<std::string> people;
};
HP_DESCRIBE(FiredEscalation, policy, level, kind, due, at, late, people)

}  // namespace holdpoint::approvals
