// Reading applications and environments from the documents people write.
#include <algorithm>
#include <set>

#include "catalog/catalog.hpp"

namespace holdpoint::catalog {
namespace {

constexpr std::int64_t kPositionMax = 1'000'000;

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

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
  std::optional<RecordState> state;
};
HP_DESCRIBE(EnvironmentSpec, title, order, kind, requires_certification, state)

struct EnvironmentDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  EnvironmentSpec spec;
};
HP_DESCRIBE(EnvironmentDocument, apiVersion, kind, metadata, spec)

Refusal invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

void check_name(const std::string& name, JsonIssues& issues) {
  if (!is_name(name)) {
    issues.push_back(
        {"/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
  }
}

void check_title(const std::optional<std::string>& title, JsonIssues& issues) {
  if (title && title->size() > text_bytes_max) {
    issues.push_back({"/spec/title", "longer than 200 bytes", 0});
  }
}

void check_list(const std::vector<std::string>& list, const std::string& path, JsonIssues& issues) {
  if (list.size() > list_items_max) issues.push_back({path, "more than 200 elements", 0});
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = path + "/" + std::to_string(i);
    if (list[i].empty() || list[i].size() > text_bytes_max) {
      issues.push_back({at, "expected 1 to 200 bytes", 0});
    }
    if (!seen.insert(list[i]).second) issues.push_back({at, "stands twice", 0});
  }
}

void check_data_classes(const std::vector<DataClass>& classes, JsonIssues& issues) {
  std::set<DataClass> seen;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (seen.insert(classes[i]).second) continue;
    issues.push_back({"/spec/data_classes/" + std::to_string(i), "stands twice", 0});
  }
}

}  // namespace

bool is_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto inner = [&](char c) { return plain(c) || c == '-' || c == '.' || c == '_'; };
  return !text.empty() && text.size() <= name_bytes_max && plain(text.front()) &&
         plain(text.back()) && std::ranges::all_of(text, inner);
}

std::optional<RecordState> stated_state(const json::value& document) {
  const auto* state = document.at("spec").as_object().if_contains("state");
  if (state == nullptr || !state->is_string()) return std::nullopt;
  return describe::enum_parse<RecordState>(view(state->get_string()));
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
    if (read->spec.owners[i].contains('@')) {
      issues.push_back({"/spec/owners/" + std::to_string(i),
                        "a mail address is personal; name a team or a handle", 0});
    }
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
  return environment;
}

}  // namespace holdpoint::catalog
