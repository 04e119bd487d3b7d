// See gate_facts.hpp.
#include "deployments/gate_facts.hpp"

#include "base/schema_document.hpp"

namespace holdpoint::deployments {

json::value gate_facts_schema() {
  return facts_document<GatePolicyFacts>("https://holdpoint.dev/schemas/facts/gate_policy.json",
                                         "Facts that a document of kind GatePolicy judges");
}

std::map<policy::Kind, json::value> facts_schemas() {
  auto schemas = policy::own_facts_schemas();
  schemas.emplace(policy::Kind::certification_criteria, certification::facts_schema());
  schemas.emplace(policy::Kind::gate_policy, gate_facts_schema());
  return schemas;
}

}  // namespace holdpoint::deployments
