// What the server refuses: clients that are too large, too slow, ambiguous or broken; and that the
// others do not notice.
#include <doctest/doctest.h>

#include <random>

#include "platform/http/server.hpp"
#include "platform/http/test_application.hpp"
#include "platform/http/test_client.hpp"

namespace holdpoint::http {
namespace {

using testing::status_of;
using testing::TestClient;
using testing::TestServer;

constexpr std::string_view get_now = "GET /now HTTP/1.1\r\nHost: t\r\n\r\n";

/// The status of the one answer, after which the server must have closed.
int refused(TestServer& t, std::string_view request) {
  TestClient client(t.port());
  client.send(request);
  const int status = status_of(client.answer());
  client.end_sending();
  client.rest();
  return client.closed() ? status : -status;
}

TEST_CASE("malformed and ambiguous requests are refused and their connection is closed") {
  struct Case {
    int status;
    const char* request;
  };
  TestServer t;
  for (const Case& c : {
           Case{400, "GARBAGE\r\n\r\n"},
           {400, "GET /now\r\n\r\n"},
           {400, "GET /now HTTP/1.1\nHost: t\n\n"},
           {400, "GET /now HTTP/1.1\r\n\r\n"},
           {400, "GET /now HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
           {400, "GET /now HTTP/1.1\r\nHost: a/b\r\n\r\n"},
           {400, "GET /now HTTP/1.1\r\nHost : t\r\n\r\n"},
           {400, "GET /a/../b HTTP/1.1\r\nHost: t\r\n\r\n"},
           {400, "GET /a%2fb HTTP/1.1\r\nHost: t\r\n\r\n"},
           {400, "GET /%00 HTTP/1.1\r\nHost: t\r\n\r\n"},
           {400, "GET /%ff HTTP/1.1\r\nHost: t\r\n\r\n"},
           {400, "GET now HTTP/1.1\r\nHost: t\r\n\r\n"},
           {505, "GET /now HTTP/2.0\r\nHost: t\r\n\r\n"},
           {501, "BREW /pot HTTP/1.1\r\nHost: t\r\n\r\n"},
           {501, "TRACE / HTTP/1.1\r\nHost: t\r\n\r\n"},
           {501, "CONNECT t:443 HTTP/1.1\r\nHost: t\r\n\r\n"},
           {417, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: tea\r\n\r\n"},
       }) {
    CAPTURE(c.request);
    CHECK(refused(t, c.request) == c.status);
  }
  CHECK(t.application.admitted == 0);
}

TEST_CASE("requests whose end two readers could see in different places are refused") {
  struct Case {
    int status;
    const char* fields;
  };
  TestServer t;
  for (const Case& c : {
           Case{400, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"},
           {400, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"},
           {400, "Content-Length: 5\r\nContent-Length: 6\r\n"},
           {400, "Content-Length: 5\r\nContent-Length: 5\r\n"},
           {400, "Content-Length: 5, 5\r\n"},
           {400, "Content-Length: +5\r\n"},
           {400, "Content-Length: -1\r\n"},
           {400, "Content-Length: 0x5\r\n"},
           {400, "Content-Length: 5 5\r\n"},
           {400, "Content-Length:\r\n"},
           {400, "Content-Length: 99999999999999999999\r\n"},
           {400, "Content-Length : 5\r\n"},
           {400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"},
           {400, "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"},
           {501, "Transfer-Encoding: gzip\r\n"},
           {501, "Transfer-Encoding: gzip, chunked\r\n"},
           {501, "Transfer-Encoding: chunked, identity\r\n"},
           {501, "Transfer-Encoding: xchunked\r\n"},
           {501, "Transfer-Encoding: \"chunked\"\r\n"},
       }) {
    CAPTURE(c.fields);
    const std::string head = "POST /p HTTP/1.1\r\nHost: t\r\n" + std::string(c.fields) + "\r\n";
    CHECK(refused(t, head + "5\r\nhello\r\n0\r\n\r\n") == c.status);
  }
  CHECK(refused(t, "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
  CHECK(t.application.handled == 0);
}

TEST_CASE("malformed chunks are refused") {
  TestServer t;
  const std::string head = "POST /p HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(refused(t, head + "z\r\nabc\r\n0\r\n\r\n") == 400);
  CHECK(refused(t, head + "-1\r\nabc\r\n0\r\n\r\n") == 400);
  CHECK(refused(t, head + "3\r\nabcd\r\n0\r\n\r\n") == 400);
  CHECK(refused(t, head + "11111111111111111\r\nabc\r\n0\r\n\r\n") == 400);
  CHECK(refused(t, head + "3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n") == 400);
  CHECK(refused(t, head + "1;" + std::string(40'000, 'x') + "\r\na\r\n0\r\n\r\n") >= 400);
  CHECK(refused(t, head + "0\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n") >= 400);
  std::string wasteful = head;
  for (int i = 0; i < 100; ++i) wasteful += "1;" + std::string(1'000, 'x') + "\r\na\r\n";
  CHECK(refused(t, wasteful + "0\r\n\r\n") == 400);
  CHECK(t.application.handled == 0);
}

TEST_CASE("a request head has a bound in every direction") {
  TestServer t;
  const std::string line = "GET /now HTTP/1.1\r\nHost: t\r\n";
  CHECK(refused(t, line + "X: " + std::string(20'000, 'x') + "\r\n\r\n") == 431);
  std::string many = line;
  for (int i = 0; i < 200; ++i) many += "X: y\r\n";
  CHECK(refused(t, many + "\r\n") == 431);
  CHECK(refused(t, "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: t\r\n\r\n") == 414);
  CHECK(refused(t, "GET /" + std::string(40'000, 'a')) == 414);
  CHECK(refused(t, std::string(40'000, 'A')) == 414);
  TestClient fits(t.port());
  fits.send(line + "X: " + std::string(15'000, 'x') + "\r\n\r\n");
  CHECK(status_of(fits.answer()) == 200);
}

TEST_CASE("a body over its bound is refused, before it is read where its length is known") {
  TestServer t;
  const std::string line = "POST /p HTTP/1.1\r\nHost: t\r\n";
  TestClient announced(t.port());
  announced.send(line + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  CHECK(status_of(announced.answer()) == 413);
  CHECK(refused(t, line + "Content-Length: 1000000000\r\n\r\nabc") == 413);
  CHECK(refused(t, line + "Transfer-Encoding: chunked\r\n\r\n3E9\r\n" + std::string(1'001, 'x')) ==
        413);
  CHECK(t.application.handled == 0);
  TestClient whole(t.port());
  whole.send(line + "Content-Length: 1001\r\n\r\n" + std::string(1'001, 'x'));
  CHECK(status_of(whole.answer()) == 413);
  whole.send(line + "Content-Length: 1000\r\n\r\n" + std::string(1'000, 'x'));
  CHECK(status_of(whole.answer()) == 200);
}

TEST_CASE("a refusal reaches a client that is still sending") {
  TestServer t;
  TestClient client(t.port());
  client.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(4'000'000, 'x'));
  CHECK(status_of(client.answer()) == 413);
}

TEST_CASE("slow clients are cut off and the others are served meanwhile") {
  ServerOptions options;
  options.header_ms_max = 200;
  options.body_idle_ms_max = 200;
  options.keep_alive_ms_max = 200;
  TestServer t(options);
  TestClient silent(t.port());
  TestClient idle(t.port());
  idle.send(get_now);
  CHECK(idle.body() == "now");
  TestClient slow_head(t.port());
  TestClient slow_body(t.port());
  TestClient drip(t.port());
  slow_body.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\nabc");
  drip.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\n");
  const std::string head = "GET /now HTTP/1.1\r\nHost: t\r\nX-Slow: " + std::string(200, 'x');
  TestClient other(t.port());
  for (int i = 0; i < 35; ++i) {
    slow_head.send(head.substr(static_cast<std::size_t>(i), 1));
    drip.send("d");
    other.send(get_now);
    CHECK(other.body() == "now");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(status_of(slow_head.rest(1'000)) == 408);
  CHECK(status_of(slow_body.rest(1'000)) == 408);
  CHECK(status_of(drip.rest(1'000)) == 408);
  CHECK(silent.rest(1'000).empty());
  CHECK(idle.rest(1'000).empty());
  for (const TestClient* client : {&slow_head, &slow_body, &drip, &silent, &idle}) {
    CHECK(client->closed());
  }
  CHECK(t.server->counters().timed_out == 3);
}

TEST_CASE("a client that does not read its answer is cut off") {
  ServerOptions options;
  options.write_idle_ms_max = 200;
  TestServer t(options);
  TestClient client(t.port(), 4'096);
  client.send("GET /download?bytes=50000000 HTTP/1.1\r\nHost: t\r\n\r\n");
  for (int i = 0; i < 200 && t.server->counters().timed_out == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(t.server->counters().timed_out == 1);
}

TEST_CASE("requests beyond the queue are told to come back, the others are answered") {
  ServerOptions options;
  options.worker_threads = 1;
  options.queue_max = 1;
  TestServer t(options);
  std::vector<TestClient> clients;
  for (int i = 0; i < 5; ++i) {
    clients.emplace_back(t.port());
    clients.back().send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  }
  int answered = 0;
  int busy = 0;
  for (auto& client : clients) {
    const std::string answer = client.answer();
    if (status_of(answer) == 200) ++answered;
    if (status_of(answer) == 503 && answer.find("Retry-After: 1\r\n") != std::string::npos) ++busy;
    client.send(get_now);
    CHECK(client.body() == "now");
  }
  CHECK(answered >= 1);
  CHECK(answered <= 2);
  CHECK(answered + busy == 5);
}

TEST_CASE("connections beyond the bound are turned away") {
  ServerOptions options;
  options.connections_max = 2;
  TestServer t(options);
  TestClient first(t.port());
  TestClient second(t.port());
  first.send(get_now);
  second.send(get_now);
  CHECK(first.body() == "now");
  CHECK(second.body() == "now");
  TestClient third(t.port());
  CHECK(status_of(third.rest()) == 503);
  CHECK(third.closed());
  first.send(get_now);
  CHECK(first.body() == "now");
}

TEST_CASE("random bytes and sudden ends harm nobody") {
  TestServer t;
  std::mt19937 random(20261120);
  TestClient witness(t.port());
  for (int round = 0; round < 200; ++round) {
    TestClient client(t.port());
    std::string bytes = round % 2 == 0
                            ? std::string()
                            : "POST /p HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < 300; ++i) bytes.push_back(static_cast<char>(random() & 0xFF));
    if (round % 5 == 0) bytes = std::string(get_now).substr(0, random() % get_now.size());
    client.send(bytes);
    if (round % 3 == 0) client.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
    client.close();
    witness.send(get_now);
    CHECK(witness.body() == "now");
  }
}

}  // namespace
}  // namespace holdpoint::http
