// Who is on call (B2): people who take turns, at a time on the wall of one zone. Shifts are counted
// in calendar days and their ends are worked out one by one, so a week with a change of the clocks
// is an hour longer or shorter and the handover stays at nine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "identity/ids.hpp"

namespace holdpoint::identity {

inline constexpr std::size_t rota_layers_max = 10;
inline constexpr std::size_t rota_people_max = 50;
inline constexpr std::size_t rota_overrides_max = 200;
inline constexpr std::int64_t shift_days_max = 92;

/// One order of turns. It begins with the first person at the handover on the day of `start`, and
/// holds until a later layer begins.
struct RotaLayer {
  std::vector<PersonId> people;
  std::int64_t shift_days = 7;
  std::string handover;  // "09:00", as clocks in the rota's zone show it
  std::string start;     // "2026-03-02"
};
HP_DESCRIBE(RotaLayer, people, shift_days, handover, start)

/// Somebody else is on call from `from` until before `until`.
struct RotaOverride {
  Instant from;
  Instant until;
  PersonId person;
};
HP_DESCRIBE(RotaOverride, from, until, person)

/// Overrides stand in the order they were made in.
struct Rota {
  std::string zone;
  std::vector<RotaLayer> layers;
  std::vector<RotaOverride> overrides;
};
HP_DESCRIBE(Rota, zone, layers, overrides)

/// The day since 1970-01-01 that "2026-03-02" is; nullopt when it is no date of the calendar.
std::optional<std::int64_t> day_of(std::string_view date);
/// The minute of the day that "09:00" is; nullopt when no clock shows it.
std::optional<std::int64_t> minute_of(std::string_view time);

/// Who has the duty at that instant: by the latest made override that covers it, otherwise by the
/// last layer that has begun. Nobody before the first layer begins, or in a zone this system does
/// not know. Whether the person is still active is not looked at here: a duty of somebody who left
/// is a gap and MUST NOT fall to another.
std::optional<PersonId> on_call(const Rota& rota, Instant at);

}  // namespace holdpoint::identity
