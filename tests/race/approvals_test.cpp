// Approvals in a race: two last approvers decide at the same instant over two connections, then two
// deployments want the one approval. However it falls, both decisions are recorded, the request is
// granted once and used once. HP_LONG=1 does it thousands of times.
#include <doctest/doctest.h>

#include <algorithm>
#include <barrier>
#include <cstdlib>
#include <functional>
#include <thread>

#include "support/approval_house.hpp"
#include "support/http_peer.hpp"

namespace holdpoint::test {
namespace {

constexpr int kRounds = 60;
constexpr int kRoundsLong = 4'000;

int rounds() { return std::getenv("HP_LONG") != nullptr ? kRoundsLong : kRounds; }

Ask post(const std::string& path, const json::object& body) {
  return {.method = "POST", .target = "/api/v1/main/" + path, .body = json::serialize(body)};
}

/// Two requests that leave their connections as close to each other as two threads can.
class Pair {
 public:
  Pair(HttpPeer& one, HttpPeer& other) : one_(one), other_(other) {}

  std::pair<Reply, Reply> at_once(const Ask& first, const Ask& second) {
    std::pair<Reply, Reply> replies;
    std::barrier ready(2);
    std::thread other([&] {
      ready.arrive_and_wait();
      replies.second = other_.call(second);
    });
    ready.arrive_and_wait();
    replies.first = one_.call(first);
    other.join();
    return replies;
  }

 private:
  HttpPeer& one_;
  HttpPeer& other_;
};

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// How many entries of that type the ledger has about the request.
std::size_t entries_of(HttpPeer& peer, const std::string& id, const std::string& type) {
  const Reply found =
      peer.get("/api/v1/main/ledger/entries?limit=200&subject=" + id + "&type=" + type);
  REQUIRE(found.status == 200);
  return count_of(found.body, "\"" + type + "\"");
}

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
