// Who fills a role and who answers for a program, asked of the tables of a running server (B2, B5).
#include <doctest/doctest.h>

#include "identity/directory.hpp"
#include "identity/edge/appliers.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "support/identity_server.hpp"

namespace holdpoint::identity {
namespace {

using test::IdentityServer;

struct House {
  IdentityServer server;
  std::string admin;

  House() {
    server.initialise();
    admin = server.admin();
  }

  PersonId add(std::string_view name) {
    server.clock.advance(Duration{1'000});  // ids sort by the millisecond they were made in
    const auto added =
        server.send(admin, "POST", "/api/v1/people",
                    R"({"name":")" + std::string(name) + R"(","email":")" + std::string(name) +
                        R"(@example.com","password":"a long password"})");
    REQUIRE(added.status == 201);
    return *PersonId::parse(IdentityServer::member(added, "id"));
  }

  void assign(std::string_view kind, std::string_view actor, std::string_view role) {
    const json::object body{{"actor_kind", kind}, {"actor_id", actor}, {"role", role}};
    REQUIRE(
        server.send(admin, "POST", "/api/v1/acme/role-assignments", json::serialize(body)).status ==
        201);
  }

  void deactivate(const PersonId& person) {
    REQUIRE(
        server.send(admin, "POST", "/api/v1/people/" + person.text() + "/deactivation").status ==
        204);
  }

  /// Applies the documents in the workspace; "" or the code and path of the refusal.
  std::string apply(const std::string& text) {
    const auto documents = parse_yaml(text);
    REQUIRE(documents.has_value());
    std::string refused;
    server.engine->execute(
        {.workspace = "acme",
         .actor = {"system", "test", std::nullopt, std::nullopt},
         .name = "test.apply",
         .run = [&](engine::Unit& unit) -> engine::Outcome {
           for (const auto& applier : appliers()) {
             for (const YamlDocument& document : *documents) {
               if (view(document.value.at("kind").as_string()) != applier.kinds.front()) continue;
               const auto applied = applier.prepare({{&document, text, 1}})(unit);
               if (applied) continue;
               const Refusal& refusal = applied.error().refusal;
               refused = refusal.code + " " + refusal.issues.front().path;
               return refuse(refusal);
             }
           }
           return engine::Answer{204, ""};
         }});
    return refused;
  }

