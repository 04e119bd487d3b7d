// Working time between timestamps of CEL, which count nanoseconds: the calculation is that of
// base/working_hours.hpp, the bounds are CEL's.
#pragma once

#include <cstdint>
#include <optional>

#include "base/working_hours.hpp"
#include "policy/cel/value.hpp"

namespace holdpoint::policy::cel {

/// Nanoseconds of working time, negative when `to` is before `from`; how many spans of one offset
/// lie between goes to `spans`. nullopt when it does not fit a duration.
std::optional<std::int64_t> working_time(Timestamp from, Timestamp to, const Zone& zone,
                                         const WorkingHours& hours, std::int64_t& spans);

/// The first instant at or after `from` when that much working time has passed, which MUST NOT be
/// negative; nullopt when it is beyond the year 9999.
std::optional<Timestamp> after_working_time(Timestamp from, std::int64_t nanoseconds,
                                            const Zone& zone, const WorkingHours& hours,
                                            std::int64_t& spans);

}  // namespace holdpoint::policy::cel
