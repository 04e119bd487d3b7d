// A stream of documents as a file or a request holds it: which of them are policies, and where in
// the stream each is wrong.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.hpp"

namespace holdpoint::policy {

struct WrittenDocument {
  std::size_t index = 0;  // in the stream, from 0
  int first_line = 1;     // of its text within the stream
  std::string kind;       // "" when it names none
  std::string text;       // of this document alone, as written
};

/// The issue is of a stream that is no YAML, with its line in the stream.
std::expected<std::vector<WrittenDocument>, PolicyIssue> documents_of(std::string_view stream);

/// The kind of policy it is; nullopt for what is no policy.
std::optional<Kind> policy_kind(const WrittenDocument& document);

/// compile_policy() with lines counted in the stream.
std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_written(
    const WrittenDocument& document, const FactsSchemas& schemas, OwnTests tests = OwnTests::run);

}  // namespace holdpoint::policy
