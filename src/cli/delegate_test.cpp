// The commands about delegations and roles: what they send and what they show.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

const std::vector<std::string> kGive{"delegate", "--to", "bob@example.com", "--until", "2026-12-24",
                                     "--reason", "leave"};

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

constexpr std::string_view kMade =
    R"({"id":"dlg_01J00000000000000000000000","delegator":"per_01J00000000000000000000000",)"
    R"("delegate":"per_01J00000000000000000000001","from":"2026-12-20T00:00:00Z",)"
    R"("until":"2026-12-24T00:00:00Z"})";

TEST_CASE("delegate sends whom, when and why, and shows the id to revoke it by") {
  Rehearsal rehearsal;
  rehearsal.reply(201, std::string(kMade));
  const auto outcome =
      rehearsal.run(with(kGive, {"--from", "2026-12-20", "--role", "board", "--role", "security"}));
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("dlg_01J00000000000000000000000") != std::string::npos);
  REQUIRE(rehearsal.transport.calls.size() == 1);
  CHECK(rehearsal.transport.calls[0].url.ends_with("/delegations"));
  CHECK(json::parse(rehearsal.transport.calls[0].body) ==
        json::parse(R"({"delegate":"bob@example.com","from":"2026-12-20T00:00:00Z",)"
                    R"("until":"2026-12-24T00:00:00Z","reason":"leave",)"
                    R"("roles":["board","security"]})"));
}

TEST_CASE("delegate without whom, an end or a reason is wrong use, and asks nobody") {
  for (const std::string left_out : {"--to", "--until", "--reason"}) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < kGive.size(); ++i) {
      if (kGive[i] == left_out) {
        ++i;
      } else {
        words.push_back(kGive[i]);
      }
    }
    Rehearsal rehearsal;
    const auto outcome = rehearsal.run(words);
    CHECK(outcome.exit == 2);
    CHECK(outcome.err.find(left_out) != std::string::npos);
    CHECK(rehearsal.transport.calls.empty());
  }
  Rehearsal rehearsal;
  CHECK(rehearsal.run(with(kGive, {"--from", "soon"})).exit == 2);
}

TEST_CASE("delegate list and revoke are commands of their own beside delegate") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"items":[{"id":"dlg_01J00000000000000000000000","delegator_name":"Ada",)"
                       R"("delegate_name":"Bob","roles":[],"from":"2026-12-20T00:00:00Z",)"
                       R"("until":"2026-12-24T00:00:00Z","state":"in_force","reason":"leave"}]})");
  const auto listed = rehearsal.run({"delegate", "list"});
  CHECK(listed.exit == 0);
  CHECK(listed.out.find("✓ in force") != std::string::npos);
  CHECK(listed.out.find("Bob for Ada, roles: all") != std::string::npos);

  Rehearsal other;
  other.reply(204, "");
  CHECK(other.run({"delegate", "revoke", "dlg_01J00000000000000000000000"}).exit == 0);
  REQUIRE(other.transport.calls.size() == 1);
  CHECK(other.transport.calls[0].method == "DELETE");
}

TEST_CASE("role members marks who is on call and who stands in for whom") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"role":"board","at":"2026-12-20T00:00:00Z","members":[
    {"person":"per_01J00000000000000000000000","name":"Ada","through":["named","team"],
     "teams":["payments"]},
    {"person":"per_01J00000000000000000000001","name":"Ben","through":["on_call"],"teams":[]}],
    "stand_ins":[{"person":"per_01J00000000000000000000002","name":"Cat",
      "stands_in_for":"per_01J00000000000000000000000","stands_in_for_name":"Ada",
      "delegation":"dlg_01J00000000000000000000000","until":"2026-12-24T00:00:00Z"}]})");
  const auto outcome = rehearsal.run({"role", "members", "board", "--at", "2026-12-20"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("named, team payments") != std::string::npos);
  CHECK(outcome.out.find("● on call") != std::string::npos);
  CHECK(outcome.out.find("stands in for Ada") != std::string::npos);
  CHECK(rehearsal.transport.calls[0].url.find("/roles/board/members?at=2026-12-20T00%3A00%3A00Z") !=
        std::string::npos);
}

}  // namespace
}  // namespace holdpoint
