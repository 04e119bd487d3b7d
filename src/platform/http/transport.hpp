// What a connection needs of a socket, so that the connection's rules are free of Asio and of the
// difference between plain TCP and TLS. One implementation, in server.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace holdpoint::http {

/// Told of what became of its transport's operations, on the transport's own thread and never from
/// inside the call that started one.
class TransportClient {
 public:
  virtual ~TransportClient() = default;
  virtual void on_ready(bool ready) = 0;
  virtual void on_read(std::size_t bytes) = 0;     // 0: ended or failed
  virtual void on_written(std::size_t bytes) = 0;  // 0: failed
  virtual void on_finished() = 0;
};

/// All functions but post() are for the transport's own thread. Each operation keeps its client
/// alive until it has told it. At most one read and one write at a time.
class Transport {
 public:
  using Client = std::shared_ptr<TransportClient>;
  virtual ~Transport() = default;
  /// The TLS handshake, or nothing: on_ready.
  virtual void open(Client client) = 0;
  /// Some bytes into a buffer that MUST stay until on_read.
  virtual void read(char* into, std::size_t bytes_max, Client client) = 0;
  /// Some bytes of the one text and then of the other; both MUST stay until on_written.
  virtual void write(std::string_view first, std::string_view second, Client client) = 0;
  /// Ends the sending direction and discards what still arrives, so that the peer can read the
  /// last answer before the connection is reset: on_finished.
  virtual void finish(Client client) = 0;
  /// At once. Pending operations end with 0.
  virtual void close() = 0;
  /// Runs the step on the transport's thread. From any thread.
  virtual void post(std::move_only_function<void()> step) = 0;
};

}  // namespace holdpoint::http
