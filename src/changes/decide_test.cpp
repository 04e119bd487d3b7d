// What may follow what, row by row: each refusal of a change by its code, from every state it can
// be in, and everything that keeps an approved change from beginning.
#include "changes/decide.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "changes/refusals.hpp"
#include "changes/testing.hpp"

namespace holdpoint::changes {
namespace {

using testing::code;
using testing::in_window;
using testing::kNow;
using testing::kPlace;
using testing::kShown;
using testing::submitted;

Change in(State state) {
  Change change = submitted();
  change.state = state;
  return change;
}

std::string first_obstacle(const Change& change, const Using& facts) {
  const auto found = obstacles(change, kPlace, facts);
  return found.empty() ? "" : found.front().code;
}

TEST_CASE("from each state only what may follow follows, and the rest is refused by name") {
  struct Row {
    State state;
    const char* submit;
    const char* reopen;
    const char* cancel;
    const char* close;
  };
  constexpr Row rows[] = {
      {State::draft, "", "change_not_submitted", "", "change_not_begun"},
      {State::submitted, "not_a_draft", "", "", "change_not_begun"},
      {State::implementing, "not_a_draft", "change_began", "change_began", ""},
      {State::closed, "not_a_draft", "change_ended", "change_ended", "change_ended"},
      {State::cancelled, "not_a_draft", "change_ended", "change_ended", "change_ended"},
      {State::rejected, "not_a_draft", "change_ended", "change_ended", "change_ended"},
  };
  for (const Row& row : rows) {
    const Change change = in(row.state);
    const std::string state(describe::enum_text(row.state));
    CHECK_MESSAGE(code(submit(change, {kNow, {}, true, false})) == row.submit, state);
    CHECK_MESSAGE(code(reopen(change, "other window")) == row.reopen, state);
    CHECK_MESSAGE(code(cancel(change, "not wanted")) == row.cancel, state);
    CHECK_MESSAGE(code(close(change, Ending::successful, "")) == row.close, state);
    CHECK(why_not_edit(change).has_value() == (row.state != State::draft));
  }
}

TEST_CASE("a draft is not submitted when its time is over or what it rests on is not as it was") {
  const Change draft = in(State::draft);
  CHECK(code(submit(draft, {kNow + Duration::hours(3), {}, true, false})) == "window_over");
  CHECK(code(submit(draft, {kNow, {}, false, false})) == "document_changed");
  CHECK(code(submit(draft, {kNow, {"chg_1"}, true, false})) == "review_overdue");
  Change standard = submitted(testing::by_template());
  standard.state = State::draft;
  CHECK(code(submit(standard, {kNow, {}, true, true})) == "own_template");
  // A standard change is one of every day; an emergency that nobody looked back at stops others.
  CHECK(code(submit(standard, {kNow, {"chg_1"}, true, false})).empty());
  Change emergency = submitted(testing::emergency());
  emergency.state = State::draft;
  CHECK(code(submit(emergency, {kNow, {"chg_1"}, true, false})) == "review_overdue");
}

TEST_CASE("an account that nobody answers for submits no emergency, and other changes as before") {
  Change emergency = submitted(testing::emergency());
  emergency.state = State::draft;
  Submitting facts{kNow, {}, true, false, false};
  CHECK(code(submit(emergency, facts)) == "nobody_answers");
  CHECK(code(submit(in(State::draft), facts)).empty());
  facts.has_owner = true;
  CHECK(code(submit(emergency, facts)).empty());
}

TEST_CASE("the limit of a way is reached by as many as it says, until the time is over") {
  const EmergencyLimit limit{2, Duration::days(7).us};
  const auto ago = [](Duration since) { return kNow - since; };
  CHECK(standing_of(limit, {}, kNow).count == 0);
  CHECK(!standing_of(limit, {ago(Duration::days(1))}, kNow).next_at);
  const auto full = standing_of(limit, {ago(Duration::days(5)), ago(Duration::days(1))}, kNow);
  CHECK(full.count == 2);
  CHECK(full.since == ago(Duration::days(5)));
  CHECK(full.next_at == kNow + Duration::days(2));
  // Exactly that long ago counts no more.
  CHECK(standing_of(limit, {ago(Duration::days(7)), ago(Duration::days(1))}, kNow).count == 1);
  CHECK(standing_of(limit, {ago(Duration{Duration::days(7).us - 1}), kNow}, kNow).next_at ==
        kNow + Duration{1});
  // More than a limit that was lowered takes: all but one of them have to be over.
  const auto over = standing_of(
      limit, {ago(Duration::days(5)), ago(Duration::days(1)), ago(Duration::days(3))}, kNow);
  CHECK(over.count == 3);
  CHECK(over.next_at == kNow + Duration::days(4));
}

TEST_CASE("an emergency over the limit of its way is refused, and the normal way is named") {
  Change emergency = submitted(testing::emergency());
  emergency.state = State::draft;
  Submitting facts{.now = kNow};
  facts.earlier = {kNow - Duration::days(1)};
  CHECK(code(submit(emergency, facts)).empty());
  facts.limit = EmergencyLimit{2, Duration::days(7).us};
  CHECK(code(submit(emergency, facts)).empty());
  facts.limit->count = 1;
  const auto refused = submit(emergency, facts);
  REQUIRE(!refused);
  const Refusal& refusal = refused.error();
  CHECK(refusal.code == "emergency_limit_reached");
  CHECK(refusal.kind == RefusalKind::conflict);
  CHECK(refusal.sentence == "Emergencies of the way shop-outage that were submitted since " +
                                (kNow - Duration::days(1)).text() +
                                ": 1. It takes 1 within 7d, and the next one from " +
                                (kNow + Duration::days(6)).text() +
                                " on. The way of a normal change is open.");
  CHECK(refusal.next.front().command == "holdpoint change create --type normal");
  CHECK(code(submit(in(State::draft), facts)).empty());
  facts.now = kNow + Duration::days(6);
  emergency.content.window.until = facts.now + Duration::hours(1);
  CHECK(code(submit(emergency, facts)).empty());
}

TEST_CASE("making a change a draft again counts its revision on, so that no approval holds") {
  const auto event = reopen(submitted(), "another window");
  REQUIRE(event);
  CHECK(event->revision == 2);
  SignedChange before;
  before.id = testing::kId.text();
  before.revision = 1;
  before.content = submitted().content;
  SignedChange after = before;
  after.revision = 2;
  CHECK(digest_of(before) != digest_of(after));
}

TEST_CASE("whatever is signed of a change, another of it is another content") {
  SignedChange shown;
  shown.id = testing::kId.text();
  shown.revision = 1;
  shown.texts_entry = 7;
  shown.content = submitted().content;
  const std::function<void(SignedChange&)> alterations[] = {
      [](SignedChange& s) { s.texts_entry = 8; },
      [](SignedChange& s) { s.content.title = "Another"; },
      [](SignedChange& s) { s.content.window.until.us += 1; },
      [](SignedChange& s) { s.content.environments = {"staging"}; },
      [](SignedChange& s) { s.content.releases[0].contents = testing::digest(0x12); },
      [](SignedChange& s) { s.content.risk.score += 1; },
      [](SignedChange& s) { s.content.type = ChangeType::emergency; },
      [](SignedChange& s) { s.environment_ids["production"] = "env_2"; },
      [](SignedChange& s) { s.configurations["shop/production"] = testing::digest(0x13); },
  };
  for (const auto& alter : alterations) {
    SignedChange other = shown;
    alter(other);
    CHECK(digest_of(other) != digest_of(shown));
  }
}

TEST_CASE("a reason that is needed is given, and not longer than it may be") {
  CHECK(code(reopen(submitted(), "")) == "reason_needed");
  CHECK(code(cancel(submitted(), std::string(1'001, 'x'))) == "reason_needed");
  CHECK(code(close(in(State::implementing), Ending::successful, std::string(1'001, 'x'))) ==
        "reason_needed");
}

TEST_CASE("an approved change begins in its window, in its place, once") {
  CHECK(first_obstacle(submitted(), in_window()).empty());
  Using facts = in_window();
  const TimeWindow window = submitted().content.window;
  facts.now = window.from - Duration{1};
  CHECK(first_obstacle(submitted(), facts) == "window_ahead");
  facts.now = window.from;
  CHECK(first_obstacle(submitted(), facts).empty());
  facts.now = window.until - Duration{1};
  CHECK(first_obstacle(submitted(), facts).empty());
  facts.now = window.until;
  CHECK(first_obstacle(submitted(), facts) == "window_over");
  CHECK(obstacles(submitted(), {"cart", "production"}, in_window()).front().code ==
        "place_not_touched");
  Change used = in(State::implementing);
  used.uses = {{"shop", "production", "deployment dpl_1", kNow, "rob"}};
  CHECK(first_obstacle(used, in_window()) == "used_already");
  CHECK(last_use(used, {"shop", "staging"}) == nullptr);
  CHECK(first_obstacle(in(State::draft), in_window()) == "change_not_submitted");
  CHECK(first_obstacle(in(State::closed), in_window()) == "change_ended");
}

TEST_CASE("a change that failed somewhere begins there again while its approval holds for it") {
  using Standing = approvals::Standing::State;
  Change used = in(State::implementing);
  used.uses = {{"shop", "production", "deployment dpl_1", kNow, "rob"},
               {"shop", "production", "deployment dpl_2", kNow, "rob"}};
  CHECK(last_use(used, {"shop", "production"})->use == "deployment dpl_2");
  Using facts = in_window();
  facts.last_use_failed = true;
  CHECK(first_obstacle(used, facts).empty());
  facts.approval.state = Standing::missing;
  CHECK(first_obstacle(used, facts) == "not_tried_again");
  // One that was approved with its template has nobody who said how often.
  Change standard = in(State::implementing);
  standard.content = submitted(testing::by_template()).content;
  standard.uses = used.uses;
  facts.approval.state = Standing::not_needed;
  CHECK(first_obstacle(standard, facts) == "not_tried_again");
  facts.approval.state = Standing::granted;
  facts.now = used.content.window.until;
  CHECK(first_obstacle(used, facts) == "window_over");
  used.state = State::closed;
  CHECK(first_obstacle(used, facts) == "change_ended");
}

TEST_CASE("what is not granted is not approved, whatever else it is") {
  using Standing = approvals::Standing::State;
  for (const Standing state :
       {Standing::not_needed, Standing::untold, Standing::missing, Standing::pending}) {
    Using facts = in_window();
    facts.approval.state = state;
    CHECK(first_obstacle(submitted(), facts) == "change_not_approved");
    Change standard = submitted(testing::by_template());
    const std::string by_template = first_obstacle(standard, facts);
    CHECK(by_template == (state == Standing::not_needed ? "" : "change_not_approved"));
  }
  // One that has begun used its approval up, for all of its places.
  Change begun = in(State::implementing);
  begun.content.applications = {"cart", "shop"};
  begun.uses = {{"cart", "production", "by hand", kNow, "rob"}};
  Using facts = in_window();
  facts.approval.state = Standing::missing;
  CHECK(first_obstacle(begun, facts).empty());
}

TEST_CASE("a document that changed, and a review that is overdue, stand in the way to the end") {
  Using facts = in_window();
  facts.documents_in_force = false;
  CHECK(first_obstacle(submitted(), facts) == "document_changed");
  facts = in_window();
  facts.overdue = {"chg_1"};
  CHECK(first_obstacle(submitted(), facts) == "review_overdue");
  CHECK(first_obstacle(submitted(testing::by_template()), facts).empty());
}

TEST_CASE("an emergency begins when somebody senior stands for what it says now") {
  Change change = submitted(testing::emergency());
  CHECK(first_obstacle(change, in_window()) == "not_endorsed");
  change.endorsement = Endorsement{"ben", testing::digest(0x33), "go", kNow};
  CHECK(first_obstacle(change, in_window()) == "not_endorsed");
  change.endorsement->digest = kShown;
  CHECK(first_obstacle(change, in_window()).empty());
  Using facts = in_window();
  facts.approval.state = approvals::Standing::State::missing;
  CHECK(first_obstacle(change, facts) == "change_not_approved");
  facts = in_window();
  facts.overdue = {"chg_1"};
  CHECK(first_obstacle(change, facts) == "review_overdue");
}

TEST_CASE("the first use of an emergency, and no other, sets when people have to look back") {
  const Change change = submitted(testing::emergency());
  CHECK(use(change, kPlace, "by hand", kNow).review_due == kNow + Duration::hours(24));
  Change begun = change;
  begun.state = State::implementing;
  CHECK(!use(begun, kPlace, "by hand", kNow).review_due);
  CHECK(!use(submitted(), kPlace, "by hand", kNow).review_due);
}

TEST_CASE("who may endorse an emergency, row by row") {
  const Change change = submitted(testing::emergency());
  const Reviewer ben{"person", "ben", false, true};
  const auto asked = [&](const Change& one, const Reviewer& by, const Digest& shown) {
    return code(endorse(one, by, shown, kShown, "it cannot wait"));
  };
  CHECK(asked(change, ben, kShown).empty());
  CHECK(asked(submitted(), ben, kShown) == "not_an_emergency");
  CHECK(asked(change, {"service_account", "sa", false, true}, kShown) == "endorser_not_a_person");
  CHECK(asked(change, {"person", "", false, true}, kShown) == "endorser_not_a_person");
  CHECK(asked(change, {"person", "ann", true, true}, kShown) == "own_emergency");
  CHECK(asked(change, {"person", "cat", false, false}, kShown) == "not_an_endorser");
  CHECK(asked(change, {"person", "ben", false, true, true}, kShown) == "approver_endorses");
  CHECK(asked(change, ben, testing::digest(0x33)) == "content_changed");
  CHECK(code(endorse(change, ben, kShown, kShown, "")) == "reason_needed");
  Change endorsed = change;
  endorsed.endorsement = Endorsement{"ben", kShown, "go", kNow};
  CHECK(asked(endorsed, ben, kShown) == "endorsed_already");
  Change draft = change;
  draft.state = State::draft;
  CHECK(asked(draft, ben, kShown) == "change_not_submitted");
  Change begun = change;
  begun.state = State::implementing;
  CHECK(asked(begun, ben, kShown) == "change_began");
}

TEST_CASE("who may look back at an emergency, row by row, and when that is late") {
  Change change = submitted(testing::emergency());
  change.state = State::implementing;
  const Reviewer ben{"person", "ben", false, false};
  const auto asked = [&](const Change& one, const Reviewer& by) {
    return code(review(one, by, kNow, "The pool was too small."));
  };
  CHECK(asked(change, ben) == "review_not_due");
  CHECK(asked(submitted(), ben) == "not_an_emergency");
  change.review_due = kNow + Duration{1};
  CHECK(asked(change, ben).empty());
  CHECK(!review(change, ben, kNow, "found")->late);
  change.review_due = kNow;
  CHECK(review(change, ben, kNow, "found")->late);
  CHECK(asked(change, {"service_account", "sa", false, false}) == "endorser_not_a_person");
  CHECK(asked(change, {"person", "ann", true, false}) == "own_emergency");
  CHECK(asked(change, {"person", "rob", false, true, false, true}) == "endorser_reviews");
  CHECK(asked(change, {"person", "zoe", false, false, false, false, true}) == "executor_reviews");
  // Who approved it decided in advance, and may say afterwards what came of it.
  CHECK(asked(change, {"person", "cat", false, false, true}).empty());
  CHECK(code(review(change, ben, kNow, "")) == "reason_needed");
  change.reviewed_at = kNow;
  CHECK(asked(change, ben) == "reviewed_already");
}

TEST_CASE("who is kept apart from an emergency is told who can act, and that is kept as evidence") {
  const Change change = submitted(testing::emergency());
  for (const Refusal& refusal :
       {approver_endorses(change), endorser_reviews(change), executor_reviews(change)}) {
    CAPTURE(refusal.code);
    CHECK(is_evidence(refusal.code));
    REQUIRE(refusal.next.size() == 1);
    CHECK(refusal.next[0].command.find(change.id.text()) != std::string::npos);
  }
  CHECK(is_evidence("own_emergency"));
  CHECK(!is_evidence("reason_needed"));
  CHECK(!is_evidence("reviewed_already"));
}

TEST_CASE("every refusal says who can act, or that nothing more is to be done") {
  Using facts = in_window();
  facts.approval.state = approvals::Standing::State::pending;
  facts.approval.request = "apr_1";
  const auto found = obstacles(submitted(), kPlace, facts);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].next.size() == 1);
  CHECK(found[0].next[0].command == "holdpoint approve apr_1");
}

}  // namespace
}  // namespace holdpoint::changes
