// Units of cost, added and multiplied without wrapping: a worst case that is too large to count
// stays the largest number, and so above every limit.
#pragma once

#include <compare>
#include <cstdint>

namespace holdpoint::policy::cel {

struct Units {
  /// MUST NOT be negative.
  std::int64_t count = 0;

  static constexpr std::int64_t count_max = INT64_MAX;
  auto operator<=>(const Units&) const = default;
  Units& operator+=(Units other);
};

constexpr Units operator+(Units a, Units b) {
  return a.count > Units::count_max - b.count ? Units{Units::count_max} : Units{a.count + b.count};
}
constexpr Units operator*(Units a, Units b) {
  if (a.count == 0 || b.count == 0) return {};
  return a.count > Units::count_max / b.count ? Units{Units::count_max} : Units{a.count * b.count};
}
inline Units& Units::operator+=(Units other) { return *this = *this + other; }

/// What walking over that many bytes of text costs: a tenth, rounded up.
constexpr std::int64_t tenth(std::size_t bytes) {
  return static_cast<std::int64_t>(bytes / 10 + (bytes % 10 == 0 ? 0 : 1));
}
/// What finding one text in another costs, at most: neither part is less than 1.
constexpr std::int64_t search_cost(std::size_t text_bytes, std::size_t part_bytes) {
  return (tenth(text_bytes) + 1) * (tenth(part_bytes) + 1);
}

/// What matching a pattern costs: the text in tenths by the pattern in quarters.
constexpr std::int64_t match_cost(std::size_t text_bytes, std::size_t pattern_bytes) {
  return (tenth(text_bytes) + 1) * (static_cast<std::int64_t>(pattern_bytes / 4) + 1);
}

}  // namespace holdpoint::policy::cel
