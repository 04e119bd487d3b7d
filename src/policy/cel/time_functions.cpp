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

}  // namespace

std::vector<Function> time_functions() {
  using enum TypeKind;
  const std::vector<Signature> of_timestamp = {{{timestamp}, integer},
                                               {{timestamp, string}, integer}};
  std::vector<Signature> of_both = of_timestamp;
  of_both.push_back({{duration}, integer});
  return {
      {"getFullYear", Receiver::present, full_year, of_timestamp},
      {"getMonth", Receiver::present, month, of_timestamp},
      {"getDate", Receiver::present, date, of_timestamp},
      {"getDayOfMonth", Receiver::present, day_of_month, of_timestamp},
      {"getDayOfYear", Receiver::present, day_of_year, of_timestamp},
      {"getDayOfWeek", Receiver::present, day_of_week, of_timestamp},
      {"getHours", Receiver::present, hours, of_both},
      {"getMinutes", Receiver::present, minutes, of_both},
      {"getSeconds", Receiver::present, seconds, of_both},
      {"getMilliseconds", Receiver::present, milliseconds, of_both},
  };
}

}  // namespace holdpoint::policy::cel
