// What was granted: taken back by those who may sign, used once, tried again where policy allows
// it, and never better than the terms of the policies in force.
#include "approvals/decide.hpp"

#include <doctest/doctest.h>

#include "approvals/refusals.hpp"
#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::after;
using testing::approval;
using testing::code;
using testing::granted_request;
using testing::kNow;
using testing::kOther;
using testing::person;
using testing::rejection;

TEST_CASE(
    "who may sign takes back what was granted by rejecting it, alone and whatever is needed") {
  Request request = granted_request();
  request.terms.rejections = 2;
  const Situation situation = testing::situation(request);
  const auto taken = sign(request, situation, person("dan"), testing::rejection());
  REQUIRE(taken);
  const Request then = after(request, *taken, "dan");
  CHECK(then.state == State::revoked);
  CHECK(then.ended_because == "an approver rejected it after it was granted");
  REQUIRE(then.votes.size() == 3);
  CHECK(then.votes.back().choice == Choice::reject);
  CHECK(code(sign(then, situation, person("dan"), testing::rejection())) == "request_ended");
  CHECK(code(consume(then, situation, "deployment 1")) == "request_ended");
}

TEST_CASE("who approved may take it back by rejecting it, and has one vote still") {
  const Request request = granted_request();
  const Situation situation = testing::situation(request);
  const auto taken = sign(request, situation, person("ben"), testing::rejection());
  REQUIRE(taken);
  const Request then = after(request, *taken, "ben");
  CHECK(then.state == State::revoked);
  REQUIRE(then.votes.size() == 2);
  CHECK(then.votes.back().person == "ben");
  CHECK(then.votes.back().choice == Choice::reject);
}

TEST_CASE("what was granted is taken back by those alone who may sign, with a reason") {
  const auto taking = [](const std::string& who, auto change) {
    Request request = granted_request();
    Situation situation = testing::situation(request);
    Sign command = testing::rejection();
    change(request, situation, command);
    return code(sign(request, situation, person(who), command));
  };
  CHECK(taking("dan", [](Request&, Situation&, Sign&) {}).empty());
  CHECK(taking("ann", [](Request&, Situation&, Sign&) {}) == "own_part");
  CHECK(taking("eve", [](Request&, Situation&, Sign&) {}) == "own_part");
  CHECK(taking("zoe", [](Request&, Situation&, Sign&) {}) == "not_eligible");
  CHECK(taking("dan", [](Request&, Situation&, Sign& c) { c.reason = " "; }) == "reason_needed");
  CHECK(taking("dan", [](Request&, Situation&, Sign& c) { c.presented = kOther; }) ==
        "content_changed");
  CHECK(taking("dan", [](Request&, Situation&, Sign& c) { c.on_behalf_of = "cat"; }) ==
        "not_a_stand_in");
  CHECK(taking("dan", [](Request& r, Situation&, Sign&) { r.terms.needs_password = true; }) ==
        "password_needed");
  CHECK(taking("dan", [](Request& r, Situation& s, Sign&) { s.now = *r.valid_until; }) ==
        "too_late");
  CHECK(taking("dan", [](Request& r, Situation&, Sign&) { r.state = State::consumed; }) ==
        "request_ended");
  CHECK(taking("dan", [](Request&, Situation&, Sign& c) {
          c.effective_from = kNow + Duration::hours(1);
        }) == "only_approvals_wait");
}

TEST_CASE("an approval is used once") {
  Request request = granted_request();
  const Situation situation = testing::situation(request);
  const auto used = consume(request, situation, "deployment 1");
  REQUIRE(used);
  request = after(request, *used, "ann");
  CHECK(request.state == State::consumed);
  CHECK(code(consume(request, situation, "deployment 2")) == "request_ended");
}

/// Granted and used once, for something that has failed; policy allows two more uses.
Request failed_request() {
  Request request = granted_request();
  request.retries = 2;
  const auto used = consume(request, testing::situation(request), "deployment 1");
  REQUIRE(used);
  return after(request, *used, "ann");
}

Situation failed_situation(const Request& request) {
  Situation situation = testing::situation(request);
  situation.use_failed = true;
  return situation;
}

