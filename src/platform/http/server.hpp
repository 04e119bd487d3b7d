// The HTTP/1.1 server: connections, limits, TLS and the worker pool in front of an Application.
// One event loop per I/O thread, one write per small answer; handlers run on worker threads. Every
// resource a client can take has a bound here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "platform/http/application.hpp"

namespace holdpoint::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free port, see Server::port()
  unsigned io_threads = 2;
  unsigned worker_threads = 8;

  std::string tls_certificate_path;  // PEM chain; empty: plain HTTP
  std::string tls_key_path;          // PEM

  std::size_t header_bytes_max = 16U << 10;  // request line and header fields together
  std::size_t headers_max = 100;
  std::size_t target_bytes_max = 8U << 10;
  std::uint32_t header_ms_max = 10'000;     // from the first byte to the end of the head
  std::uint32_t body_idle_ms_max = 20'000;  // between two body bytes
  std::uint32_t write_idle_ms_max = 20'000;
  std::uint32_t keep_alive_ms_max = 65'000;  // between two requests
  std::uint32_t transfer_rate_min = 512;     // bytes per second, after a first idle time of grace
  std::size_t connections_max = 10'000;
  std::size_t queue_max = 1'024;  // requests waiting for a worker; more are answered 503
  std::uint32_t retry_after_s = 1;
  std::uint32_t drain_ms_max = 10'000;  // how long stop() waits for requests in flight
  std::uint32_t heartbeat_ms = 15'000;  // comment lines on quiet event streams

  /// Told of exceptions that left the application (answered 500). Called on any thread; MUST NOT
  /// throw. `what` may hold text from outside.
  std::function<void(const Request& request, std::string_view what)> on_exception;
};

struct ServerCounters {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_total = 0;
  std::uint64_t connections_refused = 0;  // over connections_max
  std::uint64_t requests_total = 0;
  std::uint64_t answered_at_once = 0;
  std::uint64_t responses_2xx = 0;
  std::uint64_t responses_3xx = 0;
  std::uint64_t responses_4xx = 0;
  std::uint64_t responses_5xx = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t refused_busy = 0;  // worker queue full
  std::uint64_t timed_out = 0;     // connections cut by a time limit
  std::uint64_t event_streams_open = 0;
  std::uint64_t event_streams_cut = 0;  // readers too slow for their queue
  std::uint64_t queue_length = 0;       // requests waiting for a worker now
};

class Server {
 public:
  /// Binds, listens and starts the threads. `application` MUST outlive the server.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Application& application);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Calls stop().
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// "http://127.0.0.1:8080", without a final slash.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] ServerCounters counters() const;

  /// Stops accepting, ends event streams, lets requests in flight finish for drain_ms_max, then
  /// cuts the rest and joins all threads. Idempotent. MUST NOT be called from a handler.
  void stop();

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint::http
