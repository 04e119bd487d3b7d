// A raw client for the server's tests: it sends exactly the bytes it is told to, as broken clients
// do, and reads with a deadline, so that a server that hangs fails a test and does not stop it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace holdpoint::http::testing {

constexpr int answer_ms_max = 5'000;

class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer_bytes = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer_bytes > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  TestClient(TestClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        connected_(other.connected_),
        received_(std::move(other.received_)) {}
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  ~TestClient() { close(); }

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  [[nodiscard]] bool connected() const { return connected_; }

  /// False when the server has closed the connection.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void end_sending() const { ::shutdown(socket_, SHUT_WR); }

  /// The next answer: head and body by its Content-Length. Empty when none came in time.
  std::string answer(bool with_body = true) {
    const std::size_t end = await("\r\n\r\n");
    if (end == std::string::npos) return "";
    std::size_t length = end + 4;
    if (const auto field = received_.find("Content-Length: "); with_body && field < end) {
      length += std::strtoull(received_.c_str() + field + 16, nullptr, 10);
    }
    while (received_.size() < length) {
      if (!receive(answer_ms_max)) return "";
    }
    std::string out = received_.substr(0, length);
    received_.erase(0, length);
    return out;
  }

  /// The body of the next answer.
  std::string body() {
    const std::string all = answer();
    const auto end = all.find("\r\n\r\n");
    return end == std::string::npos ? "" : all.substr(end + 4);
  }

  /// All that comes until the server closes; the flag says whether it did so in time.
  std::string rest(int ms_max = answer_ms_max) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms_max);
    while (!closed_ && std::chrono::steady_clock::now() < until) receive(50);
    return std::exchange(received_, {});
  }
  [[nodiscard]] bool closed() const { return closed_; }

  /// Waits until the text has come; its place among what was received and not yet taken.
  std::size_t await(std::string_view text, int ms_max = answer_ms_max) {
    for (;;) {
      const auto found = received_.find(text);
      if (found != std::string::npos) return found;
      if (!receive(ms_max)) return std::string::npos;
    }
  }

  /// Whether nothing arrives for so long.
  bool quiet(int ms) { return received_.empty() && !receive(ms) && !closed_; }

 private:
  bool receive(int ms_max) {
    pollfd waiting{socket_, POLLIN, 0};
    if (closed_ || ::poll(&waiting, 1, ms_max) <= 0) return false;
    char buffer[65536];
    const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      closed_ = true;
      return false;
    }
    received_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool closed_ = false;
  std::string received_;
};

/// "HTTP/1.1 404 Not Found…" is 404; 0 when it is no answer.
inline int status_of(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
  return std::atoi(std::string(answer.substr(9, 3)).c_str());
}

}  // namespace holdpoint::http::testing
