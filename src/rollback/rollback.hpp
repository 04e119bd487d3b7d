// Front header of rollback (D2-D5, D7): a deployment that did not go well is taken back by a
// decision of its own. Rules propose it, and decide where they say so; people confirm or decline;
// a tool of the user carries it out; and somebody who did not deploy it looks at what followed.
// The record says all of it: why, on what measurements, to which version, by whom, until when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/refusal.hpp"
#include "policy/triggering.hpp"

namespace holdpoint::rollback {

struct RollbackTag {
  static constexpr std::string_view prefix = "rbk";
};
using RollbackId = Id<RollbackTag>;

inline constexpr std::size_t reason_bytes_max = 2'000;
inline constexpr std::size_t follow_ups_max = 20;
inline constexpr std::size_t follow_up_bytes_max = 200;
/// Values and alerts that a decision shows.
inline constexpr std::size_t shown_values_max = policy::health_items_max;
/// People whose confirmation counts.
inline constexpr std::size_t confirmers_max = 200;
/// Attempts to carry one decision out.
inline constexpr std::int64_t attempts_max = 3;
/// In one place within a day; from then on people decide, so that a rule cannot turn in a circle.
inline constexpr std::int64_t automatic_per_day_max = 3;
/// How long a decision to decline keeps the same rule from proposing the same again.
inline constexpr Duration declined_holds = Duration::hours(1);
/// Where no rule says when a decision is due.
inline constexpr Duration due_default = Duration::hours(1);

/// How it came to be proposed.
enum class Origin : std::uint8_t { rule, person, drill };
HP_DESCRIBE_ENUM(Origin, rule, person, drill)

/// Nothing leaves `declined` and `cleared`.
enum class State : std::uint8_t {
  proposed,   // waits for a person
  confirmed,  // decided, by a person or a rule; no tool was given it, so somebody carries it out
  executing,  // handed to the tool that deploys there
  executed,   // the version is back; watched until somebody clears it
  failed,     // it could not be carried out: confirmed again, or declined
  declined,
  cleared,
};
HP_DESCRIBE_ENUM(State, proposed, confirmed, executing, executed, failed, declined, cleared)

inline bool is_final(State state) { return state == State::declined || state == State::cleared; }

enum class Outcome : std::uint8_t { succeeded, failed };
HP_DESCRIBE_ENUM(Outcome, succeeded, failed)

/// One thing that was measured. `value` and `limit` are in the unit that the name says.
struct Measured {
  std::string name;
  bool healthy = false;
  std::optional<std::int64_t> value;
  std::optional<std::int64_t> limit;
  std::string source;  // "prometheus", "smoke test"
};
HP_DESCRIBE(Measured, name, healthy, value, limit, source)

/// What set it off; without a policy a person did.
struct Trigger {
  std::optional<std::string> policy;
  std::optional<Digest> policy_digest;
  std::vector<std::string> names;       // of the policy's triggers that fired
  std::vector<std::string> conditions;  // of these, as written
  std::vector<Measured> values;         // as they were then
  std::vector<std::string> alerts;      // ids
  std::vector<std::string> incidents;   // ids
};
HP_DESCRIBE(Trigger, policy, policy_digest, names, conditions, values, alerts, incidents)

/// What it goes back to.
struct Target {
  std::string deployment;  // by which it was there
  std::string release;
  std::string version;
  std::optional<std::string> certification;
};
HP_DESCRIBE(Target, deployment, release, version, certification)

/// Proposed by hand, or as a drill, seals "/reason" under the key of who proposes.
struct RollbackProposed {
  static constexpr std::string_view event_type = "rollback.proposed";
  static constexpr int event_version = 1;
  RollbackId id;
  Origin origin{};
  std::string application;
  std::string environment;
  std::string deployment;
  std::string release;
  std::string version;
  std::optional<std::string> certification;  // that the deployment rested on
  Trigger trigger;
  policy::RollbackExecution execution{};
  std::optional<Target> target;  // absent: there is none that the rule allows
  std::string plan;
  std::vector<std::string> confirmers;  // ids of people; none: everybody who may decide
  std::int64_t within_us = 0;           // so long after each step the next one is due
  Instant due;
  std::string because;
  std::optional<std::string> held_because;  // why a rule that decides by itself did not
};
HP_DESCRIBE(RollbackProposed, id, origin, application, environment, deployment, release, version,
            certification, trigger, execution, target, plan, confirmers, within_us, due, because,
            held_because)

enum class Decider : std::uint8_t { rule, person };
HP_DESCRIBE_ENUM(Decider, rule, person)

/// By a person, may seal "/reason" under that person's key.
struct RollbackConfirmed {
  static constexpr std::string_view event_type = "rollback.confirmed";
  static constexpr int event_version = 1;
  RollbackId id;
  Decider by{};
  Target target;
  std::int64_t attempt = 1;
  Instant due;  // when it is to be carried out
  bool reasoned = false;
};
HP_DESCRIBE(RollbackConfirmed, id, by, target, attempt, due, reasoned)

/// The tool was told, by a delivery of the outbox.
struct RollbackExecutionBegun {
  static constexpr std::string_view event_type = "rollback.execution_begun";
  static constexpr int event_version = 1;
  RollbackId id;
  std::string executor;
  std::string delivery;
};
HP_DESCRIBE(RollbackExecutionBegun, id, executor, delivery)

/// The end of an attempt; may seal "/reason".
struct RollbackExecuted {
  static constexpr std::string_view event_type = "rollback.executed";
  static constexpr int event_version = 1;
  RollbackId id;
  Outcome outcome{};
  std::string version;  // that runs now, as far as this attempt goes
  std::vector<std::string> follow_ups;
  bool reasoned = false;
};
HP_DESCRIBE(RollbackExecuted, id, outcome, version, follow_ups, reasoned)

/// Seals "/reason".
struct RollbackDeclined {
  static constexpr std::string_view event_type = "rollback.declined";
  static constexpr int event_version = 1;
  RollbackId id;
};
HP_DESCRIBE(RollbackDeclined, id)

/// Its time was over, and it waited still. Who was told may decide from then on.
struct RollbackOverdue {
  static constexpr std::string_view event_type = "rollback.overdue";
  static constexpr int event_version = 1;
  RollbackId id;
  State state{};
  Instant due;
  std::vector<std::string> people;  // ids of those who were told
};
HP_DESCRIBE(RollbackOverdue, id, state, due, people)

/// Somebody looked at what followed, and ends the watch; seals "/reason".
struct RollbackCleared {
  static constexpr std::string_view event_type = "rollback.cleared";
  static constexpr int event_version = 1;
  RollbackId id;
  std::vector<Measured> values;  // since the reversion
  bool unmeasured = false;       // nothing was measured, and whoever clears it says so
  std::vector<std::string> follow_ups;
};
HP_DESCRIBE(RollbackCleared, id, values, unmeasured, follow_ups)

/// A decision as it stands.
struct Decision {
  RollbackId id;
  State state = State::proposed;
  Origin origin{};
  std::string application;
  std::string environment;
  std::string deployment;
  std::string release;
  std::string version;
  std::optional<std::string> certification;
  Trigger trigger;
  policy::RollbackExecution execution{};
  std::optional<Target> target;
  std::string plan;
  std::vector<std::string> confirmers;
  std::int64_t within_us = 0;
  Instant due;
  std::string because;
  std::optional<std::string> held_because;
  std::string proposed_by_kind;
  std::string proposed_by;
  Instant proposed_at;
  std::optional<Decider> decider;
  std::optional<std::string> decided_by;
  std::optional<Instant> decided_at;
  std::int64_t attempts = 0;
  std::optional<std::string> executor;
  std::optional<std::string> delivery;
  std::optional<std::string> executed_by;
  std::optional<Instant> executed_at;
  std::vector<std::string> follow_ups;
  std::optional<Instant> overdue_at;
  std::optional<std::string> ended_by;
  std::optional<Instant> ended_at;
  std::vector<Measured> values_after;  // when it was cleared
  bool unmeasured = false;
  // The entries that reasons are sealed beside.
  std::optional<std::int64_t> reason_seq;
  std::optional<std::int64_t> decision_seq;
  std::optional<std::int64_t> execution_seq;
  std::optional<std::int64_t> ending_seq;
};
HP_DESCRIBE(Decision, id, state, origin, application, environment, deployment, release, version,
            certification, trigger, execution, target, plan, confirmers, within_us, due, because,
            held_because, proposed_by_kind, proposed_by, proposed_at, decider, decided_by,
            decided_at, attempts, executor, delivery, executed_by, executed_at, follow_ups,
            overdue_at, ended_by, ended_at, values_after, unmeasured, reason_seq, decision_seq,
            execution_seq, ending_seq)

/// Who recorded an event, when, and as which entry.
struct Stamp {
  std::string actor_kind;
  std::string actor;
  Instant at;
  std::int64_t seq = 0;
};

Decision evolve(const RollbackProposed& event, const Stamp& stamp);
void evolve(Decision& decision, const RollbackConfirmed& event, const Stamp& stamp);
void evolve(Decision& decision, const RollbackExecutionBegun& event, const Stamp& stamp);
void evolve(Decision& decision, const RollbackExecuted& event, const Stamp& stamp);
void evolve(Decision& decision, const RollbackDeclined& event, const Stamp& stamp);
void evolve(Decision& decision, const RollbackOverdue& event, const Stamp& stamp);
void evolve(Decision& decision, const RollbackCleared& event, const Stamp& stamp);

}  // namespace holdpoint::rollback
