// Bodies that never stand in memory: uploads into sinks, downloads from sources, event streams.
#include <doctest/doctest.h>

#include <fstream>

#include "platform/http/server.hpp"
#include "platform/http/test_application.hpp"
#include "platform/http/test_client.hpp"

namespace holdpoint::http {
namespace {

using testing::status_of;
using testing::TestClient;
using testing::TestServer;

/// The peak of this process's memory since the last reset, in bytes; 0 where it cannot be known.
std::size_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

void reset_peak_memory() { std::ofstream("/proc/self/clear_refs") << "5"; }

TEST_CASE("an upload of 64 MB arrives whole and never stands in memory") {
  TestServer t;
  constexpr std::size_t piece_bytes = 1U << 20;
  constexpr std::size_t pieces = 64;
  std::string piece(piece_bytes, 'u');
  Sha256 hash;
  TestClient client(t.port());
  client.send("POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: " +
              std::to_string(piece_bytes * pieces) + "\r\n\r\n");
  reset_peak_memory();
  const std::size_t before = peak_memory_bytes();
  for (std::size_t i = 0; i < pieces; ++i) {
    piece[i] = static_cast<char>(i);
    hash.update(piece);
    client.send(piece);
  }
  CHECK(client.body() == std::to_string(piece_bytes * pieces) + " " + hash.finish().hex());
  CHECK(t.application.largest_write <= (512U << 10));
  CHECK(peak_memory_bytes() - before < (16U << 20));
}

TEST_CASE("a chunked upload arrives whole") {
  TestServer t;
  TestClient client(t.port());
  Sha256 hash;
  client.send("POST /upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 50; ++i) {
    const std::string piece(static_cast<std::size_t>(30'000 + i), static_cast<char>('a' + i % 26));
    hash.update(piece);
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    client.send(size + piece + "\r\n");
  }
  client.send("0\r\n\r\n");
  CHECK(client.body() == "1501225 " + hash.finish().hex());
}

TEST_CASE("small and empty bodies reach the sink as well") {
  TestServer t;
  TestClient client(t.port());
  client.send("POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(client.body() == "3 " + sha256("abc").hex());
  client.send("POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.body() == "0 " + sha256("").hex());
}

TEST_CASE("a sink that is full ends the upload with its reason") {
  TestServer t;
  TestClient client(t.port());
  client.send("POST /full HTTP/1.1\r\nHost: t\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(4'000'000, 'x'));
  CHECK(status_of(client.answer()) == 507);
  CHECK(t.application.handled == 0);
}

TEST_CASE("a download of known length is sent plainly, another in chunks") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /download?bytes=3000000&sized=1 HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(client.body() == std::string(3'000'000, 'd'));
  client.send("GET /download?bytes=10 HTTP/1.1\r\nHost: t\r\n\r\n");
  REQUIRE(client.await("0\r\n\r\n") != std::string::npos);
  const std::string head = client.answer(false);
  CHECK(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  client.send("GET /download?bytes=0 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  const std::string rest = client.rest();
  CHECK(rest.starts_with("a\r\ndddddddddd\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"));
  CHECK(rest.ends_with("\r\n\r\n0\r\n\r\n"));
}

TEST_CASE("a client of HTTP/1.0 gets a download that ends with its connection") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /download?bytes=700000 HTTP/1.0\r\n\r\n");
  const std::string all = client.rest();
  CHECK(client.closed());
  CHECK(all.find("chunked") == std::string::npos);
  CHECK(all.size() - all.find("\r\n\r\n") - 4 == 700'000);
}

TEST_CASE("a download that breaks does not look complete") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /download-breaks?bytes=400000 HTTP/1.1\r\nHost: t\r\n\r\n");
  const std::string all = client.rest();
  CHECK(client.closed());
  CHECK(all.size() > 400'000);
  CHECK_FALSE(all.ends_with("0\r\n\r\n"));
}

TEST_CASE("events are delivered as they are published and the stream can end") {
  ServerOptions options;
  options.heartbeat_ms = 100;
  TestServer t(options);
  TestClient client(t.port());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  const std::string head = client.answer(false);
  CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(t.server->counters().event_streams_open == 1);
  const auto stream = t.application.last_stream();
  CHECK(stream->publish("7", "approval.signed", "{\"a\":1}\nsecond"));
  CHECK(client.await("id: 7\nevent: approval.signed\ndata: {\"a\":1}\ndata: second\n\n") !=
        std::string::npos);
  CHECK(client.await("3\r\n:\n\n\r\n") != std::string::npos);
  stream->publish("", "", "last");
  stream->close();
  const std::string rest = client.rest();
  CHECK(client.closed());
  CHECK(rest.find("data: last\n\n") != std::string::npos);
  CHECK(rest.ends_with("0\r\n\r\n"));
  CHECK_FALSE(stream->publish("8", "", "after the end"));
}

TEST_CASE("a quiet stream ends at the heartbeat after its reader's standing did") {
  ServerOptions options;
  options.heartbeat_ms = 100;
  TestServer t(options);
  TestClient client(t.port());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  client.answer(false);
  CHECK(client.await("3\r\n:\n\n\r\n") != std::string::npos);
  t.application.events_admitted = false;
  const std::string rest = client.rest();
  CHECK(client.closed());
  CHECK(rest.ends_with("0\r\n\r\n"));
  CHECK(t.server->counters().event_streams_open == 0);
}

TEST_CASE("a reader without standing is told nothing more, not even what was to come") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  client.answer(false);
  const auto stream = t.application.last_stream();
  CHECK(stream->publish("1", "", "lawful"));
  CHECK(client.await("lawful") != std::string::npos);
  t.application.events_admitted = false;
  CHECK_FALSE(stream->publish("2", "", "unlawful"));
  CHECK(client.rest().find("unlawful") == std::string::npos);
  CHECK(client.closed());
}

TEST_CASE("a reader slower than its events is cut off and the publisher learns it") {
  TestServer t;
  TestClient client(t.port(), 4'096);
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  REQUIRE(client.answer(false) != "");
  const auto stream = t.application.last_stream();
  const std::string event(20'000, 'e');
  int published = 0;
  while (published < 10'000 && stream->publish("", "", event)) ++published;
  CHECK(published < 10'000);
  CHECK(stream->state() != EventStream::State::open);
  client.rest();
  CHECK(client.closed());
  CHECK(t.server->counters().event_streams_cut == 1);
  CHECK(t.server->counters().event_streams_open == 0);
}

TEST_CASE("a publisher learns that its reader has gone") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  REQUIRE(client.answer(false) != "");
  const auto stream = t.application.last_stream();
  client.close();
  for (int i = 0; i < 200 && stream->open(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK_FALSE(stream->publish("", "", "nobody"));
}

TEST_CASE("stopping ends event streams properly") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  REQUIRE(client.answer(false) != "");
  t.server->stop();
  CHECK(client.rest().ends_with("0\r\n\r\n"));
  CHECK(client.closed());
  CHECK_FALSE(t.application.last_stream()->open());
}

TEST_CASE("many threads may publish to one stream") {
  TestServer t;
  TestClient client(t.port());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  REQUIRE(client.answer(false) != "");
  const auto stream = t.application.last_stream();
  std::atomic<int> accepted = 0;
  std::vector<std::thread> publishers;
  for (int i = 0; i < 4; ++i) {
    publishers.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        if (stream->publish("", "", "x")) ++accepted;
      }
    });
  }
  for (auto& publisher : publishers) publisher.join();
  stream->close();
  const std::string rest = client.rest();
  int delivered = 0;
  for (std::size_t at = 0; (at = rest.find("data: x\n", at)) != std::string::npos; ++at) {
    ++delivered;
  }
  CHECK(delivered == accepted);
  CHECK(accepted == 40);
}

}  // namespace
}  // namespace holdpoint::http
