// See gate_facts.hpp.
#include "deployments/gate_facts.hpp"

#include "base/schema_document.hpp"

namespace holdpoint::deployments {

json::value gate_facts_schema() {
  auto bounds = certification::facts_bounds();
  for (LengthBound& one : policy::subject_bounds()) bounds.push_back(std::move(one));
  bounds.push_back(bound(&GateRelease::id, policy::id_bytes_max));
  bounds.push_back(bound(&GateRelease::version, releases::version_bytes_max));
  bounds.push_back(bound(&GateCertification::id, policy::id_bytes_max));
  bounds.push_back(bound(&GateChange::id, policy::id_bytes_max));
  bounds.push_back(bound(&GatePolicyFacts::artifacts, releases::artifacts_max));
  bounds.push_back(bound(&GatePolicyFacts::artifact, policy::digest_bytes_max));
  return facts_document<GatePolicyFacts>("https://holdpoint.dev/schemas/facts/gate_policy.json",
                                         "Facts that a document of kind GatePolicy judges", bounds);
}

std::map<policy::Kind, json::value> facts_schemas() {
  auto schemas = policy::own_facts_schemas();
  schemas.emplace(policy::Kind::certification_criteria, certification::facts_schema());
  schemas.emplace(policy::Kind::gate_policy, gate_facts_schema());
  return schemas;
}

}  // namespace holdpoint::deployments
