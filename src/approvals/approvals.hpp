// Front header of approvals: anything with a kind, an id and a digest can be approved, by the
// people whom the policies in force demand (B1, B4, B9, B15). Approvals know nothing of releases or
// changes; what a subject is made of comes from the capability that owns it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "approvals/demand.hpp"
#include "approvals/escalation.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"
#include "policy/past_decisions.hpp"

namespace holdpoint::approvals {

struct RequestTag {
  static constexpr std::string_view prefix = "apr";
};
using RequestId = Id<RequestTag>;

inline constexpr std::size_t reason_bytes_max = 2'000;
inline constexpr std::size_t demands_max = 60;
inline constexpr std::size_t votes_max = 500;
inline constexpr std::size_t fields_max = 50;
inline constexpr std::size_t field_name_bytes_max = 100;
/// People that one level of escalation reaches.
inline constexpr std::size_t escalated_people_max = 500;
/// Of the event that opens a request: an entry of the ledger holds it with its envelope.
inline constexpr std::size_t request_bytes_max = 60'000;

/// What is approved: exactly the content with this digest, and no other that has the same id.
struct Subject {
  std::string kind;
  std::string id;
  Digest digest;
};
HP_DESCRIBE(Subject, kind, id, digest)

/// The policies that were asked, pinned: a later version does not loosen what is under way.
struct PinnedPolicy {
  std::string name;
  Digest digest;
  bool operator==(const PinnedPolicy&) const = default;
};
HP_DESCRIBE(PinnedPolicy, name, digest)

/// Nothing leaves the states from `rejected` on: another try is another request.
enum class State : std::uint8_t {
  pending,
  granted,
  rejected,
  expired,      // nobody decided in time, or what was granted ran out
  withdrawn,    // by who asked
  superseded,   // by a newer request for the same
  invalidated,  // the content is another one now
  revoked,      // taken back after it was granted
  consumed,     // used: once, and again only after a failure where policy says so
};
HP_DESCRIBE_ENUM(State, pending, granted, rejected, expired, withdrawn, superseded, invalidated,
                 revoked, consumed)

enum class Choice : std::uint8_t { approve, reject, abstain };
HP_DESCRIBE_ENUM(Choice, approve, reject, abstain)

/// How the signer proved to be who they are when they signed.
enum class Authentication : std::uint8_t { session, password };
HP_DESCRIBE_ENUM(Authentication, session, password)

/// How long a request waits and what is granted stays valid. Four clocks are kept apart: these two,
/// the window of the change and the goals of service levels.
struct Terms {
  Instant pending_until;
  std::int64_t validity_us = 0;
  std::int64_t rejections = 1;  // so many reject the request
  bool needs_rationale = false;
  bool needs_password = false;
};
HP_DESCRIBE(Terms, pending_until, validity_us, rejections, needs_rationale, needs_password)

/// Whether they ask for more, apart from the time to decide, which runs anew for each request.
bool is_stricter(const Terms& terms, const Terms& than);

/// What the routes of a request were told from, so that it can be told again by other policies.
struct RoutingGrounds {
  std::vector<ObjectRef> facts;                   // of the places, the subject's own first
  std::vector<policy::JudgedDocument> documents;  // that were asked, also those that do not apply
  Digest documents_digest;                        // names the whole set
};
HP_DESCRIBE(RoutingGrounds, facts, documents, documents_digest)

/// Seals "/reason" under the key of whoever asks, when there is one. The fields are facts that
/// policies judge, so they stand in the clear.
struct ApprovalRequested {
  static constexpr std::string_view event_type = "approval.requested";
  static constexpr int event_version = 3;
  RequestId id;
  Subject subject;
  std::string title;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::vector<PinnedPolicy> policies;
  std::vector<Demand> demands;
  Terms terms;
  bool reasoned = false;
  std::map<std::string, std::string> fields;  // backout_plan, affected_systems, …
  std::vector<Escalation> escalation;
  std::vector<std::string> owners;  // of the policies that escalate: "team:compliance"
  std::optional<RequestId> replaces;
  std::int64_t retries = 0;  // uses after a use that failed
  /// On which the policies were asked, one of each place that the subject touches, and which they
  /// were; absent in earlier forms.
  std::optional<RoutingGrounds> routing;
  /// Who changed the policies within this time before does not sign; absent where none says so.
  std::optional<std::int64_t> exclude_editors_us;
};
HP_DESCRIBE(ApprovalRequested, id, subject, title, application, environment, policies, demands,
            terms, reasoned, fields, escalation, owners, replaces, retries, routing,
            exclude_editors_us)

/// One decision of one person. `seat` is whose right was used: the signer's own, or that of whoever
/// delegated it, and then only for the roles that were delegated, when some were named. Seals
/// "/reason" under the signer's key, when there is one.
struct ApprovalSigned {
  static constexpr std::string_view event_type = "approval.signed";
  static constexpr int event_version = 2;
  RequestId id;
  Choice choice{};
  std::string seat;
  std::vector<std::string> roles;  // that the seat may be used for; none: all of them
  Digest presented;                // of the content that was shown to the signer
  bool reasoned = false;
  Authentication authentication{};
  std::optional<Instant> effective_from;  // of a deferred approval: it counts from then on
};
HP_DESCRIBE(ApprovalSigned, id, choice, seat, roles, presented, reasoned, authentication,
            effective_from)

/// Seals "/reason" under the signer's key.
struct SignatureWithdrawn {
  static constexpr std::string_view event_type = "approval.signature_withdrawn";
  static constexpr int event_version = 2;
  RequestId id;
  std::string person;
};
HP_DESCRIBE(SignatureWithdrawn, id, person)

struct ApprovalGranted {
  static constexpr std::string_view event_type = "approval.granted";
  static constexpr int event_version = 1;
  RequestId id;
  Digest digest;
  Instant valid_until;
};
HP_DESCRIBE(ApprovalGranted, id, digest, valid_until)

/// Every end but a grant: `state` says which, `because` why, in words of the program. What a person
/// says of it stands sealed: with the signature that rejects, or beside this event at "/reason".
struct ApprovalEnded {
  static constexpr std::string_view event_type = "approval.ended";
  static constexpr int event_version = 1;
  RequestId id;
  State state{};
  std::string because;
  std::optional<Digest> digest;  // of the content that made an approval void
};
HP_DESCRIBE(ApprovalEnded, id, state, because, digest)

struct ApprovalConsumed {
  static constexpr std::string_view event_type = "approval.consumed";
  static constexpr int event_version = 2;
  RequestId id;
  std::string use;           // what it was used for: "deployment dpl_…"
  std::int64_t attempt = 1;  // more than 1: what it was used for before failed
};
HP_DESCRIBE(ApprovalConsumed, id, use, attempt)

/// Somebody tried to sign who may not: evidence that the segregation of duties is enforced (B5).
struct SignatureRefused {
  static constexpr std::string_view event_type = "approval.signature_refused";
  static constexpr int event_version = 1;
  RequestId id;
  std::string code;  // of the refusal
};
HP_DESCRIBE(SignatureRefused, id, code)

/// A level of escalation fired. Backups and managers may sign from then on; what is needed stays.
struct ApprovalEscalated {
  static constexpr std::string_view event_type = "approval.escalated";
  static constexpr int event_version = 1;
  RequestId id;
  std::string policy;
  std::string level;
  EscalationKind kind{};
  Instant due;
  bool late = false;
  std::vector<std::string> people;  // ids; nobody: the level was skipped
};
HP_DESCRIBE(ApprovalEscalated, id, policy, level, kind, due, late, people)

/// The clocks of a pending request stand still while an incident is open where it is about.
struct ApprovalPaused {
  static constexpr std::string_view event_type = "approval.paused";
  static constexpr int event_version = 1;
  RequestId id;
  std::string incident;
};
HP_DESCRIBE(ApprovalPaused, id, incident)

/// The last incident that paused it is over when `running` is true: `pending_until` and what is
/// due, in the order of the request's escalation, are those from now on.
struct ApprovalResumed {
  static constexpr std::string_view event_type = "approval.resumed";
  static constexpr int event_version = 1;
  RequestId id;
  std::string incident;
  bool running = false;
  Instant pending_until;
  std::vector<Instant> due;
  /// By which what moved was reckoned; absent when nothing was, and in earlier events.
  std::optional<std::vector<CalendarUsed>> calendars;
};
HP_DESCRIBE(ApprovalResumed, id, incident, running, pending_until, due, calendars)

/// A pending request came to lack people who may sign these stages.
struct ApprovalStranded {
  static constexpr std::string_view event_type = "approval.stranded";
  static constexpr int event_version = 1;
  RequestId id;
  std::vector<std::string> stages;  // by name, distinct
};
HP_DESCRIBE(ApprovalStranded, id, stages)

/// Enough people may sign it again.
struct ApprovalUnstranded {
  static constexpr std::string_view event_type = "approval.unstranded";
  static constexpr int event_version = 1;
  RequestId id;
};
HP_DESCRIBE(ApprovalUnstranded, id)

/// Incidents that overlap make one pause.
struct Pause {
  Instant from;
  std::optional<Instant> until;
};
HP_DESCRIBE(Pause, from, until)

/// A decision that stands. `voided` ones stay on the record and count no more. `reason` is there
/// when it was read from where it is sealed, beside the entry `reason_seq`.
struct Vote {
  std::string person;
  std::string seat;
  std::vector<std::string> roles;
  Choice choice{};
  Digest presented;
  std::string reason;
  Authentication authentication{};
  Instant at;
  std::optional<Instant> effective_from;
  std::optional<std::int64_t> reason_seq;
};
HP_DESCRIBE(Vote, person, seat, roles, choice, presented, reason, authentication, at,
            effective_from, reason_seq)

/// The state of one request, folded from its events.
struct Request {
  RequestId id;
  State state = State::pending;
  Subject subject;
  std::string title;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::string requested_by_kind;
  std::string requested_by;
  Instant requested_at;
  std::vector<PinnedPolicy> policies;
  std::vector<Demand> demands;
  Terms terms;
  std::string reason;
  std::map<std::string, std::string> fields;
  std::vector<Vote> votes;
  std::optional<Instant> valid_until;
  std::optional<Instant> ended_at;
  std::optional<std::string> ended_because;
  std::optional<std::string> used_for;
  std::optional<RequestId> replaces;
  std::vector<Escalation> escalation;
  std::vector<FiredEscalation> fired;
  std::vector<std::string> owners;
  std::vector<std::string> stopped_by;  // ids of the incidents that stop its clocks now
  std::vector<Pause> pauses;
  std::optional<std::int64_t> reason_seq;  // of the entry that the reason is sealed beside
  std::optional<std::int64_t> ended_seq;   // of the entry that ended it
  std::int64_t retries = 0;                // uses after a use that failed
  std::int64_t uses = 0;
  std::optional<std::int64_t> exclude_editors_us;  // before it was asked for
  /// Stages that were short of people who may sign them when that began; none: enough are there, as
  /// far as is recorded.
  std::vector<std::string> stranded;
  std::optional<Instant> stranded_since;
};
HP_DESCRIBE(Request, id, state, subject, title, application, environment, requested_by_kind,
            requested_by, requested_at, policies, demands, terms, reason, fields, votes,
            valid_until, ended_at, ended_because, used_for, replaces, escalation, fired, owners,
            stopped_by, pauses, reason_seq, ended_seq, retries, uses, exclude_editors_us, stranded,
            stranded_since)

/// Who recorded an event, when, and as which entry.
struct Stamp {
  std::string actor_kind;
  std::string actor;
  Instant at;
  std::int64_t seq = 0;
};

Request evolve(const ApprovalRequested& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalSigned& event, const Stamp& stamp);
void evolve(Request& request, const SignatureWithdrawn& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalGranted& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalEnded& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalConsumed& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalEscalated& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalPaused& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalResumed& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalStranded& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalUnstranded& event, const Stamp& stamp);

/// How a subject stands with the approval that policies ask for.
struct Standing {
  enum class State : std::uint8_t {
    not_needed,  // no policy in force asks for one
    untold,      // it cannot be told whether one does
    missing,     // nobody asked for it, or what was asked for has ended
    pending,
    granted,
  };
  State state = State::untold;
  std::optional<std::string> request;  // id of the latest one
  std::string detail;                  // "board 1 of 2", or how it ended
  std::vector<std::string> may_sign;
  /// Whose signatures do not fulfil the terms of the policies in force.
  std::vector<std::string> sign_again;
  std::optional<Instant> due;
  /// Whether it stays so until something is recorded; false when time alone may change it.
  bool lasts = false;
};

inline bool is_open(State state) { return state == State::pending || state == State::granted; }

/// Whether the vote counts at that instant, as far as time decides: a deferred one does later.
inline bool is_effective(const Vote& vote, Instant now) {
  return !vote.effective_from || *vote.effective_from <= now;
}

}  // namespace holdpoint::approvals
