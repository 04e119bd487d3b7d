// See catalog_edge.hpp.
#include "catalog/edge/catalog_edge.hpp"

#include "catalog/edge/configuration_edge.hpp"
#include "catalog/edge/freeze_routes.hpp"
#include "engine/edge/record_routes.hpp"

namespace holdpoint::catalog {
namespace {

using engine::edge::Applier;
using engine::edge::ApplyChange;
using engine::edge::ApplyDocument;

/// Names of the document's list that have no record yet become issues.
template <class Records>
void check_named(engine::Unit& unit, const std::string& kind, const std::vector<std::string>& names,
                 JsonIssues& issues) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (Records::find(unit.tables(), unit.workspace(), names[i])) continue;
    issues.push_back({"/spec/" + kind + "s/" + std::to_string(i),
                      "there is no " + kind + " " + names[i] + "; put its document before this one",
                      0});
  }
}

Applier environments_applier() {
  return engine::edge::one_by_one(
      "Environment", "catalog.write",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto environment = read_environment(document.parsed->value);
        if (!environment) return std::unexpected(std::move(environment).error());
        return engine::edge::apply_record<Environments>(
            unit, "Environment", std::move(*environment), stated_state(document.parsed->value));
      });
}

Applier applications_applier() {
  return engine::edge::one_by_one(
      "Application", "catalog.write",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto application = read_application(document.parsed->value);
        if (!application) return std::unexpected(std::move(application).error());
        Refusal refusal{RefusalKind::invalid, "environment_not_found",
                        "The application names an environment that does not exist."};
        check_named<Environments>(unit, "environment", application->environments, refusal.issues);
        if (!refusal.issues.empty()) return refuse(std::move(refusal));
        return engine::edge::apply_record<Applications>(
            unit, "Application", std::move(*application), stated_state(document.parsed->value));
      });
}

Applier freezes_applier() {
  return engine::edge::one_by_one(
      "Freeze", "catalog.write",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto freeze = read_freeze(document.parsed->value);
        if (!freeze) return std::unexpected(std::move(freeze).error());
        // A name that is misspelt would freeze nothing, and nobody would notice.
        Refusal refusal{RefusalKind::invalid, "freeze_of_nothing",
                        "The freeze names an application or environment that does not exist."};
        check_named<Applications>(unit, "application", freeze->applications, refusal.issues);
        check_named<Environments>(unit, "environment", freeze->environments, refusal.issues);
        if (!refusal.issues.empty()) return refuse(std::move(refusal));
        return engine::edge::apply_record<Freezes>(unit, "Freeze", std::move(*freeze),
                                                   stated_state(document.parsed->value));
      });
}

Applier calendars_applier() {
  return engine::edge::one_by_one(
      "Calendar", "catalog.write",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto calendar = read_calendar(document.parsed->value);
        if (!calendar) return std::unexpected(std::move(calendar).error());
        return engine::edge::apply_record<Calendars>(unit, "Calendar", std::move(*calendar),
                                                     stated_state(document.parsed->value));
      });
}

/// The list, one by name, and its retirement.
template <class T>
void add_record_routes(engine::Engine& engine, const std::string& plural,
                       std::vector<std::string> filters, std::vector<http::Route>& rows) {
  for (auto& row : engine::edge::record_routes<T>(
           engine, {plural, "catalog.read", "catalog", std::move(filters)})) {
    rows.push_back(std::move(row));
  }
  rows.push_back(engine::edge::retirement_route<T>(engine, plural, "catalog.write", "catalog"));
}

}  // namespace

std::vector<engine::Module> modules() {
  return {Applications::module(), Environments::module(), Freezes::module(), Calendars::module(),
          configuration_module()};
}

std::vector<Applier> appliers() {
  return {environments_applier(), applications_applier(), freezes_applier(), calendars_applier()};
}

std::vector<http::Route> routes(engine::Engine& engine) {
  std::vector<http::Route> rows;
  add_record_routes<Application>(engine, "applications", {"criticality", "state"}, rows);
  add_record_routes<Environment>(engine, "environments", {"environment_kind", "state"}, rows);
  add_record_routes<Freeze>(engine, "freezes", {"state"}, rows);
  add_record_routes<Calendar>(engine, "calendars", {"state"}, rows);
  for (auto& row : freeze_routes(engine)) rows.push_back(std::move(row));
  for (auto& row : configuration_routes(engine)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace holdpoint::catalog
