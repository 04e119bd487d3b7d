// Numbers of reports, read exactly and into integers: no binary fraction ever reaches a decision.
// Whatever is negative, not a number, or too large is nothing, never a wrapped value.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdpoint::evidence {

/// A count: digits only, white space around them allowed, at most count_max.
std::optional<std::int64_t> parse_count(std::string_view text);

/// A non-negative decimal such as "7.5", ".5" or "1.2e-3", times ten to the power of `digits`,
/// rounded down. nullopt for anything else and above count_max.
std::optional<std::int64_t> parse_scaled(std::string_view text, int digits);

/// Seconds as reports write them, as microseconds; also "1,234.5" and "0,25".
std::optional<std::int64_t> parse_seconds_us(std::string_view text);

/// A CVSS score as tenths; nullopt outside 0.0..10.0.
std::optional<std::int64_t> parse_score_x10(std::string_view text);
std::optional<std::int64_t> score_x10_of(double score);

/// covered / valid in basis points, rounded down; 0 when nothing is valid. MUST be given
/// 0 <= covered <= valid.
std::int64_t basis_points(std::int64_t covered, std::int64_t valid);

/// a + b, at most count_max. MUST be given numbers from 0 to count_max.
std::int64_t add_counts(std::int64_t a, std::int64_t b);

}  // namespace holdpoint::evidence