  std::vector<PersonId> filling(std::string_view role, Instant at) {
    return people_of_role(*server.engine->read(), "acme", role, at);
  }
  std::vector<PersonId> filling(std::string_view role) { return filling(role, server.clock.now()); }
  std::vector<PersonId> owners(std::string_view kind, std::string_view id) {
    return owner_of_actor(*server.engine->read(), "acme", kind, id);
  }
};

using People = std::vector<PersonId>;

TEST_CASE("a built-in role is filled by the active people who have it, never by programs") {
  House house;
  const PersonId ada = house.add("ada");
  const PersonId bob = house.add("bob");
  const auto account =
      house.server.send(house.admin, "POST", "/api/v1/acme/service-accounts", R"({"name":"ci"})");
  house.assign("person", bob.text(), "approver");
  house.assign("person", ada.text(), "approver");
  house.assign("service_account", IdentityServer::member(account, "id"), "approver");
  CHECK(house.filling("approver") == People{ada, bob});
  house.deactivate(ada);
  CHECK(house.filling("approver") == People{bob});
  CHECK(house.filling("no-such-role").empty());
}

constexpr std::string_view kBoard = R"(
apiVersion: holdpoint/v1
kind: ApprovalRole
metadata: {name: release-board}
spec:
  people: [ada@example.com]
  teams: [payments]
  rota:
    zone: Europe/Berlin
    layers:
      - people: [ben@example.com, cat@example.com]
        shift: week
        handover: "09:00"
        start: 2026-11-16
---
apiVersion: holdpoint/v1
kind: Team
metadata: {name: payments}
spec: {members: [ada@example.com, Dan@Example.com]}
)";

TEST_CASE("an approval role is filled by its people, its teams and whoever is on call") {
  House house;
  const PersonId ada = house.add("ada");
  const PersonId ben = house.add("ben");
  const PersonId cat = house.add("cat");
  const PersonId dan = house.add("dan");
  REQUIRE(house.apply(std::string(kBoard)) == "");
  const Instant next_week = house.server.clock.now() + Duration::days(7);
  CHECK(house.filling("release-board") == People{ada, ben, dan});
  CHECK(house.filling("release-board", next_week) == People{ada, cat, dan});
  const auto seats = seats_of_role(*house.server.engine->read(), "acme", "release-board",
                                   house.server.clock.now());
  REQUIRE(seats.has_value());
  CHECK(seats->front().through == std::vector{SeatSource::named, SeatSource::team});
  CHECK(seats->front().teams == std::vector<std::string>{"payments"});
  CHECK(seats->at(1).through == std::vector{SeatSource::on_call});

  SUBCASE("whose deactivation leaves a gap, which falls to nobody") {
    house.deactivate(ben);
    CHECK(house.filling("release-board") == People{ada, dan});
  }
  SUBCASE("and an override to somebody who left leaves one too, and does not fall back") {
    const Instant now = house.server.clock.now();
    std::string board(kBoard);
    const std::string start = "start: 2026-11-16\n";
    board.insert(board.find(start) + start.size(),
                 "    overrides:\n      - { from: " + (now - Duration::days(1)).text() +
                     ", until: " + (now + Duration::days(1)).text() +
                     ", person: cat@example.com }\n");
    REQUIRE(house.apply(board) == "");
    CHECK(house.filling("release-board") == People{ada, cat, dan});
    house.deactivate(cat);
    CHECK(house.filling("release-board") == People{ada, dan});
  }
  SUBCASE("and by nobody through a retired team, or once it is retired itself") {
    REQUIRE(house.apply("{apiVersion: holdpoint/v1, kind: Team, metadata: {name: payments},"
                        " spec: {members: [dan@example.com], state: retired}}") == "");
    CHECK(house.filling("release-board") == People{ada, ben});
    REQUIRE(house.apply("{apiVersion: holdpoint/v1, kind: ApprovalRole,"
                        " metadata: {name: release-board}, spec: {state: retired}}") == "");
    CHECK(house.filling("release-board").empty());
    CHECK(is_known_role(*house.server.engine->read(), "acme", "release-board"));
  }
  SUBCASE("and its ledger holds no mail address") {
    for (const std::string& entry : house.server.entries("acme")) {
      CHECK(entry.find('@') == std::string::npos);
    }
  }
}

TEST_CASE("a role that names somebody unknown or an unknown team is refused with the path") {
  House house;
  CHECK(house.apply("{apiVersion: holdpoint/v1, kind: ApprovalRole, metadata: {name: r},"
                    " spec: {people: [zoe@example.com]}}") == "invalid_document /spec/people/0");
  CHECK(house.apply("{apiVersion: holdpoint/v1, kind: ApprovalRole, metadata: {name: r},"
                    " spec: {teams: [ghosts]}}") == "team_not_found /spec/teams/0");
  CHECK_FALSE(is_known_role(*house.server.engine->read(), "acme", "r"));
  CHECK(is_known_role(*house.server.engine->read(), "acme", "approver"));
}

TEST_CASE("a service account answers to who made it and to whoever issued a token for it") {
  House house;
  const PersonId ada = house.add("ada");
  house.assign("person", ada.text(), "administrator");
  const std::string session = house.server.session("ada@example.com", "a long password");
  const auto created =
      house.server.send(session, "POST", "/api/v1/acme/service-accounts", R"({"name":"deployer"})");
  CHECK(IdentityServer::member(created, "owner") == ada.text());
  const std::string account = IdentityServer::member(created, "id");
  CHECK(house.owners("service_account", account) == People{ada});
  CHECK(house.owners("person", ada.text()) == People{ada});

  const auto me = json::parse(house.server.send(house.admin, "GET", "/api/v1/whoami").body);
  const PersonId root = *PersonId::parse(view(me.at("actor").at("id").as_string()));
  const json::object order{
      {"service_account_id", account}, {"name", "t"}, {"scopes", {"access.manage"}}};
  const auto issued =
      house.server.send(house.admin, "POST", "/api/v1/acme/tokens", json::serialize(order));
  REQUIRE(issued.status == 201);
  CHECK(house.owners("service_account", account) == People{root, ada});

  SUBCASE("and so does an account that the account made") {
    house.assign("service_account", account, "administrator");
    const auto made = house.server.send(IdentityServer::member(issued, "token"), "POST",
                                        "/api/v1/acme/service-accounts", R"({"name":"child"})");
    REQUIRE(made.status == 201);
    CHECK(IdentityServer::member(made, "owner") == ada.text());
  }
  SUBCASE("even when the person is gone, for what she made still acts") {
    house.deactivate(ada);
    CHECK(house.owners("service_account", account) == People{root, ada});
  }
}

TEST_CASE("of actors that are neither a person nor an account of the workspace nothing is known") {
  House house;
  CHECK(house.owners("system", "identity").empty());
  CHECK(house.owners("person", "ada").empty());
  CHECK(house.owners("person", "").empty());
  CHECK(house.owners("service_account", "sva_01J00000000000000000000000").empty());
}

TEST_CASE("a contributor is nobody the server knows until she is added") {
  House house;
  PersonId author;
  house.server.engine->execute({.workspace = "acme",
                                .actor = {"system", "test", std::nullopt, std::nullopt},
                                .name = "test.notice",
                                .run = [&](engine::Unit& unit) -> engine::Outcome {
                                  author = resolve_contributor(unit, "Eve", "eve@example.com");
                                  return engine::Answer{204, ""};
                                }});
  CHECK_FALSE(is_known_person(*house.server.engine->read(), author.text()));
  CHECK(house.add("eve") == author);
  CHECK(is_known_person(*house.server.engine->read(), author.text()));
  house.deactivate(author);
  CHECK(is_known_person(*house.server.engine->read(), author.text()));
  CHECK_FALSE(is_known_person(*house.server.engine->read(), ""));
}

}  // namespace
}  // namespace holdpoint::identity
