// Signing in and out, what a session may do from another site, guessing passwords, and how access
// ends: at once.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

ServerProcess& server() {
  static ServerProcess one;
  return one;
}

Reply sign_in(std::string_view email, std::string_view password, const Fields& headers = {}) {
  const json::object body{{"email", email}, {"password", password}};
  return server().ask_as("", {.method = "POST",
                              .target = "/api/v1/sessions",
                              .body = json::serialize(body),
                              .headers = headers});
}

struct Person {
  std::string id;
  std::string session;
};

/// A new person with all of the workspace's permissions, signed in.
Person person(const std::string& email) {
  const std::string password = "a-long-enough-password";
  const json::object body{{"name", "Some One"}, {"email", email}, {"password", password}};
  const Reply added = server().post("/api/v1/people", json::serialize(body));
  REQUIRE(added.status == 201);
  const json::object role{
      {"actor_kind", "person"}, {"actor_id", added.text("id")}, {"role", "administrator"}};
  REQUIRE(server().post("/api/v1/main/role-assignments", json::serialize(role)).status == 201);
  return {added.text("id"), sign_in(email, password).text("token")};
}

constexpr std::string_view guarded = "/api/v1/main/releases";

int status_with(std::string_view token) {
  return server().ask_as(token, {.target = std::string(guarded)}).status;
}

}  // namespace

TEST_CASE("the session cookie is out of reach of scripts and of other sites") {
  const Reply reply = sign_in(admin_email, admin_password);
  REQUIRE(reply.status == 201);
  const std::string cookie = reply.header("Set-Cookie").value_or("");
  CHECK(cookie.starts_with("holdpoint_session=hps_"));
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Strict") != std::string::npos);
  CHECK(cookie.find("Path=/") != std::string::npos);
  CHECK(reply.header("Cache-Control") == "no-store");
}

TEST_CASE("another site cannot act with a visitor's cookie, nor sign him in") {
  const std::string cookie = "holdpoint_session=" + server().session();
  const Ask change{
      .method = "POST", .target = "/api/v1/workspaces", .body = R"({"name":"forged"})"};
  Ask forged = change;
  for (const Fields& headers :
       std::vector<Fields>{{{"Cookie", cookie}},
                           {{"Cookie", cookie}, {"Origin", "https://evil.example"}},
                           {{"Cookie", cookie}, {"Origin", "null"}},
                           {{"Cookie", cookie}, {"Origin", "http://localhost.evil.example"}}}) {
    forged.headers = headers;
    const Reply reply = server().ask_as("", forged);
    CHECK(reply.status == 403);
    CHECK(reply.code() == "cross_site_request");
  }
  CHECK(server()
            .ask_as("", {.target = std::string(guarded), .headers = {{"Cookie", cookie}}})
            .status == 200);
  Ask own = change;
  own.headers = {{"Cookie", cookie}, {"Origin", "http://localhost"}};
  CHECK(server().ask_as("", own).status == 201);
  const Reply pushed = sign_in(admin_email, admin_password, {{"Origin", "https://evil.example"}});
  CHECK(pushed.status == 403);
}

TEST_CASE("signing out ends the session at once") {
  const std::string session = sign_in(admin_email, admin_password).text("token");
  CHECK(status_with(session) == 200);
  const Reply out = server().ask_as(
      session, {.method = "DELETE", .target = "/api/v1/sessions/current", .media = ""});
  CHECK(out.status == 204);
  CHECK(out.header("Set-Cookie").value_or("").find("Max-Age=0") != std::string::npos);
  CHECK(status_with(session) == 401);
}

TEST_CASE("a deactivated person's session and tokens are refused at once") {
  const Person leaver = person("leaver@holdpoint-e2e.example");
  const Reply issued =
      server().ask_as(leaver.session, {.method = "POST",
                                       .target = "/api/v1/main/tokens",
                                       .body = R"({"name":"mine","scopes":["releases.read"]})"});
  REQUIRE(issued.status == 201);
  const std::string token = issued.text("token");
  CHECK(status_with(leaver.session) == 200);
  CHECK(status_with(token) == 200);
  CHECK(server().post("/api/v1/people/" + leaver.id + "/deactivation", "").status == 204);
  CHECK(status_with(leaver.session) == 401);
  CHECK(status_with(token) == 401);
  const Reply again = sign_in("leaver@holdpoint-e2e.example", "a-long-enough-password");
  CHECK(again.status == 401);
  CHECK(again.code() == "sign_in_failed");
}

