// Cobertura XML. Lines are counted anew, once per file and number, and the totals of the root
// element are compared with them; rates there are rounded by each maker in its own way, so that
// only a difference of more than a whole per cent is flagged.
#include <algorithm>
#include <cstdlib>

#include "base/text_encoding.hpp"
#include "evidence/formats/line_coverage.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"
#include "evidence/numbers.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::int64_t rate_tolerance_bp = 100;
/// Timestamps above this are milliseconds, not seconds: 100 billion seconds are the year 5138.
constexpr std::int64_t seconds_max = 100'000'000'000;

struct BranchCounts {
  std::int64_t covered = 0;
  std::int64_t valid = 0;
};

/// "50% (1/2)"; nullopt when it is something else or impossible.
std::optional<BranchCounts> parse_condition_coverage(std::string_view text) {
  const auto open = text.rfind('(');
  const auto slash = text.find('/', open == std::string_view::npos ? 0 : open);
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || slash == std::string_view::npos ||
      close == std::string_view::npos || close < slash) {
    return std::nullopt;
  }
  const auto covered = parse_count(text.substr(open + 1, slash - open - 1));
  const auto valid = parse_count(text.substr(slash + 1, close - slash - 1));
  if (!covered || !valid || *covered > *valid) return std::nullopt;
  if (*valid > LineCoverage::branches_per_line_max) return std::nullopt;
  return BranchCounts{*covered, *valid};
}

/// Hits of any size count; only digits that are not all zero are a hit.
std::optional<bool> parse_hit(std::string_view hits) {
  const bool digits =
      !hits.empty() && hits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits) return std::nullopt;
  return hits.find_first_not_of('0') != std::string_view::npos;
}

class CoverageReader {
 public:
  explicit CoverageReader(Summary& summary) : summary_(summary) {}

  /// Walks packages and classes wherever they stand. Recursion is bounded by xml_depth_max.
  void read(XmlNode node) {
    for (const XmlNode child : node.children()) {
      const std::string_view name = child.local_name();
      if (name == "class") {
        read_class(child);
      } else if (name == "packages" || name == "package" || name == "classes") {
        read(child);
      }
    }
  }

  Coverage finish() { return lines_.finish(); }

 private:
  void read_class(XmlNode node) {
    auto file = node.attribute("filename");
    if (!file) file = node.attribute("name");
    lines_.file(file.value_or(""));
    if (const auto lines = node.child("lines"); lines && !lines->children().empty()) {
      read_lines(*lines);
      return;
    }
    // Some makers list lines only below their methods.
    const auto methods = node.child("methods");
    if (!methods) return;
    for (const XmlNode method : methods->children()) {
      if (const auto lines = method.child("lines")) read_lines(*lines);
    }
  }

  void read_lines(XmlNode lines) {
    for (const XmlNode line : lines.children()) {
      if (line.local_name() == "line") read_line(line);
    }
  }

  void read_line(XmlNode line) {
    const auto number = parse_count(line.attribute("number").value_or(""));
    const auto hit = parse_hit(line.attribute("hits").value_or(""));
    if (!number || *number > LineCoverage::line_number_max || !hit) {
      add_flag(summary_, flag::number_ignored);
    }
    // A line that cannot be read is a line that is not known to be covered.
    const bool credible = number && *number <= LineCoverage::line_number_max;
    const std::int64_t at = credible ? *number : LineCoverage::line_number_max - unnumbered_++;
    lines_.line(at, hit.value_or(false));
    const auto condition = line.attribute("condition-coverage");
    if (!condition) return;
    if (const auto counts = parse_condition_coverage(*condition)) {
      lines_.branches(at, counts->valid, counts->covered);
    } else {
      add_flag(summary_, flag::number_ignored);
    }
  }

  Summary& summary_;
  LineCoverage lines_;
  std::int64_t unnumbered_ = 0;
};

std::optional<std::int64_t> claim(XmlNode root, std::string_view name, Summary& summary) {
  const auto text = root.attribute(name);
  if (!text) return std::nullopt;
  const auto count = parse_count(*text);
  if (!count) add_flag(summary, flag::number_ignored);
  return count;
}

/// A rate from 0 to 1 in basis points; NaN, negative and larger rates are ignored and flagged.
std::optional<std::int64_t> claimed_rate(XmlNode root, std::string_view name, Summary& summary) {
  const auto text = root.attribute(name);
  if (!text) return std::nullopt;
  const auto rate = parse_scaled(*text, 4);
  if (rate && *rate <= 10'000) return rate;
  add_flag(summary, flag::number_ignored);
  return std::nullopt;
}

void compare(XmlNode root, const Coverage& counted, Summary& summary) {
  const auto differs = [](std::optional<std::int64_t> claimed, std::int64_t count) {
    return claimed && *claimed != count;
  };
  const auto far = [](std::optional<std::int64_t> claimed, std::int64_t bp) {
    return claimed && std::abs(*claimed - bp) > rate_tolerance_bp;
  };
  const bool lines_differ = differs(claim(root, "lines-valid", summary), counted.lines_valid) ||
                            differs(claim(root, "lines-covered", summary), counted.lines_covered);
  const bool branches_differ =
      differs(claim(root, "branches-valid", summary), counted.branches_valid.value_or(0)) ||
      differs(claim(root, "branches-covered", summary), counted.branches_covered.value_or(0));
  const auto line_rate = claimed_rate(root, "line-rate", summary);
  const auto branch_rate = claimed_rate(root, "branch-rate", summary);
  const bool rates_differ = (counted.lines_valid > 0 && far(line_rate, counted.line_bp)) ||
                            (counted.branch_bp && far(branch_rate, *counted.branch_bp));
  if (lines_differ || branches_differ || rates_differ) {
    add_flag(summary, flag::counts_disagree);
  }
}

void note_time(XmlNode root, Summary& summary) {
  const auto stamp = parse_count(root.attribute("timestamp").value_or(""));
  if (!stamp || *stamp == 0 || *stamp > seconds_max * 1'000) return;
  summary.finished_at = InstantUs{{*stamp > seconds_max ? *stamp * 1'000 : *stamp * 1'000'000}};
}

/// gcovr writes "gcovr 5.2" as the version; others write a bare number and no name.
void note_tool(XmlNode root, Summary& summary) {
  const std::string_view version = root.attribute("version").value_or("");
  const auto space = version.find(' ');
  if (space == std::string_view::npos) return;
  add_tool(summary, version.substr(0, space), version.substr(space + 1));
}

}  // namespace

Reading read_cobertura(XmlNode root) {
  Summary summary;
  summary.kind = Kind::coverage;
  CoverageReader reader(summary);
  reader.read(root);
  const Coverage coverage = reader.finish();
  compare(root, coverage, summary);
  if (coverage.lines_valid == 0) add_flag(summary, flag::no_lines);
  note_time(root, summary);
  note_tool(root, summary);
  summary.coverage = coverage;
  return summary;
}

}  // namespace holdpoint::evidence
