// Requests that come to lack people who may sign: said once when it begins and once when it is
// over.
#include "approvals/stranding.hpp"

#include <doctest/doctest.h>

#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::kNow;
using testing::person;

Request looked_at(Request request, const Situation& situation) {
  for (const Event& event : look_for_signers(request, situation)) {
    std::visit(
        [&](const auto& one) { evolve(request, one, Stamp{"system", "timer", situation.now}); },
        event);
  }
  return request;
}

TEST_CASE("as long as enough people are left who may sign, nothing is said") {
  const Request request = testing::request();
  Situation situation = testing::situation(request);
  CHECK(look_for_signers(request, situation).empty());
  situation.holders = {{"ben", "cat"}};
  CHECK(look_for_signers(request, situation).empty());
}

TEST_CASE("too few who may sign are said once, with the stages, and so are enough of them") {
  Request request = testing::request();
  request.demands = {testing::demand("technical", 1, 0), testing::demand("board", 2, 1)};
  Situation situation = testing::situation(request);
  situation.holders = {{"ben", "cat"}, {"dan", "eve"}};
  const Events events = look_for_signers(request, situation);
  REQUIRE(events.size() == 1);
  REQUIRE(std::holds_alternative<ApprovalStranded>(events.front()));
  CHECK(std::get<ApprovalStranded>(events.front()).stages == std::vector<std::string>{"board"});

  request = looked_at(request, situation);
  CHECK(request.state == State::pending);
  CHECK(request.stranded == std::vector<std::string>{"board"});
  CHECK(request.stranded_since == kNow);
  CHECK(look_for_signers(request, situation).empty());
  situation.holders[0].clear();
  CHECK(look_for_signers(request, situation).empty());
  situation.holders = {{"ben", "cat"}, {"dan", "zoe"}};
  const Events after = look_for_signers(request, situation);
  REQUIRE(after.size() == 1);
  CHECK(std::holds_alternative<ApprovalUnstranded>(after.front()));
  request = looked_at(request, situation);
  CHECK(request.stranded.empty());
  CHECK(!request.stranded_since);
  CHECK(look_for_signers(request, situation).empty());
}

TEST_CASE("a stage of one name in two routes is named once") {
  Request request = testing::request();
  request.demands = {testing::demand("board", 1, 0, "main"),
                     testing::demand("board", 1, 0, "more")};
  Situation situation = testing::situation(request);
  for (auto& people : situation.holders) people.clear();
  CHECK(looked_at(request, situation).stranded == std::vector<std::string>{"board"});
}

TEST_CASE("who decided otherwise is not left to sign, and whoever a level adds is") {
  Request request = testing::request();
  request.terms.rejections = 2;
  Situation situation = testing::situation(request);
  situation.holders = {{"ben", "cat"}};
  request = testing::after(request, *sign(request, situation, person("ben"), testing::rejection()),
                           "ben");
  REQUIRE(request.state == State::pending);
  request = looked_at(request, situation);
  REQUIRE(request.stranded_since);
  situation.backups = {{"zoe"}};
  situation.backup_roles = {{"deputies"}};
  CHECK_FALSE(looked_at(request, situation).stranded_since);
}

TEST_CASE("what does not wait is not short of anybody") {
  Request request = testing::request();
  Situation situation = testing::situation(request);
  situation.holders.front().clear();
  const Request stranded = looked_at(request, situation);
  REQUIRE(stranded.stranded_since);
  const auto with = [&](const Event& event) { return testing::after(stranded, {event}, "ann"); };
  const Request withdrawn = with(ApprovalEnded{request.id, State::withdrawn, "", std::nullopt});
  const Request granted = with(ApprovalGranted{request.id, testing::kShown, kNow});
  for (const Request& over : {withdrawn, granted}) {
    CHECK(over.stranded.empty());
    CHECK(!over.stranded_since);
    CHECK(look_for_signers(over, situation).empty());
  }
}

}  // namespace
}  // namespace holdpoint::approvals
