// Front header of changes: requests to change something, with what they touch, when, and how risky
// they are (B3, B11, B12). A change request is approved as any other subject; what it says is fixed
// when it is submitted, and it is used for what it names, there and then, once for each place.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/approvals.hpp"
#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/refusal.hpp"
#include "base/time_window.hpp"
#include "changes/risk.hpp"
#include "policy/kind_facts.hpp"

namespace holdpoint::changes {

struct ChangeTag {
  static constexpr std::string_view prefix = "chg";
};
using ChangeId = Id<ChangeTag>;

using policy::ChangeType;

/// The kind of subject that approvals know a change request by.
inline constexpr std::string_view change_kind = "change";

inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::size_t text_bytes_max = 4'000;
inline constexpr std::size_t reason_bytes_max = 1'000;
inline constexpr std::size_t applications_max = 20;
inline constexpr std::size_t environments_max = 5;
inline constexpr std::size_t releases_max = 20;
inline constexpr Duration window_max = Duration::days(31);
inline constexpr Duration ahead_max = Duration::days(366);
/// An emergency is about now.
inline constexpr Duration emergency_window_max = Duration::hours(24);
inline constexpr Duration review_within = Duration::hours(24);
/// Fewer bytes explain an emergency to nobody.
inline constexpr std::size_t justification_bytes_min = 20;

enum class State : std::uint8_t { draft, submitted, implementing, closed, cancelled, rejected };
HP_DESCRIBE_ENUM(State, draft, submitted, implementing, closed, cancelled, rejected)

enum class Ending : std::uint8_t { successful, unsuccessful };
HP_DESCRIBE_ENUM(Ending, successful, unsuccessful)

/// A release that the change brings out, by what it contains.
struct LinkedRelease {
  std::string name;  // "shop@1.0.0"
  std::string id;
  Digest contents;
  bool operator==(const LinkedRelease&) const = default;
};
HP_DESCRIBE(LinkedRelease, name, id, contents)

/// A document that the change rests on, as it was then.
struct PinnedDocument {
  std::string name;
  std::int64_t revision = 0;
  bool operator==(const PinnedDocument&) const = default;
};
HP_DESCRIBE(PinnedDocument, name, revision)

/// What is written in words may be about people: it is sealed, and the content says which of the
/// texts there are.
enum class TextField : std::uint8_t { description, backout_plan, customer_impact, justification };
HP_DESCRIBE_ENUM(TextField, description, backout_plan, customer_impact, justification)

/// What a change request says. The texts stand beside the entry that recorded it.
struct ChangeContent {
  ChangeType type{};
  std::string title;                      // plain: it stands in the ledger for ever
  std::vector<std::string> applications;  // sorted
  std::vector<std::string> environments;  // sorted
  TimeWindow window;
  std::string zone;  // in whose clocks the window was meant and is shown
  std::vector<LinkedRelease> releases;
  RiskAssessment risk;
  std::vector<TextField> texts;
  std::optional<PinnedDocument> pattern;  // the template of a standard change
  std::optional<PinnedDocument> path;     // the way that was declared for such an emergency
  std::optional<std::string> category;    // of an emergency: "outage"
};
HP_DESCRIBE(ChangeContent, type, title, applications, environments, window, zone, releases, risk,
            texts, pattern, path, category)

struct ChangeCreated {
  static constexpr std::string_view event_type = "change.created";
  static constexpr int event_version = 1;
  ChangeId id;
  ChangeContent content;
};
HP_DESCRIBE(ChangeCreated, id, content)

/// The whole of a draft anew, its texts too.
struct ChangeEdited {
  static constexpr std::string_view event_type = "change.edited";
  static constexpr int event_version = 1;
  ChangeId id;
  std::int64_t revision = 0;
  ChangeContent content;
};
HP_DESCRIBE(ChangeEdited, id, revision, content)

struct ChangeSubmitted {
  static constexpr std::string_view event_type = "change.submitted";
  static constexpr int event_version = 1;
  ChangeId id;
};
HP_DESCRIBE(ChangeSubmitted, id)

/// A draft again. Its revision counts on, so that no approval of before is one of what comes after.
struct ChangeReopened {
  static constexpr std::string_view event_type = "change.reopened";
  static constexpr int event_version = 1;
  ChangeId id;
  std::int64_t revision = 0;
  std::string reason;
};
HP_DESCRIBE(ChangeReopened, id, revision, reason)

/// Somebody senior stands for an emergency, by exactly what it says.
struct ChangeEndorsed {
  static constexpr std::string_view event_type = "change.endorsed";
  static constexpr int event_version = 1;
  ChangeId id;
  Digest digest;
  std::string reason;
};
HP_DESCRIBE(ChangeEndorsed, id, digest, reason)

/// It was begun in one of its places; the first time uses up the approval.
struct ChangeUsed {
  static constexpr std::string_view event_type = "change.used";
  static constexpr int event_version = 1;
  ChangeId id;
  std::string application;
  std::string environment;
  std::string use;  // "deployment dpl_…", or "by hand"
  std::optional<std::string> approval;
  std::optional<Instant> review_due;  // of an emergency, when it begins
};
HP_DESCRIBE(ChangeUsed, id, application, environment, use, approval, review_due)

struct ChangeClosed {
  static constexpr std::string_view event_type = "change.closed";
  static constexpr int event_version = 1;
  ChangeId id;
  Ending ending{};
  std::string note;
};
HP_DESCRIBE(ChangeClosed, id, ending, note)

struct ChangeCancelled {
  static constexpr std::string_view event_type = "change.cancelled";
  static constexpr int event_version = 1;
  ChangeId id;
  std::string reason;
};
HP_DESCRIBE(ChangeCancelled, id, reason)

/// Its approval was rejected.
struct ChangeRejected {
  static constexpr std::string_view event_type = "change.rejected";
  static constexpr int event_version = 1;
  ChangeId id;
  std::string approval;
  std::string because;
};
HP_DESCRIBE(ChangeRejected, id, approval, because)

/// People looked back at an emergency. What they found is sealed beside the event.
struct EmergencyReviewed {
  static constexpr std::string_view event_type = "emergency.reviewed";
  static constexpr int event_version = 1;
  ChangeId id;
  bool late = false;
};
HP_DESCRIBE(EmergencyReviewed, id, late)

/// What somebody does about an emergency beside declaring it, approving it and carrying it out.
enum class EmergencyAct : std::uint8_t { endorsement, review };
HP_DESCRIBE_ENUM(EmergencyAct, endorsement, review)

/// Somebody tried to stand for an emergency, or to look back at it, who may not: evidence that the
/// segregation of duties is enforced (B5).
struct EmergencyActRefused {
  static constexpr std::string_view event_type = "emergency.act_refused";
  static constexpr int event_version = 1;
  ChangeId id;
  EmergencyAct act{};
  std::string code;  // of the refusal
};
HP_DESCRIBE(EmergencyActRefused, id, act, code)

/// Nobody looked back in time: nothing but standard changes goes on for those applications.
struct EmergencyReviewOverdue {
  static constexpr std::string_view event_type = "emergency.review_overdue";
  static constexpr int event_version = 1;
  ChangeId id;
  std::vector<std::string> applications;
};
HP_DESCRIBE(EmergencyReviewOverdue, id, applications)

struct Use {
  std::string application;
  std::string environment;
  std::string use;
  Instant at;
  std::string by;  // the actor who began it there
};
HP_DESCRIBE(Use, application, environment, use, at, by)

struct Endorsement {
  std::string person;
  Digest digest;
  std::string reason;
  Instant at;
};
HP_DESCRIBE(Endorsement, person, digest, reason, at)

/// The first of its kind of each actor.
struct RefusedAct {
  EmergencyAct act{};
  std::string actor_kind;
  std::string actor;
  std::string code;
  Instant at;
};
HP_DESCRIBE(RefusedAct, act, actor_kind, actor, code, at)
inline constexpr std::size_t refused_acts_max = 500;

/// A change request as it stands.
struct Change {
  ChangeId id;
  State state = State::draft;
  std::int64_t revision = 1;
  ChangeContent content;
  std::int64_t texts_entry = 0;  // that the texts are sealed beside
  std::string texts_by;
  std::string created_by;
  Instant created_at;
  std::vector<std::string> editors;  // actors who wrote or submitted it
  std::optional<std::string> submitted_by;
  std::optional<Instant> submitted_at;
  std::optional<Endorsement> endorsement;
  std::vector<Use> uses;
  std::optional<Ending> ending;
  std::optional<std::string> ended_by;
  std::optional<Instant> ended_at;
  std::optional<std::string> ended_because;
  std::optional<Instant> review_due;
  std::optional<std::string> reviewed_by;
  std::optional<Instant> reviewed_at;
  std::optional<std::int64_t> review_entry;  // that the findings are sealed beside
  std::vector<std::string> endorsers;        // whoever ever stood for it
  std::vector<RefusedAct> refused_acts;
};
HP_DESCRIBE(Change, id, state, revision, content, texts_entry, texts_by, created_by, created_at,
            editors, submitted_by, submitted_at, endorsement, uses, ending, ended_by, ended_at,
            ended_because, review_due, reviewed_by, reviewed_at, review_entry, endorsers,
            refused_acts)

/// One of the places that a change touches.
struct Place {
  std::string application;
  std::string environment;
  auto operator<=>(const Place&) const = default;
};
HP_DESCRIBE(Place, application, environment)

std::vector<Place> places_of(const ChangeContent& content);
bool touches(const ChangeContent& content, const Place& place);

/// What is signed when a change is approved. The digest is of its canonical JSON.
struct SignedChange {
  std::int64_t v = 1;
  std::string id;
  std::int64_t revision = 0;
  std::int64_t texts_entry = 0;  // which binds the texts: its leaf commits to them
  ChangeContent content;
  std::map<std::string, std::string> environment_ids;
  /// Of the applications whose releases are linked: "shop/production".
  std::map<std::string, Digest> configurations;
};
HP_DESCRIBE(SignedChange, v, id, revision, texts_entry, content, environment_ids, configurations)

Digest digest_of(const SignedChange& change);

/// An emergency counts as one only when somebody senior stands for what it says now.
bool is_endorsed(const Change& change, const Digest& present);
policy::ChangeSubject facts_of(const Change& change, const Digest& present);

/// How the change that governs a deployment stands: it may begin when nothing is in its way.
struct Governing {
  std::string change;
  ChangeType type{};
  TimeWindow window;
  std::vector<Refusal> obstacles;
  RiskClass risk{};
  State state{};
  bool overdue_review = false;  // of an earlier emergency of its applications
};

bool is_open(State state);
/// The last time it was begun there; nullptr when it never was.
const Use* last_use(const Change& change, const Place& place);
bool was_used(const Change& change, const Place& place);

}  // namespace holdpoint::changes
