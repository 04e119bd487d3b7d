// Every operation that the server publishes is asked with every kind of wrong credential. The rows
// come from /openapi.json, so that a new route is under test the moment it exists.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

struct Operation {
  std::string id;
  std::string method;
  std::string path;  // as published, with its {names}
  std::string permission;
};

const std::set<std::string> public_operations{"health",        "readiness",
                                              "metrics",       "openapi",
                                              "facts_schema",  "get_certification_key",
                                              "open_session",  "get_certification_key_file",
                                              "policy_schemas"};
const std::set<std::string> own_operations{"who_am_i", "set_password", "close_session"};
/// Answered without an end, so never read to it here.
constexpr std::string_view endless = "follow_events";

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c - ('a' - 'A'));
  return text;
}

std::vector<Operation> operations(const ServerProcess& server) {
  std::vector<Operation> all;
  const auto document = server.get("/openapi.json").document();
  REQUIRE(document.is_object());
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& method : path.value().as_object()) {
      all.push_back({std::string(view(method.value().at("operationId").as_string())),
                     upper(std::string(method.key())), std::string(path.key()),
                     std::string(view(method.value().at("x-permission").as_string()))});
    }
  }
  return all;
}

bool is_server_wide(const Operation& operation) {
  return operation.path.find("{workspace}") == std::string::npos;
}

std::string workspace_of(const Operation& row) { return is_server_wide(row) ? "system" : "main"; }

bool is_guarded(const Operation& operation) {
  return !operation.permission.empty() && operation.permission != "self";
}

Ask ask_for(const Operation& operation) {
  std::string target = operation.path;
  for (auto open = target.find('{'); open != std::string::npos; open = target.find('{')) {
    const auto end = target.find('}', open);
    const bool workspace = target.substr(open, end - open) == "{workspace";
    target.replace(open, end - open + 1, workspace ? "main" : "1");
  }
  return {.method = operation.method, .target = target, .body = "{}"};
}

std::string described(const Operation& operation) {
  return operation.method + " " + operation.path + " (" + operation.permission + ")";
}

struct House {
  ServerProcess server;
  std::vector<Operation> rows = operations(server);

  House() {
    REQUIRE(server.post("/api/v1/workspaces", R"({"name":"elsewhere"})").status == 201);
    const auto me = server.get("/api/v1/whoami").document();
    const json::object role{
        {"actor_kind", "person"}, {"actor_id", me.at("actor").at("id")}, {"role", "administrator"}};
    const Reply assigned = server.post("/api/v1/elsewhere/role-assignments", json::serialize(role));
    INFO(assigned.body);
    REQUIRE((assigned.status == 201 || assigned.status == 409));
  }

  /// What the administrator may do there: only that can be given to a token.
  std::vector<std::string> permissions(const std::string& workspace) const {
    std::vector<std::string> held;
    const auto me = server.get("/api/v1/whoami").document();
    for (const auto& one : me.at("workspaces").as_array()) {
      if (view(one.at("name").as_string()) != workspace) continue;
      for (const auto& permission : one.at("permissions").as_array()) {
        held.emplace_back(view(permission.as_string()));
      }
    }
    REQUIRE(held.size() > 15);
    return held;
  }
  std::vector<std::string> all_but(const std::string& left_out,
                                   const std::string& workspace) const {
    auto rest = permissions(workspace);
    std::erase(rest, left_out);
    return rest;
  }
};

House& house() {
  static House one;
  return one;
}

}  // namespace

TEST_CASE("every route names its permission; the public ones are exactly these") {
  std::set<std::string> open;
  std::set<std::string> own;
  for (const Operation& row : house().rows) {
    // The files of the page are public; what they show is not.
    const bool of_the_page = row.id.starts_with("page");
    if (of_the_page) CHECK(!row.path.starts_with("/api/"));
    if (row.permission.empty() && !of_the_page) open.insert(row.id);
    if (row.permission == "self") own.insert(row.id);
  }
  CHECK(open == public_operations);
  CHECK(own == own_operations);
  CHECK(house().rows.size() > 50);
}

