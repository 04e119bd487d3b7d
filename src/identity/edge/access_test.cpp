// Who gets in, who does not, and that every change counts from its commit (J1, J4).
#include "identity/edge/access.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <thread>

#include "identity/permissions.hpp"
#include "support/identity_server.hpp"

namespace holdpoint::identity {
namespace {

using test::Call;
using test::IdentityServer;

std::string code(const http::Response& response) {
  return response.status < 400 ? "" : IdentityServer::member(response, "code");
}

std::string code_of(IdentityServer& server, const Call& call, std::string_view workspace) {
  const auto caller = server.access->authenticate(IdentityServer::request_of(call), workspace);
  return caller ? "admitted" : std::to_string(caller.error().status) + " " + code(caller.error());
}

/// Adds a person with that role in acme and signs her in.
std::string person_with(IdentityServer& server, const std::string& admin, std::string_view role) {
  const std::string email = std::string(role) + "@example.com";
  const auto added =
      server.send(admin, "POST", "/api/v1/people",
                  R"({"name":"Somebody","password":"a long password","email":")" + email + R"("})");
  REQUIRE(added.status == 201);
  const auto assigned =
      server.send(admin, "POST", "/api/v1/acme/role-assignments",
                  R"({"actor_kind":"person","actor_id":")" + IdentityServer::member(added, "id") +
                      R"(","role":")" + std::string(role) + R"("})");
  REQUIRE(assigned.status == 201);
  return server.session(email, "a long password");
}

