// Freezes and business calendars of the catalog: when nothing may be deployed (A8), and when people
// work (B8). Both are records that documents state. A freeze is once, between two instants, or
// comes again by a rule in a zone; it holds for the applications and environments that it names, or
// for all. Freezes add up, and a freeze wins over whatever else would let a release through.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/business_calendar.hpp"
#include "base/busy_times.hpp"
#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"

namespace holdpoint::catalog {

struct FreezeTag {
  static constexpr std::string_view prefix = "frz";
};
using FreezeId = Id<FreezeTag>;

struct CalendarTag {
  static constexpr std::string_view prefix = "cal";
};
using CalendarId = Id<CalendarTag>;

struct Freeze {
  static constexpr std::string_view kind = "freeze";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "freeze.created";
  static constexpr std::string_view changed_event = "freeze.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  FreezeId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::string owner;  // a team or a handle
  std::string reason;
  std::vector<std::string> applications;  // empty: all
  std::vector<std::string> environments;  // empty: all
  std::optional<TimeWindow> once;         // either this
  std::optional<Recurrence> recurring;    // or this, in the zone
  std::optional<std::string> zone;
};
HP_DESCRIBE(Freeze, id, name, title, state, owner, reason, applications, environments, once,
            recurring, zone)

struct Calendar {
  static constexpr std::string_view kind = "calendar";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "calendar.created";
  static constexpr std::string_view changed_event = "calendar.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  CalendarId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::string zone;
  std::string working_hours;  // "Mon-Fri 09:00-17:00"
  std::vector<Holiday> holidays;
};
HP_DESCRIBE(Calendar, id, name, title, state, zone, working_hours, holidays)

/// What a document of kind Freeze or Calendar says: the record without its id and state. Issues
/// have paths from the document's root.
Decided<Freeze> read_freeze(const json::value& document);
Decided<Calendar> read_calendar(const json::value& document);

/// nullopt when the zone is no longer known, which a change of the system's zones may do.
std::optional<BusinessCalendar> business_calendar(const Calendar& calendar);

/// Where something is to be deployed.
struct FreezeScope {
  std::string_view application;
  std::string_view environment;
};

struct ActiveFreeze {
  std::string name;
  std::string reason;
  std::optional<Instant> until;  // absent: no end is known

  bool operator==(const ActiveFreeze&) const = default;
};
HP_DESCRIBE(ActiveFreeze, name, reason, until)

/// The freezes in force there at that instant, in their order; none that is retired. One whose rule
/// cannot be worked out counts as in force: nobody can tell that it is not.
std::vector<ActiveFreeze> freezes_at(std::span<const Freeze> freezes, const FreezeScope& scope,
                                     Instant at);

/// The first instant from this one on at which no freeze is in force there; nullopt when none is
/// known.
std::optional<Instant> unfrozen_from(std::span<const Freeze> freezes, const FreezeScope& scope,
                                     Instant at);

/// When a freeze there begins or ends next, after this instant: until then what freezes_at() says
/// stays true. nullopt when none does.
std::optional<Instant> next_freeze_change(std::span<const Freeze> freezes, const FreezeScope& scope,
                                          Instant at);

/// The first stretch of time within `among` that is at least so long and without a freeze there.
std::optional<TimeWindow> next_free(std::span<const Freeze> freezes, const FreezeScope& scope,
                                    const TimeWindow& among, Duration length);
/// The same where some windows are taken otherwise too.
std::optional<TimeWindow> next_free(std::span<const Freeze> freezes, const FreezeScope& scope,
                                    std::span<const TimeWindow> taken, const TimeWindow& among,
                                    Duration length);

/// The freezes that hold there at some instant of the window, in their order; one whose rule cannot
/// be worked out is among them.
std::vector<ActiveFreeze> freezes_within(std::span<const Freeze> freezes, const FreezeScope& scope,
                                         const TimeWindow& window);

}  // namespace holdpoint::catalog
