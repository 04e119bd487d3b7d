// Approvals in a race: two last approvers decide at the same instant over two connections, then two
// deployments want the one approval. However it falls, both decisions are recorded, the request is
// granted once and used once. HP_LONG=1 does it thousands of times.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "race/pair.hpp"
#include "support/approval_house.hpp"

namespace holdpoint::test {
namespace {

constexpr int kRounds = 60;
constexpr int kRoundsLong = 4'000;

int rounds() { return std::getenv("HP_LONG") != nullptr ? kRoundsLong : kRounds; }

}  // namespace

TEST_CASE(
    "two last approvers at the same instant make one grant, and two deployments of it one use") {
  ApprovalHouse house;
  const Someone ann = house.person("Ann", "developer");
  const Someone ben = house.person("Ben", "approver");
  const Someone cat = house.person("Cat", "approver");
  const Someone dan = house.person("Dan", "release_manager");
  HttpPeer asker(house.server);
  HttpPeer deployer(house.server, dan.token);
  HttpPeer first(house.server, ben.token);
  HttpPeer second(house.server, cat.token);
  Pair approvers(first, second);
  Pair deployers(asker, deployer);
  int grants = 0;
  int uses = 0;
  for (int round = 0; round < rounds(); ++round) {
    const std::string version = "1." + std::to_string(round);
    house.release(version, {ann.email});
    const std::string id = house.request(version);
    const json::object decision{{"choice", "approve"}, {"digest", house.digest(id)}};
    const Ask sign = post("approvals/" + id + "/decisions", decision);
    const auto [one, other] = approvers.at_once(sign, sign);
    CHECK(one.status == 200);
    CHECK(other.status == 200);
    CHECK(entries_of(asker, id, "approval.signed") == 2);
    if (entries_of(asker, id, "approval.granted") == 1) ++grants;

    const Ask start =
        post("deployments",
             {{"application", "shop"}, {"version", version}, {"environment", "production"}});
    const auto [mine, theirs] = deployers.at_once(start, start);
    CHECK(std::min(mine.status, theirs.status) == 201);
    CHECK(std::max(mine.status, theirs.status) == 409);
    if (entries_of(asker, id, "approval.consumed") == 1) ++uses;
    const Reply& started = mine.status == 201 ? mine : theirs;
    const Ask finish =
        post("deployments/" + started.text("id") + "/finish", {{"outcome", "succeeded"}});
    REQUIRE(asker.call(finish).status == 200);
  }
  CHECK(grants == rounds());
  CHECK(uses == rounds());
  CHECK(audit_findings(house.server).empty());
  CHECK(house.server.stop() == 0);
  MESSAGE(rounds() << " pairs of approvers and of deployments");
}

}  // namespace holdpoint::test
