// Tokens: what they may, when they end, and that they are shown once.
#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "support/identity_server.hpp"

namespace holdpoint::identity {
namespace {

using test::Call;
using test::IdentityServer;

std::string code(const http::Response& response) {
  return response.status < 400 ? "" : IdentityServer::member(response, "code");
}

struct Pipeline {
  std::string account;
  std::string token;
  std::string token_id;
};

Pipeline pipeline(IdentityServer& server, const std::string& admin, std::string_view scopes) {
  const auto created =
      server.send(admin, "POST", "/api/v1/acme/service-accounts", R"({"name":"ci"})");
  REQUIRE(created.status == 201);
  const std::string account = IdentityServer::member(created, "id");
  REQUIRE(server
              .send(admin, "POST", "/api/v1/acme/role-assignments",
                    R"({"actor_kind":"service_account","role":"pipeline","actor_id":")" + account +
                        R"("})")
              .status == 201);
  const auto issued =
      server.send(admin, "POST", "/api/v1/acme/tokens",
                  R"({"service_account_id":")" + account + R"(","name":"build","scopes":[)" +
                      std::string(scopes) + R"(],"expires_in":"30d"})");
  REQUIRE(issued.status == 201);
  return {account, IdentityServer::member(issued, "token"), IdentityServer::member(issued, "id")};
}

json::value who(IdentityServer& server, std::string_view token) {
  return json::parse(server.send(token, "GET", "/api/v1/whoami").body);
}

TEST_CASE("a token may what its owner's roles and its scopes both permit") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto made = pipeline(server, admin, R"("gate.check","access.manage","releases.write")");
  CHECK(made.token.starts_with("hp_"));
  const auto answer = who(server, made.token);
  CHECK(answer.at("actor").at("kind") == "service_account");
  CHECK(answer.at("name") == "ci");
  CHECK(answer.at("workspaces").as_array().size() == 1);
  CHECK(json::serialize(answer.at("workspaces").at(0).at("permissions")) ==
        R"(["gate.check","releases.write"])");
  CHECK(answer.at("token").at("expires_at") == "2026-12-20T06:00:00Z");
  CHECK(server.send(made.token, "GET", "/api/v1/acme/roles").status == 403);
}

TEST_CASE("a token of one workspace means nothing in another") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  REQUIRE(server.send(admin, "POST", "/api/v1/workspaces", R"({"name":"beta"})").status == 201);
  const auto own = server.send(admin, "POST", "/api/v1/acme/tokens",
                               R"({"name":"mine","scopes":["access.read"]})");
  const std::string token = IdentityServer::member(own, "token");
  CHECK(server.send(token, "GET", "/api/v1/acme/roles").status == 200);
  CHECK(code(server.send(token, "GET", "/api/v1/beta/roles")) == "permission_denied");
  CHECK(code(server.send(token, "GET", "/api/v1/people")) == "permission_denied");
}

TEST_CASE("a token ends at its time, at its revocation, and with its owner, at once") {
  IdentityServer server;
  server.initialise();
  std::string admin = server.admin();
  const auto made = pipeline(server, admin, R"("gate.check")");
  const auto ask = [&] { return code(server.send(made.token, "GET", "/api/v1/whoami")); };
  CHECK(ask() == "");
  SUBCASE("at its time") {
    server.clock.advance(Duration{Duration::days(30).us - 1});
    CHECK(ask() == "");
    server.clock.advance(Duration{1});
    CHECK(ask() == "token_expired");
    server.restart();
    CHECK(ask() == "token_expired");
  }
  SUBCASE("at its revocation") {
    const std::string path = "/api/v1/acme/tokens/" + made.token_id;
    CHECK(server.send(admin, "DELETE", path).status == 204);
    CHECK(ask() == "token_unknown");
    CHECK(code(server.send(admin, "DELETE", path)) == "token_not_found");
    server.restart();
    CHECK(ask() == "token_unknown");
  }
  SUBCASE("with its service account") {
    const std::string path = "/api/v1/acme/service-accounts/" + made.account;
    CHECK(server.send(admin, "DELETE", path).status == 204);
    CHECK(ask() == "token_unknown");
  }
}

TEST_CASE("deactivating a person ends her sessions and tokens at once") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto added =
      server.send(admin, "POST", "/api/v1/people",
                  R"({"name":"Ada","email":"ada@example.com","password":"a long password"})");
  const std::string id = IdentityServer::member(added, "id");
  server.send(admin, "POST", "/api/v1/acme/role-assignments",
              R"({"actor_kind":"person","role":"developer","actor_id":")" + id + R"("})");
  const std::string session = server.session("ada@example.com", "a long password");
  const auto issued = server.send(session, "POST", "/api/v1/acme/tokens",
                                  R"({"name":"laptop","scopes":["gate.check"]})");
  REQUIRE(issued.status == 201);
  const std::string token = IdentityServer::member(issued, "token");
  CHECK(server.send(token, "GET", "/api/v1/whoami").status == 200);
  CHECK(server.send(admin, "POST", "/api/v1/people/" + id + "/deactivation").status == 204);
  CHECK(code(server.send(token, "GET", "/api/v1/whoami")) == "token_unknown");
  CHECK(code(server.send(session, "GET", "/api/v1/whoami")) == "token_unknown");
  CHECK(code(server.send(admin, "POST", "/api/v1/people/" + id + "/deactivation")) ==
        "person_deactivated");
}

