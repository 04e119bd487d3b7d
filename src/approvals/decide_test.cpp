// Who may decide on a request, row by row: each way around the segregation of duties that other
// systems let pass ends in a refusal with a name.
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
using testing::kShown;
using testing::person;
using testing::rejection;

std::string signing(const Request& request, const Situation& situation, const Actor& actor,
                    const Sign& command = approval()) {
  return code(sign(request, situation, actor, command));
}

TEST_CASE("two eligible people grant what one alone does not") {
  Request request = testing::request();
  const Situation situation = testing::situation(request);
  const auto first = sign(request, situation, person("ben"), approval());
  REQUIRE(first);
  CHECK(first->size() == 1);
  request = after(request, *first, "ben");
  CHECK(request.state == State::pending);
  const auto second = sign(request, situation, person("cat"), approval());
  REQUIRE(second);
  request = after(request, *second, "cat");
  CHECK(request.state == State::granted);
  CHECK(request.valid_until == kNow + Duration::days(7));
  CHECK(consume(request, situation, "deployment 1"));
}

struct Refused {
  const char* why;
  std::string expected;
  Request request = testing::request();
  Situation situation = testing::situation(request);
  Actor actor = person("ben");
  Sign command = approval();
};

std::vector<Refused> refused_signatures() {
  std::vector<Refused> rows;
  const auto row = [&](const char* why, std::string expected, auto change) {
    Refused one{why, std::move(expected)};
    change(one);
    rows.push_back(std::move(one));
  };
  row("who asked for it", "own_part", [](Refused& r) { r.actor = person("ann"); });
  row("who wrote a commit of it", "own_part", [](Refused& r) { r.actor = person("eve"); });
  for (const Part part :
       {Part::committer, Part::co_author, Part::editor, Part::builder, Part::deployer,
        Part::endorser, Part::earlier_requester, Part::owner, Part::policy_editor}) {
    row("who has another part in it", "own_part",
        [&](Refused& r) { r.situation.involved.push_back({"ben", part}); });
  }
  row("a service account, whatever its role", "approver_not_a_person",
      [](Refused& r) { r.actor = {"service_account", "ben"}; });
  row("an agent", "approver_not_a_person", [](Refused& r) { r.actor = {"agent", "ben"}; });
  row("somebody without an id", "approver_not_a_person", [](Refused& r) { r.actor.id.clear(); });
  row("somebody without the role", "not_eligible", [](Refused& r) { r.actor = person("zoe"); });
  row("an administrator has no right of that alone", "not_eligible",
      [](Refused& r) { r.actor = person("root"); });
  row("who lost the role meanwhile", "not_eligible",
      [](Refused& r) { r.situation.holders = {{"cat", "dan"}}; });
  row("while a part of it is by somebody unknown", "unknown_people",
      [](Refused& r) { r.situation.unknown_people = {"per_x"}; });
  row("on content that is not the present one", "content_changed",
      [](Refused& r) { r.command.presented = kOther; });
  row("on what was asked, though the content changed since", "content_changed",
      [](Refused& r) { r.situation.present = kOther; });
  row("on the new content, though the request is about the old", "content_changed",
      [](Refused& r) { r.situation.present = r.command.presented = kOther; });
  row("on what is gone", "subject_gone", [](Refused& r) { r.situation.present.reset(); });
  row("at the very instant it expires", "too_late",
      [](Refused& r) { r.request.terms.pending_until = r.situation.now; });
  row("while an incident pauses it", "paused_by_incident",
      [](Refused& r) { r.situation.paused_by = {"INC-1"}; });
  row("a second time", "signed_already",
      [](Refused& r) { r.request.votes = {testing::vote("ben")}; });
  row("a second time, through another's right", "signed_already", [](Refused& r) {
    r.request.votes = {testing::vote("ben")};
    r.situation.stand_ins = {{"cat", "ben", kNow, kNow + Duration::days(1), {}}};
    r.command.on_behalf_of = "cat";
  });
  row("with the right of somebody whose delegate used it", "seat_taken",
      [](Refused& r) { r.request.votes = {testing::vote("dan", Choice::approve, "ben")}; });
  row("a rejection that says nothing", "reason_needed",
      [](Refused& r) { r.command = rejection(""); });
  row("without the rationale that is asked for", "reason_needed",
      [](Refused& r) { r.request.terms.needs_rationale = true; });
  row("with an endless reason", "reason_too_long",
      [](Refused& r) { r.command.reason = std::string(reason_bytes_max + 1, 'x'); });
  row("without the password that is asked for", "password_needed",
      [](Refused& r) { r.request.terms.needs_password = true; });
  row("in a stage that is not reached", "stage_not_reached", [](Refused& r) {
    r.request.demands = {testing::demand("peer", 1, 0), testing::demand("board", 1, 1)};
    r.situation.holders = {{"cat"}, {"ben"}};
  });
  row("where the stage has enough", "signature_not_needed", [](Refused& r) {
    r.request.demands = {testing::demand("peer", 1, 0), testing::demand("board", 1, 0)};
    r.situation.holders = {{"ben", "cat"}, {"dan"}};
    r.request.votes = {testing::vote("cat")};
  });
  for (const State state :
       {State::granted, State::rejected, State::expired, State::withdrawn, State::superseded,
        State::invalidated, State::revoked, State::consumed}) {
    row("on what has ended", "request_ended", [&](Refused& r) {
      r.request.state = state;
      r.request.valid_until = kNow + Duration::days(1);
    });
  }
  return rows;
}

