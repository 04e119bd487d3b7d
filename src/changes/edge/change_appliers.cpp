// What is declared in advance comes into force by `apply`: templates, ways for emergencies, and the
// scale of risks.
#include "changes/edge/changes_edge.hpp"
#include "identity/edge/role_queries.hpp"

namespace holdpoint::changes {
namespace {

using engine::edge::Applier;
using engine::edge::ApplyChange;
using engine::edge::ApplyDocument;

/// Names of records and roles that stand for nothing: a document that is misspelt declares nothing,
/// and nobody would notice.
class Named {
 public:
  explicit Named(engine::Unit& unit) : unit_(unit) {}

  template <class Records>
  void records(const std::string& thing, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (Records::find(unit_.tables(), unit_.workspace(), names[i])) continue;
      add("/spec/" + thing + "s/" + std::to_string(i), thing, names[i]);
    }
  }
  void roles(const std::string& member, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (identity::is_known_role(unit_.tables(), unit_.workspace(), names[i])) continue;
      add("/spec/" + member + "/" + std::to_string(i), "role", names[i]);
    }
  }
  std::optional<Refusal> refusal() {
    if (issues_.empty()) return std::nullopt;
    Refusal refusal{RefusalKind::invalid, "names_nothing",
                    "The document names something that does not exist."};
    refusal.issues = std::move(issues_);
    return refusal;
  }

 private:
  void add(std::string path, const std::string& thing, const std::string& name) {
    issues_.push_back({std::move(path),
                       "there is no " + thing + " " + name + "; put its document before this one",
                       0});
  }

  engine::Unit& unit_;
  JsonIssues issues_;
};

Applier templates_applier() {
  return engine::edge::one_by_one(
      "ChangeTemplate", "changes.govern",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto pattern = read_template(document.parsed->value);
        if (!pattern) return std::unexpected(std::move(pattern).error());
        Named named(unit);
        named.records<catalog::Applications>("application", pattern->applications);
        named.records<catalog::Environments>("environment", pattern->environments);
        if (auto refusal = named.refusal()) return refuse(std::move(*refusal));
        const auto risk = assess(scale_in_force(unit.tables(), unit.workspace()), pattern->risk);
        if (!risk) {
          Refusal refusal{RefusalKind::invalid, "invalid_document",
                          "The document is not as expected."};
          for (const JsonIssue& issue : risk.error()) {
            refusal.issues.push_back({"/spec" + issue.path, issue.message, 0});
          }
          return refuse(std::move(refusal));
        }
        return engine::edge::apply_record<ChangeTemplates>(
            unit, "ChangeTemplate", std::move(*pattern), record_state_of(document.parsed->value));
      });
}

Applier paths_applier() {
  return engine::edge::one_by_one(
      "EmergencyPath", "changes.govern",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto path = read_path(document.parsed->value);
        if (!path) return std::unexpected(std::move(path).error());
        Named named(unit);
        named.records<catalog::Applications>("application", path->applications);
        named.records<catalog::Environments>("environment", path->environments);
        named.roles("declarers", path->declarers);
        named.roles("endorsers", path->endorsers);
        if (auto refusal = named.refusal()) return refuse(std::move(*refusal));
        return engine::edge::apply_record<EmergencyPaths>(unit, "EmergencyPath", std::move(*path),
                                                          record_state_of(document.parsed->value));
      });
}

Applier tables_applier() {
  return engine::edge::one_by_one(
      "RiskTable", "changes.govern",
      [](engine::Unit& unit, const ApplyDocument& document) -> Decided<ApplyChange> {
        auto table = read_risk_table(document.parsed->value);
        if (!table) return std::unexpected(std::move(table).error());
        const auto stated = record_state_of(document.parsed->value);
        for (const auto& other :
             RiskTables::list(unit.tables(), unit.workspace(), "", 2, {{"state", "active"}})) {
          if (other.record.name == table->name || stated == RecordState::retired) continue;
          return refuse(RefusalKind::conflict, "risk_table_in_force",
                        "The table " + other.record.name +
                            " is in force, and there is one at a time; retire it first.");
        }
        return engine::edge::apply_record<RiskTables>(unit, "RiskTable", std::move(*table), stated);
      });
}

}  // namespace

std::vector<Applier> appliers() { return {tables_applier(), templates_applier(), paths_applier()}; }

}  // namespace holdpoint::changes