TEST_CASE("a caller with every permission but the one a route names is refused") {
  auto& [server, rows] = house();
  std::map<std::string, std::string> tokens;
  for (const Operation& row : rows) {
    if (!is_guarded(row)) continue;
    const std::string workspace = workspace_of(row);
    std::string& token = tokens[workspace + " " + row.permission];
    if (token.empty()) {
      token =
          server.token_of(workspace, "administrator", house().all_but(row.permission, workspace));
    }
    const Reply reply = server.ask_as(token, ask_for(row));
    INFO(described(row), ": ", reply.body);
    CHECK(reply.status == 403);
    CHECK(reply.code() == "permission_denied");
    CHECK(reply.body.find(row.permission) != std::string::npos);
  }
}

TEST_CASE("a caller with exactly the permission a route names is let in") {
  auto& [server, rows] = house();
  std::map<std::string, std::string> tokens;
  for (const Operation& row : rows) {
    if (!is_guarded(row) || row.id == endless) continue;
    const std::string workspace = workspace_of(row);
    std::string& token = tokens[workspace + " " + row.permission];
    if (token.empty()) token = server.token_of(workspace, "administrator", {row.permission});
    const Reply reply = server.ask_as(token, ask_for(row));
    INFO(described(row), ": ", reply.status, " ", reply.body);
    CHECK(reply.status != 0);
    CHECK(reply.status != 401);
    CHECK(reply.status != 403);
    CHECK(reply.status < 500);
  }
}

TEST_CASE("a token of another workspace opens no route of this one") {
  auto& [server, rows] = house();
  const std::string token =
      server.token_of("elsewhere", "administrator", house().permissions("elsewhere"));
  CHECK(server.ask_as(token, {.target = "/api/v1/elsewhere/releases"}).status == 200);
  for (const Operation& row : rows) {
    if (!is_guarded(row)) continue;
    const Reply reply = server.ask_as(token, ask_for(row));
    INFO(described(row), ": ", reply.body);
    CHECK(reply.status == 403);
  }
}

TEST_CASE("without a token, with a wrong one and with a revoked one a route asks for sign-in") {
  auto& [server, rows] = house();
  const std::string revoked = server.token_of("main", "administrator", house().permissions("main"));
  const auto listed = server.get("/api/v1/main/tokens?limit=200").document();
  const std::string id(view(listed.at("items").as_array().back().at("id").as_string()));
  CHECK(server.ask_as(revoked, {.target = "/api/v1/main/releases"}).status == 200);
  CHECK(server.ask({.method = "DELETE", .target = "/api/v1/main/tokens/" + id}).status == 204);
  for (const Operation& row : rows) {
    if (row.permission.empty()) continue;
    for (const std::string& token :
         {std::string(), revoked, std::string("hp_nobody"), std::string("hps_nobody")}) {
      const Reply reply = server.ask_as(token, ask_for(row));
      INFO(described(row), ": ", reply.body);
      CHECK(reply.status == 401);
      CHECK(reply.header("WWW-Authenticate") == "Bearer");
      CHECK(reply.code() == (token.empty() ? "authentication_required" : "token_unknown"));
    }
  }
}

TEST_CASE("a document needs the permission of its kind besides that of the route") {
  auto& [server, rows] = house();
  const Ask apply{.method = "POST",
                  .target = "/api/v1/main/apply",
                  .body = example("application.yaml") + "---\n" + example("criteria.yaml"),
                  .media = "application/yaml"};
  const std::string token =
      server.token_of("main", "administrator", house().all_but("policy.write", "main"));
  const Reply refused = server.ask_as(token, apply);
  CHECK(refused.status == 403);
  CHECK(refused.code() == "permission_denied");
  CHECK(server.get("/api/v1/main/applications/payments").status == 404);
}

TEST_CASE("a token and a session end when their time is over") {
  auto& [server, rows] = house();
  const std::string token =
      server.token_of("main", "administrator", house().permissions("main"), "1h");
  const std::string longer =
      server.token_of("main", "administrator", house().permissions("main"), "30d");
  CHECK(server.stop() == 0);
  server.start({}, clock_ahead(2 * 3'600));
  for (const Operation& row : rows) {
    if (row.permission.empty()) continue;
    const Reply reply = server.ask_as(token, ask_for(row));
    INFO(described(row), ": ", reply.body);
    CHECK(reply.status == 401);
    CHECK(reply.code() == "token_expired");
  }
  CHECK(server.ask_as(longer, {.target = "/api/v1/main/releases"}).status == 200);
  CHECK(server.stop() == 0);
  server.start({}, clock_ahead(13 * 3'600));
  const Reply session = server.get("/api/v1/whoami");
  CHECK(session.status == 401);
  CHECK(session.code() == "token_expired");
}

}  // namespace holdpoint::test