TEST_CASE("a signature is refused with its reason") {
  for (const Refused& row : refused_signatures()) {
    CAPTURE(row.why);
    CHECK(signing(row.request, row.situation, row.actor, row.command) == row.expected);
  }
}

TEST_CASE("a delegate signs in the place of who is away, and both are on the record") {
  const Request request = testing::request();
  Situation situation = testing::situation(request);
  situation.holders = {{"ben", "cat"}};
  situation.stand_ins = {{"ben", "zoe", kNow, kNow + Duration::days(1), {}}};
  const auto decided = sign(request, situation, person("zoe"), approval());
  REQUIRE(decided);
  CHECK(std::get<ApprovalSigned>(decided->front()).seat == "ben");
}

TEST_CASE("a delegation gives no way around the segregation of duties") {
  const Request request = testing::request();
  Situation situation = testing::situation(request);
  const Duration day = Duration::days(1);
  SUBCASE("the author delegates to somebody without a part in it") {
    situation.stand_ins = {{"eve", "zoe", kNow, kNow + day, {}}};
    const auto refused = sign(request, situation, person("zoe"), approval());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "not_eligible");
    CHECK(refused.error().parameters.at("stands_in_for") == "eve");
    CHECK(refused.error().sentence.find("You stand in for eve, but whoever") != std::string::npos);
  }
  SUBCASE("an approver delegates to the author") {
    situation.stand_ins = {{"ben", "eve", kNow, kNow + day, {}}};
    CHECK(signing(request, situation, person("eve")) == "own_part");
  }
  SUBCASE("two approvers delegate to each other") {
    situation.holders = {{"ben", "cat"}};
    situation.stand_ins = {{"ben", "cat", kNow, kNow + day, {}},
                           {"cat", "ben", kNow, kNow + day, {}}};
    Sign command = approval();
    command.on_behalf_of = "cat";
    CHECK(signing(request, situation, person("ben"), command) == "not_a_stand_in");
  }
  SUBCASE("what was delegated is not delegated on") {
    situation.stand_ins = {{"ben", "zoe", kNow, kNow + day, {}},
                           {"zoe", "yan", kNow, kNow + day, {}}};
    CHECK(signing(request, situation, person("yan")) == "not_eligible");
  }
  SUBCASE("a delegation begins at its first instant and is over at its last") {
    situation.stand_ins = {{"ben", "zoe", kNow, kNow + day, {}}};
    CHECK(signing(request, situation, person("zoe")).empty());
    situation.now = kNow - Duration{1};
    CHECK(signing(request, situation, person("zoe")) == "not_eligible");
    situation.now = kNow + day;
    CHECK(signing(request, situation, person("zoe")) == "not_eligible");
  }
  SUBCASE("it covers only the roles it names") {
    Request scoped = request;
    scoped.demands.front().approval_roles = {"board"};
    situation.stand_ins = {{"ben", "zoe", kNow, kNow + day, {"privacy"}}};
    CHECK(signing(scoped, situation, person("zoe")) == "not_eligible");
    situation.stand_ins.front().approval_roles = {"board"};
    CHECK(signing(scoped, situation, person("zoe")).empty());
  }
  SUBCASE("a delegate with a right of their own has one vote") {
    situation.stand_ins = {{"cat", "ben", kNow, kNow + day, {}}};
    const auto own = sign(request, situation, person("ben"), approval());
    REQUIRE(own);
    Sign again = approval();
    again.on_behalf_of = "cat";
    CHECK(signing(after(request, *own, "ben"), situation, person("ben"), again) ==
          "signed_already");
  }
}

TEST_CASE("a rejection ends the request, and approvals do not outvote it") {
  Request request = testing::request();
  const Situation situation = testing::situation(request);
  request = after(request, *sign(request, situation, person("ben"), approval()), "ben");
  const auto no = sign(request, situation, person("cat"), rejection());
  REQUIRE(no);
  request = after(request, *no, "cat");
  CHECK(request.state == State::rejected);
  CHECK(request.ended_because == "it was rejected");
  CHECK(signing(request, situation, person("dan")) == "request_ended");
}

TEST_CASE("what time and change do to a request is told once, and nothing ended moves again") {
  const auto settled = [](auto change) {
    Request request = granted_request();
    Situation situation = testing::situation(request);
    change(request, situation);
    const Events events = settle(request, situation);
    if (events.empty()) return std::string("stands");
    REQUIRE(events.size() == 1);
    const auto& end = std::get<ApprovalEnded>(events.front());
    CHECK(settle(after(request, events, "system"), situation).empty());
    return std::string(describe::enum_text(end.state));
  };
  CHECK(settled([](Request&, Situation&) {}) == "stands");
  CHECK(settled([](Request&, Situation& s) { s.present = kOther; }) == "invalidated");
  CHECK(settled([](Request&, Situation& s) { s.present.reset(); }) == "invalidated");
  CHECK(settled([](Request& r, Situation& s) { s.now = *r.valid_until; }) == "expired");
  CHECK(settled([](Request& r, Situation& s) {
          r.state = State::pending;
          s.now = r.terms.pending_until;
        }) == "expired");
  CHECK(settled([](Request& r, Situation& s) {
          r.state = State::pending;
          r.votes.clear();
          s.now = r.terms.pending_until - Duration{1};
        }) == "stands");
}

