// The queue behind one server-sent event stream: text is formatted when published, so that the
// bound on its bytes is the bound on its memory.
#include "platform/http/event_stream.hpp"

#include <algorithm>
#include <utility>

namespace holdpoint::http {

namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(name);
  for (const char c : value) out.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  out.push_back('\n');
}

/// A line ends with CR LF, LF or CR in the reader's eyes; each becomes a data line of its own.
void append_lines(std::string& out, std::string_view text) {
  for (;;) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    out.append("data: ");
    out.append(text.substr(0, end));
    out.push_back('\n');
    if (end == text.size()) return;
    const bool pair = text.substr(end).starts_with("\r\n");
    text.remove_prefix(end + (pair ? 2 : 1));
  }
}

}  // namespace

EventStream::EventStream(EventLimits limits, StillAdmitted still_admitted)
    : limits_(limits), still_admitted_(std::move(still_admitted)) {}

bool EventStream::publish(std::string_view id, std::string_view event, std::string_view data) {
  if (!admitted()) return false;
  std::string text;
  append_field(text, "id: ", id);
  append_field(text, "event: ", event);
  append_lines(text, data);
  text.push_back('\n');

  const std::scoped_lock lock(mutex_);
  if (state_ != State::open) return false;
  if (events_ == limits_.events_max || queued_.size() + text.size() > limits_.bytes_max) {
    state_ = State::overflowed;
    queued_.clear();
    queued_.shrink_to_fit();
  } else {
    queued_ += text;
    ++events_;
    if (woken_) return true;
  }
  if (wake_) {
    woken_ = true;
    wake_();
  }
  return state_ == State::open;
}

void EventStream::close() {
  const std::scoped_lock lock(mutex_);
  if (state_ != State::open) return;
  state_ = State::closed;
  if (wake_) wake_();
}

bool EventStream::admitted() {
  if (!still_admitted_ || still_admitted_()) return true;
  {
    const std::scoped_lock lock(mutex_);
    queued_.clear();
    events_ = 0;
  }
  close();
  return false;
}

bool EventStream::open() const { return state() == State::open; }

EventStream::State EventStream::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

void EventStream::attach(std::function<void()> wake) {
  const std::scoped_lock lock(mutex_);
  wake_ = std::move(wake);
  if (wake_ && (events_ > 0 || state_ != State::open)) wake_();
}

void EventStream::detach() {
  const std::scoped_lock lock(mutex_);
  wake_ = nullptr;
  if (state_ == State::open) state_ = State::closed;
  queued_.clear();
  events_ = 0;
}

EventStream::Batch EventStream::take() {
  const std::scoped_lock lock(mutex_);
  events_ = 0;
  woken_ = false;
  return {std::exchange(queued_, {}), state_};
}

}  // namespace holdpoint::http
