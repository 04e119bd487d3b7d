// Declared evidence to a summary. The description gives shape and paths; what is checked here is
// what a shape cannot say: sums, ranges, and values that are flat.
#include "evidence/formats/generic.hpp"

#include <algorithm>
#include <initializer_list>
#include <ranges>
#include <utility>

#include "base/text_encoding.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"
#include "evidence/numbers.hpp"
#include "evidence/severity.hpp"

namespace holdpoint::evidence {

namespace {

using Problem = std::optional<Unreadable>;

constexpr std::size_t issues_shown_max = 3;

Problem check_counts(std::string_view path,
                     std::initializer_list<std::pair<std::string_view, std::int64_t>> counts) {
  for (const auto& [name, count] : counts) {
    if (count >= 0 && count <= count_max) continue;
    return std::string(path) + "/" + std::string(name) + ": " + std::to_string(count) +
           " is no count";
  }
  return std::nullopt;
}

Problem take_tests(const DeclaredTests& declared, Summary& summary) {
  if (auto problem = check_counts("/tests", {{"total", declared.total},
                                             {"passed", declared.passed},
                                             {"failed", declared.failed},
                                             {"errors", declared.errors},
                                             {"skipped", declared.skipped},
                                             {"duration_us", declared.duration_us.value_or(0)}})) {
    return problem;
  }
  const std::int64_t failing = add_counts(declared.failed, declared.errors);
  const std::int64_t sum = add_counts(add_counts(declared.passed, failing), declared.skipped);
  if (sum != declared.total) {
    return "/tests/total: is " + std::to_string(declared.total) +
           ", but passed, failed, errors and skipped add up to " + std::to_string(sum);
  }
  if (std::cmp_greater(declared.failures.size(), failing)) {
    return "/tests/failures: lists more failures than are counted";
  }
  Tests tests;
  tests.total = declared.total;
  tests.passed = declared.passed;
  tests.failed = declared.failed;
  tests.errors = declared.errors;
  tests.skipped = declared.skipped;
  tests.duration_us = declared.duration_us;
  for (const TestFailure& failure : declared.failures) {
    if (tests.failures.size() >= failures_max) break;
    tests.failures.push_back({clean_text(failure.suite, name_bytes_max),
                              clean_text(failure.name, name_bytes_max),
                              clean_text(failure.message, message_bytes_max)});
  }
  tests.failures_cut = failing - static_cast<std::int64_t>(tests.failures.size());
  if (tests.total == 0) add_flag(summary, flag::no_tests);
  summary.tests = std::move(tests);
  return std::nullopt;
}

Problem take_coverage(const DeclaredCoverage& declared, Summary& summary) {
  if (declared.branches_valid.has_value() != declared.branches_covered.has_value()) {
    return "/coverage/branches_covered: branches_valid and branches_covered come together";
  }
  const std::int64_t branches = declared.branches_valid.value_or(0);
  const std::int64_t branches_covered = declared.branches_covered.value_or(0);
  if (auto problem = check_counts("/coverage", {{"lines_valid", declared.lines_valid},
                                                {"lines_covered", declared.lines_covered},
                                                {"branches_valid", branches},
                                                {"branches_covered", branches_covered},
                                                {"files", declared.files.value_or(0)}})) {
    return problem;
  }
  if (declared.lines_covered > declared.lines_valid) {
    return "/coverage/lines_covered: more than lines_valid";
  }
  if (branches_covered > branches) return "/coverage/branches_covered: more than branches_valid";
  Coverage coverage;
  coverage.lines_valid = declared.lines_valid;
  coverage.lines_covered = declared.lines_covered;
  coverage.line_bp = basis_points(declared.lines_covered, declared.lines_valid);
  coverage.branches_valid = declared.branches_valid;
  coverage.branches_covered = declared.branches_covered;
  if (declared.branches_valid) coverage.branch_bp = basis_points(branches_covered, branches);
  coverage.files = declared.files.value_or(0);
  if (coverage.lines_valid == 0) add_flag(summary, flag::no_lines);
  summary.coverage = coverage;
  return std::nullopt;
}

Problem check_finding(const DeclaredFinding& finding, std::size_t index) {
  const std::string path = "/findings/" + std::to_string(index);
  if (!severity_of_word(Vocabulary::generic, finding.severity)) {
    return path + "/severity: expected one of: " + describe::enum_choices<Severity>();
  }
  const std::int64_t score = finding.score_x10.value_or(0);
  if (score < 0 || score > 100) return path + "/score_x10: expected 0 to 100";
  const std::int64_t line =
      finding.location && finding.location->line ? *finding.location->line : 0;
  if (line < 0 || line > count_max) return path + "/location/line: no line number";
  return std::nullopt;
}

Component clean(const Component& component) {
  return {clean_text(component.name, name_bytes_max),
          optional_text(component.version, name_bytes_max),
          optional_text(component.purl, path_bytes_max)};
}

void add_finding(const DeclaredFinding& declared, std::string_view tool, FindingList& findings) {
  Finding finding;
  finding.rule_id = clean_text(declared.rule_id, name_bytes_max);
  finding.title = clean_text(declared.title, title_bytes_max);
  finding.raw_severity = clean_text(declared.severity, name_bytes_max);
  finding.severity =
      severity_of_word(Vocabulary::generic, declared.severity).value_or(Severity::unknown);
  finding.status = declared.status.value_or(FindingStatus::open);
  finding.score_x10 = declared.score_x10;
  if (declared.location) {
    finding.location =
        Location{clean_text(declared.location->path, path_bytes_max), declared.location->line,
                 optional_text(declared.location->url, path_bytes_max)};
  }
  if (declared.component) finding.component = clean(*declared.component);
  for (const std::string& id : declared.ids) {
    if (finding.ids.size() < finding_ids_max) finding.ids.push_back(clean_text(id, name_bytes_max));
  }
  Identity identity;
  identity.add("declared").add(tool).add(finding.rule_id);
  if (declared.fingerprint) {
    identity.add("full").add(*declared.fingerprint);
  } else {
    identity.add(finding.location ? std::string_view(finding.location->path) : "");
    identity.add(without_places(finding.title));
    if (finding.component) identity.add(finding.component->purl.value_or(finding.component->name));
  }
  findings.add(std::move(finding), identity);
}

Problem take_findings(const std::vector<DeclaredFinding>& declared, std::string_view tool,
                      Summary& summary) {
  FindingList findings;
  const auto severity = [](const DeclaredFinding& finding) {
    return severity_of_word(Vocabulary::generic, finding.severity).value_or(Severity::unknown);
  };
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (auto problem = check_finding(declared[i], i)) return problem;
    findings.count(severity(declared[i]), declared[i].status.value_or(FindingStatus::open));
  }
  for (const DeclaredFinding& finding : declared) {
    if (findings.take(severity(finding), finding.status.value_or(FindingStatus::open))) {
      add_finding(finding, tool, findings);
    }
  }
  summary.findings = findings.finish();
  return std::nullopt;
}

/// Flat and of integers, strings and truth values, so that a rule can compare them exactly.
Problem take_values(const json::object& declared, Summary& summary) {
  if (declared.size() > declared_values_max) return Unreadable("/values: more than 1000 values");
  json::object values;
  for (const auto& entry : declared) {
    const std::string_view name(entry.key().data(), entry.key().size());
    const std::string path = "/values/" + clean_text(name, name_bytes_max);
    if (name.size() > name_bytes_max || clean_text(name, name_bytes_max) != name) {
      return path + ": no usable name";
    }
    const json::value& value = entry.value();
    if (value.is_string()) {
      values.emplace(entry.key(), clean_text(view(value.get_string()), message_bytes_max));
    } else if (value.is_bool()) {
      values.emplace(entry.key(), value.get_bool());
    } else if (value.is_int64() && value.get_int64() >= -count_max &&
               value.get_int64() <= count_max) {
      values.emplace(entry.key(), value.get_int64());
    } else {
      return path + ": expected an integer of at most 2^53-1, a string or a truth value; write " +
             "fractions as integers of a smaller unit";
    }
  }
  summary.generic = std::move(values);
  return std::nullopt;
}

void take_head(const Declaration& declaration, Summary& summary) {
  summary.kind = declaration.kind;
  add_tool(summary, declaration.tool.name, declaration.tool.version);
  add_flag(summary, flag::declared);
  if (declaration.status == DeclaredStatus::failed_to_run) {
    summary.status = ReportStatus::failed_to_run;
    summary.reason =
        optional_text(declaration.reason, reason_bytes_max).value_or("declared as failed to run");
  }
  if (declaration.started_at) summary.started_at = InstantUs{*declaration.started_at};
  if (declaration.finished_at) summary.finished_at = InstantUs{*declaration.finished_at};
  if (declaration.source) {
    summary.source = Source{optional_text(declaration.source->repository, path_bytes_max),
                            optional_text(declaration.source->revision, name_bytes_max),
                            optional_text(declaration.source->branch, name_bytes_max)};
  }
}

Unreadable text_of(const JsonIssues& issues) {
  Unreadable text;
  for (const JsonIssue& issue : issues | std::views::take(issues_shown_max)) {
    if (!text.empty()) text += "; ";
    text += issue.text();
  }
  return text;
}

}  // namespace

Reading read_generic(std::string_view text) {
  std::string room;
  const auto declaration = from_json_text<Declaration>(
      as_utf8(text, room), {.depth_max = 32, .bytes_max = declared_bytes_max});
  if (!declaration) return std::unexpected(text_of(declaration.error()));
  Summary summary;
  take_head(*declaration, summary);
  Problem problem;
  if (declaration->values) problem = take_values(*declaration->values, summary);
  if (!problem && declaration->tests) problem = take_tests(*declaration->tests, summary);
  if (!problem && declaration->coverage) problem = take_coverage(*declaration->coverage, summary);
  if (!problem && declaration->findings) {
    problem = take_findings(*declaration->findings, declaration->tool.name, summary);
  }
  if (problem) return std::unexpected(std::move(*problem));
  return summary;
}

}  // namespace holdpoint::evidence
