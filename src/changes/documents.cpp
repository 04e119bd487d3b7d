// See documents.hpp.
#include "changes/documents.hpp"

#include <algorithm>
#include <set>

#include "base/record_document.hpp"

namespace holdpoint::changes {
namespace {

using Names = std::vector<std::string>;

constexpr std::size_t names_max = 200;

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

struct TemplateSpec {
  std::optional<std::string> title;
  std::string owner;
  Names applications;
  Names environments;
  std::optional<std::string> description;
  std::string backout_plan;
  std::string customer_impact;
  std::map<std::string, std::string> risk;
  std::string window_max;
  std::vector<Varying> varies;
  std::optional<RecordState> state;
};
HP_DESCRIBE(TemplateSpec, title, owner, applications, environments, description, backout_plan,
            customer_impact, risk, window_max, varies, state)

struct TemplateDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  TemplateSpec spec;
};
HP_DESCRIBE(TemplateDocument, apiVersion, kind, metadata, spec)

struct LimitSpec {
  std::int64_t count = 0;
  std::string within;
};
HP_DESCRIBE(LimitSpec, count, within)

struct PathSpec {
  std::optional<std::string> title;
  std::string owner;
  Names applications;
  Names environments;
  Names categories;
  Names declarers;
  Names endorsers;
  std::optional<LimitSpec> limit;
  std::optional<RecordState> state;
};
HP_DESCRIBE(PathSpec, title, owner, applications, environments, categories, declarers, endorsers,
            limit, state)

struct PathDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  PathSpec spec;
};
HP_DESCRIBE(PathDocument, apiVersion, kind, metadata, spec)

struct TableSpec {
  std::optional<std::string> title;
  std::string owner;
  std::vector<RiskQuestion> questions;
  std::int64_t medium_from = 0;
  std::int64_t high_from = 0;
  std::optional<RecordState> state;
};
HP_DESCRIBE(TableSpec, title, owner, questions, medium_from, high_from, state)

struct TableDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  TableSpec spec;
};
HP_DESCRIBE(TableDocument, apiVersion, kind, metadata, spec)

Refusal invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

class Checks {
 public:
  void head(const std::string& name, const std::optional<std::string>& title,
            const std::string& owner) {
    if (!is_record_name(name)) {
      issue("/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside");
    }
    if (title) text("/spec/title", *title, title_bytes_max);
    text("/spec/owner", owner, title_bytes_max);
    if (owner.contains('@')) {
      issue("/spec/owner", "a mail address is personal; name a team or a handle");
    }
  }
  void text(const std::string& path, const std::string& value, std::size_t bytes_max) {
    if (value.empty() || value.size() > bytes_max) {
      issue(path, "expected 1 to " + std::to_string(bytes_max) + " bytes");
    }
  }
  void names(const std::string& path, const Names& list, std::size_t least, std::size_t most) {
    if (list.size() < least) issue(path, "at least " + std::to_string(least));
    if (list.size() > most) issue(path, "more than " + std::to_string(most));
    std::set<std::string> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string at = path + "/" + std::to_string(i);
      if (!is_record_name(list[i])) issue(at, "expected a name of a-z, 0-9, and - . _ inside");
      if (!seen.insert(list[i]).second) issue(at, "stands twice");
    }
  }
  void issue(std::string path, std::string message) {
    issues.push_back({std::move(path), std::move(message), 0});
  }
  JsonIssues issues;
};

bool holds(const Names& list, std::string_view one) {
  return list.empty() || std::ranges::find(list, one) != list.end();
}

EmergencyLimit read_limit(const LimitSpec& spec, Checks& checks) {
  if (spec.count < 1 || spec.count > limit_count_max) {
    checks.issue("/spec/limit/count", "expected 1 to " + std::to_string(limit_count_max));
  }
  const auto within = parse_duration(spec.within);
  if (!within || *within < limit_within_min || *within > limit_within_max) {
    checks.issue("/spec/limit/within", "expected a duration from 1h to 90d, such as 7d");
    return {};
  }
  return {spec.count, within->us};
}

Names sorted(Names names) {
  std::ranges::sort(names);
  return names;
}

}  // namespace

