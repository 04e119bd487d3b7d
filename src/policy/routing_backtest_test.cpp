// Requests for approval routed again by other policies: stages that come, go or change, and
// requests that nobody could open any more.
#include "policy/routing_backtest.hpp"

#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy {
namespace {

CompiledCriteria policy(const std::string& name, const std::string& spec) {
  const auto compiled =
      compile_policy("apiVersion: holdpoint/v1\nkind: ApprovalPolicy\nmetadata: {name: " + name +
                         ", owner: team:compliance}\nspec:\n" + spec,
                     {{Kind::approval_policy, cel::test_schema()}});
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

/// One route with one stage of so many approvers.
std::string board(int minimum, const std::string& when = "") {
  return "  routes:\n    - name: main\n" + (when.empty() ? "" : "      when: " + when + "\n") +
         "      stages: [{name: board, roles: [approver], minimum: " + std::to_string(minimum) +
         "}]\n";
}

TriedDocument tried(const std::string& spec, const std::string& name = "changes",
                    Mode mode = Mode::enforce) {
  return {policy(name, spec), mode};
}

std::vector<json::object> places(std::initializer_list<int> numbers) {
  std::vector<json::object> all;
  for (const int n : numbers) all.push_back({{"n", n}});
  return all;
}

std::expected<Replay, std::string> replayed(const DocumentSets& sets,
                                            std::initializer_list<int> numbers = {7}) {
  PastDecision decision;
  decision.kind = DecisionKind::approval;
  decision.passed = true;
  return replay_routing(decision, places(numbers), sets);
}

TEST_CASE("the policies of its time make no difference to a request") {
  const DocumentSet then{tried(board(2))};
  const auto same = replayed({then, then});
  REQUIRE(same);
  CHECK(same->effect == BacktestEffect::unchanged);
  CHECK(same->stages.empty());
}

TEST_CASE("stages that come, go and change are named with whom they ask") {
  const auto stricter = replayed({{tried(board(2))}, {tried(board(3))}});
  REQUIRE(stricter);
  CHECK(stricter->effect == BacktestEffect::other_rules);
  REQUIRE(stricter->stages.size() == 1);
  CHECK(stricter->stages[0].document == "changes");
  CHECK(stricter->stages[0].route == "main");
  CHECK(stricter->stages[0].stage == "board");
  CHECK(stricter->stages[0].before == "2 of approver");
  CHECK(stricter->stages[0].after == "3 of approver");
  const auto more = replayed({{tried(board(2))}, {tried(board(2)), tried(board(1), "cards")}});
  REQUIRE(more);
  REQUIRE(more->stages.size() == 1);
  CHECK(more->stages[0].document == "cards");
  CHECK_FALSE(more->stages[0].before.has_value());
  CHECK(more->stages[0].after == "1 of approver");
  const auto none = replayed({{tried(board(2))}, {tried("  match: n > 100\n" + board(2))}});
  REQUIRE(none);
  CHECK(none->effect == BacktestEffect::other_rules);
  CHECK(none->note == "nobody would be asked");
  REQUIRE(none->stages.size() == 1);
  CHECK_FALSE(none->stages[0].after.has_value());
}

TEST_CASE("stages in order, by quorum and in a capacity are told apart") {
  const std::string spec =
      "  routes:\n    - name: main\n      stages:\n"
      "        - {name: peer, roles: [developer], minimum: 1}\n"
      "        - {name: board, approvalRoles: [release-board], quorum: majority, capacity: "
      "business}\n";
  const auto one = replayed({{}, {tried(spec)}});
  REQUIRE(one);
  REQUIRE(one->stages.size() == 2);
  CHECK(one->stages[0].after == "majority of release-board as business, after 1 stage");
  CHECK(one->stages[1].after == "1 of developer");
}

TEST_CASE("where no route applies, or none can be told, nobody could be asked") {
  const auto unrouted = replayed({{tried(board(2))}, {tried(board(2, "n > 100"))}});
  REQUIRE(unrouted);
  CHECK(unrouted->effect == BacktestEffect::would_block);
  CHECK(unrouted->note == "the policy changes applies, and none of its routes does");
  const auto untold = replayed({{tried(board(2))}, {tried(board(2, "tests.failed == 0"))}});
  REQUIRE(untold);
  CHECK(untold->effect == BacktestEffect::would_block);
  CHECK(untold->note.find("cannot be told") != std::string::npos);
  CHECK_FALSE(replayed({{tried(board(2, "n > 100"))}, {tried(board(2))}}));
}

TEST_CASE("a rule that has to pass before anybody is asked blocks a request") {
  const auto ruled =
      tried(board(2) + "  rules: [{id: one, message: It must hold., require: n >= 9}]\n");
  const auto one = replayed({{tried(board(2))}, {ruled}});
  REQUIRE(one);
  CHECK(one->effect == BacktestEffect::would_block);
  REQUIRE(one->rules.size() == 1);
  CHECK(one->rules[0].rule == "one");
  CHECK(one->stages.empty());
}

TEST_CASE("what is demanded for one place is demanded of the whole") {
  const DocumentSets sets{{tried(board(2))},
                          {tried(board(2)), tried("  match: n > 8\n" + board(1), "big")}};
  CHECK(replayed(sets, {7})->effect == BacktestEffect::unchanged);
  const auto both = replayed(sets, {7, 9});
  REQUIRE(both);
  REQUIRE(both->stages.size() == 1);
  CHECK(both->stages[0].document == "big");
}

TEST_CASE("a policy on trial demands nothing, and is said to when it would") {
  const auto shadow =
      replayed({{tried(board(2))}, {tried(board(2)), tried(board(1), "new", Mode::shadow)}});
  REQUIRE(shadow);
  CHECK(shadow->effect == BacktestEffect::other_rules);
  CHECK(shadow->stages.empty());
  CHECK(shadow->would_flip == std::vector<std::string>{"new"});
}

TEST_CASE("policies that do not read the subject are not asked where only readers of it are") {
  PastDecision decision;
  decision.kind = DecisionKind::approval;
  decision.passed = true;
  decision.asks_readers_of = "n";
  const DocumentSets sets{{}, {tried(board(1)), tried("  match: n > 1\n" + board(1), "reader")}};
  const auto one = replay_routing(decision, places({7}), sets);
  REQUIRE(one);
  REQUIRE(one->stages.size() == 1);
  CHECK(one->stages[0].document == "reader");
}

}  // namespace
}  // namespace holdpoint::policy
