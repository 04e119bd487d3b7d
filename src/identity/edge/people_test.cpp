// People, workspaces, the first start and contributors; and that nothing personal or secret is in
// the ledger, in a table or in the log of the server.
#include "identity/edge/people.hpp"

#include <doctest/doctest.h>

#include <array>

#include "engine/audit.hpp"
#include "identity/directory.hpp"
#include "identity/edge/roles.hpp"
#include "identity/permissions.hpp"
#include "support/identity_server.hpp"

namespace holdpoint::identity {
namespace {

using test::IdentityServer;
using test::kAdminEmail;
using test::kAdminName;
using test::kAdminPassword;

std::string code(const http::Response& response) {
  return response.status < 400 ? "" : IdentityServer::member(response, "code");
}

std::string contributor(IdentityServer& server, std::string workspace, std::string name,
                        std::string email) {
  const auto result = server.engine->execute(
      {.workspace = std::move(workspace),
       .actor = {"system", "test", std::nullopt, std::nullopt},
       .name = "test.contributor",
       .run = [&](engine::Unit& unit) -> engine::Outcome {
         return engine::Answer{200, resolve_contributor(unit, name, email).text()};
       }});
  REQUIRE(result.has_value());
  REQUIRE(result->outcome.has_value());
  return result->outcome->body;
}

std::string shown(IdentityServer& server, std::string_view workspace, std::string_view id) {
  return display_name(*server.engine, *server.engine->read(), workspace, "person", id);
}

TEST_CASE(
    "the first start makes a workspace and its administrator, and the second changes nothing") {
  IdentityServer server;
  const auto made = server.initialise();
  CHECK(made.outcome == Bootstrap::Outcome::initialised);
  CHECK_FALSE(made.generated_password);
  const auto answer = json::parse(server.send(server.admin(), "GET", "/api/v1/whoami").body);
  CHECK(answer.at("name") == json::value(kAdminName));
  REQUIRE(answer.at("workspaces").as_array().size() == 2);
  CHECK(answer.at("workspaces").at(0).at("name") == "acme");
  CHECK(answer.at("workspaces").at(1).at("name") == "system");
  CHECK(answer.at("workspaces").at(1).at("permissions").as_array().size() == permissions().size());
  const auto before = server.entries("system").size();
  CHECK(server.initialise().outcome == Bootstrap::Outcome::already_there);
  CHECK(server.entries("system").size() == before);
}

/// What a first start leaves that is killed between the server's log and the workspace's.
void begin_only(IdentityServer& server,
                const std::string& hash = "a hash of what nobody was told") {
  const auto done = server.engine->execute(
      {.workspace = "system",
       .actor = {"system", "bootstrap", std::nullopt, std::nullopt},
       .name = "identity.bootstrap",
       .run = [&](engine::Unit& unit) -> engine::Outcome {
         const auto id = unit.new_id<WorkspaceId>();
         unit.record({"workspace", id.text()}, WorkspaceCreated{id, "acme", "acme"});
         const AddPerson person{std::string(kAdminName), std::string(kAdminEmail), std::nullopt};
         const auto added = add_person(unit, person, hash);
         if (!added) return refuse(added.error());
         return assign_role(unit, {ActorKind::person, added->text(), "administrator"});
       }});
  REQUIRE(done.has_value());
  REQUIRE(done->outcome.has_value());
}

TEST_CASE("a first start that was killed half-way is finished by the next one") {
  IdentityServer server;
  begin_only(server);
  server.restart();
  const auto made = server.initialise();
  CHECK(made.outcome == Bootstrap::Outcome::finished);
  const auto answer = json::parse(server.send(server.admin(), "GET", "/api/v1/whoami").body);
  CHECK(answer.at("workspaces").at(0).at("name") == "acme");
  CHECK(answer.at("workspaces").at(0).at("roles").at(0) == "administrator");
  CHECK(server.initialise().outcome == Bootstrap::Outcome::already_there);
  CHECK(server.count("acme", "role.assigned") == 1);
}

TEST_CASE("a first start that was killed half-way is finished also after denied access") {
  IdentityServer server;
  begin_only(server, *server.passwords->hash(std::string(kAdminPassword)));
  CHECK(server.send(server.admin(), "GET", "/api/v1/acme/tokens").status == 403);
  server.settle();
  REQUIRE(server.count("acme", "access.denied") == 1);
  CHECK(server.initialise().outcome == Bootstrap::Outcome::finished);
  CHECK(server.count("acme", "role.assigned") == 1);
  CHECK(server.send(server.admin(), "GET", "/api/v1/acme/tokens").status == 200);
}

TEST_CASE("a first start finishes nobody else's, and nothing that was taken away since") {
  IdentityServer server;
  begin_only(server);
  const auto other =
      initialise(*server.engine, *server.passwords,
                 {.admin_email = "eve@example.com", .admin_name = "Eve", .workspace = "acme"});
  REQUIRE(other.has_value());
  CHECK(other->outcome == Bootstrap::Outcome::already_there);
  server.initialise();
  const std::string admin = server.admin();
  const auto page = server.send(admin, "GET", "/api/v1/acme/role-assignments");
  const std::string id(view(json::parse(page.body).at("items").at(0).at("id").get_string()));
  REQUIRE(server.send(admin, "DELETE", "/api/v1/acme/role-assignments/" + id).status == 204);
  CHECK(server.initialise().outcome == Bootstrap::Outcome::already_there);
  CHECK(server.count("acme", "role.assigned") == 1);
}

TEST_CASE("the first start can choose a password, and refuses what it cannot use") {
  IdentityServer server;
  const auto made =
      initialise(*server.engine, *server.passwords,
                 {.admin_email = "root@example.com", .admin_name = "Root", .workspace = "acme"});
  REQUIRE(made.has_value());
  REQUIRE(made->generated_password);
  CHECK(made->generated_password->size() == 24);
  CHECK(server.sign_in("root@example.com", *made->generated_password).status == 201);
  IdentityServer other;
  const auto refused =
      initialise(*other.engine, *other.passwords,
                 {.admin_email = "root", .admin_name = "Root", .workspace = "acme"});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == FaultKind::invalid);
  CHECK(refused.error().text().find("/email") != std::string::npos);
}

TEST_CASE("who creates a workspace administers it") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto created =
      server.send(admin, "POST", "/api/v1/workspaces", R"({"name":"beta","title":"Beta"})");
  CHECK(created.status == 201);
  CHECK(IdentityServer::member(created, "title") == "Beta");
  CHECK(code(server.send(admin, "POST", "/api/v1/workspaces", R"({"name":"beta"})")) ==
        "workspace_exists");
  CHECK(server.send(admin, "POST", "/api/v1/workspaces", R"({"name":"system"})").status == 422);
  CHECK(server.send(admin, "GET", "/api/v1/beta/tokens").status == 200);
  CHECK(server.count("beta", "role.assigned") == 1);
  const auto list = server.send(admin, "GET", "/api/v1/workspaces");
  CHECK(json::parse(list.body).at("items").as_array().size() == 2);
}

