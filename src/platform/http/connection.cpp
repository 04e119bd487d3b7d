// The reading half of a connection: from bytes to an admitted request with its body, and the time
// limits on the way.
#include "platform/http/connection.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "platform/http/problem.hpp"

namespace holdpoint::http {

namespace {

constexpr std::size_t input_bytes_first = 4U << 10;
constexpr std::size_t input_bytes_body = 64U << 10;
constexpr std::size_t chunk_bytes_min = 256U << 10;  // handed to a sink at once
constexpr std::size_t body_reserve_max = 1U << 20;
constexpr std::size_t pipelined_bytes_max = 64U << 10;  // of answers in one write

ReaderLimits reader_limits(const ServerOptions& options) {
  return {options.header_bytes_max, options.headers_max, options.target_bytes_max};
}

}  // namespace

Connection::Connection(Lane& lane, std::unique_ptr<Transport> transport, std::string peer,
                       Scheme scheme)
    : lane_(lane),
      place_(lane.connections.insert(lane.connections.end(), this)),
      transport_(std::move(transport)),
      reader_(reader_limits(lane.options)) {
  request_.peer_address = std::move(peer);
  request_.scheme = scheme;
  lane_.counters.connections_open.add();
  lane_.counters.connections_total.add();
}

Connection::~Connection() {
  if (events_) end_events();
  release();
  lane_.connections.erase(place_);
  lane_.counters.connections_open.drop();
}

void Connection::start() {
  allow(lane_.options.header_ms_max);
  transport_->open(shared_from_this());
}

void Connection::on_ready(bool ready) {
  if (phase_ != Phase::opening) return;
  if (!ready) return cut();
  await_request();
  head_deadline_ms_ = deadline_ms_;
  read_more();
}

void Connection::allow(std::uint64_t ms) { deadline_ms_ = lane_.now_ms + ms; }

/// Progress buys time up to the idle limit, but never more than the least transfer rate grants:
/// a client that sends one byte before each limit is cut all the same.
void Connection::allow_transfer(std::uint64_t started_ms, std::uint64_t bytes,
                                std::uint64_t idle_ms) {
  const std::uint64_t rate = std::max<std::uint64_t>(lane_.options.transfer_rate_min, 1);
  const std::uint64_t earned_ms = std::min<std::uint64_t>(bytes, 1ULL << 50) * 1000 / rate;
  deadline_ms_ = std::min(lane_.now_ms + idle_ms, started_ms + idle_ms + earned_ms);
}

std::string_view Connection::input() const {
  return std::string_view(input_).substr(input_begin_, input_end_ - input_begin_);
}

void Connection::await_request() {
  release();
  reader_.begin(request_);
  plan_ = {};
  phase_ = Phase::head;
  close_after_ = false;
  head_started_ = input_begin_ != input_end_;
  head_deadline_ms_ = lane_.now_ms + (head_started_ ? lane_.options.header_ms_max
                                                    : lane_.options.keep_alive_ms_max);
}

void Connection::next_request() {
  if (input_begin_ == input_end_ && input_.size() >= input_bytes_body) {
    std::string().swap(input_);
    std::string().swap(request_.body);
    std::string().swap(chunk_);
  }
  await_request();
  advance();
}

void Connection::read_more() {
  if (input_begin_ == input_end_) {
    input_begin_ = input_end_ = 0;
  } else if (input_begin_ > 0 && input_end_ == input_.size()) {
    std::memmove(input_.data(), input_.data() + input_begin_, input_end_ - input_begin_);
    input_end_ -= input_begin_;
    input_begin_ = 0;
  }
  if (input_end_ == input_.size()) input_.resize(std::max(input_bytes_first, input_.size() * 2));
  transport_->read(input_.data() + input_end_, input_.size() - input_end_, shared_from_this());
}

void Connection::on_read(std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  lane_.counters.bytes_received.add(bytes);
  if (events_) {
    // What the client says on an event stream is of no interest; that it is gone, is.
    if (bytes == 0) return cut();
    return read_more();
  }
  if (phase_ != Phase::head && phase_ != Phase::body) return;
  if (bytes == 0) return cut();
  input_end_ += bytes;
  if (phase_ == Phase::body) return take_body();
  if (!head_started_) {
    head_started_ = true;
    head_deadline_ms_ = lane_.now_ms + lane_.options.header_ms_max;
  }
  advance();
}

void Connection::advance() {
  while (input_begin_ != input_end_) {
    const std::size_t used = reader_.feed_head(input());
    input_begin_ += used;
    if (reader_.phase() == RequestReader::Phase::refused) return refuse(reader_.refusal());
    if (reader_.phase() == RequestReader::Phase::head) {
      if (used > 0 && input_begin_ != input_end_) continue;
      break;
    }
    lane_.counters.requests_total.add();
    if (!answer_at_once()) return;
    if (out_.size() + tail_.size() >= pipelined_bytes_max) return write_then(&Connection::advance);
  }
  if (!out_.empty()) return write_then(&Connection::advance);
  phase_ = Phase::head;
  deadline_ms_ = head_deadline_ms_;
  read_more();
}

/// True when the request is answered into out_ and the next may be read; else the connection is
/// already on another way.
bool Connection::answer_at_once() {
  try {
    answer_ = lane_.application.answer_at_once(request_);
  } catch (const std::exception& error) {
    answer_ = internal_error(error.what());
  } catch (...) {
    answer_ = internal_error("an exception of unknown type");
  }
  if (!answer_) {
    if (out_.empty()) {
      dispatch();
    } else {
      write_then(&Connection::dispatch);
    }
    return false;
  }
  HP_ASSERT(!answer_->source, "HT-6: an answer at once is not read from a source");
  lane_.counters.answered_at_once.add();
  const bool complete = reader_.phase() == RequestReader::Phase::complete;
  close_after_ = !complete || !reader_.keep_alive() || lane_.mode == Lane::Mode::draining;
  if (answer_->events || close_after_) {
    answer();
    return false;
  }
  append_answer(*answer_);
  await_request();
  return true;
}

/// Hands the request to a worker. A body that has arrived whole with its head goes along, so that
/// small requests cost one change of threads.
void Connection::dispatch() {
  chunk_.clear();
  const auto length = request_.content_length.value_or(0);
  if (reader_.phase() == RequestReader::Phase::body && length > 0 && input().size() >= length) {
    input_begin_ += reader_.feed_body(input(), length, chunk_);
  }
  if (reader_.phase() == RequestReader::Phase::complete) {
    post_work(Work::admit_and_handle, &Connection::answer, Door::bounded);
  } else {
    post_work(Work::admit, &Connection::after_admit, Door::bounded);
  }
}

void Connection::after_admit() {
  if (answer_) return answer();
  if (request_.content_length.value_or(0) > plan_.bytes_max) {
    return refuse({413, "body_too_long", body_too_long(plan_.bytes_max)});
  }
  if (reader_.expects_continue() && input_begin_ == input_end_) {
    out_.append("HTTP/1.1 100 Continue\r\n\r\n");
    return write_then(&Connection::begin_body);
  }
  begin_body();
}

void Connection::begin_body() {
  phase_ = Phase::body;
  body_started_ms_ = lane_.now_ms;
  if (!plan_.sink) {
    const auto length = request_.content_length.value_or(0);
    request_.body.reserve(
        static_cast<std::size_t>(std::min<std::uint64_t>(length, body_reserve_max)));
  }
  const std::string rest(input());
  input_.resize(std::max(input_bytes_body, lane_.options.header_bytes_max * 2));
  std::copy(rest.begin(), rest.end(), input_.begin());
  input_begin_ = 0;
  input_end_ = rest.size();
  take_body();
}

void Connection::take_body() {
  phase_ = Phase::body;
  std::string& into = plan_.sink ? chunk_ : request_.body;
  while (input_begin_ != input_end_ && reader_.phase() == RequestReader::Phase::body) {
    const std::size_t used = reader_.feed_body(input(), plan_.bytes_max, into);
    input_begin_ += used;
    if (used == 0) break;
  }
  if (reader_.phase() == RequestReader::Phase::refused) return refuse(reader_.refusal());
  if (reader_.phase() == RequestReader::Phase::complete) {
    return post_work(plan_.sink ? Work::store_and_handle : Work::handle, &Connection::answer,
                     Door::open);
  }
  if (plan_.sink && chunk_.size() >= chunk_bytes_min) {
    return post_work(Work::store, &Connection::after_store, Door::open);
  }
  allow_transfer(body_started_ms_, reader_.body_bytes(), lane_.options.body_idle_ms_max);
  read_more();
}

void Connection::after_store() {
  if (answer_) return answer();
  take_body();
}

void Connection::refuse(const ReadRefusal& refusal) {
  answer_ = problem_response(refusal.status, refusal.code, refusal.detail);
  close_after_ = true;
  answer();
}

void Connection::sweep() {
  if (phase_ == Phase::closed) return;
  if (lane_.now_ms >= deadline_ms_) return time_out();
  if (phase_ == Phase::events && lane_.now_ms - last_sent_ms_ >= lane_.options.heartbeat_ms) {
    heartbeat();
  }
}

void Connection::time_out() {
  const bool idle = phase_ == Phase::head && !head_started_;
  if (!idle && phase_ != Phase::finishing) lane_.counters.timed_out.add();
  if (events_) lane_.counters.event_streams_cut.add();
  if (idle || (phase_ != Phase::head && phase_ != Phase::body)) return cut();
  // A read is still pending here, so the connection is closed without waiting for the client.
  close_after_ = true;
  Response late = problem_response(408, "request_timeout", "the request did not arrive in time");
  append_answer(late);
  write_then(&Connection::cut);
}

void Connection::wind_down() {
  if (phase_ == Phase::opening || (phase_ == Phase::head && !head_started_)) return cut();
  if (events_) events_->close();
}

void Connection::cut() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  if (events_) end_events();
  transport_->close();
}

}  // namespace holdpoint::http