Decided<ChangeTemplate> read_template(const json::value& document) {
  auto read = from_json<TemplateDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  TemplateSpec& spec = read->spec;
  Checks checks;
  checks.head(read->metadata.name, spec.title, spec.owner);
  checks.names("/spec/applications", spec.applications, 1, applications_max);
  checks.names("/spec/environments", spec.environments, 1, environments_max);
  checks.text("/spec/backout_plan", spec.backout_plan, text_bytes_max);
  checks.text("/spec/customer_impact", spec.customer_impact, text_bytes_max);
  if (spec.description) checks.text("/spec/description", *spec.description, text_bytes_max);
  const auto longest = parse_duration(spec.window_max);
  if (!longest || *longest == Duration{} || *longest > window_max) {
    checks.issue("/spec/window_max", "expected a duration of at most 31d, such as 2h");
  }
  if (spec.risk.size() > questions_max) checks.issue("/spec/risk", "more than 20 answers");
  if (!checks.issues.empty()) return refuse(invalid(std::move(checks.issues)));
  ChangeTemplate out;
  out.name = read->metadata.name;
  out.title = spec.title.value_or(out.name);
  out.owner = std::move(spec.owner);
  out.applications = sorted(std::move(spec.applications));
  out.environments = sorted(std::move(spec.environments));
  out.description = spec.description.value_or("");
  out.backout_plan = std::move(spec.backout_plan);
  out.customer_impact = std::move(spec.customer_impact);
  out.risk = std::move(spec.risk);
  out.window_max_us = longest->us;
  out.varies = std::move(spec.varies);
  return out;
}

Decided<EmergencyPath> read_path(const json::value& document) {
  auto read = from_json<PathDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  PathSpec& spec = read->spec;
  Checks checks;
  checks.head(read->metadata.name, spec.title, spec.owner);
  checks.names("/spec/applications", spec.applications, 0, names_max);
  checks.names("/spec/environments", spec.environments, 0, names_max);
  checks.names("/spec/categories", spec.categories, 1, names_max);
  checks.names("/spec/declarers", spec.declarers, 1, names_max);
  checks.names("/spec/endorsers", spec.endorsers, 1, names_max);
  EmergencyPath out;
  if (spec.limit) out.at_most = read_limit(*spec.limit, checks);
  if (!checks.issues.empty()) return refuse(invalid(std::move(checks.issues)));
  out.name = read->metadata.name;
  out.title = spec.title.value_or(out.name);
  out.owner = std::move(spec.owner);
  out.applications = sorted(std::move(spec.applications));
  out.environments = sorted(std::move(spec.environments));
  out.categories = sorted(std::move(spec.categories));
  out.declarers = sorted(std::move(spec.declarers));
  out.endorsers = sorted(std::move(spec.endorsers));
  return out;
}

Decided<RiskTable> read_risk_table(const json::value& document) {
  auto read = from_json<TableDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  TableSpec& spec = read->spec;
  Checks checks;
  checks.head(read->metadata.name, spec.title, spec.owner);
  RiskTable out;
  out.name = read->metadata.name;
  out.title = spec.title.value_or(out.name);
  out.owner = std::move(spec.owner);
  out.questions = std::move(spec.questions);
  out.medium_from = spec.medium_from;
  out.high_from = spec.high_from;
  for (const JsonIssue& issue : check_scale(scale_of(out, 1))) {
    checks.issue("/spec" + issue.path, issue.message);
  }
  if (!checks.issues.empty()) return refuse(invalid(std::move(checks.issues)));
  return out;
}

RiskScale scale_of(const RiskTable& table, std::int64_t revision) {
  return {table.name, revision, table.questions, table.medium_from, table.high_from};
}

bool is_for(const EmergencyPath& path, const std::vector<Place>& places,
            std::string_view category) {
  if (std::ranges::find(path.categories, category) == path.categories.end()) return false;
  return std::ranges::all_of(places, [&](const Place& place) {
    return holds(path.applications, place.application) &&
           holds(path.environments, place.environment);
  });
}

}  // namespace holdpoint::changes
