// Front header of waivers (A6): an exception from one rule of the certification criteria, for one
// violation of one release or of one application, with somebody who owns the risk, until a day.
// Others than who asks for it approve it; it is shown as what it is and never as a pass. To extend
// one is to ask for a new one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/approvals.hpp"
#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/refusal.hpp"
#include "policy/subject_facts.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::waivers {

struct WaiverTag {
  static constexpr std::string_view prefix = "wvr";
};
using WaiverId = Id<WaiverTag>;

/// As approvals name it.
inline constexpr std::string_view subject_kind = "waiver";

inline constexpr std::int64_t waiver_days_max = 180;
inline constexpr std::size_t reason_bytes_max = 2'000;
inline constexpr std::size_t what_bytes_max = 300;
/// Neither ended nor over, of one release and of one application.
inline constexpr std::size_t open_waivers_max = policy::waivers_in_force_max;

/// Which releases the violation is waived for.
enum class Scope : std::uint8_t { release, application };
HP_DESCRIBE_ENUM(Scope, release, application)

/// Nothing leaves the states from `expired` on.
enum class State : std::uint8_t {
  requested,
  in_force,
  expired,    // its time is over, or nobody decided in time
  withdrawn,  // by who asked
  rejected,   // by who was to approve it
  revoked,    // taken back after it was granted
  moot,       // the violation is gone
};
HP_DESCRIBE_ENUM(State, requested, in_force, expired, withdrawn, rejected, revoked, moot)

/// `release` is where the violation is seen. Without `violation` the rule has to have only one that
/// is not covered.
struct RequestWaiver {
  std::string release;
  std::optional<Scope> scope;  // the release
  std::string criteria;
  std::string rule;
  std::optional<std::string> violation;
  std::string owner;  // of the risk: a person, by mail address or id
  Instant until;
  std::string reason;  // may hold personal data: sealed
};
HP_DESCRIBE(RequestWaiver, release, scope, criteria, rule, violation, owner, until, reason)

/// Seals "/reason" under the key of who asks.
struct WaiverRequested {
  static constexpr std::string_view event_type = "waiver.requested";
  static constexpr int event_version = 1;
  WaiverId id;
  Scope scope{};
  std::string application;
  std::string release;  // the id of the one that shows the violation
  std::string version;
  std::string criteria;
  std::string rule;
  std::string violation;
  std::string what;
  std::string owner;
  InstantUs until;
  std::optional<WaiverId> extends;  // one in force for the same
};
HP_DESCRIBE(WaiverRequested, id, scope, application, release, version, criteria, rule, violation,
            what, owner, until, extends)

struct WaiverGranted {
  static constexpr std::string_view event_type = "waiver.granted";
  static constexpr int event_version = 1;
  WaiverId id;
  std::string approval;  // the request that was approved
};
HP_DESCRIBE(WaiverGranted, id, approval)

/// What a person gives as the reason is sealed as "/reason" under that person's key; `because` is
/// what the program knows.
struct WaiverEnded {
  static constexpr std::string_view event_type = "waiver.ended";
  static constexpr int event_version = 1;
  WaiverId id;
  State state{};
  std::string because;
};
HP_DESCRIBE(WaiverEnded, id, state, because)

/// A waiver as it stands.
struct Waiver {
  WaiverId id;
  State state{};
  Scope scope{};
  std::string application;
  std::string release;
  std::string version;
  std::string criteria;
  std::string rule;
  std::string violation;
  std::string what;
  std::string owner;
  std::string requested_by_kind;
  std::string requested_by;
  Instant requested_at;
  Instant expires_at;
  std::optional<WaiverId> extends;
  std::optional<std::string> approval;
  std::optional<Instant> granted_at;
  std::optional<std::string> ended_by;
  std::optional<Instant> ended_at;
  std::optional<std::string> ended_because;
  std::optional<std::int64_t> ended_seq;  // of the event that a person's reason is sealed beside
  std::int64_t requested_seq = 0;
};
HP_DESCRIBE(Waiver, id, state, scope, application, release, version, criteria, rule, violation,
            what, owner, requested_by_kind, requested_by, requested_at, expires_at, extends,
            approval, granted_at, ended_by, ended_at, ended_because, ended_seq, requested_seq)

