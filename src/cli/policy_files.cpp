// See policy_files.hpp.
#include "cli/policy_files.hpp"

#include <ostream>

#include "base/yaml.hpp"
#include "cli/declarations.hpp"
#include "cli/fields.hpp"

namespace holdpoint::cli {

std::string FileIssue::text() const {
  std::string out = file + ":" + std::to_string(issue.line) + ":" + std::to_string(issue.column) +
                    ": " + (severity == Severity::error ? "error: " : "warning: ");
  if (!issue.path.empty()) out += issue.path + ": ";
  return printable(out + issue.message);
}

Tried<PolicySources> policies_in(const std::vector<Declaration>& declarations) {
  PolicySources out;
  for (const Declaration& one : declarations) {
    auto documents = policy::documents_of(one.text);
    if (!documents) {
      out.issues.push_back({one.name, Severity::error, documents.error()});
      continue;
    }
    for (policy::WrittenDocument& document : *documents) {
      if (policy::policy_kind(document)) {
        out.policies.push_back({one.name, std::move(document)});
      } else {
        ++out.others;
      }
    }
  }
  if (out.policies.empty() && out.issues.empty()) {
    return wrong_use(out.others == 0 ? "The files hold no document."
                                     : "The files hold no policy, only other documents.",
                     declarations.empty() ? "" : declarations.front().name,
                     "Name files with documents of these kinds: " + policy::kind_choices() + ".");
  }
  return out;
}

Tried<PolicySources> read_policies(const std::vector<std::string>& files, Session& session) {
  HP_TRY(const auto declarations, read_declarations(files, session));
  return policies_in(declarations);
}

Tried<policy::FactsSchemas> facts_schemas(Session& session) {
  policy::FactsSchemas schemas;
  for (const auto& [kind, document] : session.world().facts_schemas()) {
    auto schema = policy::cel::Schema::from_json(document);
    if (!schema) return malformed("A schema of facts is unreadable: " + schema.error(), "");
    schemas.emplace(kind, std::move(*schema));
  }
  return schemas;
}

policy::PolicyIssue LocalPolicy::placed(const std::string& path, std::string message) const {
  policy::PolicyIssue issue{path, source.document.first_line, 1, std::move(message)};
  const auto parsed = parse_yaml(source.document.text);
  if (parsed && parsed->size() == 1) {
    const YamlPosition position = parsed->front().position(path);
    issue.line += position.line - 1;
    issue.column = position.column;
  }
  return issue;
}

LocalPolicies compile_policies(const PolicySources& sources, const policy::FactsSchemas& schemas,
                               policy::OwnTests tests) {
  LocalPolicies out;
  out.issues = sources.issues;
  for (const PolicySource& source : sources.policies) {
    auto compiled = policy::compile_written(source.document, schemas, tests);
    if (compiled) {
      out.policies.push_back({source, std::move(*compiled)});
      continue;
    }
    for (policy::PolicyIssue& issue : compiled.error()) {
      out.issues.push_back({source.file, Severity::error, std::move(issue)});
    }
  }
  return out;
}

std::expected<std::vector<LocalPolicy>, Exit> sound_policies(
    const std::vector<Declaration>& declarations, const policy::FactsSchemas& schemas,
    policy::OwnTests tests, Session& session) {
  const auto sources = policies_in(declarations);
  if (!sources) return std::unexpected(session.fail(sources.error()));
  LocalPolicies local = compile_policies(*sources, schemas, tests);
  if (local.issues.empty()) return std::move(local.policies);
  for (const FileIssue& issue : local.issues) session.err() << issue.text() << '\n';
  return std::unexpected(Exit::wrong_use);
}

std::expected<std::vector<LocalPolicy>, Exit> sound_policies(const std::vector<std::string>& files,
                                                             const policy::FactsSchemas& schemas,
                                                             policy::OwnTests tests,
                                                             Session& session) {
  const auto declarations = read_declarations(files, session);
  if (!declarations) return std::unexpected(session.fail(declarations.error()));
  return sound_policies(*declarations, schemas, tests, session);
}

Parameter policy_files_parameter(std::vector<std::string>& files) {
  return {"file",
          "FILE…",
          "Files or directories with policies, or - for standard input",
          &files,
          Presence::required,
          {},
          ValueKind::path};
}

}  // namespace holdpoint::cli
