// See kind_facts.hpp.
#include "policy/kind_facts.hpp"

#include <span>

#include "base/schema_document.hpp"
#include "policy/document.hpp"

namespace holdpoint::policy {
namespace {

/// Approvals have no bound of their own: there are as many as there are people who may give one.
std::span<const LengthBound> bounds() {
  static const std::vector<LengthBound> all = [] {
    std::vector<LengthBound> own = {
        bound(&ActivationFacts::proposer, id_bytes_max),
        bound(&ActivationApproval::person, id_bytes_max),
        bound(&ActivationFacts::changes, activation_changes_max),
        bound(&ActivationChange::kind, CriteriaDocument::name_length_max),
        bound(&ActivationChange::name, CriteriaDocument::name_length_max),
        bound(&ActivationChange::mode_before, CriteriaDocument::name_length_max),
        bound(&ActivationChange::mode_after, CriteriaDocument::name_length_max),
        bound(&HealthFacts::checks, health_items_max),
        bound(&HealthFacts::alerts, health_items_max),
        bound(&HealthCheckFacts::name, health_text_bytes_max),
        bound(&HealthCheckFacts::source, health_text_bytes_max),
        bound(&AlertFacts::name, health_text_bytes_max),
    };
    const auto shared = subject_bounds();
    own.insert(own.end(), shared.begin(), shared.end());
    return own;
  }();
  return all;
}

template <class Facts>
void add(std::map<Kind, json::value>& all, Kind kind) {
  const KindRow& row = row_of(kind);
  all.emplace(kind,
              facts_document<Facts>(
                  "https://holdpoint.dev/schemas/facts/" + std::string(row.schema) + ".json",
                  "Facts that a document of kind " + std::string(row.name) + " judges", bounds()));
}

}  // namespace

std::map<Kind, json::value> own_facts_schemas() {
  std::map<Kind, json::value> all;
  add<ApprovalFacts>(all, Kind::approval_policy);
  add<SlaFacts>(all, Kind::sla_policy);
  add<RollbackFacts>(all, Kind::rollback_policy);
  add<AutomationFacts>(all, Kind::automation_policy);
  add<AgentFacts>(all, Kind::agent_policy);
  add<RetentionFacts>(all, Kind::retention_policy);
  add<ActivationFacts>(all, Kind::policy_activation);
  return all;
}

}  // namespace holdpoint::policy
