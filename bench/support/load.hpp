// A closed-loop HTTP load: each connection keeps one request in flight. One thread and epoll,
// because the clients share the cores with the server they measure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace holdpoint::bench {

struct LoadPlan {
  std::uint16_t port = 0;
  int connections = 1;
  double seconds = 1;
  /// The whole bytes of request number `n`, counted over all connections.
  std::function<std::string(std::uint64_t n)> request;
  int status_expected = 200;  // any other is a broken run
};

struct LoadResult {
  std::uint64_t answers = 0;
  double seconds = 0;
  std::vector<double> latencies_ms;
  [[nodiscard]] double per_second() const { return static_cast<double>(answers) / seconds; }
};

LoadResult run_load(const LoadPlan& plan);

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

/// One request over a connection of its own.
Answer ask(std::uint16_t port, const std::string& request);

/// An HTTP/1.1 request; `fields` are whole lines ending in CRLF.
std::string request_text(const std::string& method, const std::string& target,
                         const std::string& fields, const std::string& body);

}  // namespace holdpoint::bench
