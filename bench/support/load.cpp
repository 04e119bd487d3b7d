// See load.hpp.
#include "support/load.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "support/measure.hpp"

namespace holdpoint::bench {
namespace {

constexpr std::size_t kPieceBytes = 64U << 10;

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* raw = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (fd < 0 || ::connect(fd, raw, sizeof address) != 0) broken("cannot connect to the server");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) broken("the server closed a connection while it was sent a request");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// The status when `received` holds one whole answer.
std::optional<int> whole_answer(const std::string& received) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  std::size_t length = 0;
  const std::string_view head(received.data(), end);
  for (const char* const name : {"Content-Length: ", "content-length: "}) {
    if (const auto at = head.find(name); at != std::string_view::npos) {
      length = static_cast<std::size_t>(std::atoll(received.c_str() + at + 16));
    }
  }
  if (received.size() < end + 4 + length) return std::nullopt;
  return std::atoi(received.c_str() + 9);
}

struct Client {
  int fd = -1;
  double sent_at = 0;
  std::string received;
};

class Load {
 public:
  explicit Load(const LoadPlan& plan)
      : plan_(plan), epoll_(::epoll_create1(EPOLL_CLOEXEC)), piece_(kPieceBytes) {}

  LoadResult run() {
    clients_.resize(static_cast<std::size_t>(plan_.connections));
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      clients_[i].fd = connect_to(plan_.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[i].fd, &event);
    }
    const double start = now_s();
    end_ = start + plan_.seconds;
    for (Client& client : clients_) send_next(client);
    while (in_flight_ > 0) take_answers();
    result_.seconds = now_s() - start;
    for (const Client& client : clients_) ::close(client.fd);
    ::close(epoll_);
    return std::move(result_);
  }

 private:
  void send_next(Client& client) {
    const std::string request = plan_.request(next_++);
    client.received.clear();
    client.sent_at = now_s();
    send_all(client.fd, request);
    ++in_flight_;
  }

  void take_answers() {
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 30'000);
    if (count == 0) broken("no answer for 30 seconds");
    for (int i = 0; i < count; ++i) take(clients_[events[static_cast<std::size_t>(i)].data.u64]);
  }

  void take(Client& client) {
    const ssize_t count = ::recv(client.fd, piece_.data(), piece_.size(), 0);
    if (count <= 0) broken("the server closed a connection before its answer");
    client.received.append(piece_.data(), static_cast<std::size_t>(count));
    const auto status = whole_answer(client.received);
    if (!status) return;
    if (*status != plan_.status_expected) broken("an unexpected answer:\n" + client.received);
    const double now = now_s();
    result_.latencies_ms.push_back((now - client.sent_at) * 1e3);
    ++result_.answers;
    --in_flight_;
    if (now < end_) send_next(client);
  }

  const LoadPlan& plan_;
  int epoll_;
  std::vector<char> piece_;
  std::vector<Client> clients_;
  std::uint64_t next_ = 0;
  int in_flight_ = 0;
  double end_ = 0;
  LoadResult result_;
};

}  // namespace

LoadResult run_load(const LoadPlan& plan) { return Load(plan).run(); }

Answer ask(std::uint16_t port, const std::string& request) {
  const int fd = connect_to(port);
  send_all(fd, request);
  std::string received;
  std::vector<char> piece(kPieceBytes);
  std::optional<int> status;
  while (!status) {
    const ssize_t count = ::recv(fd, piece.data(), piece.size(), 0);
    if (count <= 0) broken("the server closed a connection before its answer");
    received.append(piece.data(), static_cast<std::size_t>(count));
    status = whole_answer(received);
  }
  ::close(fd);
  const auto end = received.find("\r\n\r\n");
  return {*status, received.substr(0, end), received.substr(end + 4)};
}

std::string request_text(const std::string& method, const std::string& target,
                         const std::string& fields, const std::string& body) {
  return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace holdpoint::bench
