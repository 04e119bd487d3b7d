// Changes, overrides of freezes and access reviews in a race: whatever is to happen once happens
// once, the other one is told so, and the audit has nothing to say. HP_LONG=1 does it hundreds of
// times.
#include <doctest/doctest.h>

#include <cstdlib>

#include "race/pair.hpp"
#include "support/approval_house.hpp"
#include "support/wall_clock.hpp"

namespace holdpoint::test {
namespace {

constexpr int kRounds = 12;
constexpr int kRoundsLong = 300;

int rounds() { return std::getenv("HP_LONG") != nullptr ? kRoundsLong : kRounds; }

std::string in_hours(std::int64_t hours) { return (now() + Duration::hours(hours)).text(); }

/// A freeze of staging that holds now, and a policy by which one approver decides.
std::string documents() {
  return R"(apiVersion: holdpoint/v1
kind: Environment
metadata: {name: staging}
spec: {order: 20, kind: staging, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: Freeze
metadata: {name: close}
spec:
  owner: team:finance
  reason: The books are closed.
  environments: [staging]
  applications: [shop]
  once: {from: ")" +
         in_hours(-24) + R"(", until: ")" + in_hours(240) + R"("}
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: peers, owner: "team:compliance"}
spec:
  match: subject.kind == "freeze_override" || subject.kind == "change"
  routes: [{name: peer, stages: [{name: peer, roles: [approver], minimum: 1}]}]
)";
}

json::object change() {
  return {
      {"type", "normal"},
      {"title", "Move the articles"},
      {"applications", {"blog"}},
      {"environments", {"staging"}},
      {"from", in_hours(-1)},
      {"until", in_hours(3)},
      {"risk",
       {{"reversal", "with-effort"}, {"reach", "some"}, {"novelty", "once"}, {"tested", "partly"}}},
      {"backout_plan", "move them back"},
      {"customer_impact", "none"}};
}

std::string text_at(const Reply& reply, std::string_view object, std::string_view member) {
  return std::string(view(reply.document().at(object).at(member).as_string()));
}

}  // namespace

TEST_CASE(
    "a change that two submit and two begin at the same instant is submitted and begun once") {
  ApprovalHouse house;
  house.apply(documents());
  const Someone ben = house.person("Ben", "approver");
  const Someone dan = house.person("Dan", "release_manager");
  HttpPeer mine(house.server);
  HttpPeer theirs(house.server, dan.token);
  Pair two(mine, theirs);
  for (int round = 0; round < rounds(); ++round) {
    CAPTURE(round);
    const Reply made = mine.call(post("changes", change()));
    REQUIRE_MESSAGE(made.status == 201, made.body);
    const std::string id = text_at(made, "change", "id");
    const std::string path = "changes/" + id;

    const Ask submit = post(path + "/submission", {});
    const auto submitted = two.at_once(submit, submit);
    CHECK_MESSAGE(are(submitted, 200, 409), submitted.first.body << submitted.second.body);
    CHECK(entries_of(mine, id, "change.submitted") == 1);

    const std::string request = text_at(mine.get("/api/v1/main/" + path), "approval", "request");
    REQUIRE(house.approve(ben, request).status == 200);
    const Ask begin = post(path + "/start", {{"application", "blog"}, {"environment", "staging"}});
    const auto begun = two.at_once(begin, begin);
    CHECK_MESSAGE(are(begun, 200, 409), begun.first.body << begun.second.body);
    CHECK(entries_of(mine, id, "change.used") == 1);

    const Ask cancel = post(path + "/cancellation", {{"reason", "no longer needed"}});
    const Ask close = post(path + "/closing", {{"ending", "successful"}});
    const auto ended = two.at_once(cancel, close);
    CHECK(ended.first.status == 409);
    CHECK_MESSAGE(ended.second.status == 200, ended.second.body);
  }
  CHECK(audit_findings(house.server).empty());
  CHECK(house.server.stop() == 0);
}

TEST_CASE("an override of a freeze lets one of two deployments through, and only once") {
  ApprovalHouse house;
  house.apply(documents());
  const Someone ben = house.person("Ben", "approver");
  const Someone eve = house.person("Eve", "approver");
  const Someone dan = house.person("Dan", "release_manager");
  HttpPeer mine(house.server);
  HttpPeer theirs(house.server, dan.token);
  Pair two(mine, theirs);
  for (int round = 0; round < rounds(); ++round) {
    CAPTURE(round);
    const std::string version = "1." + std::to_string(round);
    house.release(version, {ben.email});
    const Ask start = post(
        "deployments", {{"application", "shop"}, {"version", version}, {"environment", "staging"}});
    REQUIRE(mine.call(start).status == 409);
    const Reply asked =
        mine.call(post("freeze-overrides", {{"application", "shop"},
                                            {"environment", "staging"},
                                            {"version", version},
                                            {"hours", 2},
                                            {"reason", "Nobody can pay any more."}}));
    REQUIRE_MESSAGE(asked.status == 201, asked.body);
    const std::string id = text_at(asked, "freeze_override", "id");
    const std::string request = asked.text("request");
    // Whoever wrote the release does not let it through.
    CHECK(house.approve(ben, request).status != 200);
    REQUIRE(house.approve(eve, request).status == 200);

    const auto started = two.at_once(start, start);
    CHECK_MESSAGE(are(started, 201, 409), started.first.body << started.second.body);
    CHECK(entries_of(mine, id, "freeze_override.used") == 1);
    const Reply& one = started.first.status == 201 ? started.first : started.second;
    REQUIRE(mine.call(post("deployments/" + one.text("id") + "/finish", {{"outcome", "succeeded"}}))
                .status == 200);
    CHECK(mine.call(start).status == 409);
  }
  CHECK(audit_findings(house.server).empty());
  CHECK(house.server.stop() == 0);
}

TEST_CASE("a right that one confirms and another removes at the same instant has one answer") {
  ApprovalHouse house;
  const Someone dan = house.person("Dan", "release_manager");
  for (int i = 0; i < rounds(); ++i) (void)house.person("Ben", "approver");
  HttpPeer mine(house.server);
  HttpPeer theirs(house.server, dan.token);
  Pair two(mine, theirs);
  const Reply begun =
      mine.call(post("access-reviews", {{"title", "Third quarter"}, {"due", in_hours(24 * 14)}}));
  REQUIRE_MESSAGE(begun.status == 201, begun.body);
  const std::string review = begun.text("id");
  const std::string path = "access-reviews/" + review;
  int answered = 0;
  const json::value listed = mine.get("/api/v1/main/" + path).document();
  for (const json::value& line : listed.at("lines").as_array()) {
    if (view(line.at("person").as_string()) == dan.id) continue;
    if (line.at("roles").as_array().at(0) != "approver") continue;
    const json::object body{{"lines", json::array{line.at("line")}}, {"reason", "left the board"}};
    const auto answers =
        two.at_once(post(path + "/confirmations", body), post(path + "/removals", body));
    CHECK_MESSAGE(are(answers, 200, 409), answers.first.body << answers.second.body);
    ++answered;
  }
  CHECK(answered == rounds());
  const json::value after = mine.get("/api/v1/main/" + path).document();
  int kept = 0;
  for (const json::value& line : after.at("lines").as_array()) {
    if (line.as_object().contains("answer")) ++kept;
  }
  CHECK(kept == answered);
  CHECK(audit_findings(house.server).empty());
  CHECK(house.server.stop() == 0);
}

}  // namespace holdpoint::test
