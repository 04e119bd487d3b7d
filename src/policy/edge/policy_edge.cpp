// See policy_edge.hpp.
#include "policy/edge/policy_edge.hpp"

#include "engine/columns.hpp"
#include "engine/edge/object_sink.hpp"

namespace holdpoint::policy {
namespace {

namespace edge = engine::edge;

Refusal invalid_criteria(const std::vector<PolicyIssue>& issues, int first_line) {
  Refusal refusal{RefusalKind::invalid, "invalid_criteria",
                  "The criteria cannot come into force as they are."};
  for (const PolicyIssue& issue : issues) {
    refusal.issues.push_back({issue.path,
                              std::to_string(issue.line + first_line - 1) + ":" +
                                  std::to_string(issue.column) + ": " + issue.message,
                              0});
  }
  return refusal;
}

Decided<edge::ApplyChange> apply_criteria(engine::Unit& unit, CriteriaLibrary& library,
                                          const edge::ApplyDocument& document) {
  std::string text(document.text);
  if (text.empty()) text = json::serialize(document.parsed->value);
  const auto compiled = compile_criteria(text, library.facts());
  if (!compiled) return refuse(invalid_criteria(compiled.error(), document.first_line));
  const CriteriaDocument& criteria = compiled->document();
  edge::ApplyChange change{"CertificationCriteria", criteria.name, edge::ApplyAction::created,
                           std::nullopt, criteria.digest.text()};
  const auto present = find_criteria(unit.tables(), unit.workspace(), criteria.name);
  if (present && present->digest == criteria.digest) {
    change.action = edge::ApplyAction::unchanged;
    return change;
  }
  if (present) change.action = edge::ApplyAction::changed;
  if (!present &&
      criteria_in_force(unit.tables(), unit.workspace()).size() >= criteria_per_workspace_max) {
    return refuse(RefusalKind::exhausted, "too_many_criteria",
                  "A workspace holds at most 100 documents of criteria; put more rules into one.");
  }
  const auto stored = unit.objects().put(text);
  if (!stored) throw engine::StoreFailed(engine::StoreFailure::outside, stored.error());
  unit.record({"criteria", criteria.name},
              CriteriaApplied{criteria.name, criteria.owner, std::string(mode_name(criteria.mode)),
                              present ? present->revision + 1 : 1, criteria.digest,
                              ObjectRef{stored->digest}});
  return change;
}

}  // namespace

engine::Module module() {
  engine::Module module{.name = "policy"};
  module.tables.push_back({"criteria", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS criteria (workspace TEXT NOT NULL, " +
                               engine::columns::definitions<Criteria>() +
                               ", PRIMARY KEY (workspace, name));",
                           "workspace, name"});
  module.events.push_back(engine::event<CriteriaApplied>([](engine::Connection& tables,
                                                            const engine::Recorded& recorded,
                                                            const CriteriaApplied& applied) {
    static const std::string sql =
        "INSERT INTO criteria (workspace, " + engine::columns::names<Criteria>() + ") VALUES (" +
        engine::columns::placeholders(1 + engine::columns::count<Criteria>) +
        ") ON CONFLICT (workspace, name) DO UPDATE SET owner = excluded.owner,"
        " mode = excluded.mode, revision = excluded.revision, digest = excluded.digest,"
        " document = excluded.document, applied_at = excluded.applied_at,"
        " applied_by = excluded.applied_by";
    engine::columns::Bound bound;
    bound.add(recorded.workspace);
    bound.add_all(Criteria{applied.name, applied.owner, applied.mode, applied.revision,
                           applied.digest, applied.document.digest, recorded.at,
                           recorded.actor.id});
    tables.run(sql, bound.args(), {});
  }));
  return module;
}

edge::Applier applier(std::shared_ptr<CriteriaLibrary> library) {
  return {"CertificationCriteria", "policy.write",
          [library](engine::Unit& unit, const edge::ApplyDocument& document) {
            return apply_criteria(unit, *library, document);
          }};
}

std::vector<http::Route> routes(engine::Engine& engine) {
  http::Route list{.method = "GET",
                   .path = "/api/v1/{workspace}/criteria",
                   .permission = "policy.read",
                   .summary = "Criteria in force, by name",
                   .operation_id = "list_criteria",
                   .tag = "policy"};
  list.response = edge::page_schema_of<Criteria>();
  list.handler = [&engine](http::Request& request) {
    const auto tables = engine.read();
    auto items = criteria_in_force(*tables, edge::caller_of(request).workspace);
    const std::size_t all = items.size();
    return edge::page(std::move(items), all, [](const Criteria& item) { return item.name; });
  };
  http::Route get{.method = "GET",
                  .path = "/api/v1/{workspace}/criteria/{name}",
                  .permission = "policy.read",
                  .summary = "The document of criteria in force, as written",
                  .operation_id = "get_criteria",
                  .tag = "policy"};
  get.statuses = {200, 404};
  get.response_media = "application/yaml";
  get.handler = [&engine](http::Request& request) {
    const auto tables = engine.read();
    const auto name = request.parameter("name");
    const auto criteria = find_criteria(*tables, edge::caller_of(request).workspace, name);
    if (!criteria) {
      return edge::respond(Refusal{RefusalKind::not_found, "criteria_not_found",
                                   "There are no criteria named " + std::string(name) + "."});
    }
    return edge::object_response(engine.ports().objects, criteria->document, "application/yaml",
                                 criteria->name + ".yaml");
  };
  return {std::move(list), std::move(get)};
}

}  // namespace holdpoint::policy
