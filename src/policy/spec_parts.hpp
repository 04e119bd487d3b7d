// What stands in the spec of one kind of policy only, beside the vocabulary that all share: routes
// of approval, goals of time, triggers and actions. Each part is described, so that its reading and
// its JSON Schema are one, and checked for demands that nobody could ever meet.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "policy/kinds.hpp"

namespace holdpoint::policy {

/// As what somebody signs: a change of high impact needs one signature of each (dual control, B6).
enum class Capacity : std::uint8_t { technical, business };
HP_DESCRIBE_ENUM(Capacity, technical, business)

/// So many different people, each of them of one of the roles or named.
struct Stage {
  std::string name;
  std::vector<std::string> roles;          // of permissions
  std::vector<std::string> approvalRoles;  // of people, teams and rotas
  std::vector<std::string> people;
  std::optional<std::int64_t> minimum;  // 1 when neither it nor a quorum is given
  std::optional<std::string> quorum;    // "majority", "all" or "60%"
  std::optional<Capacity> capacity;
};
HP_DESCRIBE(Stage, name, roles, approvalRoles, people, minimum, quorum, capacity)

enum class StageOrder : std::uint8_t { sequential, parallel };
HP_DESCRIBE_ENUM(StageOrder, sequential, parallel)

/// Stages one after another, or all at once; a person counts in one of them only.
struct Route {
  std::string name;
  std::optional<std::string> when;
  std::optional<StageOrder> order;  // sequential when it is not given
  std::vector<Stage> stages;
};
HP_DESCRIBE(Route, name, when, order, stages)

enum class Asked : std::uint8_t { required, optional };
HP_DESCRIBE_ENUM(Asked, required, optional)

/// Whom a request that waits is carried to: again to those who may sign, to others who may then
/// sign too, or to whoever answers for them. Nothing here decides.
enum class EscalationTo : std::uint8_t { reminder, backup, manager };
HP_DESCRIBE_ENUM(EscalationTo, reminder, backup, manager)

/// What happens when nobody has decided for so long. Backups and managers are added to those who
/// may sign the stages; how many have to sign stays the same.
struct EscalationLevel {
  std::string name;
  EscalationTo to{};
  std::string after;                                      // "24h", from the opening on
  std::map<std::string, std::string> afterByCriticality;  // of the application: {critical: 4h}
  std::optional<std::string> calendar;  // of working hours; without one all hours count
  std::vector<std::string> roles;
  std::vector<std::string> approvalRoles;
  std::vector<std::string> people;
  std::vector<std::string> stages;  // that they may sign; none named: all of the policy
  bool operator==(const EscalationLevel&) const = default;
};
HP_DESCRIBE(EscalationLevel, name, to, after, afterByCriticality, calendar, roles, approvalRoles,
            people, stages)

/// Who approves, and on which terms. Every route whose condition holds is walked, of every policy
/// that applies. A request that nobody decides in time expires; nothing approves by itself.
struct ApprovalPart {
  std::vector<Route> routes;
  std::optional<std::string> pendingTimeout;  // "72h": how long a request waits
  std::optional<std::string> validity;        // "7d": how long what was granted may be used
  std::optional<std::int64_t> rejections;     // so many end the request; 1 when not given
  std::optional<Asked> rationale;             // of each signature
  std::optional<Asked> password;              // entered again for each signature
  std::vector<std::string> requiredFields;    // that a request states: backout_plan
  std::vector<EscalationLevel> escalation;    // in this order
  /// How often what was granted may be used again after a use that failed; never when not given.
  std::optional<std::int64_t> retries;
  /// "7d": who created or changed the policy so shortly before a request does not sign it; none is
  /// kept from that when it is not given.
  std::optional<std::string> excludeEditors;
};
HP_DESCRIBE(ApprovalPart, routes, pendingTimeout, validity, rejections, rationale, password,
            requiredFields, escalation, retries, excludeEditors)

/// What "majority", "all" and "60%" say.
enum class QuorumForm : std::uint8_t { majority, all, percent };
struct StageQuorum {
  QuorumForm form{};
  std::int64_t percent = 0;
};
std::optional<StageQuorum> parse_quorum(std::string_view text);

struct Goal {
  std::string name;
  std::optional<std::string> when;
  std::string within;                // "24h"
  std::vector<std::int64_t> warnAt;  // percent of the time, 1 to 99, rising
};
HP_DESCRIBE(Goal, name, when, within, warnAt)

struct EscalationStep {
  std::int64_t at = 0;  // percent of the time; 100 is the breach
  std::vector<std::string> to;
};
HP_DESCRIBE(EscalationStep, at, to)

struct SlaPart {
  std::vector<Goal> goals;
  std::vector<EscalationStep> escalation;
};
HP_DESCRIBE(SlaPart, goals, escalation)

enum class RollbackTarget : std::uint8_t { last_certified, previous_deployment };
HP_DESCRIBE_ENUM(RollbackTarget, last_certified, previous_deployment)
enum class RollbackExecution : std::uint8_t { automatic, confirmed };
HP_DESCRIBE_ENUM(RollbackExecution, automatic, confirmed)

struct RollbackTrigger {
  std::string name;
  std::string when;
};
HP_DESCRIBE(RollbackTrigger, name, when)

struct RollbackPart {
  std::vector<RollbackTrigger> triggers;
  RollbackTarget target{};
  RollbackExecution execution{};
  std::vector<std::string> confirmedBy;  // roles or people
  std::string due;                       // "15m"
};
HP_DESCRIBE(RollbackPart, triggers, target, execution, confirmedBy, due)

/// An event of the ledger, or the passing of time.
struct AutomationTrigger {
  std::optional<std::string> event;
  std::optional<std::string> every;
};
HP_DESCRIBE(AutomationTrigger, event, every)

enum class AutomationActionType : std::uint8_t {
  notify,
  assign,
  escalate,
  require_approval,
  open_item,
  call_webhook,
  block,
};
HP_DESCRIBE_ENUM(AutomationActionType, notify, assign, escalate, require_approval, open_item,
                 call_webhook, block)

struct AutomationAction {
  AutomationActionType type{};
  std::vector<std::string> to;
  std::optional<std::string> text;
  std::optional<std::string> url;
};
HP_DESCRIBE(AutomationAction, type, to, text, url)

struct AutomationPart {
  AutomationTrigger trigger;
  std::optional<std::string> when;
  std::vector<AutomationAction> actions;
  std::optional<std::int64_t> loopDepth;  // how long a chain of automations may get
};
HP_DESCRIBE(AutomationPart, trigger, when, actions, loopDepth)

enum class MutationDecision : std::uint8_t { forbidden, needs_approval, allowed };
HP_DESCRIBE_ENUM(MutationDecision, forbidden, needs_approval, allowed)

/// What no rule names is forbidden; there is no key that says otherwise.
struct MutationRule {
  std::string mutation;
  MutationDecision decision{};
  std::optional<std::string> when;
};
HP_DESCRIBE(MutationRule, mutation, decision, when)

struct AgentPart {
  std::vector<MutationRule> mutations;
};
HP_DESCRIBE(AgentPart, mutations)

struct RetentionRule {
  std::vector<std::string> recordTypes;
  std::string framework;
  std::int64_t years = 0;
  std::optional<bool> legalHold;
};
HP_DESCRIBE(RetentionRule, recordTypes, framework, years, legalHold)

struct RetentionPart {
  std::vector<RetentionRule> retain;
};
HP_DESCRIBE(RetentionPart, retain)

/// An expression of a part that selects something: a route, a goal, a trigger.
struct ConditionSource {
  std::string name;        // of what it selects
  std::string path;        // in the document: "/spec/routes/0/when"
  std::string expression;  // "" when it always selects
};

struct ReadPart {
  std::vector<ConditionSource> conditions;
  JsonIssues issues;  // with paths in the document
};

/// Reads and checks the members of the spec that only this kind has.
ReadPart read_part(Kind kind, const json::object& members);
/// The names of those members.
std::vector<std::string> part_keys(Kind kind);
/// Their JSON Schema as an object type; empty for a kind that has none.
json::object part_schema(Kind kind, json::object& components);

/// Whether so many different people can sign every stage of the route.
JsonIssues check_route(const Route& route, const std::string& path);

/// Whether each level says when and whom, and names stages of the routes only.
JsonIssues check_escalation(const ApprovalPart& part);

}  // namespace holdpoint::policy
