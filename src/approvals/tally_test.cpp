// Counting votes: quorum by distinct people for each stage, never a sum, and nobody attributed
// where another stage needs them more.
#include "approvals/tally.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::demand;
using testing::vote;

bool granted(const std::vector<Demand>& demands, const Eligible& eligible,
             const std::vector<Vote>& votes) {
  return count(demands, eligible, votes, 1).granted;
}

TEST_CASE("two approvals of one group do not stand for one of each group") {
  const std::vector demands{demand("security", 1), demand("operations", 1)};
  const Eligible eligible{{"sam", "sue"}, {"oli", "ora"}};
  CHECK_FALSE(granted(demands, eligible, {vote("sam"), vote("sue")}));
  CHECK(granted(demands, eligible, {vote("sam"), vote("oli")}));
}

TEST_CASE("who may sign for two stages is counted where nobody else can") {
  const std::vector demands{demand("security", 1), demand("operations", 1)};
  const Eligible eligible{{"pat", "sam"}, {"pat"}};
  // First come, first served would leave operations unmet for ever.
  CHECK(granted(demands, eligible, {vote("pat"), vote("sam")}));
  CHECK(granted(demands, eligible, {vote("sam"), vote("pat")}));
}

TEST_CASE("one person never fills two seats of a route") {
  const std::vector demands{demand("technical", 1), demand("business", 1)};
  const Eligible eligible{{"pat"}, {"pat"}};
  const Tally tally = count(demands, eligible, std::vector{vote("pat")}, 1);
  CHECK_FALSE(tally.granted);
  CHECK_FALSE(tally.satisfiable);
}

TEST_CASE("policies that both apply are both satisfied, each by votes of its own people") {
  const std::vector demands{demand("board", 2, 0, "main", "a"), demand("board", 1, 0, "main", "b")};
  const Eligible eligible{{"ben", "cat"}, {"cat", "dan"}};
  CHECK_FALSE(granted(demands, eligible, {vote("ben"), vote("dan")}));
  CHECK(granted(demands, eligible, {vote("ben"), vote("cat")}));
}

TEST_CASE("a later stage waits until the one before it has enough") {
  const std::vector demands{demand("peer", 1, 0), demand("board", 1, 1)};
  const Eligible eligible{{"ben"}, {"cat"}};
  const std::vector<Vote> none;
  CHECK(is_reached(demands, eligible, none, {"ben", {}}));
  CHECK_FALSE(is_reached(demands, eligible, none, {"cat", {}}));
  CHECK_FALSE(granted(demands, eligible, {vote("cat")}));
  CHECK(is_reached(demands, eligible, std::vector{vote("ben")}, {"cat", {}}));
  CHECK(granted(demands, eligible, {vote("ben"), vote("cat")}));
}

TEST_CASE("stages of one order may be signed at the same time") {
  const std::vector demands{demand("technical", 1, 0), demand("business", 1, 0)};
  const Eligible eligible{{"ben"}, {"cat"}};
  const std::vector<Vote> none;
  CHECK(is_reached(demands, eligible, none, {"ben", {}}));
  CHECK(is_reached(demands, eligible, none, {"cat", {}}));
}

