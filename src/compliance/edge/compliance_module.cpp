// The tables of compliance and how they are folded, and the documents that people write.
#include "compliance/edge/compliance_edge.hpp"
#include "compliance/edge/framework_queries.hpp"
#include "compliance/edge/record_index_queries.hpp"
#include "compliance/edge/verification_queries.hpp"

namespace holdpoint::compliance {
namespace {

using engine::edge::Applier;
using engine::edge::ApplyChange;
using engine::edge::ApplyDocument;

/// Names that exist nowhere would narrow a framework to nothing, and nobody would notice.
JsonIssues unknown_names(engine::Unit& unit, const Framework& framework) {
  JsonIssues issues;
  const auto& names = framework.applies.applications;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (catalog::Applications::find(unit.tables(), unit.workspace(), names[i])) continue;
    issues.push_back({"/spec/applies/applications/" + std::to_string(i),
                      "there is no application " + names[i] + "; put its document before this one",
                      0});
  }
  if (framework.controls.empty() && find_in_catalogue(framework.name) == nullptr) {
    issues.push_back({"/spec/controls",
                      "expected controls, since the catalogue has no framework of that name", 0});
  }
  return issues;
}

template <class Records>
std::optional<Refusal> too_many(engine::Unit& unit, const std::string& name, std::size_t max,
                                const std::string& things) {
  if (Records::find(unit.tables(), unit.workspace(), name)) return std::nullopt;
  if (Records::list(unit.tables(), unit.workspace(), "", max).size() < max) return std::nullopt;
  return Refusal{RefusalKind::exhausted, "too_many_" + things,
                 "The workspace holds as many of them as it may: " + std::to_string(max) + "."};
}

Applier frameworks_applier() {
  return engine::edge::one_by_one(
      "Framework", "compliance.write",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto framework = read_framework(document.parsed->value);
        if (!framework) return std::unexpected(std::move(framework).error());
        Refusal refusal{RefusalKind::invalid, "framework_of_nothing",
                        "The framework names something that does not exist."};
        refusal.issues = unknown_names(unit, *framework);
        if (!refusal.issues.empty()) return refuse(std::move(refusal));
        if (auto full = too_many<Frameworks>(unit, framework->name, frameworks_per_workspace_max,
                                             "frameworks")) {
          return refuse(std::move(*full));
        }
        return engine::edge::apply_record<Frameworks>(unit, "Framework", std::move(*framework),
                                                      record_state_of(document.parsed->value));
      });
}

Applier searches_applier() {
  return engine::edge::one_by_one(
      "SavedSearch", "compliance.write",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto search = read_saved_search(document.parsed->value);
        if (!search) return std::unexpected(std::move(search).error());
        if (auto full =
                too_many<SavedSearches>(unit, search->name, saved_searches_max, "saved_searches")) {
          return refuse(std::move(*full));
        }
        return engine::edge::apply_record<SavedSearches>(unit, "SavedSearch", std::move(*search),
                                                         record_state_of(document.parsed->value));
      });
}

}  // namespace

std::vector<engine::Module> modules() {
  engine::Module module{.name = "compliance"};
  module.tables.push_back(record_index_table());
  module.tables.push_back(verification_table());
  module.events.push_back(engine::event<LedgerVerified>(fold_verified));
  module.follow = fold_index;
  return {Frameworks::module(), SavedSearches::module(), std::move(module)};
}

std::vector<Applier> appliers() { return {frameworks_applier(), searches_applier()}; }

void record_verification(engine::Engine& engine, const ledger::Actor& actor,
                         const engine::AuditReport& report) {
  LedgerVerified verified{static_cast<std::int64_t>(report.entries),
                          static_cast<std::int64_t>(report.objects),
                          static_cast<std::int64_t>(report.findings.size())};
  engine::Command command{.workspace = std::string(engine::kSystemWorkspace),
                          .actor = actor,
                          .name = "compliance.record_verification",
                          .run = [verified](engine::Unit& unit) -> engine::Outcome {
                            unit.record({"server", "ledger"}, verified);
                            return engine::Answer{200, "{}"};
                          }};
  static_cast<void>(engine.execute(std::move(command)));
}

}  // namespace holdpoint::compliance
