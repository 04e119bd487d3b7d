// See http_peer.hpp.
#include "support/http_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace holdpoint::test {
namespace {

constexpr int kAnswerSecondsMax = 30;

}  // namespace

HttpPeer::HttpPeer(std::uint16_t port, std::string bearer)
    : port_(port), bearer_(std::move(bearer)) {}

HttpPeer::~HttpPeer() {
  if (socket_ >= 0) ::close(socket_);
}

HttpPeer::HttpPeer(HttpPeer&& other) noexcept
    : port_(other.port_),
      bearer_(std::move(other.bearer_)),
      socket_(std::exchange(other.socket_, -1)),
      received_(std::move(other.received_)) {}

bool HttpPeer::connect() {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const timeval patience{kAnswerSecondsMax, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool HttpPeer::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpPeer::receive() {
  char chunk[16'384];
  const auto got = ::recv(socket_, chunk, sizeof chunk, 0);
  if (got <= 0) return false;
  received_.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::optional<PeerReply> HttpPeer::read_reply() {
  std::size_t head_end = 0;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  PeerReply reply;
  reply.status = std::atoi(received_.c_str() + std::string_view("HTTP/1.1 ").size());
  std::size_t length = 0;
  constexpr std::string_view field = "\r\nContent-Length: ";
  if (const auto at = received_.find(field); at < head_end) {
    length = std::strtoull(received_.c_str() + at + field.size(), nullptr, 10);
  }
  const std::size_t end = head_end + 4 + length;
  while (received_.size() < end) {
    if (!receive()) return std::nullopt;
  }
  reply.body = received_.substr(head_end + 4, length);
  received_.erase(0, end);
  return reply;
}

std::optional<PeerReply> HttpPeer::call(const PeerCall& call) {
  std::string request = call.method + " " + call.target + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!bearer_.empty()) request += "Authorization: Bearer " + bearer_ + "\r\n";
  if (!call.idempotency_key.empty()) {
    request += "Idempotency-Key: " + call.idempotency_key + "\r\n";
  }
  if (call.method != "GET") {
    request += "Content-Type: " + call.media_type +
               "\r\nContent-Length: " + std::to_string(call.body.size()) + "\r\n";
  }
  request += "\r\n" + call.body;
  if (socket_ >= 0 || connect()) {
    if (send(request)) {
      if (auto reply = read_reply()) return reply;
    }
  }
  ::close(socket_);
  socket_ = -1;
  received_.clear();
  return std::nullopt;
}

}  // namespace holdpoint::test
