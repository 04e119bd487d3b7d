// The facts that a GatePolicy judges: what is to be deployed where, how it stands with its
// certification, the record of the team, and the change request that governs it. The schema is
// published with those of all kinds.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "certification/certification.hpp"
#include "changes/changes.hpp"
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

struct GateWindow {
  InstantUs from;
  InstantUs until;
};
HP_DESCRIBE(GateWindow, from, until)

/// The change request that governs the release there; its approval and its window are asked beside
/// the policies. Where none is open it is there without any member, so that a policy can ask
/// has(change.type); one that reads a member without asking closes the gate.
struct GateChange {
  std::optional<std::string> id;
  std::optional<policy::ChangeType> type;
  std::optional<policy::RiskClass> risk;
  std::optional<changes::State> state;
  std::optional<GateWindow> window;
  std::optional<bool> emergency;
  /// Nobody looked back in time at an earlier emergency of its applications.
  std::optional<bool> overdue_review;
};
HP_DESCRIBE(GateChange, id, type, risk, state, window, emergency, overdue_review)

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
  GateChange change;
};
HP_DESCRIBE(GatePolicyFacts, v, now, application, release, environment, certification, artifacts,
            artifact, flags, record, change)

json::value gate_facts_schema();

/// JSON Schemas of the facts of every kind of policy there is.
std::map<policy::Kind, json::value> facts_schemas();

}  // namespace holdpoint::deployments
