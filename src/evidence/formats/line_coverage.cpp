// Sorting instead of hashing: eight bytes per line keep a report of many million lines small.
#include "evidence/formats/line_coverage.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "evidence/numbers.hpp"

namespace holdpoint::evidence {

namespace {

/// FNV-1a, 64 bits: branches of one line are few, so that a collision is not to be feared.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3ULL;
  }
  return hash;
}

}  // namespace

void LineCoverage::file(std::string_view name) {
  file_ = files_.try_emplace(name, static_cast<std::uint32_t>(files_.size())).first->second;
}

void LineCoverage::line(std::int64_t number, bool covered) {
  HP_ASSERT(number >= 0 && number <= line_number_max, "EV-6: line numbers are bounded");
  lines_.push_back({file_, static_cast<std::uint32_t>(number) << 1U | (covered ? 0U : 1U)});
}

void LineCoverage::branch(std::int64_t line, std::string_view identity, bool taken) {
  HP_ASSERT(line >= 0 && line <= line_number_max, "EV-6: line numbers are bounded");
  branches_.push_back(
      {file_, static_cast<std::uint32_t>(line), hash_of(identity) << 1U | (taken ? 0U : 1U)});
}

void LineCoverage::branches(std::int64_t line, std::int64_t valid, std::int64_t covered) {
  HP_ASSERT(line >= 0 && line <= line_number_max, "EV-6: line numbers are bounded");
  HP_ASSERT(covered >= 0 && covered <= valid && valid <= branches_per_line_max,
            "EV-7: branch counts are bounded");
  counted_.push_back({file_, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(valid),
                      static_cast<std::uint32_t>(covered)});
}

void LineCoverage::count_branches(Coverage& coverage) {
  if (branches_.empty() && counted_.empty()) return;
  std::int64_t valid = 0;
  std::int64_t covered = 0;
  std::ranges::sort(branches_);
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    const Branch& at = branches_[i];
    const bool repeated = i > 0 && branches_[i - 1].file == at.file &&
                          branches_[i - 1].line == at.line &&
                          branches_[i - 1].key >> 1U == at.key >> 1U;
    if (repeated) continue;
    ++valid;
    covered += (at.key & 1U) == 0 ? 1 : 0;
  }
  std::ranges::sort(counted_);
  for (std::size_t i = 0; i < counted_.size();) {
    std::int64_t line_valid = 0;
    std::int64_t line_covered = 0;
    const Counted& first = counted_[i];
    for (; i < counted_.size() && counted_[i].file == first.file && counted_[i].line == first.line;
         ++i) {
      line_valid = std::max<std::int64_t>(line_valid, counted_[i].valid);
      line_covered = std::max<std::int64_t>(line_covered, counted_[i].covered);
    }
    valid += line_valid;
    covered += line_covered;
  }
  coverage.branches_valid = valid;
  coverage.branches_covered = covered;
  coverage.branch_bp = basis_points(covered, valid);
}

Coverage LineCoverage::finish() {
  Coverage coverage;
  coverage.files = static_cast<std::int64_t>(files_.size());
  std::ranges::sort(lines_);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& at = lines_[i];
    const bool repeated =
        i > 0 && lines_[i - 1].file == at.file && lines_[i - 1].key >> 1U == at.key >> 1U;
    if (repeated) continue;
    ++coverage.lines_valid;
    coverage.lines_covered += (at.key & 1U) == 0 ? 1 : 0;
  }
  coverage.line_bp = basis_points(coverage.lines_covered, coverage.lines_valid);
  count_branches(coverage);
  return coverage;
}

}  // namespace holdpoint::evidence
