// Delegations through the routes of a running server: who may give them, what everybody sees, and
// who can act in a role meanwhile (B2, B7).
#include <doctest/doctest.h>

#include <map>

#include "identity/edge/delegation_queries.hpp"
#include "support/identity_server.hpp"

namespace holdpoint::identity {
namespace {

using test::IdentityServer;

constexpr std::string_view kDelegations = "/api/v1/acme/delegations";
constexpr std::string_view kPassword = "a long password";

std::string code(const http::Response& response) {
  return response.status < 400 ? "" : IdentityServer::member(response, "code");
}

std::string email_of(std::string_view name) { return std::string(name) + "@example.com"; }

struct House {
  IdentityServer server;
  std::string admin;
  std::map<std::string, std::string, std::less<>> ids;
  std::map<std::string, std::string, std::less<>> sessions;

  House() {
    server.initialise();
    admin = server.admin();
    for (const std::string name : {"ada", "bob", "cat"}) {
      const json::object person{{"name", name}, {"email", email_of(name)}, {"password", kPassword}};
      ids[name] = IdentityServer::member(
          server.send(admin, "POST", "/api/v1/people", json::serialize(person)), "id");
      const json::object role{
          {"actor_kind", "person"}, {"actor_id", ids[name]}, {"role", "developer"}};
      REQUIRE(server.send(admin, "POST", "/api/v1/acme/role-assignments", json::serialize(role))
                  .status == 201);
      sessions[name] = server.session(email_of(name), kPassword);
    }
  }

  http::Response give(const std::string& session, json::object order) {
    if (!order.contains("until")) order["until"] = "2026-11-27T06:00:00Z";
    if (!order.contains("reason")) order["reason"] = "parental leave";
    return server.send(session, "POST", std::string(kDelegations), json::serialize(order));
  }

  /// Who stands in for whom in the role, as the answer's list.
  json::array stand_ins(std::string_view role, std::string_view at = "") {
    const auto response = server.send(admin, "GET",
                                      "/api/v1/acme/roles/" + std::string(role) + "/members" +
                                          (at.empty() ? "" : "?at=" + std::string(at)));
    REQUIRE(response.status == 200);
    return json::parse(response.body).at("stand_ins").as_array();
  }
};

TEST_CASE("a delegate is named by address, may act while it lasts, and the reason is sealed") {
  House house;
  const auto given = house.give(house.sessions["ada"],
                                {{"delegate", "Bob@Example.com"}, {"roles", {"developer"}}});
  REQUIRE(given.status == 201);
  CHECK(IdentityServer::member(given, "delegator") == house.ids["ada"]);
  CHECK(IdentityServer::member(given, "delegate") == house.ids["bob"]);
  CHECK(IdentityServer::member(given, "from") == "2026-11-20T06:00:00Z");

  const auto standing = house.stand_ins("developer");
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].at("name") == "bob");
  CHECK(standing[0].at("stands_in_for_name") == "ada");
  CHECK(house.stand_ins("developer", "2026-11-27T06:00:00Z").empty());
  CHECK(house.stand_ins("approver").empty());

  const auto list =
      json::parse(house.server.send(house.sessions["cat"], "GET", std::string(kDelegations)).body);
  const auto& item = list.at("items").at(0);
  CHECK(item.at("state") == "in_force");
  CHECK(item.at("reason") == "parental leave");
  CHECK(item.at("delegator_name") == "ada");
  for (const std::string& entry : house.server.entries("acme")) {
    CHECK(entry.find("parental") == std::string::npos);
    CHECK(entry.find('@') == std::string::npos);
  }
}

