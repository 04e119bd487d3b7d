// See rota.hpp.
#include "identity/rota.hpp"

#include <algorithm>
#include <ranges>

#include "base/civil_date.hpp"
#include "base/zones.hpp"

namespace holdpoint::identity {
namespace {

/// The number that the digits from `at` are; nullopt when one is no digit.
std::optional<std::int64_t> number_at(std::string_view text, std::size_t at, std::size_t digits) {
  std::int64_t number = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// When a layer's shift of that number begins. Clocks that skip the handover hand over at the jump,
/// clocks that show it twice do so the first time.
class Shifts {
 public:
  Shifts(const RotaLayer& layer, const Zone& zone)
      : layer_(layer),
        zone_(zone),
        start_day_(day_of(layer.start)),
        handover_(minute_of(layer.handover)) {}

  [[nodiscard]] bool is_sound() const {
    return start_day_ && handover_ && layer_.shift_days > 0 && !layer_.people.empty();
  }

  /// The number of the shift that the instant is in; negative before the first.
  [[nodiscard]] std::int64_t at(Instant at) const {
    const CivilTime local = zone_.civil_at(at);
    const std::int64_t days = days_from_civil({local.year, local.month, local.day}) - *start_day_;
    std::int64_t shift = floor_div(days, layer_.shift_days);
    // The day alone can be one off at either end: the handover is within a day, and so is a change
    // of the clocks.
    if (at < begin(shift)) --shift;
    if (at >= begin(shift + 1)) ++shift;
    return shift;
  }

 private:
  [[nodiscard]] Instant begin(std::int64_t shift) const {
    const Date date = civil_from_days(*start_day_ + shift * layer_.shift_days);
    CivilTime civil;
    civil.year = static_cast<int>(date.year);
    civil.month = static_cast<int>(date.month);
    civil.day = static_cast<int>(date.day);
    civil.hour = static_cast<int>(*handover_ / 60);
    civil.minute = static_cast<int>(*handover_ % 60);
    return zone_.instant_of(civil);
  }

  const RotaLayer& layer_;
  const Zone& zone_;
  std::optional<std::int64_t> start_day_;
  std::optional<std::int64_t> handover_;
};

}  // namespace

std::optional<std::int64_t> day_of(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  const auto year = number_at(date, 0, 4);
  const auto month = number_at(date, 5, 2);
  const auto day = number_at(date, 8, 2);
  if (!year || !month || !day || *year < 1 || *month < 1 || *month > 12) return std::nullopt;
  const std::int64_t days = days_from_civil({*year, *month, *day});
  const Date back = civil_from_days(days);
  if (back.month != *month || back.day != *day) return std::nullopt;  // 30 February
  return days;
}

std::optional<std::int64_t> minute_of(std::string_view time) {
  if (time.size() != 5 || time[2] != ':') return std::nullopt;
  const auto hour = number_at(time, 0, 2);
  const auto minute = number_at(time, 3, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<PersonId> on_call(const Rota& rota, Instant at) {
  for (const RotaOverride& made : rota.overrides | std::views::reverse) {
    if (made.from <= at && at < made.until) return made.person;
  }
  const auto zone = Zone::find(rota.zone);
  if (!zone) return std::nullopt;
  for (const RotaLayer& layer : rota.layers | std::views::reverse) {
    const Shifts shifts(layer, *zone);
    if (!shifts.is_sound()) continue;
    const std::int64_t shift = shifts.at(at);
    if (shift < 0) continue;
    return layer.people[static_cast<std::size_t>(shift) % layer.people.size()];
  }
  return std::nullopt;
}

}  // namespace holdpoint::identity
