// What Holdpoint keeps of a received report: one summary, the same shape for every format, stored
// as canonical JSON. Integers only: rates are basis points (0..10000), CVSS scores are tenths,
// times and durations are microseconds. A section is present only when the report spoke about it,
// so that "no findings section" never reads as "no findings".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/instant.hpp"

namespace holdpoint::evidence {

// Bounds of the lists and texts of a summary. Counts are always of the whole report.
inline constexpr std::size_t findings_max = 20'000;
inline constexpr std::size_t components_max = 20'000;
inline constexpr std::size_t failures_max = 1'000;
inline constexpr std::size_t test_cases_max = 20'000;
inline constexpr std::size_t case_requirements_max = 16;
inline constexpr std::size_t case_key_bytes_max = 100;
inline constexpr std::size_t tools_max = 64;
inline constexpr std::size_t finding_ids_max = 32;
inline constexpr std::size_t name_bytes_max = 512;
inline constexpr std::size_t title_bytes_max = 512;
inline constexpr std::size_t path_bytes_max = 1'024;
inline constexpr std::size_t message_bytes_max = 2'048;
inline constexpr std::size_t reason_bytes_max = 1'024;
inline constexpr std::size_t fingerprint_bytes_max = 64;
inline constexpr std::size_t code_bytes_max = 64;  // of flags and formats, which are words of ours
inline constexpr std::size_t flags_max = 32;       // each stands once
inline constexpr std::size_t declared_values_max = 1'000;
/// The largest integer that every JSON reader holds exactly; no count in a summary is larger.
inline constexpr std::int64_t count_max = 9'007'199'254'740'991;

/// What a report mainly speaks about. A report may carry more sections than its kind names: an SBOM
/// with vulnerabilities has both `components` and `findings`.
enum class Kind {
  tests,
  coverage,
  sast,
  sca,
  sbom,
  secrets,
  iac,
  dast,
  license,
  performance,
  generic,
  unknown
};
HP_DESCRIBE_ENUM(Kind, tests, coverage, sast, sca, sbom, secrets, iac, dast, license, performance,
                 generic, unknown)

/// complete: the tool ran and its report was read. failed_to_run: the report says that the tool did
/// not finish, or did not look. unparsed: kept as received, nothing is known from it.
/// Only a complete summary may ever be judged clean.
enum class ReportStatus { complete, failed_to_run, unparsed };
HP_DESCRIBE_ENUM(ReportStatus, complete, failed_to_run, unparsed)

enum class Severity { critical, high, medium, low, info, unknown };
HP_DESCRIBE_ENUM(Severity, critical, high, medium, low, info, unknown)

enum class FindingStatus { open, suppressed, fixed, not_affected };
HP_DESCRIBE_ENUM(FindingStatus, open, suppressed, fixed, not_affected)

// Flags: what a reader of the summary should know about how far to trust it.
namespace flag {
inline constexpr std::string_view counts_disagree = "counts_disagree";
inline constexpr std::string_view no_tests = "no_tests";
inline constexpr std::string_view no_lines = "no_lines";
inline constexpr std::string_view duplicate_names = "duplicate_names";
inline constexpr std::string_view flaky_tests = "flaky_tests";
inline constexpr std::string_view unknown_level = "unknown_level";
inline constexpr std::string_view score_ignored = "score_ignored";
inline constexpr std::string_view kind_and_level_disagree = "kind_and_level_disagree";
inline constexpr std::string_view number_ignored = "number_ignored";
inline constexpr std::string_view tool_reported_errors = "tool_reported_errors";
inline constexpr std::string_view declared = "declared";
inline constexpr std::string_view time_ignored = "time_ignored";
}  // namespace flag

struct Tool {
  std::string name;
  std::optional<std::string> version;
};
HP_DESCRIBE(Tool, name, version)

/// The reader that made the summary, so that a newer one can tell what to read again.
struct Parser {
  std::string name;
  std::int64_t version = 1;
};
HP_DESCRIBE(Parser, name, version)

struct TestFailure {
  std::string suite;
  std::string name;
  std::string message;
};
HP_DESCRIBE(TestFailure, suite, name, message)

/// total = passed + failed + errors + skipped, always.
struct Tests {
  std::int64_t total = 0;
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t errors = 0;
  std::int64_t skipped = 0;
  std::optional<std::int64_t> duration_us;
  std::vector<TestFailure> failures;
  /// How many failures are counted above but not listed.
  std::int64_t failures_cut = 0;
};
HP_DESCRIBE(Tests, total, passed, failed, errors, skipped, duration_us, failures, failures_cut)

enum class TestOutcome { passed, failed, error, skipped };
HP_DESCRIBE_ENUM(TestOutcome, passed, failed, error, skipped)

/// One case of a test report, by the names it has there and the keys that its properties state.
struct TestCase {
  std::string suite;  // the class where there is one
  std::string name;
  TestOutcome outcome{};
  /// Property `test_key`.
  std::optional<std::string> key;
  /// Properties `requirement` and `requirements`; sorted, each once.
  std::vector<std::string> requirements;
};
HP_DESCRIBE(TestCase, suite, name, outcome, key, requirements)

struct TestCases {
  /// Those with keys first when the list had to be cut; in the report's order otherwise.
  std::vector<TestCase> items;
  /// How many named cases are not listed.
  std::int64_t cut = 0;
};
HP_DESCRIBE(TestCases, items, cut)

/// Rates are rounded down: 79.999 % is 7999, never 8000. line_bp is 0 when there are no lines.
struct Coverage {
  std::int64_t lines_valid = 0;
  std::int64_t lines_covered = 0;
  std::int64_t line_bp = 0;
  std::optional<std::int64_t> branches_valid;
  std::optional<std::int64_t> branches_covered;
  std::optional<std::int64_t> branch_bp;
  std::int64_t files = 0;
};
HP_DESCRIBE(Coverage, lines_valid, lines_covered, line_bp, branches_valid, branches_covered,
            branch_bp, files)

struct Component {
  std::string name;
  std::optional<std::string> version;
  std::optional<std::string> purl;
};
HP_DESCRIBE(Component, name, version, purl)

struct Location {
  std::string path;
  std::optional<std::int64_t> line;
  std::optional<std::string> url;
};
HP_DESCRIBE(Location, path, line, url)

struct Finding {
  std::string rule_id;
  std::string title;
  Severity severity = Severity::unknown;
  /// The tool's own word, kept so that another severity map can be applied later.
  std::string raw_severity;
  /// CVSS × 10, rounded down.
  std::optional<std::int64_t> score_x10;
  FindingStatus status = FindingStatus::open;
  /// 64 hex digits: the vulnerability and the thing affected, the same from scan to scan.
  std::string fingerprint;
  std::optional<Location> location;
  std::optional<Component> component;
  /// CVE, GHSA, CWE and the like.
  std::vector<std::string> ids;
};
HP_DESCRIBE(Finding, rule_id, title, severity, raw_severity, score_x10, status, fingerprint,
            location, component, ids)

struct SeverityCounts {
  std::int64_t critical = 0;
  std::int64_t high = 0;
  std::int64_t medium = 0;
  std::int64_t low = 0;
  std::int64_t info = 0;
  std::int64_t unknown = 0;
};
HP_DESCRIBE(SeverityCounts, critical, high, medium, low, info, unknown)

struct Findings {
  /// Findings with status open, by severity.
  SeverityCounts open;
  std::int64_t suppressed = 0;
  std::int64_t fixed = 0;
  std::int64_t not_affected = 0;
  /// Checks that the tool lists and that found nothing wrong (SARIF kinds pass, notApplicable).
  std::int64_t not_failing = 0;
  /// The worst first when the list had to be cut; in the report's order otherwise.
  std::vector<Finding> items;
  /// How many findings are counted above but not listed.
  std::int64_t cut = 0;
  /// The version of the map in severity.hpp that gave the severities.
  std::int64_t severity_map = 1;
};
HP_DESCRIBE(Findings, open, suppressed, fixed, not_affected, not_failing, items, cut, severity_map)

struct Components {
  std::int64_t count = 0;
  std::int64_t with_purl = 0;
  std::int64_t with_version = 0;
  std::int64_t with_license = 0;
  /// Edges of the dependency graph.
  std::int64_t dependencies = 0;
  std::vector<Component> names;
  std::int64_t names_cut = 0;
};
HP_DESCRIBE(Components, count, with_purl, with_version, with_license, dependencies, names,
            names_cut)

/// The source that the report says it looked at; a claim to compare with, not a proof.
struct Source {
  std::optional<std::string> repository;
  std::optional<std::string> revision;
  std::optional<std::string> branch;
};
HP_DESCRIBE(Source, repository, revision, branch)

struct Summary {
  std::int64_t v = 1;
  /// sarif, junit, cobertura, lcov, cyclonedx, spdx, generic, or unknown.
  std::string format;
  Kind kind = Kind::unknown;
  Parser parser;
  std::vector<Tool> tools;
  ReportStatus status = ReportStatus::complete;
  /// A sentence; present exactly when status is not complete.
  std::optional<std::string> reason;
  /// Codes from namespace flag, sorted, each once.
  std::vector<std::string> flags;
  std::optional<Tests> tests;
  /// Absent for a report without named cases, and in summaries that older readers made.
  std::optional<TestCases> test_cases;
  std::optional<Coverage> coverage;
  std::optional<Findings> findings;
  std::optional<Components> components;
  /// Declared values: integers, strings and truth values under their own names.
  std::optional<json::object> generic;
  /// As the report says, between 1970 and 2255; another time is left out and flagged.
  std::optional<InstantUs> started_at;
  std::optional<InstantUs> finished_at;
  std::optional<Source> source;
};
HP_DESCRIBE(Summary, v, format, kind, parser, tools, status, reason, flags, tests, test_cases,
            coverage, findings, components, generic, started_at, finished_at, source)

}  // namespace holdpoint::evidence
