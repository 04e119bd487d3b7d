// A server on a free port of this machine that gives each connection, one after the other, to a
// function: the ground of the sinks that tests deliver to.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "support/certificate.hpp"

namespace holdpoint::test {

/// One accepted connection; reading and writing give up after ten seconds.
class Peer {
 public:
  explicit Peer(int socket);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void write(std::string_view text);
  /// Up to and without the end of the line; nullopt when the other side is gone.
  std::optional<std::string> line();
  std::optional<std::string> bytes(std::size_t count);
  /// Goes on encrypted, as the server of that certificate; false when the other side will not.
  bool encrypt(const Certificate& certificate);

 private:
  struct Tls;
  bool more();
  int socket_;
  std::unique_ptr<Tls> tls_;
  std::string buffer_;
};

class LoopbackServer {
 public:
  explicit LoopbackServer(std::function<void(Peer&)> talk);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void serve();
  std::function<void(Peer&)> talk_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace holdpoint::test
