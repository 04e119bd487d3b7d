// Front header of deployments: the gate in front of an environment (F3, first form). It answers for
// an application, version, environment and artifact: open, closed with every reason and who can
// act, or unknown, which is treated as closed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "approvals/approvals.hpp"
#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/refusal.hpp"
#include "catalog/catalog.hpp"
#include "catalog/configuration.hpp"
#include "catalog/freezes.hpp"
#include "certification/certification.hpp"
#include "changes/changes.hpp"
#include "changes/freeze_overrides.hpp"
#include "deployments/gate_facts.hpp"
#include "incidents/incidents.hpp"
#include "releases/releases.hpp"

namespace holdpoint::deployments {

enum class Decision : std::uint8_t { open, closed, unknown };
HP_DESCRIBE_ENUM(Decision, open, closed, unknown)

enum class ReasonCode : std::uint8_t {
  release_not_found,
  environment_retired,
  application_retired,
  environment_not_of_application,
  artifact_not_in_release,
  not_certified,          // never judged
  certification_refused,  // judged and refused
  certification_revoked,
  evidence_changed,     // the certification judged another evidence set
  criteria_changed,     // … or other criteria
  application_changed,  // … or another criticality, other owners, data classes
  certification_unreadable,
  gate_policy_failed,  // a policy of the gate says no, or cannot tell
  gate_policy_unreadable,
  incident_open,          // a major one that affects the application in the environment
  configuration_changed,  // the environment's is not the one that was certified for
  frozen,                 // a freeze is in force
  approval_missing,       // a policy asks for one, and none stands
  approval_pending,       // it was asked for, and people have to decide
  approval_untold,        // whether one is needed cannot be told
  change_missing,         // nothing goes there without a change request, and none is open
  change_not_ready,       // the one that governs the release may not begin now
};
HP_DESCRIBE_ENUM(ReasonCode, release_not_found, environment_retired, application_retired,
                 environment_not_of_application, artifact_not_in_release, not_certified,
                 certification_refused, certification_revoked, evidence_changed, criteria_changed,
                 application_changed, certification_unreadable, gate_policy_failed,
                 gate_policy_unreadable, incident_open, configuration_changed, frozen,
                 approval_missing, approval_pending, approval_untold, change_missing,
                 change_not_ready)

struct Next {
  std::string actor;
  std::string action;
  std::string command;
  std::optional<Instant> due{};
  /// Of what mends a criterion: whether it was proved to make it pass. Absent for other steps.
  std::optional<bool> verified{};
};
HP_DESCRIBE(Next, actor, action, command, due, verified)

struct Reason {
  ReasonCode code{};
  std::string sentence;
  std::optional<std::string> criteria;   // name of the document
  std::optional<std::string> criterion;  // id of the rule
  std::optional<std::string> result;     // of the rule: fail, unknown, error
  std::optional<std::string> detail;     // have and need
  std::optional<Instant> unblocks_at;    // when time alone takes the reason away
  std::vector<Next> next;
};
HP_DESCRIBE(Reason, code, sentence, criteria, criterion, result, detail, unblocks_at, next)

struct GateQuestion {
  std::string application;
  std::string version;
  std::string environment;
  std::optional<Digest> artifact;  // absent: the release as a whole, whose artifacts are fixed
};

/// What the gate knows when it is asked; gathered at the edge from one committed snapshot.
struct GateFacts {
  catalog::Application application;
  Instant application_changed_at;
  catalog::Environment environment;
  bool release_exists = false;
  std::vector<releases::Artifact> artifacts;
  struct Standing {
    certification::State state{};
    std::string id;
    Instant at;
    Digest evidence_digest;
    Digest criteria_digest;
    std::optional<std::string> revoked_because;
    std::optional<certification::Verdict> verdict;  // absent: it could not be read
    std::int64_t waivers = 0;                       // that the certification rests on
  };
  std::optional<Standing> certification;
  bool certification_moves = false;  // its criteria depend on the time
  Digest evidence_digest;
  Digest criteria_digest;
  std::string release_id;
  Instant now;
  std::optional<policy::TeamRecord> record;
  /// The documents of kind GatePolicy in force; absent when one of them could not be read.
  std::optional<std::vector<policy::CompiledCriteria>> policies{std::in_place};
  std::vector<incidents::Incident> incidents;  // open ones of the workspace
  approvals::Standing approval;
  /// Of the environment's configuration since the certification was given.
  std::optional<catalog::ConfigurationDrift> drift;
  std::vector<catalog::Freeze> freezes;      // those that are not retired, in force now or not
  std::optional<changes::Governing> change;  // the open change request for the release there
  std::optional<changes::FreezeLift> lift;   // an approved override for the release there
};

struct GateVerdict {
  Decision decision = Decision::closed;
  /// The gate opens then although nobody does anything: time alone takes away every reason.
  std::optional<Instant> opens_at;
  std::vector<Reason> reasons;
  std::vector<certification::CriteriaView> policies;
  /// What a deployment uses up beside its approval.
  std::optional<std::string> change;
  std::optional<std::string> freeze_override;
};
HP_DESCRIBE(GateVerdict, decision, opens_at, reasons, policies, change, freeze_override)

GatePolicyFacts policy_facts(const GateQuestion& question, const GateFacts& facts);

/// Open only when nothing speaks against it; every reason is given at once.
GateVerdict decide_gate(const GateQuestion& question, const GateFacts& facts);

Refusal environment_not_found(std::string_view environment);

}  // namespace holdpoint::deployments