TEST_CASE("people are added, listed and renamed by who manages people") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  server.clock.advance(Duration::seconds(1));
  const auto added =
      server.send(admin, "POST", "/api/v1/people", R"({"name":"Ada","email":"ada@example.com"})");
  CHECK(added.status == 201);
  const std::string id = IdentityServer::member(added, "id");
  CHECK(code(server.send(admin, "POST", "/api/v1/people",
                         R"({"name":"Ada","email":"ADA@example.com"})")) == "person_exists");
  CHECK(
      server.send(admin, "PUT", "/api/v1/people/" + id + "/name", R"({"name":"Ada L."})").status ==
      204);
  const auto items =
      json::parse(server.send(admin, "GET", "/api/v1/people").body).at("items").as_array();
  REQUIRE(items.size() == 2);
  CHECK(items[1].at("name") == "Ada L.");
  CHECK(items[1].at("email") == "ada@example.com");
  CHECK(items[1].at("state") == "active");
  CHECK(server.send(admin, "PUT", "/api/v1/people/nobody/name", R"({"name":"X"})").status == 404);
}

TEST_CASE("the last server administrator stays") {
  IdentityServer server;
  const std::string id = server.initialise().administrator.text();
  CHECK(code(server.send(server.admin(), "POST", "/api/v1/people/" + id + "/deactivation")) ==
        "last_administrator");
}

TEST_CASE("a commit author becomes one id, known again in every workspace and when added") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  server.send(admin, "POST", "/api/v1/workspaces", R"({"name":"beta"})");
  const std::string id = contributor(server, "acme", "Grace Hopper", "grace@example.com");
  CHECK(contributor(server, "acme", "G. Hopper", "GRACE@example.com") == id);
  CHECK(server.count("acme", "contributor.noticed") == 1);
  CHECK(shown(server, "acme", id) == "Grace Hopper");
  CHECK(contributor(server, "beta", "Grace Hopper", "grace@example.com") == id);
  CHECK(server.count("beta", "contributor.noticed") == 1);
  CHECK(server.sign_in("grace@example.com", "any password at all").status == 401);
  const auto added = server.send(
      admin, "POST", "/api/v1/people",
      R"({"name":"Rear Admiral Hopper","email":"grace@example.com","password":"a long password"})");
  CHECK(IdentityServer::member(added, "id") == id);
  CHECK(server.sign_in("grace@example.com", "a long password").status == 201);
  CHECK(shown(server, "acme", id) == "Rear Admiral Hopper");
  CHECK(contributor(server, "acme", kAdminName.data(), std::string(kAdminEmail)) != id);
  CHECK(server.count("acme", "contributor.noticed") == 1);
}