TEST_CASE("what failed is tried again as often as policy allows, and each try is numbered") {
  Request request = failed_request();
  const Situation situation = failed_situation(request);
  for (const std::int64_t attempt : {2, 3}) {
    const auto again = consume(request, situation, "deployment " + std::to_string(attempt));
    REQUIRE(again);
    REQUIRE(again->size() == 1);
    CHECK(std::get<ApprovalConsumed>(again->front()).attempt == attempt);
    request = after(request, *again, "ann");
    CHECK(request.used_for == "deployment " + std::to_string(attempt));
    CHECK(request.uses == attempt);
  }
  CHECK(code(consume(request, situation, "deployment 4")) == "no_retry_left");
}

TEST_CASE("nothing is tried again that did not fail, or where no policy allows it") {
  Request request = failed_request();
  CHECK(code(consume(request, testing::situation(request), "deployment 2")) == "use_not_failed");
  request.retries = 0;
  CHECK(code(consume(request, failed_situation(request), "deployment 2")) == "request_ended");
  for (const State state : {State::rejected, State::expired, State::withdrawn, State::superseded,
                            State::invalidated, State::revoked}) {
    Request ended = failed_request();
    ended.state = state;
    CHECK(code(consume(ended, failed_situation(ended), "deployment 2")) == "request_ended");
  }
}

TEST_CASE("another try rests on the same content, people and validity as the first") {
  const auto trying = [](auto change) {
    Request request = failed_request();
    Situation situation = failed_situation(request);
    change(request, situation);
    return code(consume(request, situation, "deployment 2"));
  };
  CHECK(trying([](Request&, Situation&) {}).empty());
  CHECK(trying([](Request&, Situation& s) { s.present = kOther; }) == "content_changed");
  CHECK(trying([](Request&, Situation& s) { s.present.reset(); }) == "subject_gone");
  CHECK(trying([](Request& r, Situation& s) { s.now = *r.valid_until; }) == "too_late");
  CHECK(trying([](Request&, Situation& s) { s.paused_by = {"INC-1"}; }) == "paused_by_incident");
  CHECK(trying([](Request&, Situation& s) { s.unknown_people = {"x"}; }) == "unknown_people");
  CHECK(trying([](Request&, Situation& s) { s.involved.push_back({"cat", Part::author}); }) ==
        "no_longer_granted");
}

TEST_CASE("what may be tried again is taken back too, whether the last try failed or still runs") {
  Request request = failed_request();
  Situation situation = failed_situation(request);
  for (const bool has_failed : {true, false}) {
    situation.use_failed = has_failed;
    const auto taken = sign(request, situation, person("dan"), rejection());
    REQUIRE(taken);
    const Request then = after(request, *taken, "dan");
    CHECK(then.state == State::revoked);
    CHECK(code(consume(then, situation, "deployment 2")) == "request_ended");
  }
  CHECK(code(sign(request, situation, person("dan"), approval())) == "request_ended");
  request.uses = request.retries + 1;
  CHECK(code(sign(request, situation, person("dan"), rejection())) == "request_ended");
}

TEST_CASE("an approval is not used when what it rested on is gone") {
  const auto using_it = [](auto change) {
    Request request = granted_request();
    Situation situation = testing::situation(request);
    change(request, situation);
    return code(consume(request, situation, "deployment 1"));
  };
  CHECK(using_it([](Request&, Situation&) {}).empty());
  CHECK(using_it([](Request& r, Situation&) {
          r.state = State::pending;
          r.votes.pop_back();
        }) == "not_granted");
  CHECK(using_it([](Request&, Situation& s) { s.present = kOther; }) == "content_changed");
  CHECK(using_it([](Request&, Situation& s) { s.present.reset(); }) == "subject_gone");
  CHECK(using_it([](Request& r, Situation& s) { s.now = *r.valid_until; }) == "too_late");
  CHECK(using_it([](Request&, Situation& s) { s.paused_by = {"INC-1"}; }) == "paused_by_incident");
  CHECK(using_it([](Request&, Situation& s) { s.unknown_people = {"x"}; }) == "unknown_people");
  CHECK(using_it([](Request&, Situation& s) { s.holders = {{"ben", "dan"}}; }) ==
        "no_longer_granted");
  CHECK(using_it([](Request&, Situation& s) { s.involved.push_back({"cat", Part::author}); }) ==
        "no_longer_granted");
}

