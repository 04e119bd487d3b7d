// See zones.hpp.
#include "base/zones.hpp"

#include <date/tz.h>

#include <optional>
#include <stdexcept>

namespace holdpoint {
namespace {

using Microseconds = std::chrono::microseconds;
using SystemTime = date::sys_time<Microseconds>;

constexpr std::size_t name_length_max = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Seconds east of Greenwich of "+HH:MM", "-HH:MM" or "HH:MM".
std::optional<std::int64_t> fixed_offset(std::string_view text) {
  const bool is_west = text.starts_with('-');
  if (is_west || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (!is_digit(text[i])) return std::nullopt;
  }
  const std::int64_t hours = (text[0] - '0') * 10 + (text[1] - '0');
  const std::int64_t minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  return is_west ? -seconds : seconds;
}

const date::time_zone* region(const void* pointer) {
  return static_cast<const date::time_zone*>(pointer);
}

SystemTime system_time(Instant at) { return SystemTime(Microseconds(at.us)); }

}  // namespace

std::expected<Zone, std::string> Zone::find(std::string_view name) {
  if (name == "UTC" || name == "Z") return utc();
  Zone zone;
  if (const auto offset = fixed_offset(name)) {
    zone.fixed_offset_seconds_ = *offset;
    return zone;
  }
  const std::string unknown = "there is no time zone of that name";
  if (name.empty() || name.size() > name_length_max) return std::unexpected(unknown);
  try {
    zone.region_ = date::locate_zone(std::string(name));
    return zone;
  } catch (const std::exception&) {
    return std::unexpected(unknown);
  }
}

Duration Zone::offset_at(Instant at) const {
  if (region_ == nullptr) return Duration::seconds(fixed_offset_seconds_);
  return Duration::seconds(region(region_)->get_info(system_time(at)).offset.count());
}

CivilTime Zone::civil_at(Instant at) const {
  const SystemTime local = system_time(at + offset_at(at));
  const auto day = date::floor<date::days>(local);
  const date::year_month_day ymd(day);
  const date::hh_mm_ss<Microseconds> clock(local - day);
  CivilTime civil;
  civil.year = static_cast<int>(ymd.year());
  civil.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  civil.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
  civil.hour = static_cast<int>(clock.hours().count());
  civil.minute = static_cast<int>(clock.minutes().count());
  civil.second = static_cast<int>(clock.seconds().count());
  civil.microsecond = static_cast<int>(clock.subseconds().count());
  civil.weekday = static_cast<int>(date::weekday(day).c_encoding());
  civil.day_of_year =
      static_cast<int>((day - date::sys_days(ymd.year() / date::January / 1)).count());
  return civil;
}

Instant Zone::instant_of(const CivilTime& civil) const {
  const auto day =
      date::local_days(date::year(civil.year) / date::month(static_cast<unsigned>(civil.month)) /
                       date::day(static_cast<unsigned>(civil.day)));
  const date::local_time<Microseconds> local =
      day + std::chrono::hours(civil.hour) + std::chrono::minutes(civil.minute) +
      std::chrono::seconds(civil.second) + Microseconds(civil.microsecond);
  const std::int64_t wall_us = local.time_since_epoch().count();
  if (region_ == nullptr) return Instant{wall_us - fixed_offset_seconds_ * 1'000'000};
  return Instant{region(region_)->to_sys(local, date::choose::earliest).time_since_epoch().count()};
}

}  // namespace holdpoint
