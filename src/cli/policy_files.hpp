// Policies in files, compiled here with the very engine of the server, so that a document can be
// checked before anything is sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/declarations.hpp"
#include "cli/session.hpp"
#include "policy/stream.hpp"

namespace holdpoint::cli {

/// A document and the file it stands in; its lines are counted in that file.
struct PolicySource {
  std::string file;
  policy::WrittenDocument document;
};

enum class Severity : std::uint8_t { error, warning };

struct FileIssue {
  std::string file;
  Severity severity{};
  policy::PolicyIssue issue;

  /// "criteria.yaml:14:16: error: /spec/rules/1/require: expected bool, found int"
  [[nodiscard]] std::string text() const;
};

struct PolicySources {
  std::vector<PolicySource> policies;
  std::vector<FileIssue> issues;  // of files that are no YAML
  std::size_t others = 0;         // documents of kinds that are no policies
};

/// Wrong use when there is no policy in any of them.
Tried<PolicySources> policies_in(const std::vector<Declaration>& declarations);
/// The same of files; wrong use also when one cannot be read.
Tried<PolicySources> read_policies(const std::vector<std::string>& files, Session& session);

/// The schemas that policies are checked against.
Tried<policy::FactsSchemas> facts_schemas(Session& session);

/// A document that compiles, with where it came from.
struct LocalPolicy {
  PolicySource source;
  policy::CompiledCriteria criteria;

  [[nodiscard]] const std::string& name() const { return criteria.document().name; }
  [[nodiscard]] policy::Kind kind() const { return criteria.document().kind; }
  /// Where the value at the pointer stands in the file.
  [[nodiscard]] policy::PolicyIssue placed(const std::string& path, std::string message) const;
};

struct LocalPolicies {
  std::vector<LocalPolicy> policies;
  std::vector<FileIssue> issues;
};

LocalPolicies compile_policies(const PolicySources& sources, const policy::FactsSchemas& schemas,
                               policy::OwnTests tests);

/// Reads and compiles for a command that needs documents without an error: prints what is wrong
/// where and gives wrong use.
std::expected<std::vector<LocalPolicy>, Exit> sound_policies(const std::vector<std::string>& files,
                                                             const policy::FactsSchemas& schemas,
                                                             policy::OwnTests tests,
                                                             Session& session);

/// The same of what was read already.
std::expected<std::vector<LocalPolicy>, Exit> sound_policies(
    const std::vector<Declaration>& declarations, const policy::FactsSchemas& schemas,
    policy::OwnTests tests, Session& session);

/// The row of files that every command over local policies takes.
Parameter policy_files_parameter(std::vector<std::string>& files);

}  // namespace holdpoint::cli
