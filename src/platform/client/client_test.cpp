// The outbound client against a small server of its own: limits, faults, uploads.
#include "platform/client/client.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "platform/files/system_files.hpp"
#include "support/scratch.hpp"

namespace holdpoint::client {
namespace {

/// Answers every connection once with fixed bytes and keeps what it was sent.
class OneAnswerServer {
 public:
  enum class Then : std::uint8_t { close, stay_silent };
  explicit OneAnswerServer(std::string answer, Then then = Then::close)
      : answer_(std::move(answer)), then_(then), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t length = sizeof address;
    REQUIRE(::bind(listener_.number(), any, length) == 0);
    REQUIRE(::listen(listener_.number(), 8) == 0);
    REQUIRE(::getsockname(listener_.number(), any, &length) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~OneAnswerServer() {
    thread_.request_stop();
    ::shutdown(listener_.number(), SHUT_RDWR);
  }
  OneAnswerServer(const OneAnswerServer&) = delete;
  OneAnswerServer& operator=(const OneAnswerServer&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// What was received; call after the answer has arrived.
  std::string received() {
    thread_.request_stop();
    ::shutdown(listener_.number(), SHUT_RDWR);
    thread_.join();
    return received_;
  }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const files::Descriptor peer(::accept(listener_.number(), nullptr, nullptr));
      if (!peer.valid()) return;
      read_request(peer.number());
      static_cast<void>(::send(peer.number(), answer_.data(), answer_.size(), MSG_NOSIGNAL));
      while (then_ == Then::stay_silent && !stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
  }
  void read_request(int peer) {
    std::string request;
    std::size_t wanted = std::string::npos;
    while (request.size() < wanted) {
      char buffer[65536];
      const auto count = ::recv(peer, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      request.append(buffer, static_cast<std::size_t>(count));
      const auto end = request.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const auto length = request.find("Content-Length: ");
      wanted = end + 4;
      if (length < end) wanted += std::stoul(request.substr(length + 16));
    }
    received_ += request;
  }

  std::string answer_;
  Then then_;
  files::Descriptor listener_;
  int port_ = 0;
  std::string received_;
  std::jthread thread_;
};

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: \"7\"\r\n\r\nhi";

TEST_CASE("a call sends method, headers and body, and takes status, headers and body") {
  OneAnswerServer server(kOk);
  Client client;
  const auto answer = client.call({.method = "POST",
                                   .url = server.url("/a?b=c"),
                                   .headers = {{"Authorization", "Bearer x"}, {"X-Empty", ""}},
                                   .body = std::string("b\0dy", 4)});
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
  CHECK(answer->status == 200);
  CHECK(answer->body == "hi");
  CHECK(answer->header("etag") == "\"7\"");
  CHECK_FALSE(answer->header("absent").has_value());
  const std::string sent = server.received();
  CHECK(sent.starts_with("POST /a?b=c HTTP/1.1\r\n"));
  CHECK(sent.find("\r\nAuthorization: Bearer x\r\n") != std::string::npos);
  CHECK(sent.find("\r\nX-Empty:\r\n") != std::string::npos);
  CHECK(sent.find("Content-Type") == std::string::npos);
  CHECK(sent.find("Expect") == std::string::npos);
  CHECK(sent.ends_with(std::string("\r\n\r\nb\0dy", 8)));
}

TEST_CASE("every method goes out under its own name") {
  for (const char* method : {"GET", "PUT", "PATCH", "DELETE", "HEAD"}) {
    CAPTURE(method);
    OneAnswerServer server("HTTP/1.1 204 No Content\r\n\r\n");
    Client client;
    const auto answer =
        client.call({.method = method, .url = server.url("/"), .headers = {}, .body = {}});
    REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
    CHECK(answer->status == 204);
    CHECK(server.received().starts_with(std::string(method) + " / HTTP/1.1\r\n"));
  }
}

TEST_CASE("a refusal and a redirect are answers like any other") {
  for (const char* status : {"302 Found", "404 Not Found", "500 Oops"}) {
    OneAnswerServer server("HTTP/1.1 " + std::string(status) +
                           "\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    Client client;
    const auto answer =
        client.call({.method = "GET", .url = server.url("/"), .headers = {}, .body = {}});
    REQUIRE(answer.has_value());
    CHECK(answer->status == std::stoi(status));
  }
}

FaultKind kind_of(const Result<Answer>& answer) {
  REQUIRE_FALSE(answer.has_value());
  return answer.error().kind;
}

TEST_CASE("URLs of another kind, with credentials, and broken headers are refused unsent") {
  Client client;
  for (const std::string& url :
       {std::string(), std::string("file:///etc/passwd"), std::string("ftp://127.0.0.1/"),
        std::string("http://ada:secret@127.0.0.1/"), std::string("http://"), std::string("::"),
        std::string("http://127.0.0.1/\0x", 19)}) {
    CAPTURE(url);
    const auto answer = client.call({.method = "GET", .url = url, .headers = {}, .body = {}});
    CHECK(kind_of(answer) == FaultKind::invalid);
    CHECK(answer.error().text().find("secret") == std::string::npos);
  }
  const std::string url = "http://127.0.0.1:1/";
  CHECK(kind_of(client.call(
            {.method = "GET", .url = url, .headers = {{"A", "b\r\nC: d"}}, .body = {}})) ==
        FaultKind::invalid);
  CHECK(
      kind_of(client.call({.method = "GET", .url = url, .headers = {{"A: b", "c"}}, .body = {}})) ==
      FaultKind::invalid);
  CHECK(kind_of(client.call({.method = "GET /\r\n", .url = url, .headers = {}, .body = {}})) ==
        FaultKind::invalid);
}

TEST_CASE("a server that is not there is unavailable, and the fault tells no path") {
  Client client;
  const auto answer = client.call(
      {.method = "GET", .url = "http://127.0.0.1:1/hook/token?q=1", .headers = {}, .body = {}});
  CHECK(kind_of(answer) == FaultKind::unavailable);
  CHECK(answer.error().where == "client.call GET http://127.0.0.1:1");
  CHECK(answer.error().text().find("token") == std::string::npos);
}

TEST_CASE("a server that falls silent ends in a timeout") {
  OneAnswerServer server("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                         OneAnswerServer::Then::stay_silent);
  Client client({.call_ms_max = 100, .ca_file = {}});
  CHECK(
      kind_of(client.call({.method = "GET", .url = server.url("/"), .headers = {}, .body = {}})) ==
      FaultKind::timeout);
}

TEST_CASE("an answer beyond the bounds is not taken in") {
  OneAnswerServer server("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" +
                         std::string(5000, 'x'));
  Client client({.answer_bytes_max = 4999, .ca_file = {}});
  CHECK(
      kind_of(client.call({.method = "GET", .url = server.url("/"), .headers = {}, .body = {}})) ==
      FaultKind::exhausted);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  OneAnswerServer verbose(many + "\r\n");
  CHECK(
      kind_of(client.call({.method = "GET", .url = verbose.url("/"), .headers = {}, .body = {}})) ==
      FaultKind::exhausted);
}

TEST_CASE("bytes that are no HTTP are a fault") {
  OneAnswerServer server("SSH-2.0-x\r\n");
  Client client;
  CHECK_FALSE(client.call({.method = "GET", .url = server.url("/"), .headers = {}, .body = {}})
                  .has_value());
}

TEST_CASE("a file is streamed up and its progress told") {
  test::Scratch scratch;
  const std::string bytes(3'000'000, 'f');
  std::ofstream(scratch.path("report.json")) << bytes;
  OneAnswerServer server(kOk);
  Client client;
  std::uint64_t last = 0;
  int steps = 0;
  const auto answer =
      client.upload({.method = "POST",
                     .url = server.url("/u"),
                     .headers = {{"Content-Type", "text/plain"}},
                     .body = {}},
                    scratch.path("report.json"), [&](std::uint64_t sent, std::uint64_t total) {
                      CHECK(sent > last);
                      CHECK(total == 3'000'000);
                      last = sent;
                      ++steps;
                    });
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
  CHECK(last == 3'000'000);
  CHECK(steps > 10);
  const std::string sent = server.received();
  CHECK(sent.starts_with("POST /u HTTP/1.1\r\n"));
  CHECK(sent.find("\r\nContent-Length: 3000000\r\n") != std::string::npos);
  CHECK(sent.ends_with(bytes));
}

TEST_CASE("an empty file is uploaded as nothing, an absent one is a fault") {
  test::Scratch scratch;
  std::ofstream(scratch.path("empty")).flush();
  OneAnswerServer server(kOk);
  Client client;
  const Request request{.method = "PUT", .url = server.url("/"), .headers = {}, .body = {}};
  const auto answer = client.upload(request, scratch.path("empty"), {});
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
  CHECK(kind_of(client.upload(request, scratch.path("absent"), {})) == FaultKind::not_found);
}

TEST_CASE("one client serves several threads") {
  OneAnswerServer server(kOk);
  Client client;
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) {
          const auto answer =
              client.call({.method = "GET", .url = server.url("/"), .headers = {}, .body = {}});
          if (answer && answer->body == "hi") ++answered;
        }
      });
    }
  }
  CHECK(answered == 20);
}

}  // namespace
}  // namespace holdpoint::client
