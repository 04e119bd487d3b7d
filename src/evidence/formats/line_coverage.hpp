// Lines and branches as coverage formats report them, counted once per file and line even when a
// report lists a line several times (inner classes, several test runs).
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

class LineCoverage {
 public:
  static constexpr std::int64_t line_number_max = 0x7FFFFFFF;
  /// More branches on one line are not credible, and are refused by the readers.
  static constexpr std::int64_t branches_per_line_max = 1'000'000;

  /// Starts a file or goes on with it; the name MUST outlive this.
  void file(std::string_view name);
  /// A line of the current file. Covered anywhere is covered. MUST be given 0..line_number_max.
  void line(std::int64_t number, bool covered);
  /// One branch of a line, told apart from the line's others by its identity.
  void branch(std::int64_t line, std::string_view identity, bool taken);
  /// A line's branches as counts; the larger counts stand where a line comes twice. MUST be given
  /// 0 <= covered <= valid <= branches_per_line_max.
  void branches(std::int64_t line, std::int64_t valid, std::int64_t covered);

  /// Sorts and counts. MUST be called once, at the end.
  Coverage finish();

 private:
  struct Line {
    std::uint32_t file;
    /// Number × 2, plus 1 when not covered: of one line, the covered entry sorts first.
    std::uint32_t key;
    auto operator<=>(const Line&) const = default;
  };
  struct Branch {
    std::uint32_t file;
    std::uint32_t line;
    /// A hash of the identity, with its last bit for "not taken".
    std::uint64_t key;
    auto operator<=>(const Branch&) const = default;
  };
  struct Counted {
    std::uint32_t file;
    std::uint32_t line;
    std::uint32_t valid;
    std::uint32_t covered;
    auto operator<=>(const Counted&) const = default;
  };
  void count_branches(Coverage& coverage);

  std::unordered_map<std::string_view, std::uint32_t> files_;
  std::uint32_t file_ = 0;
  std::vector<Line> lines_;
  std::vector<Branch> branches_;
  std::vector<Counted> counted_;
};

}  // namespace holdpoint::evidence