TEST_CASE("nobody widens his own rights with a token") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto narrow =
      server.send(admin, "POST", "/api/v1/acme/tokens",
                  R"({"name":"narrow","scopes":["tokens.create","tokens.manage","gate.check"]})");
  const std::string token = IdentityServer::member(narrow, "token");
  const auto widened = server.send(token, "POST", "/api/v1/acme/tokens",
                                   R"({"name":"wide","scopes":["access.manage"]})");
  CHECK(code(widened) == "scope_not_held");
  CHECK(widened.status == 403);
  const auto same = server.send(token, "POST", "/api/v1/acme/tokens",
                                R"({"name":"same","scopes":["gate.check"]})");
  CHECK(same.status == 201);
}

TEST_CASE("a person sees and revokes her own tokens only, unless she manages tokens") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto made = pipeline(server, admin, R"("gate.check")");
  const auto added =
      server.send(admin, "POST", "/api/v1/people",
                  R"({"name":"Ada","email":"ada@example.com","password":"a long password"})");
  server.send(admin, "POST", "/api/v1/acme/role-assignments",
              R"({"actor_kind":"person","role":"developer","actor_id":")" +
                  IdentityServer::member(added, "id") + R"("})");
  const std::string ada = server.session("ada@example.com", "a long password");
  server.send(ada, "POST", "/api/v1/acme/tokens", R"({"name":"mine","scopes":["gate.check"]})");
  const auto items = [&](std::string_view who_asks) {
    return json::parse(server.send(who_asks, "GET", "/api/v1/acme/tokens").body)
        .at("items")
        .as_array();
  };
  REQUIRE(items(ada).size() == 1);
  CHECK(items(ada)[0].at("name") == "mine");
  CHECK(items(ada)[0].at("state") == "active");
  CHECK(items(admin).size() == 2);
  CHECK(code(server.send(ada, "DELETE", "/api/v1/acme/tokens/" + made.token_id)) ==
        "token_not_found");
}

TEST_CASE("a token is shown once: the same request again gives its id and not the token") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const Call call{"POST",
                  "/api/v1/acme/tokens",
                  R"({"name":"mine","scopes":["gate.check"]})",
                  {{"Authorization", "Bearer " + admin}, {"Idempotency-Key", "k1"}}};
  const auto first = server.send(call);
  const auto again = server.send(call);
  CHECK(first.status == 201);
  CHECK(again.status == 201);
  CHECK(IdentityServer::member(first, "id") == IdentityServer::member(again, "id"));
  CHECK(IdentityServer::member(first, "token") != "");
  CHECK(IdentityServer::member(again, "token") == "");
  CHECK(again.header("Idempotency-Replayed") == "true");
  CHECK(server.count("acme", "token.issued") == 1);
}

TEST_CASE("lists are given in pages") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  for (int i = 0; i < 5; ++i) {
    server.clock.advance(Duration::seconds(1));
    server.send(admin, "POST", "/api/v1/acme/service-accounts",
                R"({"name":"ci-)" + std::to_string(i) + R"("})");
  }
  const auto all = server.send(admin, "GET", "/api/v1/acme/service-accounts");
  CHECK(json::parse(all.body).at("items").as_array().size() == 5);
  CHECK(IdentityServer::member(all, "next_cursor") == "");
  const auto two = server.send(admin, "GET", "/api/v1/acme/service-accounts?limit=2");
  CHECK(json::parse(two.body).at("items").at(1).at("name") == "ci-1");
  const auto next = server.send(
      admin, "GET",
      "/api/v1/acme/service-accounts?cursor=" + IdentityServer::member(two, "next_cursor"));
  CHECK(json::parse(next.body).at("items").as_array().size() == 3);
  CHECK(server.send(admin, "GET", "/api/v1/acme/service-accounts?limit=0").status == 422);
  CHECK(server.send(admin, "GET", "/api/v1/acme/service-accounts?cursor=" + to_base64url("svc_1"))
            .status == 422);
}

TEST_CASE("what one millisecond made is listed in the order it was made, and nothing is skipped") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  std::vector<std::string> made;
  std::vector<std::string> listed;
  std::string cursor;
  const auto take_page = [&] {
    const auto page = server.send(
        admin, "GET",
        "/api/v1/acme/service-accounts?" + (cursor.empty() ? "limit=200" : "cursor=" + cursor));
    const auto document = json::parse(page.body);
    for (const auto& item : document.at("items").as_array()) {
      listed.emplace_back(view(item.at("name").get_string()));
    }
    cursor = to_base64url(std::to_string(server.entries("acme").size() - 1));
  };
  // The clock stands still, and the page after each account begins where the last one ended.
  for (int i = 0; i < 12; ++i) {
    made.push_back("ci-" + std::to_string(i));
    REQUIRE(server
                .send(admin, "POST", "/api/v1/acme/service-accounts",
                      R"({"name":")" + made.back() + R"("})")
                .status == 201);
    take_page();
  }
  CHECK(listed == made);
}

TEST_CASE("a damaged row of identity is told as the server's fault") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  server.send(admin, "POST", "/api/v1/acme/service-accounts", R"({"name":"ci"})");
  const auto done =
      server.engine->execute({.workspace = "system",
                              .actor = {"system", "test", std::nullopt, std::nullopt},
                              .name = "test.damage",
                              .run = [](engine::Unit& unit) -> engine::Outcome {
                                unit.tables().exec("UPDATE service_account SET state = 'activ'");
                                return engine::Answer{204, ""};
                              }});
  REQUIRE(done.has_value());
  CHECK_THROWS_AS(server.send(admin, "GET", "/api/v1/acme/service-accounts"), engine::StoreFailed);
}

}  // namespace
}  // namespace holdpoint::identity
