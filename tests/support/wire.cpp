// See wire.hpp.
#include "support/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace holdpoint::test {
namespace {

constexpr std::string_view line_end = "\r\n";

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return out;
}

Reply head_of(std::string_view head) {
  Reply reply;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return reply;
  reply.status = std::atoi(std::string(head.substr(9, 3)).c_str());
  for (auto at = head.find(line_end); at != std::string_view::npos && at + 2 < head.size();) {
    const auto end = std::min(head.find(line_end, at + 2), head.size());
    const auto line = head.substr(at + 2, end - at - 2);
    if (const auto colon = line.find(": "); colon != std::string_view::npos) {
      reply.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    at = end;
  }
  return reply;
}

}  // namespace

std::optional<std::string> Reply::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (lower(field) == lower(name)) return value;
  }
  return std::nullopt;
}

json::value Reply::document() const {
  auto value = parse_json(body, {.depth_max = 64, .bytes_max = 64U << 20});
  return value ? std::move(*value) : json::value();
}

std::string Reply::code() const { return text("code"); }

std::string Reply::text(std::string_view member) const {
  const auto value = document();
  const auto* object = value.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(member);
  return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
}

Wire::Wire(std::uint16_t port, std::string_view from) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  ::inet_pton(AF_INET, std::string(from).c_str(), &here.sin_addr);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(port);
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0 &&
               ::connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
}

Wire::Wire(Wire&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      connected_(other.connected_),
      closed_(other.closed_),
      received_(std::move(other.received_)) {}

Wire::~Wire() {
  if (socket_ >= 0) ::close(socket_);
}

bool Wire::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Wire::end_sending() const { ::shutdown(socket_, SHUT_WR); }

void Wire::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
  closed_ = true;
}

Reply Wire::answer(int ms_max) {
  if (!await("\r\n\r\n", ms_max)) return {};
  const auto end = received_.find("\r\n\r\n");
  Reply reply = head_of(received_.substr(0, end));
  received_.erase(0, end + 4);
  if (reply.header("Transfer-Encoding") == "chunked") {
    if (!take_chunks(reply.body, ms_max)) reply.status = 0;
    return reply;
  }
  const auto length = reply.header("Content-Length");
  const std::size_t wanted =
      length ? std::strtoull(length->c_str(), nullptr, 10) : (reply.status == 204 ? 0 : SIZE_MAX);
  while (received_.size() < wanted && receive(ms_max)) {
  }
  if (length && received_.size() < wanted) reply.status = 0;
  reply.body = received_.substr(0, wanted);
  received_.erase(0, wanted);
  return reply;
}

bool Wire::take_chunks(std::string& body, int ms_max) {
  for (;;) {
    if (!await(line_end, ms_max)) return false;
    const auto end = received_.find(line_end);
    const std::size_t size = std::strtoull(received_.c_str(), nullptr, 16);
    while (received_.size() < end + 2 + size + 2) {
      if (!receive(ms_max)) return false;
    }
    body += received_.substr(end + 2, size);
    received_.erase(0, end + 2 + size + 2);
    if (size == 0) return true;
  }
}

bool Wire::await(std::string_view text, int ms_max) {
  while (received_.find(text) == std::string::npos) {
    if (!receive(ms_max)) return false;
  }
  return true;
}

bool Wire::closes(int ms_max) {
  while (receive(ms_max)) {
  }
  return closed_;
}

bool Wire::receive(int ms_max) {
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

}  // namespace holdpoint::test