/// The terms of the request, stricter as the change says, and what it outgrew then.
template <class Change>
std::optional<Outgrown> outgrown_by(Request request, Change change) {
  Terms terms = request.terms;
  const Situation situation = testing::situation(request);
  change(request, terms);
  return outgrown(request, situation, terms);
}

TEST_CASE("what was granted does not outlive the terms of the policies in force") {
  const auto terms = [](auto change) {
    const auto found = outgrown_by(granted_request(), change);
    return found ? found->terms : std::vector<std::string>();
  };
  using Lines = std::vector<std::string>;
  CHECK(terms([](Request&, Terms&) {}).empty());
  CHECK(terms([](Request&, Terms& now) { now.needs_password = true; }) ==
        Lines{"the password with each signature"});
  CHECK(terms([](Request&, Terms& now) { now.needs_rationale = true; }) ==
        Lines{"a rationale with each signature"});
  CHECK(terms([](Request&, Terms& now) { now.needs_rationale = now.needs_password = true; }) ==
        Lines{"the password with each signature", "a rationale with each signature"});
  // It was granted six days ago, and is valid for seven.
  CHECK(terms([](Request&, Terms& now) { now.validity_us = Duration::days(6).us; }) ==
        Lines{"use within 6d of the grant, which was over at 2026-11-24T12:00:00Z"});
  CHECK(terms([](Request&, Terms& now) { now.validity_us = Duration::days(6).us + 1; }).empty());
  CHECK(terms([](Request& r, Terms& now) {
          r.terms.rejections = 2;
          now.rejections = 1;
          r.votes.push_back(testing::vote("dan", Choice::reject));
        }) == Lines{"fewer than 1 rejection"});
}

TEST_CASE("terms that became milder take nothing away") {
  CHECK_FALSE(outgrown_by(granted_request(), [](Request& r, Terms& now) {
    r.terms.needs_password = r.terms.needs_rationale = true;
    now.validity_us = Duration::days(30).us;
    now.rejections = 3;
  }));
}

TEST_CASE("signatures count that were given as the newer terms ask") {
  const auto sign_again = [](auto change) {
    const auto found = outgrown_by(granted_request(), change);
    return found ? found->sign_again : std::vector<std::string>();
  };
  using Lines = std::vector<std::string>;
  CHECK(sign_again([](Request& r, Terms& now) {
          now.needs_password = true;
          r.votes[0].authentication = Authentication::password;
        }) == Lines{"cat"});
  CHECK(sign_again([](Request& r, Terms& now) {
          now.needs_password = true;
          for (Vote& vote : r.votes) vote.authentication = Authentication::password;
        }).empty());
  CHECK(sign_again([](Request& r, Terms& now) {
          now.needs_rationale = true;
          r.votes[0].reason_seq = 7;  // sealed
          r.votes[1].reason = "looked at it";
        }).empty());
  // Another who signed as is asked now makes up for who did not.
  CHECK(sign_again([](Request& r, Terms& now) {
          now.needs_password = true;
          r.votes.push_back(testing::vote("dan"));
          for (std::size_t i = 1; i < 3; ++i) r.votes[i].authentication = Authentication::password;
        }).empty());
}

TEST_CASE("terms that were outgrown are named with what to do") {
  const Request request = granted_request();
  const Refusal again = terms_changed(request, {{"the password with each signature"}, {"ben"}});
  CHECK(again.code == "terms_changed");
  CHECK(again.sentence.find("the password with each signature") != std::string::npos);
  REQUIRE(again.next.size() == 2);
  CHECK(again.next[0].command ==
        "holdpoint approvals withdraw " + request.id.text() + " --signature --reason WHY");
  CHECK(terms_changed(request, {{"use within 1h"}, {}}).next.size() == 1);
}

}  // namespace
}  // namespace holdpoint::approvals
