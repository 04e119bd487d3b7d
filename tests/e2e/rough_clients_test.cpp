// Clients that are slow, broken or hostile cost the others nothing; a server that is told to stop
// finishes what it has begun; TLS serves those who ask for it.
#include <doctest/doctest.h>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "platform/client/client.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int slow_clients = 200;
constexpr auto answer_time_max = std::chrono::seconds(5);

ServerProcess& server() {
  static ServerProcess one;
  return one;
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() & 0xFFU);
  return bytes;
}

/// Asks both a guarded and an open route; the time that the slower took.
Clock::duration answer_time() {
  Clock::duration slowest{};
  for (const std::string target : {"/api/v1/main/releases", "/healthz"}) {
    const auto begun = Clock::now();
    CHECK(server().get(target).status == 200);
    slowest = std::max(slowest, Clock::now() - begun);
  }
  return slowest;
}

void make_release() {
  const Ask apply{.method = "POST",
                  .target = "/api/v1/main/apply",
                  .body = example("environments.yaml") + "---\n" + example("application.yaml"),
                  .media = "application/yaml"};
  REQUIRE(server().ask(apply).status == 200);
  const Reply made = server().post(
      "/api/v1/main/releases",
      R"({"application":"payments","version":"1","commits":[],"ci":{},"artifacts":[]})");
  REQUIRE((made.status == 201 || made.status == 200));
}

}  // namespace

TEST_CASE("two hundred clients that dawdle do not keep anybody waiting") {
  std::vector<Wire> dawdlers;
  for (int i = 0; i < slow_clients; ++i) {
    dawdlers.emplace_back(server().port());
    const std::string begin = i % 2 == 0
                                  ? "GET /api/v1/main/rel"
                                  : "POST /api/v1/people HTTP/1.1\r\nHost: x\r\n"
                                    "Authorization: Bearer " +
                                        server().session() + "\r\nContent-Length: 100\r\n\r\n{";
    CHECK(dawdlers.back().send(begin));
  }
  for (int round = 0; round < 5; ++round) {
    for (auto& one : dawdlers) static_cast<void>(one.send("x"));
    CHECK(answer_time() < answer_time_max);
  }
}

