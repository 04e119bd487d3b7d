// The server over real sockets: requests in, answers out, in order, and a graceful end.
#include "platform/http/server.hpp"

#include <doctest/doctest.h>

#include "platform/http/test_application.hpp"
#include "platform/http/test_client.hpp"

namespace holdpoint::http {
namespace {

using testing::status_of;
using testing::TestClient;
using testing::TestServer;

constexpr std::string_view get_now = "GET /now HTTP/1.1\r\nHost: t\r\n\r\n";
constexpr std::string_view get_slow = "GET /slow HTTP/1.1\r\nHost: t\r\n\r\n";

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: t\r\n\r\n";
}

TEST_CASE("one connection serves many requests") {
  TestServer t;
  TestClient client(t.port());
  for (int i = 0; i < 50; ++i) {
    client.send(get_now);
    CHECK(client.body() == "now");
    client.send(get("/worked"));
    CHECK(client.body() == "GET /worked ");
  }
  const ServerCounters counters = t.server->counters();
  CHECK(counters.connections_total == 1);
  CHECK(counters.requests_total == 100);
  CHECK(counters.answered_at_once == 50);
  CHECK(counters.responses_2xx == 100);
}

TEST_CASE("pipelined requests are answered in their order, whoever answers them") {
  TestServer t;
  TestClient client(t.port());
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += get_now;
    all += get("/now-big");
    all += "POST /p" + std::to_string(i) + " HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi";
    all += get_now;
  }
  client.send(all);
  for (int i = 0; i < 20; ++i) {
    CHECK(client.body() == "now");
    CHECK(client.body().size() == 100'000);
    CHECK(client.body() == "POST /p" + std::to_string(i) + " hi");
    CHECK(client.body() == "now");
  }
}

TEST_CASE("a request that arrives byte by byte is the same request") {
  TestServer t;
  TestClient client(t.port());
  const std::string request =
      "\r\nPOST /b HTTP/1.1\r\nhOsT: t\r\nContent-Length: 5\r\n\r\nhello" + std::string(get_now);
  for (const char c : request) client.send({&c, 1});
  CHECK(client.body() == "POST /b hello");
  CHECK(client.body() == "now");
}

TEST_CASE("HEAD is answered like GET without the body") {
  TestServer t;
  TestClient client(t.port());
  client.send(
      "HEAD /now HTTP/1.1\r\nHost: t\r\n\r\nHEAD /download?bytes=7 HTTP/1.1\r\nHost: t\r\n\r\n");
  const std::string first = client.answer(false);
  CHECK(first.find("Content-Length: 3\r\n") != std::string::npos);
  CHECK(status_of(client.answer(false)) == 200);
  client.send(get_now);
  CHECK(client.body() == "now");
}

TEST_CASE("every answer carries the date and the security fields") {
  TestServer t;
  TestClient client(t.port());
  client.send(get("/html"));
  const std::string page = client.answer();
  for (const char* field :
       {"Date: ", "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
        "Cache-Control: no-store\r\n", "Content-Security-Policy: default-src 'none';"}) {
    CAPTURE(field);
    CHECK(page.find(field) != std::string::npos);
  }
  CHECK(page.find("Server:") == std::string::npos);
  client.send(get("/nothing"));
  const std::string nothing = client.answer();
  CHECK(status_of(nothing) == 204);
  CHECK(nothing.find("Content-Length") == std::string::npos);
  CHECK(nothing.find("Content-Security-Policy") == std::string::npos);
}

TEST_CASE("a handler cannot inject header lines or a second length") {
  TestServer t;
  TestClient client(t.port());
  client.send(get("/injected"));
  const std::string answer = client.answer();
  CHECK(answer.find("X-Note: a  Set-Cookie: stolen=1\r\n") != std::string::npos);
  CHECK(answer.find("Content-Length: 4\r\n") != std::string::npos);
  CHECK(answer.find("99999") == std::string::npos);
}

TEST_CASE("the client of HTTP/1.0 and of Connection: close is closed after its answer") {
  TestServer t;
  for (const char* request : {"GET /now HTTP/1.0\r\n\r\n", "GET /worked HTTP/1.0\r\n\r\n",
                              "GET /now HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"}) {
    TestClient client(t.port());
    client.send(request);
    const std::string all = client.rest();
    CHECK(client.closed());
    CHECK(status_of(all) == 200);
    CHECK(all.find("Connection: close\r\n") != std::string::npos);
  }
}

TEST_CASE("a client that ends its sending side still gets its answer") {
  TestServer t;
  TestClient client(t.port());
  client.send(get_slow);
  client.end_sending();
  CHECK(client.body() == "GET /slow ");
}

TEST_CASE("a body is awaited only after the request is admitted") {
  TestServer t;
  TestClient client(t.port());
  client.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.answer(false) == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  CHECK(client.body() == "POST /a hello");

  client.send(
      "POST /denied HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  CHECK(status_of(client.answer()) == 403);
  CHECK(t.application.handled == 1);
}

TEST_CASE("a refused request without a body leaves the connection usable") {
  TestServer t;
  TestClient client(t.port());
  client.send(get("/denied"));
  CHECK(status_of(client.answer()) == 403);
  client.send("POST /denied HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi");
  CHECK(status_of(client.answer()) == 403);
  client.send(get_now);
  CHECK(client.body() == "now");
}

TEST_CASE("chunked bodies are put together") {
  TestServer t;
  TestClient client(t.port());
  const std::string head = "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  client.send(head + "3\r\nabc\r\n2;note=x\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n");
  CHECK(client.body() == "POST /c abcde");
  const std::string slowly = head + "1\r\nx\r\nA\r\n0123456789\r\n0\r\n\r\n" + std::string(get_now);
  for (const char c : slowly) client.send({&c, 1});
  CHECK(client.body() == "POST /c x0123456789");
  CHECK(client.body() == "now");
}

TEST_CASE("an exception becomes a problem, is reported, and harms nobody") {
  TestServer t;
  TestClient client(t.port());
  for (const char* path : {"/throws", "/admit-throws", "/now-throws"}) {
    client.send(get(path));
    const std::string answer = client.answer();
    CHECK(status_of(answer) == 500);
    CHECK(answer.find("application/problem+json") != std::string::npos);
    CHECK(answer.find("thrown") == std::string::npos);
  }
  const std::scoped_lock lock(t.mutex);
  CHECK(t.exceptions ==
        std::vector<std::string>{"thrown in handle", "thrown in admit", "thrown at once"});
}

TEST_CASE("stopping finishes the requests in flight and closes idle connections") {
  TestServer t;
  TestClient busy(t.port());
  TestClient idle(t.port());
  idle.send(get_now);
  CHECK(idle.body() == "now");
  busy.send(get_slow);
  while (t.application.handled == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  t.server->stop();
  CHECK(busy.body() == "GET /slow ");
  CHECK(idle.rest().empty());
  CHECK(idle.closed());
  CHECK(t.server->counters().connections_open == 0);
  CHECK_FALSE(TestClient(t.port()).connected());
  t.server->stop();
}

TEST_CASE("stopping does not wait longer than it may for a client") {
  ServerOptions options;
  options.drain_ms_max = 50;
  TestServer t(options);
  TestClient half(t.port());
  half.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe");
  while (t.application.admitted == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  t.server->stop();
  half.rest();
  CHECK(half.closed());
}

TEST_CASE("an answer may come later, while the one worker serves others") {
  ServerOptions options;
  options.worker_threads = 1;
  TestServer t(options);
  std::vector<TestClient> waiting;
  for (int i = 0; i < 8; ++i) waiting.emplace_back(t.port());
  for (auto& client : waiting) client.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
  while (t.application.handled < 8) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  TestClient other(t.port());
  other.send("GET /other HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(other.body() == "GET /other ");
  CHECK(t.application.give_later("at last") == 8);
  for (auto& client : waiting) {
    CHECK(client.body() == "at last");
    client.send(get_now);
    CHECK(client.body() == "now");
  }
}

TEST_CASE("a client that left before its later answer harms nobody") {
  TestServer t;
  {
    TestClient client(t.port());
    client.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
    while (t.application.handled < 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(t.application.give_later("too late") == 1);
  TestClient other(t.port());
  other.send(get_now);
  CHECK(other.body() == "now");
}

TEST_CASE("a server does not go before the answers that are to come") {
  ServerOptions options;
  options.drain_ms_max = 20;
  TestServer t(options);
  TestClient client(t.port());
  client.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
  while (t.application.handled < 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::atomic<bool> given = false;
  std::jthread giver([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    given = true;
    t.application.give_later("after the drain");
  });
  t.server->stop();
  CHECK(given);
}

TEST_CASE("a port that another server has is a fault, not a shared port") {
  TestServer t;
  ServerOptions options;
  options.port = t.port();
  const auto second = Server::start(options, t.application);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == FaultKind::unavailable);
  options.address = "not an address";
  CHECK_FALSE(Server::start(options, t.application));
}

TEST_CASE("several I/O threads serve one port") {
  testing::TestApplication application;
  ServerOptions options;
  options.io_threads = 4;
  auto server = Server::start(options, application);
  REQUIRE(server);
  CHECK((*server)->address() == "http://127.0.0.1:" + std::to_string((*server)->port()));
  std::vector<TestClient> clients;
  for (int i = 0; i < 16; ++i) clients.emplace_back((*server)->port());
  for (auto& client : clients) client.send(get_now);
  for (auto& client : clients) CHECK(client.body() == "now");
}

}  // namespace
}  // namespace holdpoint::http
