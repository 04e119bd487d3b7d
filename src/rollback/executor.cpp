// See executor.hpp.
#include "rollback/executor.hpp"

#include <algorithm>
#include <set>

#include "base/record_document.hpp"

namespace holdpoint::rollback {
namespace {

constexpr std::size_t kTitleBytesMax = 200;
constexpr std::size_t kListMax = 200;

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

struct ExecutorSpec {
  std::optional<std::string> title;
  std::vector<std::string> environments;
  std::optional<std::vector<std::string>> applications;
  std::string webhook;
  std::optional<RecordState> state;
};
HP_DESCRIBE(ExecutorSpec, title, environments, applications, webhook, state)

struct ExecutorDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  ExecutorSpec spec;
};
HP_DESCRIBE(ExecutorDocument, apiVersion, kind, metadata, spec)

std::unexpected<Refusal> invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refuse(std::move(refusal));
}

void check_names(const std::vector<std::string>& names, const std::string& path,
                 JsonIssues& issues) {
  if (names.size() > kListMax) issues.push_back({path, "more than 200 elements", 0});
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string at = path + "/" + std::to_string(i);
    if (!is_record_name(names[i])) issues.push_back({at, "not the name of a record", 0});
    if (!seen.insert(names[i]).second) issues.push_back({at, "stands twice", 0});
  }
}

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

}  // namespace

Decided<RollbackExecutor> read_executor(const json::value& document) {
  auto read = from_json<ExecutorDocument>(document);
  if (!read) return invalid(std::move(read).error());
  ExecutorSpec& spec = read->spec;
  JsonIssues issues;
  if (!is_record_name(read->metadata.name)) {
    issues.push_back(
        {"/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
  }
  if (spec.title && spec.title->size() > kTitleBytesMax) {
    issues.push_back({"/spec/title", "longer than 200 bytes", 0});
  }
  if (spec.environments.empty()) {
    issues.push_back({"/spec/environments", "at least one environment", 0});
  }
  check_names(spec.environments, "/spec/environments", issues);
  if (spec.applications) check_names(*spec.applications, "/spec/applications", issues);
  if (!is_record_name(spec.webhook)) {
    issues.push_back({"/spec/webhook", "not the name of a webhook endpoint", 0});
  }
  if (!issues.empty()) return invalid(std::move(issues));
  RollbackExecutor executor;
  executor.name = read->metadata.name;
  executor.title = spec.title.value_or(executor.name);
  executor.environments = std::move(spec.environments);
  executor.applications = std::move(spec.applications).value_or(std::vector<std::string>{});
  executor.webhook = std::move(spec.webhook);
  return executor;
}

const RollbackExecutor* executor_for(const std::vector<RollbackExecutor>& active,
                                     std::string_view application, std::string_view environment) {
  const RollbackExecutor* for_all = nullptr;
  for (const RollbackExecutor& one : active) {
    if (one.state != RecordState::active || !names(one.environments, environment)) continue;
    if (names(one.applications, application)) return &one;
    if (one.applications.empty() && for_all == nullptr) for_all = &one;
  }
  return for_all;
}

}  // namespace holdpoint::rollback