TEST_CASE("a request is admitted by a known token or session only") {
  IdentityServer server;
  server.initialise();
  const std::string session = server.admin();
  const auto with = [](std::string value) {
    return Call{"GET", "/api/v1/whoami", "", {{"Authorization", std::move(value)}}};
  };
  CHECK(code_of(server, {"GET", "/api/v1/whoami"}, "system") == "401 authentication_required");
  CHECK(code_of(server, with("Bearer " + session), "system") == "admitted");
  CHECK(code_of(server, with("bearer " + session), "system") == "admitted");
  CHECK(code_of(server, with("Basic " + session), "system") == "401 authentication_required");
  CHECK(code_of(server, with("Bearer "), "system") == "401 authentication_required");
  CHECK(code_of(server, with("Bearer hp_guess"), "system") == "401 token_unknown");
  CHECK(code_of(server, with("Bearer hps_guess"), "system") == "401 token_unknown");
  CHECK(code_of(server, with("Bearer " + session + "x"), "system") == "401 token_unknown");
  CHECK(code_of(server, with("Bearer " + std::string(100'000, 'x')), "system") ==
        "401 token_unknown");
  Call twice = with("Bearer " + session);
  twice.headers.emplace_back("Authorization", "Bearer " + session);
  CHECK(code_of(server, twice, "system") == "401 authentication_required");
}

TEST_CASE("a session cookie changes something only from this server's own page") {
  IdentityServer server;
  server.initialise();
  const std::string cookie = "holdpoint_session=" + server.admin();
  const auto post = [&](std::vector<std::pair<std::string, std::string>> headers) {
    headers.emplace_back("Cookie", cookie);
    return code_of(server, {"POST", "/api/v1/workspaces", "", std::move(headers)}, "system");
  };
  CHECK(post({}) == "403 cross_site_request");
  CHECK(post({{"Origin", "https://evil.example"}}) == "403 cross_site_request");
  CHECK(post({{"Origin", "null"}}) == "403 cross_site_request");
  CHECK(post({{"Origin", "https://holdpoint.example"}}) == "admitted");
  CHECK(post({{"X-Holdpoint", "page"}}) == "admitted");
  CHECK(code_of(server, {"GET", "/api/v1/whoami", "", {{"Cookie", cookie}}}, "system") ==
        "admitted");
  CHECK(code_of(server, {"GET", "/api/v1/whoami", "", {{"Cookie", "holdpoint_session=hp_x"}}},
                "system") == "401 authentication_required");
}

TEST_CASE("sessions end after two idle hours, and after twelve hours whatever happens") {
  IdentityServer server;
  server.initialise();
  const std::string session = server.admin();
  const auto ask = [&] { return server.send(session, "GET", "/api/v1/whoami"); };
  server.clock.advance(Duration::hours(2));
  CHECK(ask().status == 200);
  server.clock.advance(Duration{Duration::hours(2).us + 1});
  CHECK(code(ask()) == "token_expired");
  const std::string busy = server.admin();
  for (int i = 0; i < 11; ++i) {
    server.clock.advance(Duration::hours(1));
    CHECK(server.send(busy, "GET", "/api/v1/whoami").status == 200);
  }
  server.clock.advance(Duration::hours(1));
  CHECK(code(server.send(busy, "GET", "/api/v1/whoami")) == "token_expired");
}

TEST_CASE("a session that is used survives a restart, and its idle time is not forgotten") {
  IdentityServer server;
  server.initialise();
  const std::string session = server.admin();
  server.clock.advance(Duration::minutes(90));
  CHECK(server.send(session, "GET", "/api/v1/whoami").status == 200);
  server.settle();
  server.restart();
  server.clock.advance(Duration::minutes(90));
  CHECK(server.send(session, "GET", "/api/v1/whoami").status == 200);
  server.settle();
  server.restart();
  server.clock.advance(Duration::minutes(121));
  CHECK(code(server.send(session, "GET", "/api/v1/whoami")) == "token_expired");
}

TEST_CASE("every route refuses every role that lacks its permission, and admits the others") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  for (const Role& role : roles()) {
    const std::string session = person_with(server, admin, role.name);
    const auto known = server.access->authenticate(
        IdentityServer::request_of({"GET", "/", "", {{"Authorization", "Bearer " + session}}}),
        "acme");
    REQUIRE(known.has_value());
    for (const Permission& permission : permissions()) {
      const bool holds = std::ranges::binary_search(role.permissions, permission.name) &&
                         permission.reach == Reach::workspace;
      const auto allowed = server.access->authorize(**known, permission.name, "GET /x");
      CHECK_MESSAGE(allowed.has_value() == holds, role.name, " ", permission.name);
      if (!allowed) CHECK(code(allowed.error()) == "permission_denied");
    }
    CHECK(server.access->authorize(**known, kSelf, "GET /x").has_value());
    CHECK_FALSE(server.access->authorize(**known, "unheard.of", "GET /x").has_value());
  }
}

TEST_CASE("a caller without a role there cannot tell an existing workspace from none") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  REQUIRE(server.send(admin, "POST", "/api/v1/workspaces", R"({"name":"beta"})").status == 201);
  const std::string viewer = person_with(server, admin, "viewer");
  const auto there = server.send(viewer, "GET", "/api/v1/beta/roles");
  auto nowhere = server.send(viewer, "GET", "/api/v1/gamma/roles");
  CHECK(there.status == 403);
  CHECK(nowhere.status == 403);
  for (auto at = nowhere.body.find("gamma"); at != std::string::npos;
       at = nowhere.body.find("gamma")) {
    nowhere.body.replace(at, 5, "beta");
  }
  CHECK(there.body == nowhere.body);
}

TEST_CASE("a role counts from its assignment and ends with it") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const std::string auditor = person_with(server, admin, "auditor");
  CHECK(server.send(auditor, "GET", "/api/v1/acme/roles").status == 200);
  const auto page = server.send(admin, "GET", "/api/v1/acme/role-assignments");
  const auto items = json::parse(page.body).at("items").as_array();
  std::string assignment;
  for (const auto& item : items) {
    if (item.at("role") == "auditor") assignment = view(item.at("id").get_string());
  }
  const std::string path = "/api/v1/acme/role-assignments/" + assignment;
  CHECK(server.send(admin, "DELETE", path).status == 204);
  const auto refused = server.send(auditor, "GET", "/api/v1/acme/roles");
  CHECK(refused.status == 403);
  CHECK(code(server.send(admin, "DELETE", path)) == "role_assignment_unknown");
  const auto problem = json::parse(refused.body);
  CHECK(problem.at("parameters").at("permission") == "access.read");
  CHECK(view(problem.at("next").at(0).at("action").get_string()).find("auditor") !=
        std::string_view::npos);
}

