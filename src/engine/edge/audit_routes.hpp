// The audit over HTTP: one verification at a time, in the background, with its progress.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/audit.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::engine::edge {

/// Opens an empty store for the second fold; its files are gone when the pointer dies.
using OpenScratch = std::function<Result<std::unique_ptr<Store>>()>;

/// Told what a verification found, with who asked for it; called on the desk's own thread,
/// before the verification is said to be done. MUST NOT wait for the desk.
using OnVerified = std::function<void(Engine&, const ledger::Actor&, const AuditReport&)>;

class AuditDesk {
 public:
  AuditDesk(Engine& engine, OpenScratch open_scratch, OnVerified on_verified);
  ~AuditDesk();
  AuditDesk(const AuditDesk&) = delete;
  AuditDesk& operator=(const AuditDesk&) = delete;

  http::Response start(const http::Request& request);
  http::Response state();

 private:
  struct Job;
  /// One whole verification; whatever goes wrong in it is a fault, never the end of the server.
  Result<AuditReport> verify();

  Engine& engine_;
  OpenScratch open_scratch_;
  OnVerified on_verified_;
  std::unique_ptr<Job> job_;
};

std::vector<http::Route> audit_routes(std::shared_ptr<AuditDesk> desk);

}  // namespace holdpoint::engine::edge
