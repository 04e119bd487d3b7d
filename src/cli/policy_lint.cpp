// holdpoint policy lint: everything that is wrong in policies, and what is probably not meant,
// without a server.
#include <algorithm>
#include <memory>
#include <ostream>
#include <tuple>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/policy_files.hpp"
#include "cli/words.hpp"
#include "policy/warnings.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool strict = false;
};

std::vector<FileIssue> warnings_of(const LocalPolicy& one, const policy::FactsSchemas& schemas,
                                   Instant now) {
  std::vector<policy::TestOutcome> outcomes;
  for (std::size_t i = 0; i < one.criteria.document().tests.size(); ++i) {
    outcomes.push_back(policy::run_test(one.criteria, i, schemas.at(one.kind())));
  }
  std::vector<FileIssue> out;
  for (policy::PolicyIssue& issue : policy::warnings_of(one.criteria, outcomes, now)) {
    issue.line += one.source.document.first_line - 1;
    out.push_back({one.source.file, Severity::warning, std::move(issue)});
  }
  return out;
}

std::int64_t count_of(const std::vector<FileIssue>& issues, Severity severity) {
  return std::ranges::count(issues, severity, &FileIssue::severity);
}

void print_as_json(const std::vector<FileIssue>& issues, std::size_t policies, Session& session) {
  json::array rows;
  for (const FileIssue& one : issues) {
    rows.push_back({{"file", one.file},
                    {"line", one.issue.line},
                    {"column", one.issue.column},
                    {"severity", one.severity == Severity::error ? "error" : "warning"},
                    {"path", one.issue.path},
                    {"message", one.issue.message}});
  }
  const json::object all{{"policies", policies},
                         {"errors", count_of(issues, Severity::error)},
                         {"warnings", count_of(issues, Severity::warning)},
                         {"issues", std::move(rows)}};
  session.out() << json::serialize(all) << '\n';
}

void print(const std::vector<FileIssue>& issues, const PolicySources& sources, Session& session) {
  for (const FileIssue& issue : issues) {
    const bool is_error = issue.severity == Severity::error;
    session.out() << session.paint(issue.text(), is_error ? Tone::bad : Tone::attention) << '\n';
  }
  if (sources.others > 0) {
    session.note(counted(static_cast<std::int64_t>(sources.others), "document") +
                 " of other kinds not looked at.");
  }
  session.note(counted(static_cast<std::int64_t>(sources.policies.size()), "policy document") +
               ": " + counted(count_of(issues, Severity::error), "error") + ", " +
               counted(count_of(issues, Severity::warning), "warning") + ".");
}

Exit lint(const Options& options, Session& session) {
  const auto schemas = facts_schemas(session);
  if (!schemas) return session.fail(schemas.error());
  const auto sources = read_policies(options.files, session);
  if (!sources) return session.fail(sources.error());
  const LocalPolicies local = compile_policies(*sources, *schemas, policy::OwnTests::run);
  std::vector<FileIssue> issues = local.issues;
  for (const LocalPolicy& one : local.policies) {
    for (FileIssue& warning : warnings_of(one, *schemas, session.world().now()))
      issues.push_back(std::move(warning));
  }
  std::ranges::sort(issues, [](const FileIssue& a, const FileIssue& b) {
    return std::tie(a.file, a.issue.line, a.issue.column, a.issue.message) <
           std::tie(b.file, b.issue.line, b.issue.column, b.issue.message);
  });
  if (session.format() == Format::json) {
    print_as_json(issues, sources->policies.size(), session);
  } else {
    print(issues, *sources, session);
  }
  const bool is_clean = options.strict ? issues.empty() : count_of(issues, Severity::error) == 0;
  return is_clean ? Exit::yes : Exit::no;
}

}  // namespace

Command policy_lint_command() {
  const auto o = std::make_shared<Options>();
  return {
      "policy lint",
      "Check policies in files, without a server",
      {policy_files_parameter(o->files), {"--strict", "", "Warnings count as errors", &o->strict}},
      [o](Session& session) { return lint(*o, session); }};
}

}  // namespace holdpoint::cli
