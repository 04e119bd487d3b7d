// The facts that a GatePolicy judges: what is to be deployed where, how it stands with its
// certification, and the record of the team. The schema is published with those of all kinds.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "certification/certification.hpp"
#include "policy/policy.hpp"

namespace holdpoint::deployments {

struct GateRelease {
  std::string id;
  std::string version;
};
HP_DESCRIBE(GateRelease, id, version)

/// How the release stands with its certification when the gate is asked.
struct GateCertification {
  std::string id;
  certification::State state{};
  InstantUs at;
  bool evidence_current = false;  // nothing was added or replaced since
  bool criteria_current = false;
  std::int64_t waivers = 0;  // that it rests on
};
HP_DESCRIBE(GateCertification, id, state, at, evidence_current, criteria_current, waivers)

struct GatePolicyFacts {
  std::int64_t v = 1;
  InstantUs now;
  certification::ApplicationFacts application;
  GateRelease release;
  policy::EnvironmentSubject environment;
  std::optional<GateCertification> certification;  // absent when the release was never judged
  std::vector<certification::ArtifactFacts> artifacts;
  std::optional<Digest> artifact;  // the one that is asked for
  policy::RegulatedFlags flags;
  std::optional<policy::TeamRecord> record;
};
HP_DESCRIBE(GatePolicyFacts, v, now, application, release, environment, certification, artifacts,
            artifact, flags, record)

json::value gate_facts_schema();

/// JSON Schemas of the facts of every kind of policy there is.
std::map<policy::Kind, json::value> facts_schemas();

}  // namespace holdpoint::deployments