TEST_CASE("each obstacle to a delegation is told by its code") {
  House house;
  const std::string& ada = house.sessions["ada"];
  CHECK(code(house.give(ada, {{"delegate", "zoe@example.com"}})) == "person_unknown");
  CHECK(code(house.give(ada, {{"delegate", house.ids["ada"]}})) == "delegation_to_self");
  CHECK(code(house.give(ada, {{"delegate", house.ids["bob"]}, {"delegator", house.ids["cat"]}})) ==
        "delegation_of_others");
  CHECK(code(house.give(ada, {{"delegate", house.ids["bob"]}, {"roles", {"board"}}})) ==
        "approval_role_unknown");
  CHECK(code(house.give(ada, {{"delegate", house.ids["bob"]}, {"reason", ""}})) ==
        "invalid_content");
  CHECK(code(house.give(ada, {{"delegate", house.ids["bob"]}, {"from", "2026-11-01T00:00:00Z"}})) ==
        "delegation_backdated");
  REQUIRE(house.give(ada, {{"delegate", house.ids["bob"]}}).status == 201);
  CHECK(code(house.give(house.sessions["bob"], {{"delegate", house.ids["ada"]}})) ==
        "delegation_reciprocal");
  REQUIRE(
      house.server.send(house.admin, "POST", "/api/v1/people/" + house.ids["cat"] + "/deactivation")
          .status == 204);
  CHECK(code(house.give(ada, {{"delegate", house.ids["cat"]}})) == "person_deactivated");
  CHECK(house.server.count("acme", "delegation.given") == 1);
}

TEST_CASE("an administrator delegates for somebody who is away, but not to himself") {
  House house;
  CHECK(house.give(house.admin, {{"delegator", house.ids["ada"]}, {"delegate", house.ids["bob"]}})
            .status == 201);
  CHECK(code(house.give(house.admin,
                        {{"delegator", house.ids["ada"]}, {"delegate", test::kAdminEmail}})) ==
        "delegation_to_requester");
}

TEST_CASE("a revoked delegation, a deactivated delegate and a chain give nobody a seat") {
  House house;
  const auto given = house.give(house.sessions["ada"], {{"delegate", house.ids["bob"]}});
  const std::string path = std::string(kDelegations) + "/" + IdentityServer::member(given, "id");
  REQUIRE(house.stand_ins("developer").size() == 1);
  SUBCASE("revoked") {
    CHECK(code(house.server.send(house.sessions["cat"], "DELETE", path)) == "delegation_of_others");
    CHECK(house.server.send(house.sessions["bob"], "DELETE", path).status == 204);
    CHECK(house.stand_ins("developer").empty());
    CHECK(code(house.server.send(house.sessions["ada"], "DELETE", path)) == "delegation_over");
    house.server.restart();
    CHECK(house.stand_ins("developer").empty());
  }
  SUBCASE("deactivated") {
    REQUIRE(house.server
                .send(house.admin, "POST", "/api/v1/people/" + house.ids["bob"] + "/deactivation")
                .status == 204);
    CHECK(house.stand_ins("developer").empty());
    CHECK(delegations_at(*house.server.engine->read(), "acme", house.server.clock.now()).empty());
  }
  SUBCASE("handed on") {
    const json::object role{
        {"actor_kind", "person"}, {"actor_id", house.ids["ada"]}, {"role", "approver"}};
    REQUIRE(house.server
                .send(house.admin, "POST", "/api/v1/acme/role-assignments", json::serialize(role))
                .status == 201);
    REQUIRE(house.give(house.sessions["bob"], {{"delegate", house.ids["cat"]}}).status == 201);
    const auto standing = house.stand_ins("approver");
    REQUIRE(standing.size() == 1);
    CHECK(standing[0].at("name") == "bob");
  }
}

TEST_CASE("an unknown role and a broken instant are told apart") {
  House house;
  CHECK(code(house.server.send(house.admin, "GET", "/api/v1/acme/roles/ghosts/members")) ==
        "approval_role_unknown");
  CHECK(
      house.server.send(house.admin, "GET", "/api/v1/acme/roles/approver/members?at=noon").status ==
      422);
}

}  // namespace
}  // namespace holdpoint::identity
