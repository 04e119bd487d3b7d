// One open text/event-stream (SSE) towards one client. The application publishes from any thread;
// the server drains the bounded queue. A reader too slow for its queue is cut off: it reconnects
// with Last-Event-ID and is told what it missed, instead of eating the server's memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace holdpoint::http {

struct EventLimits {
  std::size_t events_max = 1024;
  std::size_t bytes_max = 1U << 20;
};

/// Whether the reader of a stream may still hear what it tells.
using StillAdmitted = std::function<bool()>;

class EventStream {
 public:
  /// A stream lives long, and its reader's standing may end meanwhile: `still_admitted` is asked
  /// before each event and at each heartbeat, on any thread, and a no ends the stream. It MUST NOT
  /// wait or call back into the stream. Without one the reader is always admitted.
  explicit EventStream(EventLimits limits = {}, StillAdmitted still_admitted = {});
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// Queues one event. `id` and `event` may be empty and then are not sent; line breaks in them
  /// become spaces; every line of `data` is sent as a data line. Returns false when the stream is
  /// closed, or became so because its queue is full or its reader is no longer admitted: the
  /// publisher then forgets it.
  bool publish(std::string_view id, std::string_view event, std::string_view data);
  /// Ends the stream after what is queued. Idempotent.
  void close();
  /// Asks whether the reader is still admitted, and closes the stream if not; what was queued is
  /// dropped. Returns whether it is.
  bool admitted();
  /// False once closed by either side or cut off.
  [[nodiscard]] bool open() const;

  /// The server's side: `wake` is called (from any thread, under the stream's lock) when there is
  /// something to take. It MUST NOT block or call back into the stream.
  void attach(std::function<void()> wake);
  /// After this returns, `wake` is not called again, and publish() refuses.
  void detach();
  enum class State : std::uint8_t { open, closed, overflowed };
  [[nodiscard]] State state() const;
  struct Batch {
    std::string bytes;
    State state = State::open;
  };
  /// All queued events as wire text.
  Batch take();

 private:
  const EventLimits limits_;
  const StillAdmitted still_admitted_;
  mutable std::mutex mutex_;
  std::string queued_;
  std::size_t events_ = 0;
  State state_ = State::open;
  bool woken_ = false;  // since the last take()
  std::function<void()> wake_;
};

}  // namespace holdpoint::http
