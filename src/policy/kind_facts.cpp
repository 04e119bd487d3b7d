// See kind_facts.hpp.
#include "policy/kind_facts.hpp"

#include "base/schema_document.hpp"

namespace holdpoint::policy {
namespace {

template <class Facts>
void add(std::map<Kind, json::value>& all, Kind kind) {
  const KindRow& row = row_of(kind);
  all.emplace(kind, facts_document<Facts>(
                        "https://holdpoint.dev/schemas/facts/" + std::string(row.schema) + ".json",
                        "Facts that a document of kind " + std::string(row.name) + " judges"));
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
