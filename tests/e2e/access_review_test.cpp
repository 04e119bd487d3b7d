// Access reviews over the real server: who can approve what is written down, others confirm or
// remove it at once, and what nobody answers is stated when the review is due (J3).
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

struct House {
  ServerProcess server;
  Someone ben, cat, rita;

  House() {
    ben = server.someone("Ben", "ben@holdpoint-e2e.example", "approver");
    cat = server.someone("Cat", "cat@holdpoint-e2e.example", "approver");
    rita = server.someone("Rita", "rita@holdpoint-e2e.example", "release_manager");
    write_file(server.path("roles.yaml"), R"(apiVersion: holdpoint/v1
kind: Team
metadata: {name: board}
spec: {title: Board, members: [ben@holdpoint-e2e.example, cat@holdpoint-e2e.example]}
---
apiVersion: holdpoint/v1
kind: ApprovalRole
metadata: {name: change-board}
spec: {title: Change board, teams: [board], people: [ben@holdpoint-e2e.example]}
)");
    const Finished applied = server.run({"apply", "--file", server.path("roles.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
    const Finished lent = server.run_as(cat.token, {"delegate", "--to", "ben@holdpoint-e2e.example",
                                                    "--until", "2d", "--reason", "away"});
    INFO(lent.all());
    REQUIRE(lent.code == 0);
  }

  [[nodiscard]] std::string start(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"access-review", "start",    "--title",
                                       "Third quarter", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished started = server.run(arguments);
    INFO(started.all());
    REQUIRE(started.code == 0);
    return std::string(view(json::parse(started.out).at("id").as_string()));
  }

  [[nodiscard]] json::value shown(const std::string& review) const {
    return server.get("/api/v1/main/access-reviews/" + review).document();
  }

  /// The number of the first line of that kind and person.
  [[nodiscard]] std::string line(const std::string& review, std::string_view kind,
                                 const Someone& who) const {
    const json::value document = shown(review);
    for (const json::value& one : document.at("lines").as_array()) {
      const bool is_it =
          view(one.at("kind").as_string()) == kind && view(one.at("person").as_string()) == who.id;
      if (is_it) return std::to_string(one.at("line").as_int64());
    }
    FAIL("no such line");
    return "";
  }

  /// The line of the administrator's role.
  [[nodiscard]] std::string administrator(const std::string& review) const {
    const json::value document = shown(review);
    for (const json::value& one : document.at("lines").as_array()) {
      const json::array& roles = one.at("roles").as_array();
      if (!roles.empty() && roles.at(0) == "administrator") {
        return std::to_string(one.at("line").as_int64());
      }
    }
    FAIL("no administrator");
    return "";
  }

  [[nodiscard]] Finished answer(const std::string& token, const std::string& how,
                                const std::string& review,
                                const std::vector<std::string>& lines) const {
    std::vector<std::string> arguments{"access-review", how, review, "--reason", "left the board"};
    arguments.insert(arguments.end(), lines.begin(), lines.end());
    return server.run_as(token, arguments);
  }

  [[nodiscard]] bool fills(const std::string& role, const Someone& who) const {
    return server.get("/api/v1/main/roles/" + role + "/members").body.find(who.id) !=
           std::string::npos;
  }
};

House& house() {
  static House one;
  return one;
}

}  // namespace

TEST_CASE("rights are confirmed or removed by others, at once, and the review closes for good") {
  const House& there = house();
  const std::string review = there.start({"--due", "14d"});
  const std::string role_of_ben = there.line(review, "role", there.ben);
  const std::string team_of_cat = there.line(review, "team_member", there.cat);
  const std::string named_ben = there.line(review, "named", there.ben);
  const std::string lent_to_ben = there.line(review, "delegation", there.ben);

  // Approvers do not review; a release manager does, but never the own rights.
  CHECK(there.answer(there.ben.token, "confirm", review, {team_of_cat}).code != 0);
  CHECK(says(
      there.answer(there.rita.token, "confirm", review, {there.line(review, "role", there.rita)}),
      "own_right"));
  REQUIRE(there.answer(there.rita.token, "confirm", review, {role_of_ben}).code == 0);
  CHECK(says(there.answer(there.rita.token, "confirm", review, {role_of_ben}), "line_answered"));

  REQUIRE(there.fills("change-board", there.cat));
  const Finished removed =
      there.answer(there.rita.token, "remove", review, {team_of_cat, named_ben, lent_to_ben});
  INFO(removed.all());
  REQUIRE(removed.code == 0);
  CHECK_FALSE(there.fills("change-board", there.cat));
  CHECK(says(there.server.run({"delegate", "list"}), "revoked"));
  CHECK(says(there.server.run({"access-review", "close", review}), "lines_unanswered"));

  const json::value before = there.shown(review);
  for (const json::value& one : before.at("lines").as_array()) {
    if (one.as_object().contains("answer")) continue;
    const std::string number = std::to_string(one.at("line").as_int64());
    const bool by_rita = there.answer(there.rita.token, "confirm", review, {number}).code == 0;
    CHECK((by_rita || there.answer(there.server.session(), "confirm", review, {number}).code == 0));
  }
  const Finished closed = there.server.run({"access-review", "close", review});
  INFO(closed.all());
  REQUIRE(closed.code == 0);
  CHECK(there.shown(review).at("review").as_object().contains("record"));
  CHECK(says(there.answer(there.rita.token, "remove", review, {role_of_ben}), "review_closed"));
  CHECK(says(there.server.run({"access-review", "show", review}), "removed by " + there.rita.id));
}

TEST_CASE("what nobody answered in time is removed where the review says so") {
  const House& there = house();
  const std::string review = there.start({"--due", "6s", "--remove-unanswered"});
  // Or the review would take away who reads its end.
  REQUIRE(there.answer(there.rita.token, "confirm", review, {there.administrator(review)}).code ==
          0);
  for (int i = 0; i < 150 && !there.shown(review).at("review").as_object().contains("closed_at");
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  const json::value document = there.shown(review);
  REQUIRE(document.at("review").as_object().contains("closed_at"));
  for (const json::value& one : document.at("lines").as_array()) {
    const auto answer = view(one.at("answer").as_string());
    if (answer == "confirmed") continue;
    CHECK(answer == "overdue_removed");
    CHECK_FALSE(one.as_object().contains("answered_by"));
  }
  CHECK_FALSE(there.fills("approver", there.cat));
  const Finished verified = there.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

TEST_CASE("two reviews at once leave a workspace its last administrator, and say so") {
  House there;
  const Someone eve = there.server.someone("Eve", "eve@holdpoint-e2e.example", "administrator");
  // Both at the same instant, and nobody answers either of them.
  const std::string one = there.start({"--due", "6s", "--remove-unanswered"});
  const std::string other = there.start({"--due", "6s", "--remove-unanswered"});
  // One of the two administrators is left, whoever that is.
  const auto seen_by = [&](const std::string& token, const std::string& review) {
    return there.server.ask_as(token, {.target = "/api/v1/main/access-reviews/" + review});
  };
  const auto token_left = [&]() -> std::string {
    for (const std::string& token : {eve.token, there.server.session()}) {
      if (seen_by(token, one).status == 200) return token;
    }
    return "";
  };
  const auto is_closed = [&](const std::string& review) {
    const std::string token = token_left();
    REQUIRE_MESSAGE(!token.empty(), "nobody administers the workspace any more");
    return seen_by(token, review).document().at("review").as_object().contains("closed_at");
  };
  for (int i = 0; i < 200 && !(is_closed(one) && is_closed(other)); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  REQUIRE(is_closed(one));
  REQUIRE(is_closed(other));
  const std::string token = token_left();
  std::size_t needed = 0;
  for (const std::string& review : {one, other}) {
    const json::value document = seen_by(token, review).document();
    for (const json::value& line : document.at("lines").as_array()) {
      if (view(line.at("answer").as_string()) != "overdue_needed") continue;
      ++needed;
      CHECK(line.as_object().contains("kept_because"));
      CHECK(line.as_object().contains("next"));
    }
  }
  CHECK(needed == 2);
  const Finished shown = there.server.run_as(token, {"access-review", "show", other});
  CHECK(says(shown, "kept because nobody else administers this workspace"));
  CHECK(says(shown, "make another person administrator"));
}

TEST_CASE("whoever answers a review does not take the last administrator away") {
  const House there;
  const std::string review = there.start({"--due", "14d"});
  const Finished refused =
      there.answer(there.rita.token, "remove", review, {there.administrator(review)});
  CHECK(refused.code != 0);
  CHECK(says(refused, "last administrator of this workspace"));
  CHECK(there.server.get("/api/v1/main/access-reviews/" + review).status == 200);
}

}  // namespace holdpoint::test
