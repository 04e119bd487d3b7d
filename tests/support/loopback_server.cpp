// See loopback_server.hpp.
#include "support/loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/assert.hpp"

namespace holdpoint::test {
namespace {

constexpr int kPatienceSeconds = 10;
constexpr int kLookMs = 50;

}  // namespace

struct Peer::Tls {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL* session = nullptr;
  ~Tls() {
    SSL_free(session);
    SSL_CTX_free(context);
  }
};

Peer::Peer(int socket) : socket_(socket) {
  const timeval patience{kPatienceSeconds, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Peer::~Peer() {
  tls_.reset();
  ::close(socket_);
}

bool Peer::encrypt(const Certificate& certificate) {
  // What came unencrypted behind the request to encrypt counts for nothing.
  buffer_.clear();
  tls_ = std::make_unique<Tls>();
  SSL_CTX_use_certificate_chain_file(tls_->context, certificate.certificate_path().c_str());
  SSL_CTX_use_PrivateKey_file(tls_->context, certificate.key_path().c_str(), SSL_FILETYPE_PEM);
  tls_->session = SSL_new(tls_->context);
  SSL_set_fd(tls_->session, socket_);
  return SSL_accept(tls_->session) == 1;
}

void Peer::write(std::string_view text) {
  while (!text.empty()) {
    const auto sent = tls_ ? SSL_write(tls_->session, text.data(), static_cast<int>(text.size()))
                           : ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Peer::more() {
  char part[16'384];
  const auto count =
      tls_ ? SSL_read(tls_->session, part, sizeof part) : ::recv(socket_, part, sizeof part, 0);
  if (count <= 0) return false;
  buffer_.append(part, static_cast<std::size_t>(count));
  return true;
}

std::optional<std::string> Peer::line() {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (!more()) return std::nullopt;
  }
}

std::optional<std::string> Peer::bytes(std::size_t count) {
  while (buffer_.size() < count) {
    if (!more()) return std::nullopt;
  }
  std::string taken = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return taken;
}

LoopbackServer::LoopbackServer(std::function<void(Peer&)> talk)
    : talk_(std::move(talk)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  HP_ASSERT(::bind(listener_, any, length) == 0 && ::listen(listener_, 16) == 0 &&
                ::getsockname(listener_, any, &length) == 0,
            "TS-8: there is a free port on this machine");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

void LoopbackServer::serve() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kLookMs) <= 0) continue;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    Peer peer(socket);
    talk_(peer);
  }
}

}  // namespace holdpoint::test
