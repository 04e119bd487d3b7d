// What workers do for a connection: admit, store the body, handle, read the next piece of a
// download. While a step runs, the connection's own thread leaves request, plan and answer alone.
#include <exception>
#include <limits>
#include <type_traits>
#include <utility>

#include "platform/http/connection.hpp"
#include "platform/http/problem.hpp"

namespace holdpoint::http {

namespace {

constexpr std::size_t source_piece_bytes_max = 256U << 10;

/// The value of a call into the application, or what its exception said.
template <class Call>
auto guarded(Call&& call) -> std::expected<std::invoke_result_t<Call>, std::string> {
  try {
    return call();
  } catch (const std::exception& error) {
    return std::unexpected(std::string(error.what()));
  } catch (...) {
    return std::unexpected(std::string("an exception of unknown type"));
  }
}

Response sink_refusal(const Fault& fault) {
  if (fault.kind == FaultKind::invalid) {
    return problem_response(400, "body_invalid", fault.what);
  }
  if (fault.kind == FaultKind::exhausted) {
    return problem_response(507, "storage_full", "there is no room to store the request body");
  }
  return problem_response(500, "body_not_stored", "the request body could not be stored");
}

}  // namespace

void Connection::post_work(Work work, Step then, Door door) {
  phase_ = Phase::working;
  deadline_ms_ = std::numeric_limits<std::uint64_t>::max();
  answer_.reset();
  WorkerPool::Job job = [self = shared_from_this(), work, then]() mutable {
    self->perform(work);
    if (self->answer_ && self->answer_->later) return self->proceed_later(then);
    Transport& transport = *self->transport_;
    transport.post([self = std::move(self), then]() {
      if (self->phase_ != Phase::closed) ((*self).*then)();
    });
  };
  if (door == Door::open) return lane_.pool.post(std::move(job));
  if (lane_.pool.try_post(job)) return;
  lane_.counters.refused_busy.add();
  answer_ = problem_response(503, "server_busy", "the server has more requests than it can take");
  answer_->set("Retry-After", std::to_string(lane_.options.retry_after_s));
  answer();
}

/// Once the answer's taker is set, another thread may go on: nothing is touched here afterwards.
void Connection::proceed_later(Step then) {
  const std::shared_ptr<LaterAnswer> later = std::move(answer_->later);
  Outstanding& outstanding = lane_.outstanding;
  outstanding.add();
  later->on_given([self = shared_from_this(), then, &outstanding](Response response) mutable {
    Transport& transport = *self->transport_;
    transport.post([self = std::move(self), then, response = std::move(response)]() mutable {
      self->answer_ = std::move(response);
      if (self->phase_ != Phase::closed) ((*self).*then)();
    });
    outstanding.done();
  });
}

void Connection::perform(Work work) {
  switch (work) {
    case Work::admit: return perform_admit();
    case Work::admit_and_handle:
      perform_admit();
      if (!answer_ && chunk_.size() > plan_.bytes_max) {
        answer_ = problem_response(413, "body_too_long", body_too_long(plan_.bytes_max));
      }
      if (!answer_ && !plan_.sink) request_.body = std::move(chunk_);
      if (!answer_ && plan_.sink && !chunk_.empty()) perform_store();
      return perform_handle();
    case Work::store: return perform_store();
    case Work::store_and_handle:
      if (!chunk_.empty()) perform_store();
      return perform_handle();
    case Work::handle: return perform_handle();
    case Work::read_source: return perform_read_source();
  }
}

void Connection::perform_admit() {
  auto admitted = guarded([this] { return lane_.application.admit(request_); });
  if (!admitted) {
    answer_ = internal_error(admitted.error());
  } else if (!*admitted) {
    answer_ = std::move(admitted->error());
  } else {
    plan_ = std::move(**admitted);
  }
}

void Connection::perform_store() {
  auto stored = guarded([this] { return plan_.sink->write(chunk_); });
  chunk_.clear();
  if (!stored) {
    answer_ = internal_error(stored.error());
  } else if (!*stored) {
    answer_ = sink_refusal(stored->error());
  }
}

void Connection::perform_handle() {
  if (!answer_) {
    request_.sink = plan_.sink;
    auto handled = guarded([this] { return lane_.application.handle(request_); });
    answer_ = handled ? std::move(*handled) : internal_error(handled.error());
  }
  if (answer_->source && request_.method != "HEAD") {
    source_ = answer_->source;
    perform_read_source();
  }
}

void Connection::perform_read_source() {
  auto read = guarded([this] { return source_->read(source_piece_bytes_max); });
  if (read) {
    piece_ = std::move(*read);
  } else {
    internal_error(read.error());
    piece_ = fault(FaultKind::io, "http.source", "the source threw");
  }
}

Response Connection::internal_error(std::string_view what) const {
  if (lane_.options.on_exception) lane_.options.on_exception(request_, what);
  return problem_response(500, "internal_error", "the server met an error it did not expect");
}

/// Sinks and sources may touch the disk when they go, so they go on a worker.
void Connection::release() {
  std::shared_ptr<BodySource> answered = answer_ ? std::move(answer_->source) : nullptr;
  answer_.reset();
  if (!plan_.sink && !request_.sink && !source_ && !answered) return;
  lane_.pool.post([plan = std::exchange(plan_.sink, nullptr),
                   sink = std::exchange(request_.sink, nullptr),
                   source = std::exchange(source_, nullptr), answered = std::move(answered)] {});
}

}  // namespace holdpoint::http
