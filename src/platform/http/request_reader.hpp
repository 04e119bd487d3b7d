// Bytes in, requests out, without a socket: the head is read into a Request and checked, the body
// is handed on in pieces. Everything that lets two readers disagree about where a request ends
// (RFC 9112 §11.2, request smuggling) is refused here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace holdpoint::http {

struct ReaderLimits {
  std::size_t header_bytes_max = 16U << 10;
  std::size_t headers_max = 100;
  std::size_t target_bytes_max = 8U << 10;
};

/// Why a request cannot be read; the connection is closed after the answer.
struct ReadRefusal {
  int status = 400;
  std::string_view code;
  std::string detail;
};

class RequestReader {
 public:
  enum class Phase : std::uint8_t { head, body, complete, refused };

  explicit RequestReader(ReaderLimits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Starts the next request, read into `request`, which MUST outlive the reading. Its peer and
  /// scheme are kept, all else is cleared.
  void begin(Request& request);

  /// Takes the head from the bytes and returns how many it used up; what is not used MUST be given
  /// again, with more behind it. Only in phase head.
  std::size_t feed_head(std::string_view bytes);

  /// Appends body bytes to `into`; the same rules. More than `bytes_max` body bytes in all are
  /// refused with 413. Only in phase body.
  std::size_t feed_body(std::string_view bytes, std::uint64_t bytes_max, std::string& into);

  [[nodiscard]] Phase phase() const;
  /// Whether any byte of the current request has been used up.
  [[nodiscard]] bool started() const;
  [[nodiscard]] bool keep_alive() const;
  /// HTTP/1.1, as opposed to 1.0.
  [[nodiscard]] bool chunks_allowed() const;
  [[nodiscard]] bool expects_continue() const;
  /// The body bytes so far.
  [[nodiscard]] std::uint64_t body_bytes() const;
  /// Only in phase refused.
  [[nodiscard]] const ReadRefusal& refusal() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint::http
