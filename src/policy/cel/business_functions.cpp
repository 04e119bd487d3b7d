// Time as people plan it, which CEL does not have: days(n) and hours(n) are durations,
// businessDuration(from, to, zone, hours) is the working time between two instants (negative when
// `to` is the earlier), and addBusiness(from, duration, zone, hours) is the instant when that much
// working time has passed. Hours are written as base/working_hours.hpp says.
#include "base/zones.hpp"
#include "policy/cel/making.hpp"
#include "policy/cel/time.hpp"
#include "policy/cel/working_time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t calendar_cost = 40;
constexpr std::int64_t offset_span_cost = 5;

template <std::int64_t unit_hours>
Value span_of(const Call& call) {
  if (!call.arguments[0].is(Kind::integer)) return call.no_overload();
  std::int64_t nanoseconds = 0;
  const std::int64_t unit = unit_hours * 3'600 * nanoseconds_per_second;
  if (__builtin_mul_overflow(call.arguments[0].as_int(), unit, &nanoseconds)) {
    return call.error("duration out of range");
  }
  return Value::duration(nanoseconds);
}

struct Calendar {
  Zone zone;
  WorkingHours hours;
};

/// Of the last two arguments, which MUST be strings.
std::expected<Calendar, std::string> calendar_of(const Call& call) {
  call.session.charge(calendar_cost);
  auto zone = Zone::find(call.arguments[2].as_text());
  if (!zone) return std::unexpected(zone.error());
  auto hours = WorkingHours::parse(call.arguments[3].as_text());
  if (!hours) return std::unexpected(hours.error());
  return Calendar{*zone, std::move(*hours)};
}

Value business_duration(const Call& call) {
  if (!call.arguments[0].is(Kind::timestamp) || !call.arguments[1].is(Kind::timestamp) ||
      !are_strings(call.arguments.subspan(2))) {
    return call.no_overload();
  }
  const auto calendar = calendar_of(call);
  if (!calendar) return call.error(calendar.error());
  std::int64_t spans = 0;
  const auto worked =
      working_time(call.arguments[0].as_timestamp(), call.arguments[1].as_timestamp(),
                   calendar->zone, calendar->hours, spans);
  call.session.charge(spans * offset_span_cost);
  return worked ? Value::duration(*worked) : call.error("duration out of range");
}

Value add_business(const Call& call) {
  if (!call.arguments[0].is(Kind::timestamp) || !call.arguments[1].is(Kind::duration) ||
      !are_strings(call.arguments.subspan(2))) {
    return call.no_overload();
  }
  const std::int64_t nanoseconds = call.arguments[1].as_nanoseconds();
  if (nanoseconds < 0) return call.error("addBusiness() takes a duration of 0 or more");
  const auto calendar = calendar_of(call);
  if (!calendar) return call.error(calendar.error());
  std::int64_t spans = 0;
  const auto then = after_working_time(call.arguments[0].as_timestamp(), nanoseconds,
                                       calendar->zone, calendar->hours, spans);
  call.session.charge(spans * offset_span_cost);
  return then ? Value::of(*then) : call.error("timestamp out of range");
}

Worst worst_of_calendar(Extents&, std::span<const Extent>) {
  return {{calendar_cost + offset_spans_max * offset_span_cost}, {}};
}

}  // namespace

std::vector<Function> business_functions() {
  using enum Receiver;
  constexpr std::int64_t day_hours = 24;
  return {
      {"days", absent, span_of<day_hours>, signatures({"int -> duration"})},
      {"hours", absent, span_of<1>, signatures({"int -> duration"})},
      {"businessDuration", absent, business_duration,
       signatures({"timestamp, timestamp, string, string -> duration"}), worst_of_calendar},
      {"addBusiness", absent, add_business,
       signatures({"timestamp, duration, string, string -> timestamp"}), worst_of_calendar},
  };
}

}  // namespace holdpoint::policy::cel
