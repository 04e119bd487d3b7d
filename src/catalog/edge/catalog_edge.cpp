// See catalog_edge.hpp.
#include "catalog/edge/catalog_edge.hpp"

#include "catalog/edge/configuration_edge.hpp"
#include "engine/edge/record_routes.hpp"

namespace holdpoint::catalog {

std::vector<engine::Module> modules() {
  return {Applications::module(), Environments::module(), configuration_module()};
}

std::vector<engine::edge::Applier> appliers() {
  using engine::edge::ApplyChange;
  using engine::edge::ApplyDocument;
  return {
      engine::edge::one_by_one(
          "Environment", "catalog.write",
          [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
            auto environment = read_environment(document.parsed->value);
            if (!environment) return std::unexpected(std::move(environment).error());
            return engine::edge::apply_record<Environments>(
                unit, "Environment", std::move(*environment), stated_state(document.parsed->value));
          }),
      engine::edge::one_by_one(
          "Application", "catalog.write",
          [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
            auto application = read_application(document.parsed->value);
            if (!application) return std::unexpected(std::move(application).error());
            for (std::size_t i = 0; i < application->environments.size(); ++i) {
              const std::string& name = application->environments[i];
              if (Environments::find(unit.tables(), unit.workspace(), name)) continue;
              Refusal refusal{RefusalKind::invalid, "environment_not_found",
                              "The application names an environment that does not exist."};
              refusal.issues.push_back(
                  {"/spec/environments/" + std::to_string(i),
                   "there is no environment " + name + "; put its document before this one", 0});
              return refuse(std::move(refusal));
            }
            return engine::edge::apply_record<Applications>(
                unit, "Application", std::move(*application), stated_state(document.parsed->value));
          }),
  };
}

std::vector<http::Route> routes(engine::Engine& engine) {
  auto rows = engine::edge::record_routes<Application>(
      engine, {"applications", "catalog.read", "catalog", {"criticality", "state"}});
  for (auto& row : engine::edge::record_routes<Environment>(
           engine, {"environments", "catalog.read", "catalog", {"environment_kind", "state"}})) {
    rows.push_back(std::move(row));
  }
  rows.push_back(engine::edge::retirement_route<Application>(engine, "applications",
                                                             "catalog.write", "catalog"));
  rows.push_back(engine::edge::retirement_route<Environment>(engine, "environments",
                                                             "catalog.write", "catalog"));
  for (auto& row : configuration_routes(engine)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace holdpoint::catalog
