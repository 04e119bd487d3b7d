// Timestamps and durations as CEL has them: nanoseconds, bounded, with errors instead of wrapping.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/cel/value.hpp"

namespace holdpoint::policy::cel {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

/// RFC 3339 with up to nine fraction digits and any offset, "T" and "Z" in upper case only, as
/// other engines read it; nullopt when malformed or out of range.
std::optional<Timestamp> parse_timestamp(std::string_view text);
/// RFC 3339 in UTC with the fraction digits that are needed.
std::string timestamp_text(Timestamp at);
std::optional<Timestamp> timestamp_from_seconds(std::int64_t seconds);
std::optional<Timestamp> timestamp_from_microseconds(std::int64_t microseconds);

/// "1h30m", "-1.5s", "1h34us": decimal numbers with units h, m, s, ms, us, ns. There are no days.
std::optional<std::int64_t> parse_duration_nanoseconds(std::string_view text);
/// Seconds with the fraction digits that are needed, and "s".
std::string duration_text(std::int64_t nanoseconds);

/// nullopt out of range.
std::optional<Timestamp> add(Timestamp at, std::int64_t nanoseconds);
std::optional<std::int64_t> difference(Timestamp a, Timestamp b);

}  // namespace holdpoint::policy::cel
