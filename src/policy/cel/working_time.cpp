// See working_time.hpp.
#include "policy/cel/working_time.hpp"

#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

WideNanoseconds nanoseconds_of(Timestamp at) {
  return static_cast<WideNanoseconds>(at.seconds) * nanoseconds_per_second + at.nanoseconds;
}

}  // namespace

std::optional<std::int64_t> working_time(Timestamp from, Timestamp to, const Zone& zone,
                                         const WorkingHours& hours, std::int64_t& spans) {
  const auto worked =
      holdpoint::working_time(nanoseconds_of(from), nanoseconds_of(to), zone, hours, spans);
  if (!worked || *worked > INT64_MAX || *worked < -WideNanoseconds{INT64_MAX}) return std::nullopt;
  return static_cast<std::int64_t>(*worked);
}

std::optional<Timestamp> after_working_time(Timestamp from, std::int64_t nanoseconds,
                                            const Zone& zone, const WorkingHours& hours,
                                            std::int64_t& spans) {
  constexpr Timestamp last{Timestamp::seconds_max, nanoseconds_per_second - 1};
  const auto then = holdpoint::after_working_time(nanoseconds_of(from), nanoseconds,
                                                  nanoseconds_of(last), zone, hours, spans);
  if (!then) return std::nullopt;
  const auto in_second = static_cast<std::int64_t>(*then % nanoseconds_per_second);
  const auto nanosecond = in_second < 0 ? in_second + nanoseconds_per_second : in_second;
  return Timestamp{static_cast<std::int64_t>((*then - nanosecond) / nanoseconds_per_second),
                   static_cast<std::uint32_t>(nanosecond)};
}

}  // namespace holdpoint::policy::cel
