// See http_peer.hpp.
#include "support/http_peer.hpp"

#include <chrono>
#include <thread>

namespace holdpoint::test {
namespace {

/// Ten minutes: the log of a long run is large, and what else runs on the computer is not ours.
constexpr int kAuditLooksMax = 30'000;
constexpr std::chrono::milliseconds kBetweenLooks{20};

}  // namespace

Reply HttpPeer::call(const Ask& ask) {
  if (!wire_) wire_.emplace(port_);
  std::string request = ask.method + " " + ask.target +
                        " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + session_ +
                        "\r\n";
  for (const auto& [name, value] : ask.headers) request += name + ": " + value + "\r\n";
  if (ask.method != "GET") {
    request += "Content-Type: " + ask.media +
               "\r\nContent-Length: " + std::to_string(ask.body.size()) + "\r\n";
  }
  request += "\r\n" + ask.body;
  Reply reply;
  if (wire_->connected() && wire_->send(request)) reply = wire_->answer();
  if (reply.status == 0) wire_.reset();
  return reply;
}

std::string audit_findings(const ServerProcess& server) {
  HttpPeer auditor(server);
  if (auditor.call({.method = "POST", .target = "/api/v1/audit/verification"}).status != 202) {
    return "the audit did not start";
  }
  for (int i = 0; i < kAuditLooksMax; ++i) {
    const auto reply = auditor.get("/api/v1/audit/verification");
    const std::string state = reply.text("state");
    if (state == "done") {
      return reply.body.find("\"findings\":[]") != std::string::npos ? "" : reply.body;
    }
    if (state != "running") return "the audit failed: " + reply.body;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return "the audit does not end";
}

bool apply_shop(const ServerProcess& server) {
  const std::string documents =
      "apiVersion: holdpoint/v1\nkind: Application\nmetadata:\n  name: shop\nspec:\n"
      "  title: Shop\n  owners: [team:shop]\n  criticality: high\n"
      "  environments: [production]\n---\n"
      "apiVersion: holdpoint/v1\nkind: Environment\nmetadata:\n  name: production\nspec:\n"
      "  title: Production\n  order: 30\n  kind: production\n  requires_certification: true\n---\n"
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata:\n"
      "  name: baseline\n  owner: team:quality\nspec:\n  mode: enforce\n  rules:\n"
      "    - id: no-critical-findings\n"
      "      require: evidence.sast.open.critical == 0\n"
      "      message: No critical finding is open.\n";
  return HttpPeer(server)
             .call({.method = "POST",
                    .target = "/api/v1/main/apply",
                    .body = documents,
                    .media = "application/yaml"})
             .status == 200;
}

}  // namespace holdpoint::test
