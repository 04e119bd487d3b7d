// See audit_routes.hpp.
#include "engine/edge/audit_routes.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace holdpoint::engine::edge {
namespace {

enum class AuditState : std::uint8_t { idle, running, done, failed };
HP_DESCRIBE_ENUM(AuditState, idle, running, done, failed)

struct AuditView {
  std::string id;
  AuditState state{};
  std::string step;
  std::uint64_t done = 0;
  std::optional<std::string> error;
  std::optional<AuditReport> report;
};
HP_DESCRIBE(AuditView, id, state, step, done, error, report)

}  // namespace

struct AuditDesk::Job {
  std::mutex mutex;
  AuditView view;
  std::uint64_t started = 0;
  std::atomic<bool> stopping = false;
  std::thread thread;
};

AuditDesk::AuditDesk(Engine& engine, OpenScratch open_scratch, OnVerified on_verified)
    : engine_(engine),
      open_scratch_(std::move(open_scratch)),
      on_verified_(std::move(on_verified)),
      job_(std::make_unique<Job>()) {}

AuditDesk::~AuditDesk() {
  job_->stopping = true;
  if (job_->thread.joinable()) job_->thread.join();
}

Result<AuditReport> AuditDesk::verify() {
  try {
    HP_TRY(const auto scratch, open_scratch_());
    return audit(engine_, *scratch, [&job = *job_](std::string_view step, std::uint64_t done) {
      if (job.stopping) {
        throw StoreFailed(StoreFailure::other,
                          Fault{FaultKind::unavailable, "audit", "the server stops"});
      }
      const std::lock_guard progress(job.mutex);
      job.view.step = step;
      job.view.done = done;
    });
  } catch (const std::exception& error) {
    return fault(FaultKind::io, "audit", error.what());
  }
}

http::Response AuditDesk::start(const http::Request& request) {
  const std::lock_guard lock(job_->mutex);
  if (job_->view.state != AuditState::running) {
    if (job_->thread.joinable()) job_->thread.join();
    job_->view = AuditView{.id = "verification-" + std::to_string(++job_->started),
                           .state = AuditState::running,
                           .step = "starting"};
    job_->thread = std::thread([this, actor = caller_of(request).actor] {
      Job& job = *job_;
      const auto report = verify();
      if (report) on_verified_(engine_, actor, *report);
      const std::lock_guard finished(job.mutex);
      job.view.state = report ? AuditState::done : AuditState::failed;
      if (report) {
        job.view.report = *report;
      } else {
        job.view.error = report.error().text();
      }
    });
  }
  return ok(job_->view, 202);
}

http::Response AuditDesk::state() {
  const std::lock_guard lock(job_->mutex);
  return ok(job_->view);
}

std::vector<http::Route> audit_routes(std::shared_ptr<AuditDesk> desk) {
  http::Route start{.method = "POST",
                    .path = "/api/v1/audit/verification",
                    .permission = "audit.verify",
                    .summary = "Fold the whole ledger again and compare everything with it",
                    .operation_id = "start_verification",
                    .tag = "ledger"};
  start.response = schema_of<AuditView>();
  start.statuses = {202};
  start.mode = http::BodyMode::buffered;
  start.body_bytes_max = 1'024;
  start.handler = [desk](http::Request& request) { return desk->start(request); };
  http::Route state{.method = "GET",
                    .path = "/api/v1/audit/verification",
                    .permission = "audit.verify",
                    .summary = "How far the verification is, and what it found",
                    .operation_id = "get_verification",
                    .tag = "ledger"};
  state.response = schema_of<AuditView>();
  state.handler = [desk](http::Request&) { return desk->state(); };
  return {std::move(start), std::move(state)};
}

}  // namespace holdpoint::engine::edge
