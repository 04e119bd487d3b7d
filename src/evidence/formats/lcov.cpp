// LCOV tracefiles: one record per source file, from SF to end_of_record. DA lines are counted; the
// record's own totals LF and LH are compared with them, and stand only where there are no DA lines.
// A text that breaks off inside a record is refused: the rest of it is not known.
#include <algorithm>
#include <vector>

#include "base/text_encoding.hpp"
#include "evidence/formats/line_coverage.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"
#include "evidence/numbers.hpp"

namespace holdpoint::evidence {

namespace {

/// Record lines that are valid and say nothing about lines or branches.
constexpr std::string_view ignored_keys[] = {"TN",  "FN",   "FNDA", "FNF", "FNH", "VER", "FNL",
                                             "FNA", "MCDC", "MRF",  "MRH", "MCF", "MCH"};

std::string_view take_until(std::string_view& text, char end) {
  const auto at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return taken;
}

std::optional<std::int64_t> parse_line_number(std::string_view text) {
  const auto number = parse_count(text);
  if (!number || *number > LineCoverage::line_number_max) return std::nullopt;
  return number;
}

class TraceReader {
 public:
  explicit TraceReader(Summary& summary) : summary_(summary) {}

  /// What is wrong with the line; empty when nothing is.
  std::string_view read_line(std::string_view line) {
    if (line.empty() || line.starts_with('#')) return {};
    if (line == "end_of_record") return end_record();
    const std::string_view key = take_until(line, ':');
    if (key == "SF") return begin_record(line);
    if (std::ranges::find(ignored_keys, key) != std::end(ignored_keys)) return {};
    if (!inside_) return "expected SF, TN or a comment";
    if (key == "DA") return read_hits(line);
    if (key == "BRDA") return read_branch(line);
    if (key == "LF") return read_total(line, lines_found_);
    if (key == "LH") return read_total(line, lines_hit_);
    if (key == "BRF") return read_total(line, branches_found_);
    if (key == "BRH") return read_total(line, branches_hit_);
    return "not a line of an LCOV record";
  }

  [[nodiscard]] bool inside() const { return inside_; }

  Coverage finish() {
    Coverage coverage = lines_.finish();
    coverage.lines_valid = add_counts(coverage.lines_valid, claimed_.lines_valid);
    coverage.lines_covered = add_counts(coverage.lines_covered, claimed_.lines_covered);
    coverage.line_bp = basis_points(coverage.lines_covered, coverage.lines_valid);
    return coverage;
  }

 private:
  struct Hit {
    std::int64_t line;
    bool covered;
    auto operator<=>(const Hit&) const = default;
  };

  std::string_view begin_record(std::string_view file) {
    if (inside_) return "a record begins inside another one";
    inside_ = true;
    lines_.file(file);
    hits_.clear();
    lines_found_ = lines_hit_ = branches_found_ = branches_hit_ = std::nullopt;
    branches_seen_ = branches_taken_ = 0;
    return {};
  }

  std::string_view read_hits(std::string_view rest) {
    const auto number = parse_line_number(take_until(rest, ','));
    const std::string_view hits = take_until(rest, ',');
    if (!number) return "DA without a line number";
    const bool digits =
        !hits.empty() && hits.find_first_not_of("0123456789") == std::string_view::npos;
    // geninfo is known to write negative hits; what is not a count is not a hit.
    if (!digits) add_flag(summary_, flag::number_ignored);
    if (!digits && !hits.starts_with('-')) return "DA without a hit count";
    const bool covered = digits && hits.find_first_not_of('0') != std::string_view::npos;
    hits_.push_back({*number, covered});
    lines_.line(*number, covered);
    return {};
  }

  std::string_view read_branch(std::string_view rest) {
    const auto number = parse_line_number(take_until(rest, ','));
    const auto comma = rest.rfind(',');
    if (!number || comma == std::string_view::npos) return "malformed BRDA";
    const std::string_view taken = rest.substr(comma + 1);
    if (taken != "-" && !parse_count(taken)) return "BRDA without a taken count";
    const bool is_taken = taken != "-" && taken.find_first_not_of('0') != std::string_view::npos;
    ++branches_seen_;
    branches_taken_ += is_taken ? 1 : 0;
    lines_.branch(*number, rest.substr(0, comma), is_taken);
    return {};
  }

  static std::string_view read_total(std::string_view rest, std::optional<std::int64_t>& total) {
    total = parse_count(rest);
    return total ? std::string_view() : "expected a count";
  }

  std::string_view end_record() {
    if (!inside_) return "end_of_record without a record";
    inside_ = false;
    if (lines_hit_ && lines_found_ && *lines_hit_ > *lines_found_) return "LH is more than LF";
    if (hits_.empty()) {
      claimed_.lines_valid = add_counts(claimed_.lines_valid, lines_found_.value_or(0));
      claimed_.lines_covered =
          add_counts(claimed_.lines_covered, lines_found_ ? lines_hit_.value_or(0) : 0);
      if (lines_hit_.value_or(0) > 0 && !lines_found_) return "LH without LF";
      return {};
    }
    compare_lines();
    const bool branches_differ = (branches_found_ && *branches_found_ != branches_seen_) ||
                                 (branches_hit_ && *branches_hit_ != branches_taken_);
    if (branches_differ) add_flag(summary_, flag::counts_disagree);
    return {};
  }

  void compare_lines() {
    std::ranges::sort(hits_);
    std::int64_t found = 0;
    std::int64_t hit = 0;
    for (std::size_t i = 0; i < hits_.size(); ++i) {
      const bool last = i + 1 == hits_.size() || hits_[i + 1].line != hits_[i].line;
      if (!last) continue;
      ++found;
      // Sorted: the covered entry of a line is its last one.
      hit += hits_[i].covered ? 1 : 0;
    }
    if ((lines_found_ && *lines_found_ != found) || (lines_hit_ && *lines_hit_ != hit)) {
      add_flag(summary_, flag::counts_disagree);
    }
  }

  Summary& summary_;
  LineCoverage lines_;
  Coverage claimed_;
  bool inside_ = false;
  std::vector<Hit> hits_;
  std::optional<std::int64_t> lines_found_;
  std::optional<std::int64_t> lines_hit_;
  std::optional<std::int64_t> branches_found_;
  std::optional<std::int64_t> branches_hit_;
  std::int64_t branches_seen_ = 0;
  std::int64_t branches_taken_ = 0;
};

}  // namespace

Reading read_lcov(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Summary summary;
  summary.kind = Kind::coverage;
  TraceReader reader(summary);
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = take_until(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto wrong = reader.read_line(line); !wrong.empty()) {
      return std::unexpected("line " + std::to_string(number) + ": " + std::string(wrong));
    }
  }
  if (reader.inside()) {
    return std::unexpected(Unreadable("the text ends inside a record, so the rest is missing"));
  }
  const Coverage coverage = reader.finish();
  if (coverage.lines_valid == 0) add_flag(summary, flag::no_lines);
  summary.coverage = coverage;
  return summary;
}

}  // namespace holdpoint::evidence
