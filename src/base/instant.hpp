// Instants are integer microseconds since 1970-01-01T00:00:00Z; durations are integer microseconds.
// Nothing here reads a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

struct Duration {
  std::int64_t us = 0;
  auto operator<=>(const Duration&) const = default;
  static constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
  static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
  static constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
  static constexpr Duration days(std::int64_t n) { return hours(n * 24); }
};

struct Instant {
  std::int64_t us = 0;
  auto operator<=>(const Instant&) const = default;

  /// RFC 3339 in UTC, `2026-11-20T06:00:00Z`, with up to six fraction digits when not whole
  /// seconds.
  [[nodiscard]] std::string text() const;
  /// RFC 3339 with any offset; leap second 60 refused; nullopt when malformed or out of 0001..9999.
  static std::optional<Instant> parse(std::string_view text);
};

constexpr Instant operator+(Instant at, Duration by) { return {at.us + by.us}; }
constexpr Instant operator-(Instant at, Duration by) { return {at.us - by.us}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.us - b.us}; }

/// "90s", "15m", "4h", "30d", or a sum "1h30m", larger units first and each once; nullopt when
/// malformed, negative or over 100 years (36,525 days).
std::optional<Duration> parse_duration(std::string_view text);
/// Such a form in the largest units, zero ones left out ("1h30m"); parts of a second are cut, a
/// negative duration has one leading '-', and none is "0s".
std::string duration_text(Duration duration);

}  // namespace holdpoint
