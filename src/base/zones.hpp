// Time zones: what the clock on the wall shows at an instant, and back. Names are those of the IANA
// database on the system, or fixed offsets. Howard Hinnant's date library is named in zones.cpp
// only; after the changes that the database lists, a zone follows its rule (zone_rule.hpp).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/wall_time.hpp"

namespace holdpoint {

/// A moment as a calendar and a clock on the wall show it.
struct CivilTime {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
  int weekday = 4;      // 0 = Sunday; ignored by Zone::instant_of
  int day_of_year = 0;  // 0 = 1 January; ignored by Zone::instant_of
};

/// An offset from Greenwich and the instant when another one begins: one beyond the year 9999 when
/// none does.
struct OffsetSpan {
  Duration offset;
  Instant until;
};

/// Which instant is meant by a time that clocks showed twice.
enum class Twice : std::uint8_t { earlier, later };

class Zone {
 public:
  /// "UTC", an IANA name ("Europe/Paris"), or an offset: "+05:45", "-03:30", "02:00".
  /// The error says that the zone is unknown.
  static std::expected<Zone, std::string> find(std::string_view name);
  static Zone utc() { return {}; }

  /// East of Greenwich is positive.
  [[nodiscard]] Duration offset_at(Instant at) const;
  [[nodiscard]] OffsetSpan offset_span_at(Instant at) const;
  [[nodiscard]] CivilTime civil_at(Instant at) const;
  /// The instant of the jump when clocks never showed this time. The date MUST exist in the
  /// calendar.
  [[nodiscard]] Instant instant_of(const CivilTime& civil, Twice twice = Twice::earlier) const;
  /// The same for minutes from 00:00 of a day, which may be those of another day: 24 hours after
  /// 00:00 is the next midnight that clocks show, not 24 hours later.
  [[nodiscard]] Instant instant_of(CalendarDay day, std::int64_t minutes, Twice twice) const;
  [[nodiscard]] CalendarDay day_at(Instant at) const;

 private:
  struct Region;

  Zone() = default;
  static const Region* region_of(const std::string& name);
  /// Of what clocks on the wall show, in microseconds since 1970-01-01T00:00.
  [[nodiscard]] Instant instant_of_wall(std::int64_t wall_us, Twice twice) const;

  const Region* region_ = nullptr;  // nullptr: a fixed offset
  std::int64_t fixed_offset_seconds_ = 0;
};

/// Which release of the IANA database the zones are of, as the system says: "2025b". It is read
/// once, as the zones are, before the first of them; "unknown" when the system does not say.
const std::string& zones_version();

}  // namespace holdpoint
