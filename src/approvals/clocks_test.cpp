// What stops and moves the clocks of a request: incidents that overlap, approvals that count later,
// and whom a request waits for.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "approvals/awaited.hpp"
#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::approval;
using testing::kNow;
using testing::person;

/// The request after incidents were looked at.
Request followed(Request request, const std::vector<std::string>& incidents, Instant now) {
  const auto due = [&](Instant pause) {
    DueAfterPause out;
    for (const Escalation& level : request.escalation) out.due.push_back(level.due + (now - pause));
    return out;
  };
  for (const Event& event : pause_by(request, incidents, now, due)) {
    std::visit([&](const auto& one) { evolve(request, one, Stamp{"system", "reaction", now}); },
               event);
  }
  return request;
}

TEST_CASE("while an incident is open the clocks stand still, and then go on where they were") {
  const Request before = testing::request();
  Request request = followed(before, {"inc_1"}, kNow);
  CHECK(request.stopped_by == std::vector<std::string>{"inc_1"});
  Situation situation = testing::situation(request);
  situation.now = before.terms.pending_until + Duration::hours(1);
  CHECK(settle(request, situation).empty());
  request = followed(request, {}, kNow + Duration::hours(5));
  CHECK(request.stopped_by.empty());
  CHECK(request.terms.pending_until == before.terms.pending_until + Duration::hours(5));
  REQUIRE(request.pauses.size() == 1);
  CHECK(request.pauses.front().until == kNow + Duration::hours(5));
}

TEST_CASE("while the clocks stand still, a signature that is taken back ends nothing") {
  Request request = testing::request();
  request = testing::after(
      request, *sign(request, testing::situation(request), person("ben"), approval()), "ben");
  REQUIRE(request.state == State::pending);
  request = followed(request, {"inc_1"}, kNow);
  Situation situation = testing::situation(request);
  situation.now = request.terms.pending_until + Duration::hours(1);
  situation.paused_by = {"INC-1"};
  const auto taken = withdraw_signature(request, situation, person("ben"), "a doubt");
  REQUIRE(taken);
  CHECK(testing::after(request, *taken, "ben").state == State::pending);
  request = followed(request, {}, situation.now);
  CHECK_FALSE(has_run_out(request, situation.now));
}

TEST_CASE("incidents that overlap make one pause, from the first to the last") {
  const Request before = testing::request();
  const auto hour = [](int n) { return kNow + Duration::hours(n); };
  Request request = followed(before, {"inc_1"}, hour(0));
  request = followed(request, {"inc_1", "inc_2"}, hour(1));
  request = followed(request, {"inc_2"}, hour(2));
  CHECK(request.stopped_by == std::vector<std::string>{"inc_2"});
  CHECK(request.terms.pending_until == before.terms.pending_until);
  request = followed(request, {"inc_3"}, hour(3));
  request = followed(request, {}, hour(4));
  CHECK(request.pauses.size() == 1);
  CHECK(request.terms.pending_until == before.terms.pending_until + Duration::hours(4));
}

TEST_CASE("a pause undoes nothing that time decided, and looks the same twice") {
  Request request = testing::request();
  request.terms.pending_until = kNow;
  CHECK(followed(request, {"inc_1"}, kNow).stopped_by.empty());
  request = followed(testing::request(), {"inc_1"}, kNow);
  CHECK(pause_by(request, {"inc_1"}, kNow, {}).empty());
  request.state = State::granted;
  CHECK(pause_by(request, {}, kNow, {}).empty());
}

TEST_CASE("however incidents come and go, a request waits as long as it may outside of them") {
  CHECK(rc::check("pending time without pauses is what policy gave", [] {
    Request request = testing::request();
    const Duration given = request.terms.pending_until - kNow;
    Instant now = kNow;
    std::int64_t running = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 8), rc::gen::inRange(1, 600)));
    for (const auto& [open, minutes] : steps) {
      std::vector<std::string> incidents;
      for (int bit = 0; bit < 3; ++bit) {
        if ((open >> bit) % 2 == 1) incidents.push_back("inc_" + std::to_string(bit));
      }
      request = followed(request, incidents, now);
      if (request.stopped_by.empty()) running += Duration::minutes(minutes).us;
      now = now + Duration::minutes(minutes);
      if (request.stopped_by.empty() && request.terms.pending_until <= now) break;
    }
    if (!request.stopped_by.empty()) request = followed(request, {}, now);
    RC_ASSERT((request.terms.pending_until - now).us == given.us - running);
  }));
}

Sign deferred(Instant from) {
  Sign command = approval();
  command.effective_from = from;
  return command;
}

