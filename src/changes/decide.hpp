// Decisions about change requests: pure, from what is stated, what is known and how the change
// stands; each gives what to record or a refusal with who can act.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "changes/changes.hpp"
#include "changes/documents.hpp"

namespace holdpoint::changes {

/// A change as somebody asks for it. What a template fixes is left out.
struct StatedChange {
  ChangeType type{};
  std::optional<std::string> title;
  std::vector<std::string> applications;
  std::vector<std::string> environments;
  std::string from;
  std::string until;
  std::optional<std::string> zone;  // UTC when absent
  std::vector<std::string> releases;
  std::map<std::string, std::string> risk;  // answers to the scale in force
  std::optional<std::string> pattern;       // name of the template
  std::optional<std::string> category;      // of an emergency
  std::optional<std::string> description;
  std::optional<std::string> backout_plan;
  std::optional<std::string> customer_impact;
  std::optional<std::string> justification;
};
HP_DESCRIBE(StatedChange, type, title, applications, environments, from, until, zone, releases,
            risk, pattern, category, description, backout_plan, customer_impact, justification)

template <class T>
struct InForce {
  T record;
  std::int64_t revision = 0;
};

/// What a statement is held against.
struct Known {
  Instant now;
  std::set<std::string> applications;  // of those named, those that are in use
  std::set<std::string> environments;
  std::map<std::string, LinkedRelease> releases;  // of those named, by that name
  RiskScale scale;
  std::optional<InForce<ChangeTemplate>> pattern;  // of the name that is stated
  /// Ways of which the person who states it is a declarer now.
  std::vector<InForce<EmergencyPath>> paths;
};

struct SealedText {
  TextField field{};
  std::string value;
};

struct Drafted {
  ChangeContent content;
  std::vector<SealedText> texts;
};

/// Refuses with a path for each mistake; what a template or a declared way does not allow has codes
/// of its own.
Decided<Drafted> draft(const StatedChange& stated, const Known& known);

/// Emergencies whose review is overdue, by change.
using Overdue = std::vector<std::string>;

/// How the limit of a way stands.
struct LimitStanding {
  std::int64_t count = 0;          // emergencies that count now
  std::optional<Instant> since;    // when the earliest of them was submitted
  std::optional<Instant> next_at;  // when the next is possible; absent: now
};
/// Half-open: what was submitted exactly that long ago counts no more. The times in any order.
LimitStanding standing_of(const EmergencyLimit& limit, std::vector<Instant> submitted, Instant now);

struct Submitting {
  Instant now;
  Overdue overdue;                    // of an application that the change touches
  bool documents_in_force = true;     // the document that the change rests on, unchanged
  bool is_by_template_owner = false;  // one who wrote the template asks for the change
  bool has_owner = true;              // a person answers for who asks
  /// Of the way of an emergency, and when others of it were submitted: at least those that count.
  std::optional<EmergencyLimit> limit = std::nullopt;
  std::vector<Instant> earlier = {};
};
Decided<ChangeSubmitted> submit(const Change& change, const Submitting& facts);

std::optional<Refusal> why_not_edit(const Change& change);
Decided<ChangeReopened> reopen(const Change& change, std::string reason);
Decided<ChangeCancelled> cancel(const Change& change, std::string reason);
Decided<ChangeClosed> close(const Change& change, Ending ending, std::string note);

/// How a change stands at the moment when it is to be used somewhere.
struct Using {
  Instant now;
  Digest present;
  approvals::Standing approval;
  Overdue overdue;
  bool documents_in_force = true;
  bool last_use_failed = false;  // what it was begun for there before has ended without success
};
/// Everything in the way of beginning it there now; nothing when it may.
std::vector<Refusal> obstacles(const Change& change, const Place& place, const Using& facts);
/// MUST be asked only when nothing is in the way.
ChangeUsed use(const Change& change, const Place& place, std::string use, Instant now);

/// Who endorses an emergency or looks back at it.
struct Reviewer {
  std::string kind;
  std::string person;
  bool has_part = false;  // wrote or asked for what it is about
  bool is_endorser = false;
  bool has_approved = false;
  bool has_endorsed = false;
  bool carried_out = false;  // began it in one of its places, or it cannot be told who did
};
Decided<ChangeEndorsed> endorse(const Change& change, const Reviewer& by, const Digest& shown,
                                const Digest& present, std::string reason);
Decided<EmergencyReviewed> review(const Change& change, const Reviewer& by, Instant now,
                                  const std::string& findings);

}  // namespace holdpoint::changes