TEST_CASE("quorums ask for so many people") {
  struct Row {
    Quorum quorum;
    std::size_t eligible;
    std::int64_t needed;
  };
  const Row rows[] = {
      {{QuorumKind::minimum, 1}, 5, 1},  {{QuorumKind::minimum, 3}, 2, 3},
      {{QuorumKind::minimum, 0}, 5, 1},  // a quorum of nobody is no quorum
      {{QuorumKind::majority, 0}, 4, 3}, {{QuorumKind::majority, 0}, 5, 3},
      {{QuorumKind::majority, 0}, 1, 1}, {{QuorumKind::percent, 50}, 5, 3},
      {{QuorumKind::percent, 49}, 5, 3}, {{QuorumKind::percent, 40}, 5, 2},
      {{QuorumKind::percent, 1}, 5, 1},  {{QuorumKind::percent, 100}, 5, 5},
      {{QuorumKind::percent, 50}, 0, 1}, {{QuorumKind::all, 0}, 3, 3},
      {{QuorumKind::all, 0}, 0, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(describe::enum_text(row.quorum.kind));
    CAPTURE(row.quorum.value);
    CAPTURE(row.eligible);
    CHECK(needed(row.quorum, row.eligible) == row.needed);
  }
}

TEST_CASE("one rejection ends it, and so many as the terms say when they say more") {
  const std::vector demands{demand("board", 2)};
  const Eligible eligible{{"ben", "cat", "dan"}};
  const std::vector votes{vote("ben"), vote("cat"), vote("dan", Choice::reject)};
  CHECK(count(demands, eligible, votes, 1).rejected);
  CHECK_FALSE(count(demands, eligible, votes, 1).granted);
  CHECK_FALSE(count(demands, eligible, votes, 2).rejected);
  CHECK(count(demands, eligible, votes, 2).granted);
  // Terms without a number are those of one rejection, not of none.
  CHECK(count(demands, eligible, votes, 0).rejected);
}

TEST_CASE("a rejection by somebody who may not sign is none") {
  const std::vector demands{demand("board", 1)};
  const Eligible eligible{{"ben"}};
  const std::vector votes{vote("ben"), vote("zoe", Choice::reject)};
  CHECK(count(demands, eligible, votes, 1).granted);
}

TEST_CASE("an abstention is no approval, and lowers who is left, not what is needed") {
  Demand majority = demand("board", 1);
  majority.quorum = {QuorumKind::majority, 0};
  const Eligible eligible{{"ben", "cat", "dan"}};
  const Tally tally = count(std::vector{majority}, eligible,
                            std::vector{vote("ben", Choice::abstain), vote("cat")}, 1);
  CHECK(tally.stages[0].need == 2);
  CHECK(tally.stages[0].have == 1);
  CHECK(tally.satisfiable);
  CHECK_FALSE(count(std::vector{majority}, eligible,
                    std::vector{vote("ben", Choice::abstain), vote("cat", Choice::abstain)}, 1)
                  .satisfiable);
}

TEST_CASE("without any demand nothing is granted") { CHECK_FALSE(granted({}, {}, {vote("ben")})); }

TEST_CASE("a right that was lent for one role fills no seat of another") {
  Demand docs = demand("docs", 1, 0, "main", "a");
  docs.approval_roles = {"docs-board"};
  Demand security = demand("security", 1, 0, "main", "b");
  security.approval_roles = {"security-board"};
  const std::vector demands{docs, security};
  const Eligible eligible{{"ada"}, {"ada"}};
  Vote lent = vote("bob", Choice::approve, "ada");
  CHECK(granted(demands, eligible, {lent}));
  lent.roles = {"docs-board"};
  const Tally tally = count(demands, eligible, std::vector{lent}, 1);
  CHECK(tally.stages[0].satisfied);
  CHECK_FALSE(tally.stages[1].satisfied);
  CHECK_FALSE(tally.granted);
}

TEST_CASE("a vote that nobody needs does not bring the request forward") {
  const std::vector demands{demand("peer", 1), demand("board", 1, 1)};
  const Eligible eligible{{"ben", "cat"}, {"ben", "dan"}};
  const std::vector votes{vote("cat")};
  CHECK(advances(demands, eligible, votes, {"ben", {}}));  // for the board
  CHECK(advances(demands, eligible, votes, {"dan", {}}));
  CHECK_FALSE(advances(demands, eligible, std::vector{vote("ben"), vote("cat")}, {"dan", {}}));
  // cat may only be a peer, and ben, who was the peer, moves to the board.
  CHECK(advances(demands, eligible, std::vector{vote("ben")}, {"cat", {}}));
}

/// The definition, by trying every way to seat the voters: an independent reading of the rule.
bool seated_by_trying(const std::vector<Demand>& demands, const Eligible& eligible,
                      const std::vector<std::string>& voters, std::size_t next,
                      std::vector<std::int64_t> lacking) {
  if (std::ranges::all_of(lacking, [](std::int64_t n) { return n <= 0; })) return true;
  if (next == voters.size()) return false;
  if (seated_by_trying(demands, eligible, voters, next + 1, lacking)) return true;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    if (lacking[i] <= 0 || !std::ranges::binary_search(eligible[i], voters[next])) continue;
    std::vector<std::int64_t> less = lacking;
    --less[i];
    if (seated_by_trying(demands, eligible, voters, next + 1, less)) return true;
  }
  return false;
}

TEST_CASE("a request is granted exactly when there is a way to give every seat its own person") {
  CHECK(rc::check("matching agrees with trying every way", [] {
    const std::vector<std::string> people{"a", "b", "c", "d", "e"};
    std::vector<Demand> demands;
    Eligible eligible;
    std::vector<std::int64_t> lacking;
    const int stages = *rc::gen::inRange(1, 4);
    for (int i = 0; i < stages; ++i) {
      demands.push_back(
          demand("s" + std::to_string(i), *rc::gen::inRange(1, 3), *rc::gen::inRange(0, 3)));
      std::set<std::string> some;
      for (const std::string& person : people) {
        if (*rc::gen::arbitrary<bool>()) some.insert(person);
      }
      eligible.emplace_back(some.begin(), some.end());
      lacking.push_back(demands.back().quorum.value);
    }
    std::vector<Vote> votes;
    std::vector<std::string> voters;
    for (const std::string& person : people) {
      if (!*rc::gen::arbitrary<bool>()) continue;
      votes.push_back(vote(person));
      voters.push_back(person);
    }
    const Tally tally = count(demands, eligible, votes, 1);
    RC_ASSERT(tally.granted == seated_by_trying(demands, eligible, voters, 0, lacking));
    RC_ASSERT(tally.satisfiable == seated_by_trying(demands, eligible, people, 0, lacking));
  }));
}

}  // namespace
}  // namespace holdpoint::approvals
