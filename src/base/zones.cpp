// See zones.hpp. The library reads the changes that the file of a zone lists, and stops there; what
// comes after them is the rule at the end of the file.
#include "base/zones.hpp"

#include <date/tz.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "base/civil_date.hpp"
#include "base/zone_rule.hpp"

namespace holdpoint {

struct Zone::Region {
  const date::time_zone* listed = nullptr;
  ZoneRule rule;
  std::int64_t rule_from = INT64_MAX;  // seconds since 1970
};

namespace {

using Microseconds = std::chrono::microseconds;
using SystemTime = date::sys_time<Microseconds>;

constexpr std::size_t name_length_max = 64;
constexpr std::int64_t beyond_seconds = 400'000'000'000;  // in the year 14,645

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

SystemTime system_time(Instant at) { return SystemTime(Microseconds(at.us)); }

/// The last line of the zone's file. The first version of the format has none.
std::optional<ZoneRule> rule_of(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!bytes.starts_with("TZif") || !bytes.ends_with('\n')) return std::nullopt;
  const std::size_t before = bytes.rfind('\n', bytes.size() - 2);
  if (before == std::string::npos) return std::nullopt;
  return ZoneRule::parse(std::string_view(bytes).substr(before + 1, bytes.size() - before - 2));
}

}  // namespace

const std::string& zones_version() {
  static const std::string version = [] {
    constexpr std::string_view before = "# version ";
    constexpr std::size_t length_max = 32;
    std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
    std::string line;
    if (!std::getline(file, line) || !line.starts_with(before)) return std::string("unknown");
    const std::string stated = line.substr(before.size());
    const bool is_plain = std::ranges::all_of(
        stated, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
    const bool is_version = is_plain && !stated.empty() && stated.size() <= length_max;
    return is_version ? stated : std::string("unknown");
  }();
  return version;
}

/// Regions are read once and never freed. Throws when there is no zone of that name.
const Zone::Region* Zone::region_of(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const Region>> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(name); found != known.end()) return found->second.get();
  static_cast<void>(zones_version());
  auto region = std::make_unique<Region>();
  region->listed = date::locate_zone(name);
  const auto rule = rule_of(name);
  if (rule && rule->has_changes()) {
    const date::sys_seconds late{std::chrono::seconds(beyond_seconds)};
    region->rule = *rule;
    region->rule_from = region->listed->get_info(late).begin.time_since_epoch().count();
  }
  return known.emplace(name, std::move(region)).first->second.get();
}

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
    zone.region_ = region_of(std::string(name));
    return zone;
  } catch (const std::exception&) {
    return std::unexpected(unknown);
  }
}

Duration Zone::offset_at(Instant at) const { return offset_span_at(at).offset; }

OffsetSpan Zone::offset_span_at(Instant at) const {
  const auto span = [](std::int64_t offset, std::int64_t until) {
    return OffsetSpan{Duration::seconds(offset),
                      Instant{} + Duration::seconds(std::min(until, beyond_seconds))};
  };
  if (region_ == nullptr) return span(fixed_offset_seconds_, beyond_seconds);
  const std::int64_t seconds = floor_div(at.us, 1'000'000);
  if (seconds >= region_->rule_from && seconds < beyond_seconds) {
    const ZoneRule::Span ruled = region_->rule.span_at(seconds);
    return span(ruled.offset_seconds, ruled.until);
  }
  const date::sys_info info = region_->listed->get_info(system_time(at));
  const std::int64_t until = info.end.time_since_epoch().count();
  return span(info.offset.count(), until);
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

Instant Zone::instant_of(const CivilTime& civil, Twice twice) const {
  const auto day =
      date::local_days(date::year(civil.year) / date::month(static_cast<unsigned>(civil.month)) /
                       date::day(static_cast<unsigned>(civil.day)));
  const date::local_time<Microseconds> local =
      day + std::chrono::hours(civil.hour) + std::chrono::minutes(civil.minute) +
      std::chrono::seconds(civil.second) + Microseconds(civil.microsecond);
  return instant_of_wall(local.time_since_epoch().count(), twice);
}

Instant Zone::instant_of(CalendarDay day, std::int64_t minutes, Twice twice) const {
  return instant_of_wall(Duration::days(day.since_1970).us + Duration::minutes(minutes).us, twice);
}

CalendarDay Zone::day_at(Instant at) const {
  return {floor_div((at + offset_at(at)).us, Duration::days(1).us)};
}

Instant Zone::instant_of_wall(std::int64_t wall_us, Twice twice) const {
  if (region_ == nullptr) return Instant{wall_us - fixed_offset_seconds_ * 1'000'000};
  // No clock is further from Greenwich than that, so the instant lies between.
  constexpr Duration offset_max = Duration::hours(27);
  const Instant last = Instant{wall_us} + offset_max;
  Instant from = Instant{wall_us} - offset_max;
  std::optional<Instant> found;
  while (true) {
    const OffsetSpan span = offset_span_at(from);
    const Instant shown = Instant{wall_us} - span.offset;
    if (shown < span.until || span.until <= from) {
      // What neither of two spans shows, clocks jumped over: then it is the instant of the jump.
      if (shown >= from || !found) found = std::max(shown, from);
      if (twice == Twice::earlier) return *found;
    }
    if (span.until <= from || span.until > last) return found.value_or(span.until);
    from = span.until;
  }
}

}  // namespace holdpoint
