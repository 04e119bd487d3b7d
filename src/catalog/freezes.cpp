// Which freezes are in force, and when none is: the windows of those that reach an application in
// an environment, taken together.
#include "catalog/freezes.hpp"

#include <algorithm>

namespace holdpoint::catalog {
namespace {

bool names(const std::vector<std::string>& list, std::string_view one) {
  return list.empty() || std::ranges::find(list, one) != list.end();
}

bool reaches(const Freeze& freeze, const FreezeScope& scope) {
  return freeze.state == RecordState::active && names(freeze.applications, scope.application) &&
         names(freeze.environments, scope.environment);
}

/// Whether the windows of the freeze could be worked out and were added.
[[nodiscard]] bool add_windows(const Freeze& freeze, BusyTimes& busy) {
  if (freeze.once) {
    busy.add(*freeze.once);
    return true;
  }
  if (!freeze.recurring || !freeze.zone) return false;
  const auto zone = Zone::find(*freeze.zone);
  if (!zone) return false;
  auto window = RecurringWindow::make(*freeze.recurring, *zone);
  if (!window) return false;
  busy.add(std::move(*window));
  return true;
}

/// The windows of all freezes that reach there; nullopt when one of them cannot be worked out.
std::optional<BusyTimes> all_windows(std::span<const Freeze> freezes, const FreezeScope& scope) {
  BusyTimes busy;
  for (const Freeze& freeze : freezes) {
    if (reaches(freeze, scope) && !add_windows(freeze, busy)) return std::nullopt;
  }
  return busy;
}

}  // namespace

std::vector<ActiveFreeze> freezes_at(std::span<const Freeze> freezes, const FreezeScope& scope,
                                     Instant at) {
  std::vector<ActiveFreeze> active;
  for (const Freeze& freeze : freezes) {
    if (!reaches(freeze, scope)) continue;
    BusyTimes own;
    const bool is_known = add_windows(freeze, own);
    if (is_known && !own.containing(at)) continue;
    active.push_back(
        {freeze.name, freeze.reason, is_known ? own.free_from(at) : std::optional<Instant>()});
  }
  return active;
}

std::optional<Instant> unfrozen_from(std::span<const Freeze> freezes, const FreezeScope& scope,
                                     Instant at) {
  const auto busy = all_windows(freezes, scope);
  return busy ? busy->free_from(at) : std::nullopt;
}

std::optional<Instant> next_freeze_change(std::span<const Freeze> freezes, const FreezeScope& scope,
                                          Instant at) {
  std::optional<Instant> next;
  const auto take = [&](Instant change) {
    if (!next || change < *next) next = change;
  };
  for (const Freeze& freeze : freezes) {
    BusyTimes own;
    if (!reaches(freeze, scope) || !add_windows(freeze, own)) continue;
    if (const auto window = own.containing(at)) take(window->until);
    if (const auto window = own.next_after(at)) take(window->from);
  }
  return next;
}

std::optional<TimeWindow> next_free(std::span<const Freeze> freezes, const FreezeScope& scope,
                                    const TimeWindow& among, Duration length) {
  return next_free(freezes, scope, {}, among, length);
}

std::optional<TimeWindow> next_free(std::span<const Freeze> freezes, const FreezeScope& scope,
                                    std::span<const TimeWindow> taken, const TimeWindow& among,
                                    Duration length) {
  auto busy = all_windows(freezes, scope);
  if (!busy) return std::nullopt;
  for (const TimeWindow& window : taken) busy->add(window);
  return busy->next_free(among, length);
}

std::vector<ActiveFreeze> freezes_within(std::span<const Freeze> freezes, const FreezeScope& scope,
                                         const TimeWindow& window) {
  std::vector<ActiveFreeze> met;
  for (const Freeze& freeze : freezes) {
    if (!reaches(freeze, scope)) continue;
    BusyTimes own;
    if (!add_windows(freeze, own)) {
      met.push_back({freeze.name, freeze.reason, std::nullopt});
    } else if (const auto conflict = own.first_conflict(window)) {
      met.push_back({freeze.name, freeze.reason, conflict->until});
    }
  }
  return met;
}

std::optional<BusinessCalendar> business_calendar(const Calendar& calendar) {
  auto made = BusinessCalendar::make({calendar.zone, calendar.working_hours, calendar.holidays});
  if (!made) return std::nullopt;
  return std::move(*made);
}

}  // namespace holdpoint::catalog
