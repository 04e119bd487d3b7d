// What the connections of one I/O thread share: options, the application, a coarse clock and
// counters. Only that thread touches a lane, apart from reading its counters.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <string>

#include "platform/http/later_answer.hpp"
#include "platform/http/server.hpp"
#include "platform/http/worker_pool.hpp"

namespace holdpoint::http {

class Connection;

/// Written by one thread, read by any.
class Counter {
 public:
  void add(std::uint64_t by = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void drop() { value_.store(get() - 1, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

struct LaneCounters {
  Counter connections_open;
  Counter connections_total;
  Counter connections_refused;
  Counter requests_total;
  Counter answered_at_once;
  Counter responses[5];  // 1xx to 5xx
  Counter bytes_received;
  Counter bytes_sent;
  Counter refused_busy;
  Counter timed_out;
  Counter event_streams_open;
  Counter event_streams_cut;
};

struct Lane {
  const ServerOptions& options;
  Application& application;
  WorkerPool& pool;
  Outstanding& outstanding;  // later answers
  std::uint64_t now_ms = 0;  // steady, as fine as the sweep
  std::string date{};        // of the last sweep, for the Date field
  enum class Mode : std::uint8_t { serving, draining };
  Mode mode = Mode::serving;
  std::list<Connection*> connections{};
  LaneCounters counters{};
};

}  // namespace holdpoint::http
