// The server put together: the only place that knows every capability and every adapter. Opens the
// data directory, starts the engine, and gives the routes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "certification/edge/certification_edge.hpp"
#include "deployments/edge/deployments_edge.hpp"
#include "engine/edge/audit_routes.hpp"
#include "engine/edge/event_feed.hpp"
#include "engine/engine.hpp"
#include "identity/edge/access.hpp"
#include "identity/edge/bootstrap.hpp"
#include "identity/edge/identity_edge.hpp"
#include "main/post.hpp"
#include "platform/http/router.hpp"

namespace holdpoint::main {

struct HousingOptions {
  std::string data_directory;
  std::string server_name;  // "" keeps the one of the first start
  engine::LogLevel log_level = engine::LogLevel::info;
  std::optional<std::string> accept_rollback_because;
  PostOptions post{};
};

/// data/holdpoint.db, data/objects, data/keys, data/heads, data/server-name.
class Housing {
 public:
  static Result<std::unique_ptr<Housing>> open(const HousingOptions& options);
  ~Housing();
  Housing(const Housing&) = delete;
  Housing& operator=(const Housing&) = delete;

  /// Starts the engine's threads.
  void start();
  /// Records what was gathered and stops the engine. Idempotent.
  void stop();

  [[nodiscard]] engine::Engine& engine();
  [[nodiscard]] engine::Log& log();
  [[nodiscard]] identity::Access& access();
  [[nodiscard]] identity::Passwords& passwords();
  [[nodiscard]] deployments::Gate& gate();
  [[nodiscard]] engine::edge::EventFeed& feed();
  /// All routes but those of the process itself (health, metrics, documents).
  [[nodiscard]] std::vector<http::Route> routes();

 private:
  struct Rooms;
  explicit Housing(std::unique_ptr<Rooms> rooms);
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace holdpoint::main
