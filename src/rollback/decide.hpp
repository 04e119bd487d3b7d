// Deciding about rollbacks: what is proposed and to which version, who may confirm, decline and
// clear it, and what a rule may do by itself.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "rollback/rollback.hpp"

namespace holdpoint::rollback {

/// What is to be taken back.
struct Subject {
  std::string deployment;
  std::string application;
  std::string environment;
  std::string release;
  std::string version;
  std::optional<std::string> certification;
};

/// A release that ran there, one of each, the newest first.
struct Candidate {
  Target target;
  bool is_certified = false;    // its certification stands now
  bool was_taken_back = false;  // there, since it was deployed
};

/// A rule in force.
struct Rule {
  std::string name;
  Digest digest;
  policy::RollbackPart terms;
  std::vector<std::string> confirmers;  // ids of the people that its terms mean now
};

/// Where one can go back to by the rule; nullptr when nowhere.
const Target* target_of(policy::RollbackTarget kind, std::span<const Candidate> candidates);

/// What is known when something is proposed.
struct Proposing {
  RollbackId id;
  Instant now;
  Subject subject;
  std::vector<Candidate> candidates;
  std::optional<Rule> rule;
  std::optional<std::string> executor;  // name of the one that is declared for the place
  /// That the same rule decided by itself in the place within the last day.
  std::int64_t automatic_today = 0;
};

/// What a rule saw.
struct Seen {
  policy::Triggering triggering;
  std::vector<Measured> values;
  std::vector<std::string> alerts;
  std::vector<std::string> incidents;
  /// Why the policy's own rules do not let it decide by itself; "" when they do.
  std::string not_let;
};

/// What a rule proposes; held where it would decide by itself and may not.
RollbackProposed by_rule(const Seen& seen, const Proposing& facts);

/// Whether the rule may go on without a person.
bool is_decided(const RollbackProposed& event);

/// Of the rule, at once.
RollbackConfirmed confirmed_by_rule(const RollbackProposed& event, Instant now);

/// Of decisions for the same deployment: whether there is nothing to propose, since one is under
/// way, took effect, or was declined for the same a while ago.
bool is_answered(std::span<const Decision> earlier, const policy::Triggering& triggering,
                 std::string_view policy, Instant now);

/// By hand. Without a version it is the one that the rule of the place allows.
struct ProposeRollback {
  std::string deployment;
  std::string reason;
  std::optional<std::string> version;
};
HP_DESCRIBE(ProposeRollback, deployment, reason, version)

struct DrillRollback {
  std::string deployment;
  std::string policy;
  std::string reason;
  std::optional<std::string> version;
};
HP_DESCRIBE(DrillRollback, deployment, policy, reason, version)

struct ConfirmRollback {
  std::optional<std::string> version;  // where none was found, or another of those that ran there
  std::optional<std::string> reason;
};
HP_DESCRIBE(ConfirmRollback, version, reason)

struct DeclineRollback {
  std::string reason;
};
HP_DESCRIBE(DeclineRollback, reason)

struct ReportExecution {
  Outcome outcome{};
  std::optional<std::string> reason;
  std::optional<std::vector<std::string>> follow_ups;
};
HP_DESCRIBE(ReportExecution, outcome, reason, follow_ups)

struct ClearRollback {
  std::string reason;
  std::optional<bool> unmeasured;
  std::optional<std::vector<std::string>> follow_ups;
};
HP_DESCRIBE(ClearRollback, reason, unmeasured, follow_ups)

/// One that is under way for the deployment keeps another from being proposed.
Decided<RollbackProposed> propose(const ProposeRollback& command, const Proposing& facts,
                                  std::span<const Decision> earlier);

/// The rule is the one that is tried; the place MUST not be production.
Decided<RollbackProposed> drill(const DrillRollback& command, const Proposing& facts,
                                catalog::EnvironmentKind kind, std::span<const Decision> earlier);

/// Who acts, as the ledger names it.
struct Actor {
  std::string kind;
  std::string id;
};

struct Confirming {
  Actor actor;
  Instant now;
  std::vector<std::string> behind_proposer;  // people who answer for who proposed it by hand
  std::vector<Candidate> candidates;
};
Decided<RollbackConfirmed> confirm(const Decision& decision, const ConfirmRollback& command,
                                   const Confirming& facts);
/// Who proposed it by hand may decline it too.
Decided<RollbackDeclined> decline(const Decision& decision, const DeclineRollback& command,
                                  const Actor& actor);
Decided<RollbackExecuted> executed(const Decision& decision, const ReportExecution& command);

struct Clearing {
  Actor actor;
  std::vector<std::string> deployers;  // people behind the deployment that was taken back
  std::vector<Measured> values;        // since the reversion
  std::vector<std::string> firing;     // names of alerts
};
Decided<RollbackCleared> clear(const Decision& decision, const ClearRollback& command,
                               const Clearing& facts);

/// nullopt while it is not late, or was told already.
std::optional<RollbackOverdue> overdue(const Decision& decision, Instant now,
                                       std::vector<std::string> people);

/// Whether what was measured lets a watch end; the refusal says what speaks against it.
std::optional<Refusal> why_not_clear(std::span<const Measured> values,
                                     std::span<const std::string> firing, bool unmeasured);

Refusal rollback_not_found(std::string_view id);
Refusal rollback_under_way(const Decision& decision);
Refusal rollback_ended(const Decision& decision);
Refusal not_awaited(const Decision& decision, std::string_view act);
Refusal not_a_person(std::string_view act);
Refusal not_a_confirmer(const Decision& decision);
Refusal own_proposal(const Decision& decision);
Refusal own_deployment();
Refusal deployer_unknown();
Refusal no_target(const Subject& subject);
Refusal target_not_possible(std::string_view version, std::span<const Candidate> candidates);
Refusal attempts_exhausted(const Decision& decision);
Refusal nothing_to_take_back(std::string_view deployment, std::string_view state);
Refusal not_the_newest(std::string_view deployment, std::string_view newest);
Refusal rule_not_found(std::string_view name);
Refusal drill_in_production(std::string_view environment);
Refusal not_healthy(JsonIssues issues);
Refusal health_unknown();
Refusal invalid_rollback(JsonIssues issues);

}  // namespace holdpoint::rollback
