// Signing in and out, passwords, and what a guesser meets.
#include <doctest/doctest.h>

#include <thread>

#include "identity/edge/access.hpp"
#include "support/identity_server.hpp"

namespace holdpoint::identity {
namespace {

using test::Call;
using test::IdentityServer;
using test::kAdminEmail;
using test::kAdminPassword;

std::string code(const http::Response& response) {
  return response.status < 400 ? "" : IdentityServer::member(response, "code");
}

TEST_CASE("signing in opens a session as a token and as a cookie that scripts cannot read") {
  IdentityServer server;
  const auto made = server.initialise();
  const auto response = server.sign_in(kAdminEmail, kAdminPassword);
  REQUIRE(response.status == 201);
  const std::string token = IdentityServer::member(response, "token");
  CHECK(token.starts_with("hps_"));
  CHECK(token.size() == 4 + 43);
  CHECK(IdentityServer::member(response, "expires_at") == "2026-11-20T18:00:00Z");
  CHECK(json::parse(response.body).at("person").at("id") == json::value(made.administrator.text()));
  CHECK(response.header("Set-Cookie") ==
        "holdpoint_session=" + token + "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
  CHECK(server.sign_in("root.admin@EXAMPLE.com", kAdminPassword).status == 201);
  auto secure = IdentityServer::request_of(
      {"POST", "/api/v1/sessions",
       R"({"email":"root.admin@example.com","password":"correct horse battery"})"});
  secure.scheme = http::Scheme::https;
  const auto found = server.router->match("POST", "/api/v1/sessions");
  const auto over_tls = std::get<http::Router::Match>(found).route->handler(secure);
  CHECK(over_tls.header("Set-Cookie")->ends_with("; Secure"));
}

TEST_CASE("an unknown address, a wrong password and a deactivated person look the same") {
  IdentityServer server;
  server.initialise();
  const std::string admin = server.admin();
  const auto added =
      server.send(admin, "POST", "/api/v1/people",
                  R"({"name":"Ada","email":"ada@example.com","password":"a long password"})");
  const std::string id = IdentityServer::member(added, "id");
  CHECK(server.sign_in("ada@example.com", "a long password").status == 201);
  const auto wrong = server.sign_in("ada@example.com", "a wrong password");
  const auto unknown = server.sign_in("eve@example.com", "a wrong password");
  REQUIRE(server.send(admin, "POST", "/api/v1/people/" + id + "/deactivation").status == 204);
  const auto gone = server.sign_in("ada@example.com", "a long password");
  CHECK(code(wrong) == "sign_in_failed");
  CHECK(wrong.body == unknown.body);
  CHECK(wrong.body == gone.body);
  CHECK(wrong.status == 401);
}

TEST_CASE("a person without a password cannot sign in") {
  IdentityServer server;
  server.initialise();
  server.send(server.admin(), "POST", "/api/v1/people",
              R"({"name":"Ada","email":"ada@example.com"})");
  CHECK(server.sign_in("ada@example.com", "any password at all").status == 401);
}

TEST_CASE("what is not a sign-in is told with its paths") {
  IdentityServer server;
  server.initialise();
  CHECK(server.send({"POST", "/api/v1/sessions", "{"}).status == 400);
  CHECK(server.send({"POST", "/api/v1/sessions", "{}"}).status == 422);
  CHECK(server.sign_in("nobody", "x").status == 422);
  CHECK(server.sign_in("a@b", std::string(1025, 'x')).status == 422);
  CHECK(code(server.send({"POST",
                          "/api/v1/sessions",
                          R"({"email":"root.admin@example.com","password":"x"})",
                          {{"Origin", "https://evil.example"}}})) == "cross_site_request");
}

TEST_CASE("guessing one account is slowed down from everywhere, whether it exists or not") {
  for (const std::string_view email : {kAdminEmail, std::string_view("nobody@example.com")}) {
    IdentityServer server;
    server.initialise();
    for (int i = 0; i < 5; ++i) {
      const std::string address = "192.0.2." + std::to_string(i);
      CHECK(code(server.sign_in(email, "a wrong guess", address)) == "sign_in_failed");
    }
    const auto slowed = server.sign_in(email, "a wrong guess", "192.0.2.99");
    CHECK(slowed.status == 429);
    CHECK(code(slowed) == "too_many_attempts");
    CHECK(slowed.header("Retry-After") == "2");
    CHECK(server.sign_in(email, kAdminPassword, "192.0.2.99").status == 429);
    server.clock.advance(Duration::seconds(2));
    CHECK(server.sign_in(email, "a wrong guess", "192.0.2.99").status == 401);
    CHECK(server.sign_in(email, "a wrong guess", "192.0.2.99").header("Retry-After") == "4");
  }
}

TEST_CASE("one source trying many accounts is slowed down, and a right password does not free it") {
  IdentityServer server;
  server.initialise();
  for (int i = 0; i < 20; ++i) {
    const std::string email = "user" + std::to_string(i) + "@example.com";
    CHECK(server.sign_in(email, "a wrong guess", "2001:db8::1").status == 401);
    if (i == 10) CHECK(server.sign_in(kAdminEmail, kAdminPassword, "2001:db8::1").status == 201);
  }
  CHECK(server.sign_in("other@example.com", "a wrong guess", "2001:db8::2").status == 429);
  CHECK(server.sign_in("other@example.com", "a wrong guess", "2001:db8:0:1::2").status == 401);
}

TEST_CASE("the count of failures survives a restart, and a right password ends it") {
  IdentityServer server;
  server.initialise();
  for (int i = 0; i < 5; ++i) server.sign_in(kAdminEmail, "a wrong guess");
  server.settle();
  server.restart();
  CHECK(server.sign_in(kAdminEmail, kAdminPassword).status == 429);
  server.clock.advance(Duration::seconds(3));
  CHECK(server.sign_in(kAdminEmail, kAdminPassword).status == 201);
  server.settle();
  server.restart();
  CHECK(server.sign_in(kAdminEmail, "a wrong guess").status == 401);
  CHECK(server.sign_in(kAdminEmail, kAdminPassword).status == 201);
}

TEST_CASE("guesses made at once are all counted") {
  IdentityServer server;
  server.initialise();
  std::atomic<int> tried = 0;
  std::vector<std::thread> guessers;
  for (int i = 0; i < 6; ++i) {
    guessers.emplace_back([&] {
      for (int n = 0; n < 5; ++n) {
        if (server.sign_in(kAdminEmail, "a wrong guess").status == 401) ++tried;
      }
    });
  }
  for (auto& guesser : guessers) guesser.join();
  CHECK(tried == 5);
}

TEST_CASE("failed sign-ins are recorded, gathered by reason and source") {
  IdentityServer server;
  server.initialise();
  for (int i = 0; i < 7; ++i) server.sign_in(kAdminEmail, "a wrong guess");
  for (int i = 0; i < 3; ++i) server.sign_in("nobody@example.com", "a wrong guess");
  server.settle();
  CHECK(server.count("system", "sign_in.failed") == 3);
  std::string all;
  for (const auto& entry : server.entries("system")) all += entry;
  CHECK(all.find(R"("count":5,)") != std::string::npos);
  CHECK(all.find(R"("reason":"wrong_password")") != std::string::npos);
  CHECK(all.find(R"("reason":"too_many_attempts")") != std::string::npos);
  CHECK(all.find(R"("reason":"unknown_account")") != std::string::npos);
}

TEST_CASE("signing out ends the session at once and is recorded") {
  IdentityServer server;
  server.initialise();
  const std::string session = server.admin();
  const auto out = server.send(session, "DELETE", "/api/v1/sessions/current");
  CHECK(out.status == 204);
  CHECK(out.header("Set-Cookie")->starts_with("holdpoint_session=; Path=/; Max-Age=0;"));
  CHECK(code(server.send(session, "GET", "/api/v1/whoami")) == "token_unknown");
  CHECK(server.count("system", "session.closed") == 1);
}

TEST_CASE("the own password needs the current one, and ends the other sessions") {
  IdentityServer server;
  const std::string id = server.initialise().administrator.text();
  const std::string here = server.admin();
  const std::string elsewhere = server.admin();
  const auto put = [&](std::string body) {
    return server.send(here, "PUT", "/api/v1/people/" + id + "/password", std::move(body));
  };
  CHECK(put(R"({"password":"another password"})").status == 422);
  CHECK(code(put(R"({"current":"not the one","password":"another password"})")) ==
        "current_password_wrong");
  CHECK(put(R"({"current":"correct horse battery","password":"short"})").status == 422);
  CHECK(put(R"({"current":"correct horse battery","password":"ROOT.admin@example.com"})").status ==
        422);
  CHECK(put(R"({"current":"correct horse battery","password":"rosalind ADMIN"})").status == 422);
  CHECK(put(R"({"current":"correct horse battery","password":"another password"})").status == 204);
  CHECK(server.send(here, "GET", "/api/v1/whoami").status == 200);
  CHECK(code(server.send(elsewhere, "GET", "/api/v1/whoami")) == "token_unknown");
  CHECK(server.sign_in(kAdminEmail, kAdminPassword).status == 401);
  CHECK(server.sign_in(kAdminEmail, "another password").status == 201);
}

TEST_CASE("only who manages people sets the password of another") {
  IdentityServer server;
  const std::string root = server.initialise().administrator.text();
  const std::string admin = server.admin();
  const auto added =
      server.send(admin, "POST", "/api/v1/people",
                  R"({"name":"Ada","email":"ada@example.com","password":"a long password"})");
  const std::string ada = server.session("ada@example.com", "a long password");
  const std::string path = "/api/v1/people/" + IdentityServer::member(added, "id") + "/password";
  CHECK(code(server.send(ada, "PUT", "/api/v1/people/" + root + "/password",
                         R"({"password":"taken over now"})")) == "permission_denied");
  CHECK(server.send(admin, "PUT", path, R"({"password":"a new password"})").status == 204);
  CHECK(code(server.send(ada, "GET", "/api/v1/whoami")) == "token_unknown");
  CHECK(server.sign_in("ada@example.com", "a new password").status == 201);
}

TEST_CASE("a person has a bounded number of sessions, of which the oldest ends") {
  IdentityServer server;
  server.initialise();
  const std::string first = server.admin();
  server.clock.advance(Duration::seconds(1));
  for (int i = 0; i < 20; ++i) server.admin();
  CHECK(code(server.send(first, "GET", "/api/v1/whoami")) == "token_unknown");
  CHECK(server.engine->read()->integer("SELECT COUNT(*) FROM session") == 20);
}

}  // namespace
}  // namespace holdpoint::identity