TEST_CASE("whatever a commit says about its author can be recorded and shown") {
  IdentityServer server;
  server.initialise();
  const std::array<std::string, 4> names{"", "\xFF\xFE", std::string(100'000, 'x'), "a\nb"};
  for (const std::string& name : names) {
    const std::string id = contributor(server, "acme", name, name + "@x");
    CHECK(shown(server, "acme", id).size() <= 200);
  }
  const std::string nameless = contributor(server, "acme", "", "");
  CHECK(contributor(server, "acme", "", "") == nameless);
}

TEST_CASE("an erased person is shown as erased") {
  IdentityServer server;
  server.initialise();
  const std::string id = contributor(server, "acme", "Grace Hopper", "grace@example.com");
  REQUIRE(server.vault.destroy(id).has_value());
  CHECK(shown(server, "acme", id) == kErasedPerson);
  CHECK(shown(server, "acme", "per_unknown") == kErasedPerson);
}

TEST_CASE("neither ledger, tables nor log hold a password, token, mail address, name or address") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto issued = server.send({"POST",
                                   "/api/v1/acme/tokens",
                                   R"({"name":"mine","scopes":["gate.check"]})",
                                   {{"Authorization", "Bearer " + admin}, {"Idempotency-Key", "k"}},
                                   "198.51.100.77"});
  const std::string token = IdentityServer::member(issued, "token");
  server.send(admin, "POST", "/api/v1/people",
              R"({"name":"Ada Lovelace","email":"ada@example.com","password":"a long password"})");
  contributor(server, "acme", "Grace Hopper", "grace@example.com");
  server.sign_in("ada@example.com", "a wrong guess", "203.0.113.9");
  server.sign_in("mallory@example.com", "a wrong guess", "203.0.113.9");
  server.send({"GET", "/api/v1/whoami", "", {}, "203.0.113.9"});
  server.settle();

  std::string everything = server.log.text();
  std::vector<std::string> tables;
  const auto connection = server.engine->read();
  connection->query("SELECT name FROM sqlite_master WHERE type = 'table'",
                    [&](const engine::Row& row) { tables.emplace_back(row.text(0)); });
  CHECK(tables.size() > 12);
  for (const std::string& table : tables) {
    connection->query("SELECT * FROM " + table, [&](const engine::Row& row) {
      for (int column = 0; column < row.columns(); ++column) {
        if (!row.null(column)) everything += std::string(row.blob(column)) + "\n";
      }
    });
  }
  CHECK(everything.find("token.issued") != std::string::npos);
  const std::array<std::string, 16> secrets{token,
                                            admin,
                                            token.substr(3),
                                            admin.substr(4),
                                            std::string(kAdminPassword),
                                            "a long password",
                                            "a wrong guess",
                                            "Rosalind",
                                            "Lovelace",
                                            "Hopper",
                                            "@example.com",
                                            "203.0.113.9",
                                            "198.51.100.77",
                                            "192.0.2.1",
                                            "mallory",
                                            "probe/7.1"};
  for (const std::string& secret : secrets) {
    CHECK_MESSAGE(everything.find(secret) == std::string::npos, secret);
  }
}

TEST_CASE("folding the ledger again gives the same tables") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto added =
      server.send(admin, "POST", "/api/v1/people", R"({"name":"Ada","email":"ada@example.com"})");
  const std::string id = IdentityServer::member(added, "id");
  server.send(admin, "PUT", "/api/v1/people/" + id + "/name", R"({"name":"Ada L."})");
  server.send(admin, "PUT", "/api/v1/people/" + id + "/password",
              R"({"password":"long enough 1"})");
  const auto account =
      server.send(admin, "POST", "/api/v1/acme/service-accounts", R"({"name":"ci"})");
  const auto token = server.send(admin, "POST", "/api/v1/acme/tokens",
                                 R"({"name":"mine","scopes":["gate.check"]})");
  server.send(admin, "DELETE", "/api/v1/acme/tokens/" + IdentityServer::member(token, "id"));
  server.send(admin, "DELETE",
              "/api/v1/acme/service-accounts/" + IdentityServer::member(account, "id"));
  server.send(admin, "POST", "/api/v1/people/" + id + "/deactivation");
  contributor(server, "acme", "Grace Hopper", "grace@example.com");
  server.settle();
  auto again = storage::open_sqlite({.path = server.scratch.path("again.db")});
  REQUIRE(again.has_value());
  const auto report = engine::audit(*server.engine, **again, [](auto, auto) {});
  REQUIRE_MESSAGE(report.has_value(), report.error().text());
  for (const auto& finding : report->findings) FAIL_CHECK(finding);
  CHECK(report->projection_rows >= 7);
  CHECK(report->sealed_values > 5);
}

TEST_CASE("every route names a known permission, and only signing in is public") {
  IdentityServer server;
  std::size_t open = 0;
  for (const http::Route& route : server.router->routes()) {
    if (route.permission.empty()) {
      ++open;
      CHECK(route.path == "/api/v1/sessions");
    } else if (route.permission != kSelf) {
      CHECK_MESSAGE(find_permission(route.permission) != nullptr, route.path);
    }
    CHECK_FALSE(route.operation_id.empty());
    CHECK_FALSE(route.summary.empty());
  }
  CHECK(open == 1);
  CHECK(server.router->routes().size() == 36);
}

}  // namespace
}  // namespace holdpoint::identity
