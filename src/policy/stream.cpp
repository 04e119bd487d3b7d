// See stream.hpp.
#include "policy/stream.hpp"

#include "base/yaml.hpp"
#include "base/yaml_stream.hpp"

namespace holdpoint::policy {
namespace {

constexpr YamlLimits stream_limits{.bytes_max = 4U << 20};

std::string kind_of(const json::value& document) {
  const auto* object = document.if_object();
  const auto* kind = object == nullptr ? nullptr : object->if_contains("kind");
  return kind != nullptr && kind->is_string() ? std::string(view(kind->get_string())) : "";
}

/// The parts that hold a document; a part of comments holds none.
std::vector<YamlPart> written_parts(std::string_view stream) {
  std::vector<YamlPart> parts;
  for (const YamlPart& part : split_yaml(stream)) {
    const auto documents = parse_yaml(part.text, stream_limits);
    if (documents && documents->size() == 1) parts.push_back(part);
  }
  return parts;
}

}  // namespace

std::expected<std::vector<WrittenDocument>, PolicyIssue> documents_of(std::string_view stream) {
  const auto parsed = parse_yaml(stream, stream_limits);
  if (!parsed) {
    const YamlIssue& issue = parsed.error();
    return std::unexpected(PolicyIssue{issue.path, issue.line, issue.column, issue.message});
  }
  const auto parts = written_parts(stream);
  std::vector<WrittenDocument> documents;
  for (std::size_t i = 0; i < parsed->size(); ++i) {
    const json::value& value = (*parsed)[i].value;
    WrittenDocument document{i, 1, kind_of(value), {}};
    if (parts.size() == parsed->size()) {
      document.first_line = parts[i].first_line;
      document.text = parts[i].text;
    } else {
      document.text = json::serialize(value);
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

std::optional<Kind> policy_kind(const WrittenDocument& document) {
  return kind_named(document.kind);
}

std::expected<CompiledCriteria, std::vector<PolicyIssue>> compile_written(
    const WrittenDocument& document, const FactsSchemas& schemas, OwnTests tests) {
  auto compiled = compile_policy(document.text, schemas, tests);
  if (compiled) return compiled;
  std::vector<PolicyIssue> issues = std::move(compiled).error();
  for (PolicyIssue& issue : issues) issue.line += document.first_line - 1;
  return std::unexpected(std::move(issues));
}

}  // namespace holdpoint::policy