TEST_CASE("bytes that mean nothing are refused or dropped, and nobody else notices") {
  std::mt19937 random(20'261'120);
  for (int i = 0; i < 100; ++i) {
    Wire wire(server().port());
    std::string bytes = random_bytes(random, 1 + random() % 4'000);
    if (i % 3 == 0) bytes = "GET / HTTP/1.1\r\n" + bytes;
    if (i % 5 == 0) bytes = "POST /api/v1/sessions HTTP/1.1\r\nContent-Length: " + bytes;
    static_cast<void>(wire.send(bytes + "\r\n\r\n"));
    wire.end_sending();
    const Reply reply = wire.answer(2'000);
    CHECK((reply.status == 0 || (reply.status >= 400 && reply.status < 506)));
  }
  CHECK(answer_time() < answer_time_max);
}

TEST_CASE("requests made to be read in two ways are refused and the connection is closed") {
  const std::string host = "Host: x\r\n";
  for (const std::string& text : std::vector<std::string>{
           "POST /healthz HTTP/1.1\r\n" + host +
               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST /healthz HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
           "POST /healthz HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, identity\r\n\r\n",
           "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
           "GET /healthz HTTP/1.1\r\n" + host + "X : y\r\n\r\n",
           "GET /healthz HTTP/1.1\r\n" + host + " folded: y\r\n\r\n",
           "GET /healthz HTTP/1.1\r\n" + host + "X: " + std::string(70'000, 'h') + "\r\n\r\n",
           "GET /" + std::string(70'000, 'u') + " HTTP/1.1\r\n" + host + "\r\n"}) {
    Wire wire(server().port());
    static_cast<void>(wire.send(text + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"));
    const Reply reply = wire.answer(5'000);
    INFO(text.substr(0, 80), ": ", reply.status);
    CHECK(reply.status >= 400);
    CHECK(reply.status < 506);
    CHECK(wire.closes(5'000));
  }
}

TEST_CASE("readers that go away in the middle of an answer leave the server as it was") {
  make_release();
  const std::string report(8U << 20, 'r');
  const Reply added =
      server().ask({.method = "POST",
                    .target = "/api/v1/main/releases/payments%401/evidence?name=big",
                    .body = report,
                    .media = "application/octet-stream"});
  REQUIRE(added.status == 201);
  const Ask raw{.target = "/api/v1/main/evidence/" + added.text("id") + "/raw"};
  for (int i = 0; i < 50; ++i) {
    Wire wire(server().port());
    static_cast<void>(wire.send(ServerProcess::head_of(server().session(), raw, "")));
    if (i % 2 == 0) static_cast<void>(wire.await("rrrr", 2'000));
    wire.reset();
  }
  CHECK(answer_time() < answer_time_max);
  CHECK(server().ask(raw).body == report);
}

TEST_CASE("a server told to stop finishes the request it has begun and exits with 0") {
  make_release();
  const Ask upload{.method = "POST",
                   .target = "/api/v1/main/releases/payments%401/evidence?name=last",
                   .media = "application/octet-stream"};
  const std::string report = junit(5, 0);
  Wire wire(server().port());
  REQUIRE(wire.send(
      ServerProcess::head_of(server().session(), upload,
                             "Content-Length: " + std::to_string(report.size()) + "\r\n") +
      report.substr(0, 10)));
  ::usleep(100'000);
  ::kill(server().process(), SIGTERM);
  ::usleep(200'000);
  REQUIRE(wire.send(report.substr(10)));
  const Reply reply = wire.answer();
  INFO(reply.body);
  CHECK((reply.status == 201 || reply.status == 503));
  const auto begun = Clock::now();
  CHECK(server().stop() == 0);
  CHECK(Clock::now() - begun < std::chrono::seconds(15));
  server().start();
  const auto kept = server().get("/api/v1/main/releases/payments%401/evidence?limit=200").body;
  CHECK((kept.find("\"last\"") != std::string::npos) == (reply.status == 201));
}

TEST_CASE("a server that is killed loses nothing that it has answered") {
  make_release();
  std::vector<std::string> answered;
  for (int i = 0; i < 20; ++i) {
    const std::string version = "killed-" + std::to_string(i);
    const Reply made = server().post("/api/v1/main/releases",
                                     R"({"application":"payments","version":")" + version +
                                         R"(","commits":[],"ci":{},"artifacts":[]})");
    if (made.status == 201) answered.push_back(version);
  }
  server().kill();
  server().start();
  for (const std::string& version : answered) {
    CHECK(server().get("/api/v1/main/releases/payments%40" + version).status == 200);
  }
  CHECK(server().run({"audit", "verify"}).code == 0);
}

TEST_CASE("with a certificate the server speaks TLS only, and to those who trust it") {
  const Scratch keys;
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
      " -nodes -days 2 -subj /CN=localhost -addext"
      " subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
      keys.path("key.pem") + " -out " + keys.path("cert.pem") + " >/dev/null 2>&1";
  REQUIRE(std::system(make.c_str()) == 0);
  const ServerProcess secure(
      {"--tls-cert", keys.path("cert.pem"), "--tls-key", keys.path("key.pem")});
  CHECK(secure.address().starts_with("https://"));
  client::Client trusting({.ca_file = keys.path("cert.pem")});
  const auto health = trusting.call({.method = "GET", .url = secure.address() + "/healthz"});
  REQUIRE(health.has_value());
  CHECK(health->status == 200);
  const json::object body{{"email", admin_email}, {"password", admin_password}};
  const auto session = trusting.call({.method = "POST",
                                      .url = secure.address() + "/api/v1/sessions",
                                      .headers = {{"Content-Type", "application/json"}},
                                      .body = json::serialize(body)});
  REQUIRE(session.has_value());
  CHECK(session->status == 201);
  CHECK(session->header("Set-Cookie").value_or("").find("Secure") != std::string::npos);
  client::Client distrusting;
  CHECK(!distrusting.call({.method = "GET", .url = secure.address() + "/healthz"}));
  Wire plain(secure.port());
  static_cast<void>(plain.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(plain.answer(2'000).status != 200);
}

}  // namespace holdpoint::test
