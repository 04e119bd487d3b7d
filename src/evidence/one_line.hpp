// A summary on one line, so that a table of reports reads like a table: used by tests and nowhere
// else.
#pragma once

#include <string>

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

/// For example "junit complete [no_tests] tests 3=1+1+0+1" or "sarif unparsed: no runs".
inline std::string one_line(const Summary& summary) {
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  std::string out = summary.format + " " + std::string(describe::enum_text(summary.status));
  if (summary.reason) out += ": " + *summary.reason;
  if (!summary.flags.empty()) {
    out += " [";
    for (const std::string& code : summary.flags) out += (out.ends_with('[') ? "" : " ") + code;
    out += "]";
  }
  if (const auto& tests = summary.tests) {
    out += " tests " + number(tests->total) + "=" + number(tests->passed) + "+" +
           number(tests->failed) + "+" + number(tests->errors) + "+" + number(tests->skipped);
  }
  if (const auto& coverage = summary.coverage) {
    out += " lines " + number(coverage->lines_covered) + "/" + number(coverage->lines_valid) + " " +
           number(coverage->line_bp);
    if (coverage->branch_bp) {
      out += " branches " + number(*coverage->branches_covered) + "/" +
             number(*coverage->branches_valid);
    }
  }
  if (const auto& findings = summary.findings) {
    const SeverityCounts& open = findings->open;
    out += " open c" + number(open.critical) + " h" + number(open.high) + " m" +
           number(open.medium) + " l" + number(open.low) + " i" + number(open.info) + " u" +
           number(open.unknown);
    if (findings->suppressed > 0) out += " suppressed " + number(findings->suppressed);
    if (findings->fixed > 0) out += " fixed " + number(findings->fixed);
    if (findings->not_affected > 0) out += " not_affected " + number(findings->not_affected);
    if (findings->not_failing > 0) out += " not_failing " + number(findings->not_failing);
  }
  if (const auto& components = summary.components) {
    out += " components " + number(components->count) + " purl " + number(components->with_purl) +
           " version " + number(components->with_version) + " license " +
           number(components->with_license) + " edges " + number(components->dependencies);
  }
  return out;
}

/// A row of a table: a report, and the line that it must give.
struct ReportRow {
  const char* what;
  std::string report;
  std::string line;
};

}  // namespace holdpoint::evidence
