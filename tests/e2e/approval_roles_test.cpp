// Roles and standing in, by the program and over HTTP against a real server (B2, B7): documents
// name people by address, the record by id, and whoever can act is told with the reason.
#include <doctest/doctest.h>

#include <fstream>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view roles_document = R"(apiVersion: holdpoint/v1
kind: ApprovalRole
metadata: {name: release-board}
spec:
  people: [bea.quillfeather@holdpoint-e2e.example]
  teams: [payments]
  rota:
    zone: Europe/Berlin
    layers:
      - people: [ada.rosenquist@holdpoint-e2e.example]
        shift: day
        handover: "09:00"
        start: 2020-01-01
---
apiVersion: holdpoint/v1
kind: Team
metadata: {name: payments}
spec: {members: [bea.quillfeather@holdpoint-e2e.example]}
)";

struct House {
  ServerProcess server;
  std::string bea;

  House() {
    const Reply added = server.post(
        "/api/v1/people",
        R"({"name":"Bea Quillfeather","email":"bea.quillfeather@holdpoint-e2e.example"})");
    REQUIRE(added.status == 201);
    bea = std::string(view(added.document().at("id").as_string()));
  }

  Finished apply(std::string_view text) const {
    std::ofstream(server.path("roles.yaml")) << text;
    return server.run({"apply", "--file", server.path("roles.yaml")});
  }
  std::string ledger() const { return server.get("/api/v1/main/ledger/entries?limit=200").body; }
};

House& house() {
  static House one;
  return one;
}

}  // namespace

TEST_CASE("roles are applied once, by address, and the record holds no address") {
  const House& there = house();
  const Finished first = there.apply(roles_document);
  INFO(first.err);
  REQUIRE(first.code == 0);
  const Finished again = there.apply(roles_document);
  CHECK(again.out.find("unchanged") != std::string::npos);
  const std::string role = there.server.get("/api/v1/main/approval-roles/release-board").body;
  CHECK(role.find(there.bea) != std::string::npos);
  CHECK(role.find('@') == std::string::npos);
  CHECK(there.ledger().find("quillfeather") == std::string::npos);
  CHECK(there.server.get("/api/v1/main/teams").document().at("items").as_array().size() == 1);
}

TEST_CASE("an address that nobody has is refused with its place and is not repeated") {
  const Finished refused = house().apply(
      "apiVersion: holdpoint/v1\nkind: Team\nmetadata: {name: ghosts}\n"
      "spec: {members: [zoe.nobody@holdpoint-e2e.example]}\n");
  CHECK(refused.code != 0);
  CHECK(refused.err.find("/spec/members/0") != std::string::npos);
  CHECK((refused.all()).find("zoe.nobody") == std::string::npos);
}

TEST_CASE("the program shows who can act, who is on call and who stands in") {
  const House& there = house();
  REQUIRE(there.apply(roles_document).code == 0);
  const Finished before = there.server.run({"role", "members", "release-board"});
  REQUIRE(before.code == 0);
  CHECK(before.out.find("named, team payments") != std::string::npos);
  CHECK(before.out.find("on call") != std::string::npos);

  const Finished given =
      there.server.run({"delegate", "--to", "bea.quillfeather@holdpoint-e2e.example", "--until",
                        "7d", "--role", "release-board", "--reason", "gallbladder surgery"});
  INFO(given.err);
  REQUIRE(given.code == 0);
  const Finished after = there.server.run({"role", "members", "release-board"});
  CHECK(after.out.find("stands in for") != std::string::npos);
  CHECK(there.server.run({"delegate", "list"}).out.find("gallbladder") != std::string::npos);
  CHECK(there.ledger().find("gallbladder") == std::string::npos);

  const Finished back =
      there.server.run({"delegate", "--for", there.bea, "--to", std::string(admin_email), "--until",
                        "7d", "--reason", "cover"});
  CHECK(back.err.find("Nobody can delegate the seat of another to himself") != std::string::npos);

  const auto items = there.server.get("/api/v1/main/delegations").document().at("items");
  const std::string id(view(items.at(0).at("id").as_string()));
  CHECK(there.server.run({"delegate", "revoke", id}).code == 0);
  CHECK(there.server.run({"role", "members", "release-board"}).out.find("stands in") ==
        std::string::npos);
}

}  // namespace holdpoint::test
