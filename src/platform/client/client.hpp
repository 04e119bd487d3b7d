// Outbound HTTP and HTTPS over libcurl: webhooks, integrations, and the command-line program. Every
// call is bounded in time and in what it takes in; redirects are answers, not followed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace holdpoint::client {

/// Where calls may go. `public_only` is for URLs that others chose: every address is looked at
/// before it is connected to, and no proxy is used, since it would be the proxy that connects.
enum class Reach : std::uint8_t { anywhere, public_only };

/// What becomes of an answer that is larger than what is taken in: it is a fault, or its rest is
/// left unread and the status counts.
enum class Excess : std::uint8_t { fault, cut };

struct Options {
  int connect_ms_max = 5'000;
  int call_ms_max = 30'000;
  /// An upload has no end of its own, but may not stand still for longer than this.
  int upload_stalled_seconds_max = 30;
  std::size_t answer_bytes_max = std::size_t{16} << 20U;
  std::size_t headers_max = 200;
  /// PEM file of trusted authorities instead of the system's.
  std::string ca_file;
  Reach reach = Reach::anywhere;
  Excess excess = Excess::fault;
};

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;
  std::string url;
  std::vector<Header> headers;
  std::string body;  // MUST be empty for an upload
};

struct Answer {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
  /// The first header of that name in any case.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

/// Bytes sent so far and in all. MUST NOT throw.
using Progress = std::function<void(std::uint64_t sent, std::uint64_t total)>;

/// Safe for use from several threads; connections are kept for the next call.
class Client {
 public:
  explicit Client(Options options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Any answer with a status is a value, also 404 and 500. Faults: invalid (a URL that is not
  /// http or https or holds credentials, a header with a line break), unavailable (no connection,
  /// certificate not trusted, no address that may be reached), timeout, exhausted (the answer is
  /// too large), io. A fault names the server only: paths and queries may be secret.
  Result<Answer> call(const Request& request);
  /// The same with the file as body, streamed.
  Result<Answer> upload(const Request& request, const std::string& path, const Progress& progress);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint::client
