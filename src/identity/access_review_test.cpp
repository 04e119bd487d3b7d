// Access reviews: what one needs, who answers which line, and that what is closed stays so.
#include "identity/access_review.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "support/golden.hpp"

namespace holdpoint::identity {
namespace {

constexpr Instant kNow{1'795'521'600'000'000};
const AccessReviewId kId = *AccessReviewId::parse("arv_01J00000000000000000000000");

AccessReview review() {
  AccessReview out;
  out.id = kId;
  out.title = "Third quarter";
  out.lines = 3;
  out.due = kNow + Duration::days(14);
  return out;
}

RightsSnapshot snapshot() {
  return {1,
          {{1, RightKind::role, "ann", {"approver"}, "ras_1", std::nullopt},
           {2, RightKind::named, "ben", {"board"}, "arl_1", std::nullopt},
           {3, RightKind::delegation, "cat", {}, "dlg_1", "ben"}}};
}

TEST_CASE("a review needs a title, an end and rights to look at") {
  const auto code = [](StartAccessReview command, std::size_t open, std::size_t lines) {
    const auto refusal = why_not_start(command, kNow, open, lines);
    return refusal ? refusal->code : std::string();
  };
  const StartAccessReview good{"Third quarter", kNow + Duration::days(14), std::nullopt};
  CHECK(code(good, 0, 3) == "");
  CHECK(code({"", good.due, {}}, 0, 3) == "invalid_access_review");
  CHECK(code({"two\nlines", good.due, {}}, 0, 3) == "invalid_access_review");
  CHECK(code({"x", kNow, {}}, 0, 3) == "invalid_access_review");
  CHECK(code({"x", kNow + Duration::days(review_days_max), {}}, 0, 3) == "");
  CHECK(code({"x", kNow + Duration::days(review_days_max) + Duration{1}, {}}, 0, 3) ==
        "invalid_access_review");
  CHECK(code(good, open_reviews_max, 3) == "too_many_reviews");
  CHECK(code(good, 0, 0) == "nothing_to_review");
  CHECK(code(good, 0, review_lines_max + 1) == "too_many_rights");
}

TEST_CASE("the last administrator of a workspace is needed, whoever would take the role away") {
  const auto code = [](RightLine line, const std::vector<std::string>& administrators) {
    const auto refusal = why_needed(line, administrators);
    return refusal ? refusal->code : std::string();
  };
  const RightLine ann{1, RightKind::role, "ann", {"administrator"}, "ras_1", std::nullopt};
  CHECK(code(ann, {"ann"}) == "last_administrator");
  CHECK(code(ann, {"ann", "ben"}) == "");
  // One who lost it already is not the last.
  CHECK(code(ann, {"ben"}) == "");
  RightLine other = ann;
  other.roles = {"approver"};
  CHECK(code(other, {"ann"}) == "");
  other = ann;
  other.kind = RightKind::team_member;
  CHECK(code(other, {"ann"}) == "");
  const auto refusal = why_needed(ann, {"ann"});
  REQUIRE(refusal);
  REQUIRE(refusal->next.size() == 1);
  CHECK(refusal->next[0].actor == "administrator");
}

TEST_CASE("what was kept although nobody confirmed it says why, and what to do") {
  const auto kept = [](LineAnswer answer, Unanswered unanswered) {
    const auto why = why_kept(answer, unanswered);
    return why ? why->because : std::string();
  };
  CHECK(kept(LineAnswer::overdue_needed, Unanswered::remove) ==
        "nobody else administers this workspace");
  CHECK(why_kept(LineAnswer::overdue_needed, Unanswered::remove)
            ->next.starts_with("administrator: make another person administrator"));
  CHECK(kept(LineAnswer::overdue_kept, Unanswered::remove) ==
        "what gives the right could not be changed without it");
  CHECK(kept(LineAnswer::overdue_kept, Unanswered::keep) == "");
  CHECK(kept(LineAnswer::overdue_removed, Unanswered::remove) == "");
  CHECK(kept(LineAnswer::confirmed, Unanswered::remove) == "");
}

TEST_CASE("nobody answers for a right of their own, nor for one they lent") {
  struct Row {
    std::string_view name;
    std::string reviewer;
    std::vector<std::int64_t> lines;
    std::function<void(AccessReview&, Answers&, AnswerLines&)> change;
    std::string_view code;
  };
  const auto as_is = [](auto&, auto&, auto&) {};
  const std::vector<Row> rows{
      {"a right of somebody else", "zoe", {1, 2, 3}, as_is, ""},
      {"the own role", "ann", {1}, as_is, "own_right"},
      {"the own seat among others", "ben", {1, 2}, as_is, "own_right"},
      {"a seat that was lent to them", "cat", {3}, as_is, "own_right"},
      {"a seat that they lent", "ben", {3}, as_is, "own_right"},
      {"no line", "zoe", {}, as_is, "invalid_access_review"},
      {"too many lines", "zoe", std::vector<std::int64_t>(501, 1), as_is, "invalid_access_review"},
      {"a line that is not there", "zoe", {4}, as_is, "no_such_line"},
      {"a line that was answered",
       "zoe",
       {1},
       [](auto&, auto& a, auto&) { a[1] = {1, LineAnswer::confirmed, "zoe", kNow}; },
       "line_answered"},
      {"no reason",
       "zoe",
       {1},
       [](auto&, auto&, auto& c) { c.reason.reset(); },
       "invalid_access_review"},
      {"a review that is closed",
       "zoe",
       {1},
       [](auto& r, auto&, auto&) { r.closed_at = kNow; },
       "review_closed"},
      {"a review that is due",
       "zoe",
       {1},
       [](auto& r, auto&, auto&) { r.due = kNow; },
       "review_closed"},
  };
  for (const Row& row : rows) {
    AccessReview r = review();
    Answers answers;
    AnswerLines command{row.lines, "left the team"};
    row.change(r, answers, command);
    const auto decided = answerable(r, snapshot(), answers, {"person", row.reviewer}, command,
                                    LineAnswer::removed, kNow);
    CHECK_MESSAGE((decided ? "" : decided.error().code) == row.code, row.name);
  }
  const auto program = answerable(review(), snapshot(), {}, {"service_account", "sva_1"},
                                  {{1}, "x"}, LineAnswer::confirmed, kNow);
  REQUIRE_FALSE(program);
  CHECK(program.error().code == "reviewer_not_a_person");
  CHECK(answerable(review(), snapshot(), {}, {"person", "zoe"}, {{1}, std::nullopt},
                   LineAnswer::confirmed, kNow));
}

TEST_CASE("a review closes when every line is answered, and once") {
  Answers answers;
  const auto code = [&](const AccessReview& one) {
    const auto refusal = why_not_close(one, answers);
    return refusal ? refusal->code : std::string();
  };
  CHECK(code(review()) == "lines_unanswered");
  for (const std::int64_t line : {1, 2, 3}) {
    answers[line] = {line, LineAnswer::confirmed, "zoe", kNow};
  }
  CHECK(code(review()) == "");
  AccessReview closed = review();
  closed.closed_at = kNow;
  CHECK(code(closed) == "review_closed");
}

TEST_CASE("the events of access reviews are frozen") {
  test::frozen(
      AccessReviewStarted{
          kId, "Third quarter", {test::digest(0x11)}, 3, {kNow}, Unanswered::remove},
      "access_review.started",
      R"({"due":1795521600000000,"id":"arv_01J00000000000000000000000","lines":3,)"
      R"("snapshot":)"
      R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
      R"("title":"Third quarter","unanswered":"remove"})");
  test::frozen(AccessLinesAnswered{kId, {3}, LineAnswer::overdue_needed}, "access_review.answered",
               R"({"answer":"overdue_needed","id":"arv_01J00000000000000000000000",)"
               R"("lines":[3]})");
  test::frozen(AccessLinesAnswered{kId, {1, 2}, LineAnswer::overdue_removed},
               "access_review.answered",
               R"({"answer":"overdue_removed","id":"arv_01J00000000000000000000000",)"
               R"("lines":[1,2]})");
  test::frozen(AccessReviewClosed{kId, {test::digest(0x22)}, 1, 2, 3}, "access_review.closed",
               R"({"confirmed":1,"id":"arv_01J00000000000000000000000","record":)"
               R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
               R"("removed":2,"unanswered":3})");
}

}  // namespace
}  // namespace holdpoint::identity
