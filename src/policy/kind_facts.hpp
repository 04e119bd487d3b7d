// The facts of the kinds that policy itself knows: the activation of policies, which is acted on,
// and those kinds that are checked and kept. Integers only; what may be absent is unknown where a
// rule asks for it. Certification and the gate publish their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/cel/schema.hpp"
#include "policy/kinds.hpp"
#include "policy/subject_facts.hpp"

namespace holdpoint::policy {

enum class Change : std::uint8_t { created, changed, removed };
HP_DESCRIBE_ENUM(Change, created, changed, removed)

struct ActivationApproval {
  std::string person;
  InstantUs at;
};
HP_DESCRIBE(ActivationApproval, person, at)

/// A mode is "" where there is no document: before it was made, after it was removed.
struct ActivationChange {
  std::string kind;
  std::string name;
  Change change{};
  std::string mode_before;
  std::string mode_after;
};
HP_DESCRIBE(ActivationChange, kind, name, change, mode_before, mode_after)

/// Whoever stands behind a program that proposes is not known, so the person who wrote the change
/// may be among those who approve it.
enum class ProposerKind : std::uint8_t { person, service_account };
HP_DESCRIBE_ENUM(ProposerKind, person, service_account)

/// Documents of all kinds; a first apply of them all is one entry of the ledger.
inline constexpr std::size_t policies_per_workspace_max = 150;
/// A change replaces at most every policy of a workspace, and removes as many.
inline constexpr std::size_t activation_changes_max = 2 * policies_per_workspace_max;

struct ActivationFacts {
  std::int64_t v = 1;
  InstantUs now;
  std::string proposer;
  ProposerKind proposer_kind{};
  std::vector<ActivationApproval> approvals;  // never the proposer's
  std::vector<ActivationChange> changes;
};
HP_DESCRIBE(ActivationFacts, v, now, proposer, proposer_kind, approvals, changes)

/// Standard changes follow a template that was approved in advance; emergencies go a way that was
/// declared in advance.
enum class ChangeType : std::uint8_t { standard, normal, emergency };
HP_DESCRIBE_ENUM(ChangeType, standard, normal, emergency)

enum class RiskClass : std::uint8_t { low, medium, high };
HP_DESCRIBE_ENUM(RiskClass, low, medium, high)

/// The change request that is judged, or that a promotion stands under.
struct ChangeSubject {
  ChangeType type{};
  RiskClass risk{};
  std::int64_t risk_score = 0;  // by the table that is kept with the change
  std::int64_t places = 0;      // applications times environments that it touches
  bool endorsed = false;        // an emergency, by somebody senior
};
HP_DESCRIBE(ChangeSubject, type, risk, risk_score, places, endorsed)

struct RequestSubject {
  std::string kind;  // promotion, change, freeze_override
  std::string id;
  std::string author;
  bool by_agent = false;  // an AI agent wrote a part of it
};
HP_DESCRIBE(RequestSubject, kind, id, author, by_agent)

struct ApprovalFacts {
  std::int64_t v = 1;
  InstantUs now;
  RequestSubject subject;
  ApplicationSubject application;
  std::optional<EnvironmentSubject> environment;
  RegulatedFlags flags;
  std::optional<TeamRecord> record;
  std::optional<bool> emergency;
  std::optional<bool> certified;              // of a release: its certification stands
  std::map<std::string, std::string> fields;  // what the request states: backout_plan
  std::optional<ChangeSubject> change;
};
HP_DESCRIBE(ApprovalFacts, v, now, subject, application, environment, flags, record, emergency,
            certified, fields, change)

struct SlaFacts {
  std::int64_t v = 1;
  InstantUs now;
  RequestSubject subject;
  InstantUs started_at;
  std::int64_t paused_us = 0;
  std::optional<ApplicationSubject> application;
};
HP_DESCRIBE(SlaFacts, v, now, subject, started_at, paused_us, application)

struct DeploymentSubject {
  std::string version;
  InstantUs started_at;
  std::string state;  // running, succeeded, failed
};
HP_DESCRIBE(DeploymentSubject, version, started_at, state)

/// Values, and alerts, of one deployment that are known at a time.
inline constexpr std::size_t health_items_max = 50;
inline constexpr std::size_t health_text_bytes_max = 200;

/// The last that was reported under this name from that source.
struct HealthCheckFacts {
  std::string name;
  std::string source;
  bool healthy = false;
  std::optional<std::int64_t> value;
  std::optional<std::int64_t> limit;
};
HP_DESCRIBE(HealthCheckFacts, name, source, healthy, value, limit)

/// One that fires, and began after the deployment did.
struct AlertFacts {
  std::string name;
  std::map<std::string, std::string> labels;
  InstantUs since;
};
HP_DESCRIBE(AlertFacts, name, labels, since)

/// The named values are those of the checks of these names; absent, and so unknown, where none was
/// reported. Incidents count that were declared since the deployment began.
struct HealthFacts {
  std::optional<std::int64_t> error_rate_bp;
  std::optional<std::int64_t> latency_p95_ms;
  std::optional<std::int64_t> incidents_open;
  std::vector<HealthCheckFacts> checks;
  std::vector<AlertFacts> alerts;
};
HP_DESCRIBE(HealthFacts, error_rate_bp, latency_p95_ms, incidents_open, checks, alerts)

struct RollbackFacts {
  std::int64_t v = 1;
  InstantUs now;
  ApplicationSubject application;
  EnvironmentSubject environment;
  DeploymentSubject deployment;
  HealthFacts health;
};
HP_DESCRIBE(RollbackFacts, v, now, application, environment, deployment, health)

struct EventSubject {
  std::string type;
  std::string subject_kind;
  std::string subject_id;
  std::string actor_kind;  // person, service_account, agent, automation, system
  std::int64_t depth = 0;
  InstantUs at;
};
HP_DESCRIBE(EventSubject, type, subject_kind, subject_id, actor_kind, depth, at)

struct AutomationFacts {
  std::int64_t v = 1;
  InstantUs now;
  EventSubject event;
  std::optional<ApplicationSubject> application;
};
HP_DESCRIBE(AutomationFacts, v, now, event, application)

struct AgentSubject {
  std::string id;
  std::string owner;
};
HP_DESCRIBE(AgentSubject, id, owner)

struct MutationSubject {
  std::string name;
  std::string subject_kind;
  std::string subject_id;
};
HP_DESCRIBE(MutationSubject, name, subject_kind, subject_id)

struct AgentFacts {
  std::int64_t v = 1;
  InstantUs now;
  AgentSubject agent;
  MutationSubject mutation;
  std::optional<ApplicationSubject> application;
  std::optional<EnvironmentSubject> environment;
};
HP_DESCRIBE(AgentFacts, v, now, agent, mutation, application, environment)

struct RecordSubject {
  std::string type;
  InstantUs at;
  bool legal_hold = false;
};
HP_DESCRIBE(RecordSubject, type, at, legal_hold)

struct RetentionFacts {
  std::int64_t v = 1;
  InstantUs now;
  RecordSubject record;
  std::optional<ApplicationSubject> application;
};
HP_DESCRIBE(RetentionFacts, v, now, record, application)

/// JSON Schemas of the facts of the kinds above.
std::map<Kind, json::value> own_facts_schemas();

/// The schema of the facts of every kind. Main adds those that other capabilities publish.
using FactsSchemas = std::map<Kind, cel::Schema>;

}  // namespace holdpoint::policy
