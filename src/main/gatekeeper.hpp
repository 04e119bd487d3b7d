// The application behind the HTTP server: finds the route, asks identity who is calling and whether
// he may, and only then lets a body in. Nothing reaches a handler that did not pass here.
#pragma once

#include <memory>
#include <vector>

#include "main/housing.hpp"
#include "platform/http/application.hpp"
#include "platform/metrics/registry.hpp"

namespace holdpoint::main {

class Gatekeeper final : public http::Application {
 public:
  /// `housing` MUST outlive the gatekeeper. Adds the routes of the process itself.
  Gatekeeper(Housing& housing, std::function<std::string()> server_metrics);

  std::optional<http::Response> answer_at_once(const http::Request& head) override;
  std::expected<http::BodyPlan, http::Response> admit(http::Request& head) override;
  http::Response handle(http::Request& request) override;

  [[nodiscard]] const http::Router& router() const { return *router_; }
  /// From now on /readyz says no, so that load balancers turn away before the server stops.
  void drain() { draining_ = true; }

 private:
  std::vector<http::Route> process_routes();
  [[nodiscard]] bool ready() const;
  /// Logs why the server failed, and counts what was recorded and is gone or damaged.
  void note(const http::Route& route, const Fault& fault);
  std::string metrics_text() const;
  std::expected<std::shared_ptr<const engine::Caller>, http::Response> caller_for(
      const http::Request& head, const http::Route& route);

  Housing& housing_;
  std::function<std::string()> server_metrics_;
  std::unique_ptr<http::Router> router_;
  std::string openapi_;
  std::string facts_schema_;
  std::string policy_schemas_;
  std::atomic<bool> draining_ = false;
  std::atomic<std::uint64_t> integrity_faults_ = 0;
};

/// openapi.json, facts.json, policies.json and events.json as they are published, for the
/// documentation.
json::object published_schemas(Housing& housing, const http::Router& router);

}  // namespace holdpoint::main
