// Reading frameworks from documents, the program's own among them, and whom they are about.
#include <algorithm>
#include <map>
#include <set>

#include "base/record_document.hpp"
#include "base/yaml.hpp"
#include "compliance/compliance.hpp"
#include "compliance/frameworks_file.hpp"

namespace holdpoint::compliance {
namespace {

constexpr std::size_t kListMax = 200;

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

struct Spec {
  std::optional<std::string> title;
  Source source{};
  std::optional<std::string> edition;
  std::optional<Applies> applies;
  std::vector<Control> controls;
  std::optional<RecordState> state;
};
HP_DESCRIBE(Spec, title, source, edition, applies, controls, state)

struct Document {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  Spec spec;
};
HP_DESCRIBE(Document, apiVersion, kind, metadata, spec)

void check_text(const std::string& text, std::size_t bytes_max, const std::string& path,
                JsonIssues& issues) {
  if (text.empty() || text.size() > bytes_max) {
    issues.push_back({path, "expected 1 to " + std::to_string(bytes_max) + " bytes", 0});
  }
}

void check_need(const Need& need, const std::string& path, JsonIssues& issues) {
  if (need.within_days && (*need.within_days < 1 || *need.within_days > within_days_max)) {
    issues.push_back({path + "/within_days", "expected 1 to 3660", 0});
  }
  if (!need.kinds.empty() && need.proof != Proof::scans) {
    issues.push_back({path + "/kinds", "only scans are of kinds", 0});
  }
  const bool names_criteria = need.criteria && !need.criteria->empty();
  if (names_criteria != (need.proof == Proof::criteria)) {
    issues.push_back({path + "/criteria",
                      "the proof criteria needs the name of a document, and no other has one", 0});
  }
}

void check_control(const Control& control, const std::string& path, JsonIssues& issues) {
  check_text(control.id, control_id_bytes_max, path + "/id", issues);
  check_text(control.title, title_bytes_max, path + "/title", issues);
  if (control.needs.empty() || control.needs.size() > needs_max) {
    issues.push_back({path + "/needs", "expected 1 to 15 proofs", 0});
    return;
  }
  if (control.also.size() > also_max) issues.push_back({path + "/also", "more than 20 ids", 0});
  std::set<std::pair<Proof, std::string>> seen;
  for (std::size_t i = 0; i < control.needs.size(); ++i) {
    const Need& need = control.needs[i];
    const std::string at = path + "/needs/" + std::to_string(i);
    check_need(need, at, issues);
    if (!seen.emplace(need.proof, need.criteria.value_or("")).second) {
      issues.push_back({at, "stands twice", 0});
    }
  }
}

void check_controls(const std::vector<Control>& controls, JsonIssues& issues) {
  if (controls.size() > controls_max) {
    issues.push_back({"/spec/controls", "more than 150 controls", 0});
    return;
  }
  std::set<std::string> ids;
  for (std::size_t i = 0; i < controls.size(); ++i) {
    const std::string path = "/spec/controls/" + std::to_string(i);
    check_control(controls[i], path, issues);
    if (!ids.insert(controls[i].id).second) issues.push_back({path + "/id", "stands twice", 0});
  }
}

void check_applies(const Applies& applies, JsonIssues& issues) {
  const bool narrows = !applies.data_classes.empty() || !applies.criticality.empty() ||
                       !applies.applications.empty() || !applies.owners.empty();
  if (applies.every.value_or(false) && narrows) {
    issues.push_back({"/spec/applies/every", "every application, or those of the lists", 0});
  }
  for (const auto& [name, list] :
       {std::pair{"applications", &applies.applications}, std::pair{"owners", &applies.owners}}) {
    const std::string path = std::string("/spec/applies/") + name;
    if (list->size() > kListMax) issues.push_back({path, "more than 200 elements", 0});
    for (const std::string& one : *list) check_text(one, title_bytes_max, path, issues);
  }
}

template <class T>
bool holds(const std::vector<T>& list, const T& value) {
  return std::ranges::find(list, value) != list.end();
}

std::vector<Framework> read_catalogue() {
  const auto documents = parse_yaml(frameworks_file);
  HP_ASSERT(documents.has_value(), "CO-1: the catalogue of the program is YAML");
  std::vector<Framework> all;
  for (const YamlDocument& document : *documents) {
    auto framework = read_framework(document.value);
    HP_ASSERT(framework.has_value(), "CO-2: every framework of the program can be read");
    all.push_back(std::move(*framework));
  }
  std::ranges::sort(all, {}, &Framework::name);
  return all;
}

}  // namespace

Decided<Framework> read_framework(const json::value& document) {
  auto read = from_json<Document>(document);
  JsonIssues issues;
  if (!read) {
    issues = std::move(read).error();
  } else {
    if (!is_record_name(read->metadata.name)) {
      issues.push_back(
          {"/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
    }
    if (read->spec.title) check_text(*read->spec.title, title_bytes_max, "/spec/title", issues);
    if (read->spec.edition) {
      check_text(*read->spec.edition, title_bytes_max, "/spec/edition", issues);
    }
    check_controls(read->spec.controls, issues);
    if (read->spec.applies) check_applies(*read->spec.applies, issues);
  }
  if (!issues.empty()) {
    Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
    refusal.issues = std::move(issues);
    return refuse(std::move(refusal));
  }
  Framework framework;
  framework.name = read->metadata.name;
  framework.title = read->spec.title.value_or(framework.name);
  framework.source = read->spec.source;
  framework.edition = std::move(read->spec.edition);
  framework.applies = std::move(read->spec.applies).value_or(Applies{});
  framework.controls = std::move(read->spec.controls);
  return framework;
}

const std::vector<Framework>& catalogue() {
  static const std::vector<Framework> all = read_catalogue();
  return all;
}

const Framework* find_in_catalogue(std::string_view name) {
  const auto found = std::ranges::find(catalogue(), name, &Framework::name);
  return found == catalogue().end() ? nullptr : &*found;
}

std::vector<Framework> frameworks_of(const std::vector<Framework>& records) {
  std::map<std::string, Framework> all;
  for (const Framework& one : catalogue()) all.emplace(one.name, one);
  for (const Framework& record : records) {
    if (record.state == RecordState::retired) {
      all.erase(record.name);
      continue;
    }
    Framework taken = record;
    if (taken.controls.empty()) {
      if (const Framework* known = find_in_catalogue(record.name)) taken.controls = known->controls;
    }
    all.insert_or_assign(taken.name, std::move(taken));
  }
  std::vector<Framework> sorted;
  for (auto& [name, framework] : all) sorted.push_back(std::move(framework));
  return sorted;
}

bool is_in_force(const Framework& framework) {
  const Applies& applies = framework.applies;
  return applies.every.value_or(false) || !applies.data_classes.empty() ||
         !applies.criticality.empty() || !applies.applications.empty() || !applies.owners.empty();
}

bool applies_to(const Framework& framework, const catalog::Application& application) {
  const Applies& applies = framework.applies;
  if (applies.every.value_or(false)) return true;
  if (!is_in_force(framework)) return false;
  const bool has_class = std::ranges::any_of(
      application.data_classes, [&](auto one) { return holds(applies.data_classes, one); });
  const bool has_owner = std::ranges::any_of(
      application.owners, [&](const auto& one) { return holds(applies.owners, one); });
  return (applies.data_classes.empty() || has_class) && (applies.owners.empty() || has_owner) &&
         (applies.criticality.empty() || holds(applies.criticality, application.criticality)) &&
         (applies.applications.empty() || holds(applies.applications, application.name));
}

const Control* find_control(const Framework& framework, std::string_view id) {
  for (const Control& control : framework.controls) {
    if (control.id == id || holds(control.also, std::string(id))) return &control;
  }
  return nullptr;
}

}  // namespace holdpoint::compliance
