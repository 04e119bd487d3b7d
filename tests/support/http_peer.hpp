// A small HTTP/1.1 client that keeps its connection: for tests that send thousands of requests and
// have to know whether an answer came before the server died.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdpoint::test {

struct PeerReply {
  int status = 0;
  std::string body;
};

struct PeerCall {
  std::string method;
  std::string target;
  std::string body{};
  std::string media_type = "application/json";
  std::string idempotency_key{};
};

class HttpPeer {
 public:
  HttpPeer(std::uint16_t port, std::string bearer);
  ~HttpPeer();
  HttpPeer(HttpPeer&& other) noexcept;
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;

  /// nullopt when no whole answer came: whether the request was carried out is then unknown.
  /// Answers MUST have a Content-Length.
  std::optional<PeerReply> call(const PeerCall& call);
  std::optional<PeerReply> get(std::string target) { return call({"GET", std::move(target)}); }

 private:
  bool connect();
  bool send(std::string_view bytes) const;
  bool receive();
  std::optional<PeerReply> read_reply();

  std::uint16_t port_;
  std::string bearer_;
  int socket_ = -1;
  std::string received_;
};

}  // namespace holdpoint::test
