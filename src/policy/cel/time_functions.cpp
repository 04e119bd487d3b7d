// The getters of timestamps, in UTC or a named zone, and of durations.
#include "base/zones.hpp"
#include "policy/cel/functions.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t zone_cost = 10;

Instant instant_of(Timestamp at) {
  return {at.seconds * 1'000'000 + static_cast<std::int64_t>(at.nanoseconds / 1'000)};
}

/// One getter of a timestamp: `read` picks the part of the civil time.
template <class Read>
Value part(const Call& call, Read read) {
  if (!call.arguments[0].is(Kind::timestamp)) return call.no_overload();
  Zone zone = Zone::utc();
  if (call.arguments.size() == 2) {
    if (!call.arguments[1].is(Kind::string)) return call.no_overload();
    call.session.charge(zone_cost);
    auto found = Zone::find(call.arguments[1].as_text());
    if (!found) return call.error(found.error());
    zone = *found;
  }
  const std::int64_t value = read(zone.civil_at(instant_of(call.arguments[0].as_timestamp())));
  return Value::of(value);
}

Value full_year(const Call& call) {
  return part(call, [](const CivilTime& civil) { return civil.year; });
}
Value month(const Call& call) {
  return part(call, [](const CivilTime& civil) { return civil.month - 1; });
}
Value date(const Call& call) {
  return part(call, [](const CivilTime& civil) { return civil.day; });
}
Value day_of_month(const Call& call) {
  return part(call, [](const CivilTime& civil) { return civil.day - 1; });
}
Value day_of_year(const Call& call) {
  return part(call, [](const CivilTime& civil) { return civil.day_of_year; });
}
Value day_of_week(const Call& call) {
  return part(call, [](const CivilTime& civil) { return civil.weekday; });
}

/// A duration's getter converts the whole duration.
template <std::int64_t nanoseconds>
Value whole(const Call& call) {
  if (call.arguments.size() != 1) return call.no_overload();
  return Value::of(call.arguments[0].as_nanoseconds() / nanoseconds);
}

Value hours(const Call& call) {
  if (call.arguments[0].is(Kind::duration)) return whole<3600 * nanoseconds_per_second>(call);
  return part(call, [](const CivilTime& civil) { return civil.hour; });
}
Value minutes(const Call& call) {
  if (call.arguments[0].is(Kind::duration)) return whole<60 * nanoseconds_per_second>(call);
  return part(call, [](const CivilTime& civil) { return civil.minute; });
}
Value seconds(const Call& call) {
  if (call.arguments[0].is(Kind::duration)) return whole<nanoseconds_per_second>(call);
  return part(call, [](const CivilTime& civil) { return civil.second; });
}
/// Unlike the others, this one is the part of a duration below its seconds.
Value milliseconds(const Call& call) {
  if (call.arguments[0].is(Kind::duration)) {
    if (call.arguments.size() != 1) return call.no_overload();
    return Value::of(call.arguments[0].as_nanoseconds() % nanoseconds_per_second / 1'000'000);
  }
  return part(call, [](const CivilTime& civil) { return civil.microsecond / 1'000; });
}

Worst worst_of_part(Extents&, std::span<const Extent> arguments) {
  return {{arguments.size() == 2 ? zone_cost : 0}, {}};
}

}  // namespace

std::vector<Function> time_functions() {
  using enum Receiver;
  const auto of_timestamp = signatures({"timestamp -> int", "timestamp, string -> int"});
  const auto of_both =
      signatures({"timestamp -> int", "timestamp, string -> int", "duration -> int"});
  return {
      {"getFullYear", present, full_year, of_timestamp, worst_of_part},
      {"getMonth", present, month, of_timestamp, worst_of_part},
      {"getDate", present, date, of_timestamp, worst_of_part},
      {"getDayOfMonth", present, day_of_month, of_timestamp, worst_of_part},
      {"getDayOfYear", present, day_of_year, of_timestamp, worst_of_part},
      {"getDayOfWeek", present, day_of_week, of_timestamp, worst_of_part},
      {"getHours", present, hours, of_both, worst_of_part},
      {"getMinutes", present, minutes, of_both, worst_of_part},
      {"getSeconds", present, seconds, of_both, worst_of_part},
      {"getMilliseconds", present, milliseconds, of_both, worst_of_part},
  };
}

}  // namespace holdpoint::policy::cel
