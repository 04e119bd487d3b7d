// Access reviews (J3): who can approve what, written down at one moment, and each of these rights
// confirmed or removed by somebody who does not have it. A removal takes effect at once. What
// nobody answered when the review is due is stated, and removed where the review says so; then it
// is closed and stays as it is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"
#include "identity/ids.hpp"

namespace holdpoint::identity {

/// As approvals name it.
inline constexpr std::string_view access_review_kind = "access_review";

inline constexpr std::size_t review_title_bytes_max = 200;
inline constexpr std::size_t review_reason_bytes_max = 1'000;
inline constexpr std::size_t review_lines_max = 5'000;
inline constexpr std::size_t review_lines_at_once_max = 500;
inline constexpr std::int64_t review_days_max = 90;
inline constexpr std::size_t open_reviews_max = 10;

enum class RightKind : std::uint8_t {
  role,         // a built-in role that may approve, assigned to a person
  named,        // a person of an approval role
  team_member,  // a member of a team that fills an approval role
  on_call,      // a person of the rota of an approval role
  delegation,   // a seat that is lent: the person is who took it
};
HP_DESCRIBE_ENUM(RightKind, role, named, team_member, on_call, delegation)

/// One right to approve. `source` is the id of what gives it: an assignment, an approval role, a
/// team or a delegation.
struct RightLine {
  std::int64_t line = 0;  // from 1
  RightKind kind{};
  std::string person;
  std::vector<std::string> roles;  // of a delegation none: all of the other's
  std::string source;
  std::optional<std::string> lent_by;
};
HP_DESCRIBE(RightLine, line, kind, person, roles, source, lent_by)

/// The rights as they were at the start, as an object named by its digest.
struct RightsSnapshot {
  std::int64_t v = 1;
  std::vector<RightLine> lines;
};
HP_DESCRIBE(RightsSnapshot, v, lines)

enum class Unanswered : std::uint8_t { keep, remove };
HP_DESCRIBE_ENUM(Unanswered, keep, remove)

enum class LineAnswer : std::uint8_t {
  confirmed,
  removed,
  overdue_kept,     // nobody answered in time
  overdue_removed,  // nobody answered in time, and the review removes what nobody confirms
  overdue_needed,   // it would have been removed, but nobody else administers the workspace
};
HP_DESCRIBE_ENUM(LineAnswer, confirmed, removed, overdue_kept, overdue_removed, overdue_needed)

/// Whether nobody answered in time.
inline bool is_overdue(LineAnswer answer) {
  return answer != LineAnswer::confirmed && answer != LineAnswer::removed;
}

struct StartAccessReview {
  std::string title;  // plain: it stands in the ledger for ever
  Instant due;
  std::optional<Unanswered> unanswered;  // kept
};
HP_DESCRIBE(StartAccessReview, title, due, unanswered)

struct AnswerLines {
  std::vector<std::int64_t> lines;
  std::optional<std::string> reason;  // of a removal it has to be given; sealed
};
HP_DESCRIBE(AnswerLines, lines, reason)

struct AccessReviewStarted {
  static constexpr std::string_view event_type = "access_review.started";
  static constexpr int event_version = 1;
  AccessReviewId id;
  std::string title;
  ObjectRef snapshot;
  std::int64_t lines = 0;
  InstantUs due;
  Unanswered unanswered{};
};
HP_DESCRIBE(AccessReviewStarted, id, title, snapshot, lines, due, unanswered)

/// Seals "/reason", when there is one, under the actor's key.
struct AccessLinesAnswered {
  static constexpr std::string_view event_type = "access_review.answered";
  static constexpr int event_version = 1;
  AccessReviewId id;
  std::vector<std::int64_t> lines;
  LineAnswer answer{};
};
HP_DESCRIBE(AccessLinesAnswered, id, lines, answer)

/// Of the whole review as it ended: the snapshot with every answer.
struct AccessReviewClosed {
  static constexpr std::string_view event_type = "access_review.closed";
  static constexpr int event_version = 1;
  AccessReviewId id;
  ObjectRef record;
  std::int64_t confirmed = 0;
  std::int64_t removed = 0;
  std::int64_t unanswered = 0;
};
HP_DESCRIBE(AccessReviewClosed, id, record, confirmed, removed, unanswered)

struct AccessReview {
  AccessReviewId id;
  std::string title;
  Digest snapshot;
  std::int64_t lines = 0;
  Instant due;
  Unanswered unanswered{};
  std::string started_by;
  Instant started_at;
  std::optional<Digest> record;
  std::optional<std::string> closed_by;
  std::optional<Instant> closed_at;
};
HP_DESCRIBE(AccessReview, id, title, snapshot, lines, due, unanswered, started_by, started_at,
            record, closed_by, closed_at)

/// An answer as it stands.
struct AnsweredLine {
  std::int64_t line = 0;
  LineAnswer answer{};
  std::string answered_by;  // "" of what nobody answered
  Instant at;
};
HP_DESCRIBE(AnsweredLine, line, answer, answered_by, at)

/// What is kept of a closed review.
struct ReviewRecord {
  std::int64_t v = 1;
  AccessReviewId id;
  std::string title;
  std::string started_by;
  InstantUs started_at;
  InstantUs closed_at;
  std::vector<RightLine> lines;
  std::vector<AnsweredLine> answers;  // one for each line, in their order
};
HP_DESCRIBE(ReviewRecord, v, id, title, started_by, started_at, closed_at, lines, answers)

using Answers = std::map<std::int64_t, AnsweredLine>;

std::optional<Refusal> why_not_start(const StartAccessReview& command, Instant now,
                                     std::size_t open, std::size_t lines);

struct Reviewer {
  std::string kind;
  std::string id;
};
/// The lines to answer, sorted and distinct; refuses whoever has one of these rights, or lent it.
Decided<std::vector<RightLine>> answerable(const AccessReview& review,
                                           const RightsSnapshot& snapshot, const Answers& answers,
                                           const Reviewer& reviewer, const AnswerLines& command,
                                           LineAnswer answer, Instant now);

/// Refuses a review of which somebody still has to answer lines.
std::optional<Refusal> why_not_close(const AccessReview& review, const Answers& answers);

/// Refuses to take the role away from the last of the workspace's administrators: nobody could give
/// a right to anybody any more.
std::optional<Refusal> why_needed(const RightLine& line,
                                  const std::vector<std::string>& administrators);

/// What to say of a line that was kept although the review removes what nobody confirms, and who
/// can do what about it; nullopt of every other.
struct KeptBecause {
  std::string because;
  std::string next;  // "administrator: change what gives the right"
};
std::optional<KeptBecause> why_kept(LineAnswer answer, Unanswered unanswered);

Refusal access_review_not_found(std::string_view id);
Refusal review_closed(const AccessReview& review);
Refusal right_not_removable(const RightLine& line, std::string why);

}  // namespace holdpoint::identity
