// A client that keeps its connection: for tests that send thousands of requests and have to know
// whether an answer came before the server died.
#pragma once

#include <optional>
#include <string>

#include "support/server_process.hpp"

namespace holdpoint::test {

class HttpPeer {
 public:
  /// As the administrator of that server, as long as it listens on its present port.
  explicit HttpPeer(const ServerProcess& server) : HttpPeer(server, server.session()) {}
  /// With the token of somebody else.
  HttpPeer(const ServerProcess& server, std::string token)
      : port_(server.port()), session_(std::move(token)) {}

  /// Status 0 when no whole answer came: whether the request was carried out is then unknown.
  Reply call(const Ask& ask);
  Reply get(std::string target) { return call({.target = std::move(target)}); }

 private:
  std::uint16_t port_;
  std::string session_;
  std::optional<Wire> wire_;
};

/// Runs the whole audit on the server; "" when it found nothing.
std::string audit_findings(const ServerProcess& server);

/// Puts an application shop, an environment production and one criterion, no-critical-findings, in
/// force.
bool apply_shop(const ServerProcess& server);

}  // namespace holdpoint::test
