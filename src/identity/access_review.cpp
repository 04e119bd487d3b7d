// See access_review.hpp.
#include "identity/access_review.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace holdpoint::identity {
namespace {

Refusal invalid_review(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_access_review",
                  "The access review is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

NextStep look(const AccessReview& review) {
  return {"you", "see how it stands", "holdpoint access-review show " + review.id.text()};
}

Refusal no_such_line(const AccessReview& review, std::int64_t line) {
  Refusal refusal{RefusalKind::not_found, "no_such_line",
                  "The review has no line " + std::to_string(line) + "."};
  refusal.next.push_back(look(review));
  return refusal;
}

Refusal line_answered(const AccessReview& review, std::int64_t line) {
  Refusal refusal{RefusalKind::conflict, "line_answered",
                  "Line " + std::to_string(line) + " was answered already."};
  refusal.next.push_back(look(review));
  return refusal;
}

Refusal own_right(std::int64_t line) {
  Refusal refusal{
      RefusalKind::forbidden, "own_right",
      "Line " + std::to_string(line) + " is about a right of yours; somebody else answers it."};
  refusal.next.push_back({"another person with access_reviews.answer", "answer the line",
                          "holdpoint access-review confirm REVIEW LINE"});
  return refusal;
}

Refusal reviewer_not_a_person() {
  return {RefusalKind::forbidden, "reviewer_not_a_person",
          "Rights are reviewed by people, not by an account of a program."};
}

Refusal lines_unanswered(std::int64_t count) {
  Refusal refusal{RefusalKind::conflict, "lines_unanswered",
                  std::to_string(count) + " lines wait for an answer until the review is due."};
  refusal.next.push_back({"person with access_reviews.answer", "confirm or remove them",
                          "holdpoint access-review confirm REVIEW LINE"});
  return refusal;
}

NextStep another_administrator() {
  return {"administrator", "make another person administrator, and remove this in another review",
          ""};
}

}  // namespace

std::optional<Refusal> why_not_start(const StartAccessReview& command, Instant now,
                                     std::size_t open, std::size_t lines) {
  JsonIssues issues;
  if (command.title.empty() || command.title.size() > review_title_bytes_max ||
      !is_one_line(command.title)) {
    issues.push_back({"/title", "expected 1 to 200 bytes in one line", 0});
  }
  if (command.due <= now || now + Duration::days(review_days_max) < command.due) {
    issues.push_back({"/due", "expected a time from now on, at most 90 days ahead", 0});
  }
  if (!issues.empty()) return invalid_review(std::move(issues));
  if (open >= open_reviews_max) {
    return Refusal{RefusalKind::exhausted, "too_many_reviews",
                   "10 access reviews are open; close some first."};
  }
  if (lines == 0) {
    return Refusal{RefusalKind::conflict, "nothing_to_review",
                   "Nobody has a right to approve anything in this workspace."};
  }
  if (lines > review_lines_max) {
    return Refusal{RefusalKind::exhausted, "too_many_rights",
                   "More than 5000 rights to approve are too many for one review."};
  }
  return std::nullopt;
}

Decided<std::vector<RightLine>> answerable(const AccessReview& review,
                                           const RightsSnapshot& snapshot, const Answers& answers,
                                           const Reviewer& reviewer, const AnswerLines& command,
                                           LineAnswer answer, Instant now) {
  if (review.closed_at || review.due <= now) return refuse(review_closed(review));
  if (reviewer.kind != "person") return refuse(reviewer_not_a_person());
  JsonIssues issues;
  if (command.lines.empty() || command.lines.size() > review_lines_at_once_max) {
    issues.push_back({"/lines", "expected 1 to 500 of them", 0});
  }
  const bool needs_reason = answer == LineAnswer::removed || command.reason;
  if (needs_reason && !is_stated(command.reason.value_or(""), review_reason_bytes_max)) {
    issues.push_back({"/reason", "expected 1 to 1000 bytes", 0});
  }
  if (!issues.empty()) return refuse(invalid_review(std::move(issues)));
  std::vector<std::int64_t> wanted = command.lines;
  std::ranges::sort(wanted);
  const auto [first, last] = std::ranges::unique(wanted);
  wanted.erase(first, last);
  std::vector<RightLine> lines;
  for (const std::int64_t number : wanted) {
    const auto found = std::ranges::find(snapshot.lines, number, &RightLine::line);
    if (found == snapshot.lines.end()) return refuse(no_such_line(review, number));
    if (answers.contains(number)) return refuse(line_answered(review, number));
    if (found->person == reviewer.id || found->lent_by == reviewer.id) {
      return refuse(own_right(number));
    }
    lines.push_back(*found);
  }
  return lines;
}

std::optional<Refusal> why_not_close(const AccessReview& review, const Answers& answers) {
  if (review.closed_at) return review_closed(review);
  const auto left = review.lines - static_cast<std::int64_t>(answers.size());
  if (left > 0) return lines_unanswered(left);
  return std::nullopt;
}

std::optional<Refusal> why_needed(const RightLine& line,
                                  const std::vector<std::string>& administrators) {
  const bool is_administrator = line.kind == RightKind::role && line.roles.size() == 1 &&
                                line.roles.front() == "administrator";
  const bool is_last = administrators.size() == 1 && administrators.front() == line.person;
  if (!is_administrator || !is_last) return std::nullopt;
  Refusal refusal{RefusalKind::conflict, "last_administrator",
                  "Line " + std::to_string(line.line) +
                      " is the last administrator of this workspace: without it nobody could give "
                      "a right to anybody any more."};
  refusal.next.push_back(another_administrator());
  return refusal;
}

std::optional<KeptBecause> why_kept(LineAnswer answer, Unanswered unanswered) {
  if (answer == LineAnswer::overdue_needed) {
    const NextStep step = another_administrator();
    return KeptBecause{"nobody else administers this workspace", step.actor + ": " + step.action};
  }
  if (answer == LineAnswer::overdue_kept && unanswered == Unanswered::remove) {
    return KeptBecause{"what gives the right could not be changed without it",
                       "administrator: change what gives the right in its document"};
  }
  return std::nullopt;
}

Refusal access_review_not_found(std::string_view id) {
  Refusal refusal{RefusalKind::not_found, "access_review_not_found",
                  "There is no access review " + std::string(id) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint access-review list"});
  return refusal;
}

Refusal review_closed(const AccessReview& review) {
  Refusal refusal{RefusalKind::conflict, "review_closed",
                  "The access review " + review.id.text() + " is over and stays as it is."};
  refusal.next.push_back({"administrator", "start another one",
                          "holdpoint access-review start --title TITLE --due TIME"});
  return refusal;
}

Refusal right_not_removable(const RightLine& line, std::string why) {
  Refusal refusal{RefusalKind::conflict, "right_not_removable",
                  "Line " + std::to_string(line.line) + " cannot be removed: " + std::move(why)};
  refusal.next.push_back({"administrator", "change what gives the right, and confirm the line",
                          "holdpoint apply -f approval-roles.yaml"});
  return refusal;
}

}  // namespace holdpoint::identity