TEST_CASE("a deferred approval counts from its instant on, if the signer may sign then") {
  Request request = testing::request();
  Situation situation = testing::situation(request);
  const Instant later = kNow + Duration::hours(4);
  request =
      testing::after(request, *sign(request, situation, person("ben"), deferred(later)), "ben");
  request = testing::after(request, *sign(request, situation, person("cat"), approval()), "cat");
  CHECK(request.state == State::pending);
  CHECK(next_effective(request, kNow) == later);
  situation.now = later - Duration{1};
  CHECK(settle(request, situation).empty());
  situation.now = later;
  CHECK(!next_effective(request, later));
  REQUIRE(settle(request, situation).size() == 1);
  CHECK(std::holds_alternative<ApprovalGranted>(settle(request, situation).front()));

  SUBCASE("not who lost the role meanwhile") {
    situation.holders = {{"cat", "dan"}};
    CHECK(settle(request, situation).empty());
  }
  SUBCASE("not who turned out to have a part in it") {
    situation.involved.push_back({"ben", Part::author});
    CHECK(settle(request, situation).empty());
  }
  SUBCASE("not while an incident pauses it") {
    situation.paused_by = {"INC-1"};
    CHECK(settle(request, situation).empty());
  }
  SUBCASE("not once it was taken back") {
    situation.now = later - Duration::hours(1);
    const auto taken = withdraw_signature(request, situation, person("ben"), "a doubt");
    REQUIRE(taken);
    request = testing::after(request, *taken, "ben");
    situation.now = later;
    CHECK(settle(request, situation).empty());
  }
}

TEST_CASE("a deferral is refused where it would decide nothing, or too late") {
  const Request request = testing::request();
  const Situation situation = testing::situation(request);
  const auto with = [&](Choice choice, Instant from) {
    Sign command = deferred(from);
    command.choice = choice;
    command.reason = "because";
    return testing::code(sign(request, situation, person("ben"), command));
  };
  CHECK(with(Choice::approve, kNow + Duration{1}).empty());
  CHECK(with(Choice::approve, kNow) == "deferred_out_of_reach");
  CHECK(with(Choice::approve, request.terms.pending_until) == "deferred_out_of_reach");
  CHECK(with(Choice::reject, kNow + Duration::hours(1)) == "only_approvals_wait");
  CHECK(with(Choice::abstain, kNow + Duration::hours(1)) == "only_approvals_wait");
}

TEST_CASE("one person has one vote, also one that counts later, and one seat") {
  Request request = testing::request();
  Situation situation = testing::situation(request);
  request = testing::after(
      request, *sign(request, situation, person("ben"), deferred(kNow + Duration::hours(1))),
      "ben");
  CHECK(testing::code(sign(request, situation, person("ben"), approval())) == "signed_already");
  situation.stand_ins = {{"ben", "zoe", kNow, kNow + Duration::days(1), {}}};
  CHECK(testing::code(sign(request, situation, person("zoe"), approval())) == "seat_taken");
}

TEST_CASE(
    "a request waits for those who may sign its stage and have not, and for their delegates") {
  Request request = testing::request();
  request.demands = {testing::demand("technical", 1, 0), testing::demand("board", 1, 1)};
  Situation situation = testing::situation(request);
  situation.holders = {{"ben", "eve"}, {"cat", "dan"}};
  situation.stand_ins = {{"ben", "zoe", kNow, kNow + Duration::days(1), {}},
                         {"eve", "yan", kNow, kNow + Duration::days(1), {}}};
  CHECK(waiting_stages(request, situation) == std::vector<std::size_t>{0});
  CHECK(awaited(request, situation, waiting_stages(request, situation)) ==
        std::vector<std::string>{"ben", "zoe"});
  request.votes = {testing::vote("ben")};
  CHECK(waiting_stages(request, situation) == std::vector<std::size_t>{1});
  CHECK(awaited(request, situation, waiting_stages(request, situation)) ==
        std::vector<std::string>{"cat", "dan"});
  request.state = State::granted;
  CHECK(waiting_stages(request, situation).empty());
}

TEST_CASE("who stands in for a backup is waited for too, by the role of the level") {
  const Request request = testing::request();
  Situation situation = testing::situation(request);
  situation.backups = {{"zoe"}};
  situation.backup_roles = {{"deputies"}};
  const Instant until = kNow + Duration::days(1);
  situation.stand_ins = {{"zoe", "yan", kNow, until, {"deputies"}},
                         {"ben", "xia", kNow, until, {"deputies"}},
                         {"zoe", "wim", kNow, until, {"board"}}};
  const auto waiting = waiting_stages(request, situation);
  CHECK(awaited(request, situation, waiting) ==
        std::vector<std::string>{"ben", "cat", "dan", "yan", "zoe"});
  CHECK(stand_ins_of(request, situation, 0, std::vector<std::string>{"zoe"}) ==
        std::vector<std::string>{"yan"});
  CHECK(stand_ins_of(request, situation, 0, std::vector<std::string>{"ben"}).empty());
}

}  // namespace
}  // namespace holdpoint::approvals
