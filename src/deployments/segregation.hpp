// The statement of segregation (B5): for a release or a period, who did what in which role, who was
// left out and why, and who tried and was refused. It is drawn from what is recorded, for an
// auditor; whether people were kept apart is worked out again here, not believed.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "approvals/approvals.hpp"
#include "approvals/subject.hpp"
#include "deployments/deployment.hpp"
#include "deployments/refused_start.hpp"

namespace holdpoint::deployments {

/// Requests, and deployments, that one statement holds.
inline constexpr std::size_t segregation_subjects_max = 1'000;

/// What somebody did. `role` is in what capacity: "author", "approver of board", "deployer" …
struct SegregationAct {
  std::string role;
  std::string actor_kind;
  std::string actor;
  std::string words;                    // "approved it", "wrote a commit of it"
  std::optional<std::string> seat;      // in whose place
  std::optional<Instant> at;            // absent: part of the content
  std::vector<std::string> answer_for;  // people who answer for an account
};
HP_DESCRIBE(SegregationAct, role, actor_kind, actor, words, seat, at, answer_for)

/// Somebody tried and was refused: to decide on it, or to start its deployment.
struct SegregationRefusal {
  std::string actor_kind;
  std::string actor;
  std::string code;
  Instant at;
  std::vector<std::string> reasons;  // of a gate that was not open, by their codes
};
HP_DESCRIBE(SegregationRefusal, actor_kind, actor, code, at, reasons)

/// One person in two roles that have to be apart.
struct SegregationConflict {
  std::string person;
  std::string role;
  std::string other;
};
HP_DESCRIBE(SegregationConflict, person, role, other)

/// One request with the deployments that used it, or a deployment that needed none; each with the
/// starts that were refused. Those of what was neither asked for nor deployed are one of their own.
struct SegregationSubject {
  std::string title;
  std::optional<std::string> request;
  std::optional<std::string> state;
  std::vector<SegregationAct> acts;
  std::vector<std::string> left_out;        // people with a part in it: none of them counted
  std::vector<std::string> unknown_people;  // ids in the content that stand for nobody known
  std::vector<SegregationRefusal> refused;
  std::vector<SegregationConflict> conflicts;
};
HP_DESCRIBE(SegregationSubject, title, request, state, acts, left_out, unknown_people, refused,
            conflicts)

struct SegregationStatement {
  std::int64_t v = 1;
  std::string workspace;
  std::optional<std::string> release;
  std::optional<Instant> from;
  std::optional<Instant> until;
  Instant made_at;
  std::int64_t entries = 0;  // of the ledger that it was drawn from
  bool is_complete = true;   // false: there is more than one statement holds
  bool is_apart = true;      // nobody acted in two roles that have to be apart
  std::vector<SegregationSubject> subjects;
  std::map<std::string, std::string> names;
};
HP_DESCRIBE(SegregationStatement, v, workspace, release, from, until, made_at, entries, is_complete,
            is_apart, subjects, names)

/// The people who answer for an actor: a person for themselves.
using OwnersOf =
    std::function<std::vector<std::string>(const std::string& kind, const std::string& id)>;

/// An emergency that a deployment was started under, with who stood for it.
struct EmergencyEndorsement {
  std::string change;
  std::string person;
  Instant at;
  std::string deployment;
};

/// What is known of one request. Without the content, its part is missing and nobody is left out
/// by it.
struct SegregationCase {
  std::optional<approvals::Request> request;
  std::optional<approvals::SubjectContent> content;
  std::vector<SegregationRefusal> refused;
  std::vector<Deployment> deployments;
  /// Whose requests for the same this one superseded: kind and id.
  std::vector<std::pair<std::string, std::string>> earlier_askers{};
  /// Who changed its policies shortly before, where those keep such people from signing: ids.
  std::vector<std::string> policy_editors{};
  std::vector<RefusedStart> refused_starts;
  /// Who stood for the emergencies that its deployments were started under.
  std::vector<EmergencyEndorsement> endorsements{};
};
SegregationSubject segregation_of(const SegregationCase& one, const OwnersOf& owners_of);

}  // namespace holdpoint::deployments
