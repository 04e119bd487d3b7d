// The writing half of a connection: whole answers, streamed downloads and event streams, and how a
// connection ends.
#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/assert.hpp"
#include "platform/http/connection.hpp"

namespace holdpoint::http {

namespace {

constexpr std::size_t body_bytes_joined_max = 16U << 10;  // copied behind the head: one buffer
constexpr std::uint64_t finish_ms_max = 2'000;

std::optional<std::uint64_t> declared_length(const Response& response) {
  const auto text = response.header("content-length");
  if (!text) return std::nullopt;
  std::uint64_t length = 0;
  const auto end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, length);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return length;
}

}  // namespace

Framing Connection::framing(Framing::Body body, std::uint64_t bytes) const {
  return {body, bytes,
          close_after_ ? Framing::Persistence::close : Framing::Persistence::keep_alive,
          lane_.date};
}

void Connection::count(int status) {
  if (status >= 100 && status < 600) {
    lane_.counters.responses[static_cast<std::size_t>(status / 100 - 1)].add();
  }
}

void Connection::answer() {
  if (reader_.phase() != RequestReader::Phase::complete || !reader_.keep_alive() ||
      lane_.mode == Lane::Mode::draining) {
    close_after_ = true;
  }
  Response& response = *answer_;
  if (source_) return begin_source(response);
  if (response.events && request_.method != "HEAD") return begin_events(response);
  append_answer(response);
  write_then(&Connection::end_exchange);
}

/// Head and body into out_, or a large body into tail_.
void Connection::append_answer(Response& response) {
  count(response.status);
  out_.append(std::exchange(tail_, {}));  // of an earlier answer, which goes first
  const bool head_only = request_.method == "HEAD";
  if (response.events) response.events->detach();
  Framing frame = framing(Framing::Body::sized, response.body.size());
  if (head_only && (response.source || response.events)) {
    const auto length = declared_length(response);
    frame = framing(length ? Framing::Body::sized : Framing::Body::until_close, length.value_or(0));
  }
  append_head(out_, response, frame);
  if (head_only || bodiless(response.status)) return;
  if (response.body.size() <= body_bytes_joined_max) {
    out_.append(response.body);
  } else {
    tail_ = std::move(response.body);
  }
}

void Connection::begin_source(Response& response) {
  count(response.status);
  const auto length = declared_length(response);
  Framing::Body body = Framing::Body::sized;
  if (!length) {
    body = reader_.chunks_allowed() ? Framing::Body::chunked : Framing::Body::until_close;
  }
  if (body == Framing::Body::until_close) close_after_ = true;
  source_framing_ = framing(body, length.value_or(0));
  source_bytes_left_ = length.value_or(0);
  append_head(out_, response, source_framing_);
  stream_piece();
}

void Connection::stream_piece() {
  const bool sized = source_framing_.body == Framing::Body::sized;
  // A download that breaks must look broken: the connection is cut before its end.
  if (!piece_) return cut();
  std::string piece = std::move(*piece_);
  if (sized && piece.size() > source_bytes_left_) return cut();
  if (piece.empty()) {
    if (sized && source_bytes_left_ > 0) return cut();
    if (source_framing_.body == Framing::Body::chunked) out_.append(last_chunk);
    if (out_.empty()) return end_exchange();
    return write_then(&Connection::end_exchange);
  }
  if (sized) source_bytes_left_ -= piece.size();
  if (source_framing_.body == Framing::Body::chunked) {
    append_chunk(out_, piece);
  } else {
    tail_ = std::move(piece);
  }
  write_then(&Connection::request_piece);
}

void Connection::request_piece() {
  post_work(Work::read_source, &Connection::stream_piece, Door::open);
}

void Connection::begin_events(Response& response) {
  count(response.status);
  close_after_ = true;
  events_framing_ = reader_.chunks_allowed() ? Framing::Body::chunked : Framing::Body::until_close;
  response.set("Content-Type", "text/event-stream");
  append_head(out_, response, framing(events_framing_, 0));
  events_ = std::move(response.events);
  lane_.counters.event_streams_open.add();
  input_begin_ = input_end_ = 0;
  read_more();
  write_then(&Connection::attach_events);
}

void Connection::attach_events() {
  std::weak_ptr<Connection> weak = weak_from_this();
  events_->attach([weak = std::move(weak)] {
    auto self = weak.lock();
    if (!self) return;
    Transport& transport = *self->transport_;
    transport.post([self = std::move(self)] { self->pump_events(); });
  });
  if (lane_.mode == Lane::Mode::draining) events_->close();
  pump_events();
}

void Connection::pump_events() {
  if (!events_ || phase_ == Phase::closed) return;
  if (events_->state() == EventStream::State::overflowed) {
    lane_.counters.event_streams_cut.add();
    return cut();
  }
  if (phase_ == Phase::writing && !out_.empty()) return;
  const EventStream::Batch batch = events_->take();
  if (batch.bytes.empty() && batch.state == EventStream::State::open) {
    phase_ = Phase::events;
    deadline_ms_ = std::numeric_limits<std::uint64_t>::max();
    return;
  }
  const bool chunked = events_framing_ == Framing::Body::chunked;
  if (!batch.bytes.empty()) {
    if (chunked) {
      append_chunk(out_, batch.bytes);
    } else {
      out_.append(batch.bytes);
    }
    return write_then(&Connection::pump_events);
  }
  end_events();
  if (!chunked) return cut();
  out_.append(last_chunk);
  write_then(&Connection::cut);
}

void Connection::end_events() {
  events_->detach();
  events_.reset();
  lane_.counters.event_streams_open.drop();
}

void Connection::heartbeat() {
  // Closed, the stream calls for pump_events(), which ends it.
  if (!events_->admitted()) return;
  constexpr std::string_view comment = ":\n\n";
  if (events_framing_ == Framing::Body::chunked) {
    append_chunk(out_, comment);
  } else {
    out_.append(comment);
  }
  write_then(&Connection::pump_events);
}

void Connection::write_then(Step next) {
  HP_ASSERT(!out_.empty() || !tail_.empty(), "HT-7: a write has something to write");
  phase_ = Phase::writing;
  next_ = next;
  written_ = 0;
  write_started_ms_ = lane_.now_ms;
  resume_write();
}

void Connection::resume_write() {
  allow_transfer(write_started_ms_, written_, lane_.options.write_idle_ms_max);
  const std::string_view first = std::string_view(out_).substr(std::min(written_, out_.size()));
  const std::size_t of_tail = written_ - std::min(written_, out_.size());
  transport_->write(first, std::string_view(tail_).substr(of_tail), shared_from_this());
}

void Connection::on_written(std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  if (bytes == 0) return cut();
  lane_.counters.bytes_sent.add(bytes);
  written_ += bytes;
  if (written_ < out_.size() + tail_.size()) return resume_write();
  last_sent_ms_ = lane_.now_ms;
  out_.clear();
  tail_.clear();
  (this->*next_)();
}

void Connection::end_exchange() {
  if (close_after_ || lane_.mode == Lane::Mode::draining) return goodbye();
  next_request();
}

/// Ends after the last answer. When the client may still be sending, or speaks TLS, it is heard out
/// for a moment: a reset would destroy the answer before it is read.
void Connection::goodbye() {
  release();
  const bool clean =
      input_begin_ == input_end_ && reader_.phase() == RequestReader::Phase::complete;
  if (clean && request_.scheme == Scheme::http) return cut();
  phase_ = Phase::finishing;
  allow(finish_ms_max);
  transport_->finish(shared_from_this());
}

void Connection::on_finished() { cut(); }

}  // namespace holdpoint::http
