// Declared evidence: the JSON that anything may send for which there is no report format. What is
// declared is a claim of the sender and flagged as such. Read strictly, unlike the reports of
// tools: who writes this document writes it for us. The folder's README shows one.
#pragma once

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

inline constexpr std::size_t declared_bytes_max = 16U << 20;

enum class DeclaredStatus { complete, failed_to_run };
HP_DESCRIBE_ENUM(DeclaredStatus, complete, failed_to_run)

struct DeclaredFinding {
  std::string rule_id;
  std::string title;
  /// critical, high, medium, low, info, unknown.
  std::string severity;
  std::optional<FindingStatus> status;
  std::optional<std::int64_t> score_x10;
  /// What makes this finding the same one next time; rule, path and component when absent.
  std::optional<std::string> fingerprint;
  std::optional<Location> location;
  std::optional<Component> component;
  std::vector<std::string> ids;
};
HP_DESCRIBE(DeclaredFinding, rule_id, title, severity, status, score_x10, fingerprint, location,
            component, ids)

struct DeclaredTests {
  std::int64_t total = 0;
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t errors = 0;
  std::int64_t skipped = 0;
  std::optional<std::int64_t> duration_us;
  std::vector<TestFailure> failures;
};
HP_DESCRIBE(DeclaredTests, total, passed, failed, errors, skipped, duration_us, failures)

struct DeclaredCoverage {
  std::int64_t lines_valid = 0;
  std::int64_t lines_covered = 0;
  std::optional<std::int64_t> branches_valid;
  std::optional<std::int64_t> branches_covered;
  std::optional<std::int64_t> files;
};
HP_DESCRIBE(DeclaredCoverage, lines_valid, lines_covered, branches_valid, branches_covered, files)

struct Declaration {
  std::int64_t holdpoint_evidence = 1;
  Kind kind = Kind::generic;
  Tool tool;
  DeclaredStatus status = DeclaredStatus::complete;
  /// Why it failed; for failed_to_run.
  std::optional<std::string> reason;
  std::optional<json::object> values;
  std::optional<std::vector<DeclaredFinding>> findings;
  std::optional<DeclaredTests> tests;
  std::optional<DeclaredCoverage> coverage;
  std::optional<Instant> started_at;
  std::optional<Instant> finished_at;
  std::optional<Source> source;
};
HP_DESCRIBE(Declaration, holdpoint_evidence, kind, tool, status, reason, values, findings, tests,
            coverage, started_at, finished_at, source)

}  // namespace holdpoint::evidence