TEST_CASE("what goes on after a request ends with the standing of its caller") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto admitted = [&](const std::string& credential) {
    auto caller = server.access->authenticate(
        IdentityServer::request_of({"GET", "/", "", {{"Authorization", "Bearer " + credential}}}),
        "acme");
    REQUIRE(caller.has_value());
    return *caller;
  };
  const auto stands = [&](const auto& caller) {
    return server.access->still_admits(*caller, "releases.read");
  };
  const auto issued = server.send(admin, "POST", "/api/v1/acme/tokens",
                                  R"({"name":"follow","scopes":["releases.read"]})");
  const auto by_token = admitted(IdentityServer::member(issued, "token"));
  const auto by_session = admitted(admin);
  CHECK(stands(by_token));
  CHECK_FALSE(server.access->still_admits(*by_token, "access.read"));
  CHECK(stands(by_session));
  CHECK(server.access->still_admits(*by_session, "access.read"));
  server.send(admin, "DELETE", "/api/v1/acme/tokens/" + IdentityServer::member(issued, "id"));
  CHECK_FALSE(stands(by_token));
  const std::string viewer = person_with(server, admin, "viewer");
  const auto by_role = admitted(viewer);
  CHECK(stands(by_role));
  CHECK(server.send(viewer, "DELETE", "/api/v1/sessions/current").status == 204);
  CHECK_FALSE(stands(by_role));
  server.clock.advance(Duration::minutes(121));
  CHECK_FALSE(stands(by_session));
  CHECK_FALSE(server.access->still_admits(engine::Caller{}, "releases.read"));
}

TEST_CASE("denied access is in the log of the workspace, once a minute for each source") {
  IdentityServer server;
  server.initialise();
  const std::string viewer = person_with(server, server.admin(), "viewer");
  for (int i = 0; i < 50; ++i) server.send(viewer, "GET", "/api/v1/acme/roles");
  for (int i = 0; i < 30; ++i) server.send({"GET", "/api/v1/whoami"});
  server.settle();
  CHECK(server.count("acme", "access.denied") == 1);
  CHECK(server.count("system", "access.denied") == 1);
  const auto entries = server.entries("acme");
  CHECK(entries.back().find(R"("count":50,)") != std::string::npos);
  CHECK(entries.back().find(R"("route":"GET /api/v1/{workspace}/roles")") != std::string::npos);
}

TEST_CASE("a timer records what was denied a minute after the first denial") {
  IdentityServer server;
  server.initialise();
  server.send({"GET", "/api/v1/whoami"});
  server.wait_for_commits();
  CHECK(server.count("system", "access.denied") == 0);
  server.clock.advance(Duration::minutes(2));
  for (int i = 0; i < 100 && server.count("system", "access.denied") == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(server.count("system", "access.denied") == 1);
}

TEST_CASE("when the timer of denials could not be set, the next denial sets it") {
  IdentityServer server;
  server.initialise();
  const auto on_tables = [&](const std::string& script) {
    const auto done =
        server.engine->execute({.workspace = "system",
                                .actor = {"system", "test", std::nullopt, std::nullopt},
                                .name = "test.script",
                                .run = [&](engine::Unit& unit) -> engine::Outcome {
                                  unit.tables().script(script);
                                  return engine::Answer{204, ""};
                                }});
    REQUIRE(done.has_value());
  };
  on_tables(
      "CREATE TRIGGER no_timer BEFORE INSERT ON timer BEGIN SELECT RAISE(ABORT, 'no room'); END;");
  server.send({"GET", "/api/v1/whoami"});
  server.wait_for_commits();
  on_tables("DROP TRIGGER no_timer;");
  server.send({"GET", "/api/v1/whoami"});
  server.wait_for_commits();
  server.clock.advance(Duration::minutes(2));
  for (int i = 0; i < 100 && server.count("system", "access.denied") == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  REQUIRE(server.count("system", "access.denied") == 1);
  CHECK(server.entries("system").back().find(R"("count":2,)") != std::string::npos);
}

TEST_CASE("who is admitted and who is refused can be asked from many threads during changes") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  const auto request =
      IdentityServer::request_of({"GET", "/", "", {{"Authorization", "Bearer " + admin}}});
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&] {
      while (!done) {
        if (!server.access->authenticate(request, "acme")) ++wrong;
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const auto body = R"({"name":"ci-)" + std::to_string(i) + R"("})";
    CHECK(server.send(admin, "POST", "/api/v1/acme/service-accounts", body).status == 201);
  }
  done = true;
  for (auto& asker : askers) asker.join();
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace holdpoint::identity