inline bool is_open(State state) { return state == State::requested || state == State::in_force; }

/// How a rule of enforced criteria stands with a release now.
struct RuleStanding {
  std::string result;  // fail, pass, unknown …
  /// Absent when the rule fails and may not be waived.
  std::optional<std::vector<policy::Violation>> violations;
};

/// Whether the violation is there, is known to be gone, or cannot be told: the rule was not judged,
/// or what it needs is missing.
enum class Presence : std::uint8_t { there, gone, untold };
Presence presence_of(const std::optional<RuleStanding>& standing, std::string_view violation);

/// Whether the rule, judged of another release, knows that the violation is gone. One that does not
/// apply there says nothing of what it would have found.
bool is_gone_from(const std::optional<RuleStanding>& standing, std::string_view violation);

/// What a judgement was of, as far as it may end waivers.
struct Judgement {
  std::string release;
  /// Whether no release of its application that was proposed later was judged.
  bool is_newest = false;
  /// Whether no rule waits for a report that was not handed in yet, and what found the violation
  /// has looked at the release.
  bool is_complete = false;
};
/// Whether the judgement, by how it left the waiver's rule, shows the waiver to be moot: one of a
/// release, when the violation is gone from it; one of an application, when it is gone from the
/// newest release that was judged, on all of its evidence.
bool is_moot(const Waiver& waiver, const Judgement& judgement,
             const std::optional<RuleStanding>& standing);

/// What a request is decided on.
struct Requesting {
  WaiverId id;
  Instant now;
  std::string application;
  std::string release;
  std::string version;
  std::optional<RuleStanding> standing;  // nullopt: there is no such rule among what was judged
  std::optional<std::string> owner;      // the person meant, when one who can sign in is
  std::vector<Waiver> open;              // of the release and of the application
  /// Of the same rule with the newest release of the application that was judged.
  std::optional<RuleStanding> standing_in_newest = std::nullopt;
  /// Of the violations of the rule, those that the newest would show: its evidence is complete, and
  /// what found them has looked at it.
  std::vector<std::string> looked_for_in_newest = {};
};
Decided<WaiverRequested> request(const RequestWaiver& command, const Requesting& facts);

/// Who acts, as the ledger names it.
struct Actor {
  std::string kind;
  std::string id;
};
Decided<WaiverEnded> withdraw(const Waiver& waiver, const Actor& actor, std::string_view reason);
Decided<WaiverEnded> revoke(const Waiver& waiver, std::string_view reason);

/// What is signed when a waiver is approved: all it says, and nothing that moves.
Digest digest_of(const Waiver& waiver);

/// What a waiver that was asked for waits for, by how its approval stands: whose signature, or for
/// somebody to ask again because the approval has ended or nobody may sign it.
std::string waits_for(const approvals::Standing& approval);

/// "dependencies/no-critical-findings of shop@1.4.0"
std::string title_of(const Waiver& waiver);

Refusal waiver_not_found(std::string_view id);
Refusal waiver_ended(const Waiver& waiver);
Refusal invalid_waiver(JsonIssues issues);
Refusal no_such_rule(const RequestWaiver& command);
Refusal nothing_to_waive(const RequestWaiver& command, const std::string& result);
Refusal cannot_be_told(const RequestWaiver& command, const std::string& result);
Refusal not_waivable(const RequestWaiver& command);
Refusal violation_not_found(const RequestWaiver& command,
                            const std::vector<policy::Violation>& violations);
Refusal violation_not_named(const RequestWaiver& command,
                            const std::vector<policy::Violation>& violations);
Refusal gone_from_newest(const RequestWaiver& command);
Refusal already_requested(const Waiver& waiver);
Refusal too_many_waivers();
Refusal not_the_requester();
Refusal not_in_force(const Waiver& waiver);
Refusal reason_needed();

}  // namespace holdpoint::waivers