TEST_CASE("a signature can be taken back until it was used, and then the request waits again") {
  Request request = granted_request();
  const Situation situation = testing::situation(request);
  CHECK(code(withdraw_signature(request, situation, person("dan"), "why")) == "not_signed");
  CHECK(code(withdraw_signature(request, situation, person("ben"), "")) == "reason_needed");
  const auto taken = withdraw_signature(request, situation, person("ben"), "a doubt");
  REQUIRE(taken);
  request = after(request, *taken, "ben");
  CHECK(request.state == State::pending);
  CHECK(request.votes.size() == 1);
  CHECK(signing(request, situation, person("ben")).empty());
}

TEST_CASE("only who asked withdraws a request") {
  const Request request = testing::request();
  CHECK(code(withdraw(request, person("ben"), "why")) == "not_the_requester");
  CHECK(code(withdraw(request, {"service_account", "ann"}, "why")) == "not_the_requester");
  const auto withdrawn = withdraw(request, person("ann"), "not needed");
  REQUIRE(withdrawn);
  CHECK(after(request, *withdrawn, "ann").state == State::withdrawn);
}

TEST_CASE("a vote of somebody who turns out to have a part in it counts no more") {
  const Request request = granted_request();
  Situation situation = testing::situation(request);
  CHECK(standing_votes(request, situation).size() == 2);
  situation.involved.push_back({"cat", Part::co_author});
  CHECK(standing_votes(request, situation).size() == 1);
}

TEST_CASE("a vote in another's place counts no more when either of the two has a part in it") {
  Request request = testing::request();
  request.votes = {testing::vote("ben"), testing::vote("zoe", Choice::approve, "dan")};
  for (const std::string person : {"zoe", "dan"}) {
    Situation situation = testing::situation(request);
    CHECK(standing_votes(request, situation).size() == 2);
    situation.involved.push_back({person, Part::co_author});
    INFO(person);
    CHECK(standing_votes(request, situation).size() == 1);
  }
}

TEST_CASE("blanks are no reason where one is asked for") {
  Request request = testing::request();
  const Situation situation = testing::situation(request);
  CHECK(code(sign(request, situation, person("ben"), testing::rejection(" \n"))) ==
        "reason_needed");
  request.terms.needs_rationale = true;
  CHECK(code(sign(request, situation, person("ben"), testing::approval("  "))) == "reason_needed");
  CHECK(code(sign(request, situation, person("ben"), testing::approval("seen"))).empty());
}

TEST_CASE("a request that lacks nobody any more is granted by itself") {
  Request request = testing::request();
  request.demands.front().quorum = {QuorumKind::all, 0};
  request.votes = {testing::vote("ben"), testing::vote("cat")};
  Situation situation = testing::situation(request);
  CHECK(settle(request, situation).empty());
  situation.holders = {{"ben", "cat"}};
  const Events events = settle(request, situation);
  REQUIRE(events.size() == 1);
  CHECK(std::holds_alternative<ApprovalGranted>(events.front()));
}

TEST_CASE("a request that lacks nobody any more can be used, though nobody has decided since") {
  Request request = testing::request();
  request.votes = {testing::vote("ben"), testing::vote("cat")};
  Situation situation = testing::situation(request);
  const auto used = consume(request, situation, "deployment 1");
  REQUIRE(used);
  CHECK(used->size() == 2);
  CHECK(after(request, *used, "ann").state == State::consumed);
  situation.now = request.terms.pending_until;
  CHECK(code(consume(request, situation, "deployment 1")) == "not_granted");
}

TEST_CASE("taking back a signature that was not needed leaves the grant as long as it was") {
  Request request = granted_request();
  request.votes.push_back(testing::vote("dan", Choice::abstain));
  const Situation situation = testing::situation(request);
  const auto taken = withdraw_signature(request, situation, person("dan"), "no matter");
  REQUIRE(taken);
  const Request then = after(request, *taken, "dan");
  CHECK(then.state == State::granted);
  CHECK(then.valid_until == request.valid_until);
}

TEST_CASE("an approval covers what was demanded of it, and nothing that came later") {
  const Request request = testing::request();
  CHECK(covers(request, request.demands));
  CHECK(covers(request, {}));
  const std::vector stricter{testing::demand("technical", 3)};
  CHECK_FALSE(covers(request, stricter));
  std::vector more = request.demands;
  more.push_back(testing::demand("board", 1));
  CHECK_FALSE(covers(request, more));
}

}  // namespace
}  // namespace holdpoint::approvals
