// Versions by SemVer 2.0.0 and ranges of them.
//
// A range is written as in npm: `range = set {"||" set}`, `set = hyphen | {comparator}`, where a
// space is "and" and an empty set is every version.
//   hyphen      partial " - " partial   from the first to the last, both included
//   comparator  ["<" | "<=" | ">" | ">=" | "=" | "^" | "~"] partial
//   partial     part ["." part ["." part ["-" prerelease] ["+" build]]], part = number | x | X | *
// ^ keeps the first part that is not 0, ~ keeps major and minor; a part that is missing or an x
// stands for any number. Build metadata does not count.
//
// Unlike npm, a prerelease needs no permission: it stands where SemVer orders it, before its
// release. So "2.0.0-rc.1" is in "<2.0.0" and not in ">=2.0.0"; but the upper ends that ^, ~, x and
// a partial upper bound imply are below the first prerelease, so it is not in "^1.2.0" either.
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdpoint::policy::cel {

/// Refers to the text it was read from.
struct Version {
  std::array<std::string_view, 3> core;  // digits without leading zeros, of any length
  std::string_view prerelease;           // without the '-'
};

std::optional<Version> parse_version(std::string_view text);

/// -1, 0 or 1 as SemVer §11 orders them.
int compare_versions(const Version& a, const Version& b);

/// Dot-separated identifiers of letters, digits and hyphens, none empty (SemVer §9, §10).
bool are_identifiers(std::string_view text);
/// The same of a prerelease, whose numbers have no leading zeros.
bool is_prerelease(std::string_view text);
/// Digits without a leading zero.
bool is_version_number(std::string_view text);

class VersionRange {
 public:
  static constexpr std::size_t text_bytes_max = 512;

  /// The error says which part is wrong. The text MUST outlive the range.
  static std::expected<VersionRange, std::string> parse(std::string_view text);

  [[nodiscard]] bool contains(const Version& version) const;

  enum class Relation : std::uint8_t { less, less_equal, greater, greater_equal, never };
  struct Comparator {
    Relation relation = Relation::never;
    std::array<std::string, 3> core;
    std::string prerelease;
  };
  using Set = std::vector<Comparator>;

 private:
  std::vector<Set> sets_;
};

}  // namespace holdpoint::policy::cel
