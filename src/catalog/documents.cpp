// Reading applications and environments from the documents people write.
#include <set>

#include "base/record_document.hpp"
#include "catalog/catalog.hpp"
#include "catalog/document_checks.hpp"

namespace holdpoint::catalog {
namespace {

constexpr std::int64_t kPositionMax = 1'000'000;

struct ApplicationSpec {
  std::optional<std::string> title;
  std::vector<std::string> owners;
  Criticality criticality{};
  std::vector<DataClass> data_classes;
  std::vector<std::string> repositories;
  std::vector<std::string> environments;
  std::optional<RecordState> state;
};
HP_DESCRIBE(ApplicationSpec, title, owners, criticality, data_classes, repositories, environments,
            state)

struct ApplicationDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  ApplicationSpec spec;
};
HP_DESCRIBE(ApplicationDocument, apiVersion, kind, metadata, spec)

struct EnvironmentSpec {
  std::optional<std::string> title;
  std::int64_t order = 0;
  EnvironmentKind kind{};
  std::optional<bool> requires_certification;
  std::optional<bool> requires_change;
  std::optional<RecordState> state;
};
HP_DESCRIBE(EnvironmentSpec, title, order, kind, requires_certification, requires_change, state)

struct EnvironmentDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  EnvironmentSpec spec;
};
HP_DESCRIBE(EnvironmentDocument, apiVersion, kind, metadata, spec)

void check_data_classes(const std::vector<DataClass>& classes, JsonIssues& issues) {
  std::set<DataClass> seen;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (seen.insert(classes[i]).second) continue;
    issues.push_back({"/spec/data_classes/" + std::to_string(i), "stands twice", 0});
  }
}

}  // namespace

bool is_name(std::string_view text) { return is_record_name(text); }

std::optional<RecordState> stated_state(const json::value& document) {
  return record_state_of(document);
}

Decided<Application> read_application(const json::value& document) {
  auto read = from_json<ApplicationDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  JsonIssues issues;
  check_name(read->metadata.name, issues);
  check_title(read->spec.title, issues);
  check_list(read->spec.owners, "/spec/owners", issues);
  if (read->spec.owners.empty()) issues.push_back({"/spec/owners", "at least one owner", 0});
  check_data_classes(read->spec.data_classes, issues);
  check_list(read->spec.repositories, "/spec/repositories", issues);
  check_list(read->spec.environments, "/spec/environments", issues);
  for (std::size_t i = 0; i < read->spec.owners.size(); ++i) {
    check_handle(read->spec.owners[i], "/spec/owners/" + std::to_string(i), issues);
  }
  if (!issues.empty()) return refuse(invalid(std::move(issues)));
  Application application;
  application.name = read->metadata.name;
  application.title = read->spec.title.value_or(read->metadata.name);
  application.owners = std::move(read->spec.owners);
  application.criticality = read->spec.criticality;
  application.data_classes = std::move(read->spec.data_classes);
  application.repositories = std::move(read->spec.repositories);
  application.environments = std::move(read->spec.environments);
  return application;
}

Decided<Environment> read_environment(const json::value& document) {
  auto read = from_json<EnvironmentDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  JsonIssues issues;
  check_name(read->metadata.name, issues);
  check_title(read->spec.title, issues);
  if (read->spec.order < 0 || read->spec.order > kPositionMax) {
    issues.push_back({"/spec/order", "expected 0 to 1000000", 0});
  }
  if (!issues.empty()) return refuse(invalid(std::move(issues)));
  Environment environment;
  environment.name = read->metadata.name;
  environment.title = read->spec.title.value_or(read->metadata.name);
  environment.position = read->spec.order;
  environment.environment_kind = read->spec.kind;
  environment.requires_certification = read->spec.requires_certification.value_or(true);
  environment.requires_change = read->spec.requires_change;
  return environment;
}

}  // namespace holdpoint::catalog