TEST_CASE("an event stream ends with the token it was opened with") {
  const Reply issued =
      server().post("/api/v1/main/tokens", R"({"name":"follow","scopes":["releases.read"]})");
  REQUIRE(issued.status == 201);
  Wire wire(server().port());
  REQUIRE(wire.send(
      ServerProcess::head_of(issued.text("token"), {.target = "/api/v1/main/events"}, "")));
  REQUIRE(wire.await("text/event-stream"));
  REQUIRE(server().post("/api/v1/main/service-accounts", R"({"name":"lawful"})").status == 201);
  REQUIRE(wire.await("service_account.created"));
  REQUIRE(server()
              .ask({.method = "DELETE", .target = "/api/v1/main/tokens/" + issued.text("id")})
              .status == 204);
  // The commit that revokes the token is the first that the stream is not told of.
  CHECK(wire.closes(5'000));
  CHECK(!wire.await("token.revoked", 100));
}

TEST_CASE("a role taken away counts from the next request on") {
  const Person mover = person("mover@holdpoint-e2e.example");
  CHECK(status_with(mover.session) == 200);
  const auto roles = server().get("/api/v1/main/role-assignments?limit=200").document();
  for (const auto& one : roles.at("items").as_array()) {
    if (view(one.at("actor_id").as_string()) != mover.id) continue;
    const Ask taken{
        .method = "DELETE",
        .target = "/api/v1/main/role-assignments/" + std::string(view(one.at("id").as_string()))};
    CHECK(server().ask(taken).status == 204);
  }
  CHECK(status_with(mover.session) == 403);
}

TEST_CASE("changing the password ends the other sessions and needs the current one") {
  const Person one = person("changer@holdpoint-e2e.example");
  const std::string second =
      sign_in("changer@holdpoint-e2e.example", "a-long-enough-password").text("token");
  const std::string target = "/api/v1/people/" + one.id + "/password";
  const auto change = [&](const std::string& current) {
    return server()
        .ask_as(one.session,
                {.method = "PUT",
                 .target = target,
                 .body = R"({"current":")" + current + R"(","password":"another-long-password"})"})
        .status;
  };
  CHECK(change("not-the-current-one") >= 400);
  CHECK(status_with(second) == 200);
  CHECK(change("a-long-enough-password") == 204);
  CHECK(status_with(one.session) == 200);
  CHECK(status_with(second) == 401);
}

TEST_CASE("nobody gives a token more than he may do himself") {
  const Ask wide{.method = "POST",
                 .target = "/api/v1/main/tokens",
                 .body = R"({"name":"wide","scopes":["audit.read"]})"};
  const std::string narrow = server().token_of("main", "administrator", {"tokens.create"});
  const Reply refused = server().ask_as(narrow, wide);
  INFO(refused.body);
  CHECK(refused.status == 403);
  const Ask anyone{.method = "POST",
                   .target = "/api/v1/main/role-assignments",
                   .body = R"({"actor_kind":"person","actor_id":"per_x","role":"administrator"})"};
  CHECK(server().ask_as(narrow, anyone).status == 403);
}

TEST_CASE("guessing a password is slowed down, whether the account exists or not") {
  for (const std::string email : {"victim@holdpoint-e2e.example", "nobody@holdpoint-e2e.example"}) {
    if (email.starts_with("victim")) person(email);
    Reply last;
    for (int i = 0; i < 12 && last.status != 429; ++i) {
      last = sign_in(email, "wrong-guess-" + std::to_string(i));
      CHECK((last.status == 401 || last.status == 429));
    }
    CHECK(last.status == 429);
    CHECK(last.code() == "too_many_attempts");
    CHECK(std::atoi(last.header("Retry-After").value_or("0").c_str()) >= 1);
  }
  CHECK(sign_in(admin_email, admin_password).status == 201);
}

TEST_CASE("denied access is in the ledger, gathered by source instead of one entry each") {
  const std::string narrow = server().token_of("main", "viewer", {"releases.read"});
  for (int i = 0; i < 40; ++i) {
    CHECK(server().ask_as(narrow, {.target = "/api/v1/main/ledger/entries"}).status == 403);
  }
  // Gathered denials are recorded when their minute is over, or the server stops.
  CHECK(server().stop() == 0);
  server().start();
  const auto denied =
      server().get("/api/v1/main/ledger/entries?type=access.denied&limit=200").document();
  std::int64_t counted = 0;
  std::size_t entries = 0;
  for (const auto& item : denied.at("items").as_array()) {
    if (item.at("body").at("permission") != "audit.read") continue;
    counted += item.at("body").at("count").as_int64();
    ++entries;
  }
  CHECK(counted == 40);
  CHECK(entries == 1);
  const auto failed =
      server().get("/api/v1/system/ledger/entries?type=sign_in.failed&limit=200").document();
  CHECK(!failed.at("items").as_array().empty());
}

}  // namespace holdpoint::test
