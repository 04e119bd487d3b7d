// What the server asks of the program behind it. The server knows no route, permission or tenant;
// the application knows no socket.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>

#include "platform/http/message.hpp"

namespace holdpoint::http {

/// How the body of an admitted request is taken in.
struct BodyPlan {
  std::uint64_t bytes_max = 0;     // a longer body is refused with 413
  std::shared_ptr<BodySink> sink;  // null: buffered in Request::body
};

class Application {
 public:
  virtual ~Application() = default;

  /// Answers from memory, on the I/O thread, before admit(). nullopt sends the request on to a
  /// worker. MUST NOT block, lock for long, or throw; MUST NOT use a source. `head` has no body.
  virtual std::optional<Response> answer_at_once(const Request& head) = 0;

  /// On a worker, before any body byte is accepted: whether this request may go on, and how its
  /// body is taken in. Called for requests without a body too. May set path_parameters, route and
  /// caller, which handle() then finds.
  virtual std::expected<BodyPlan, Response> admit(Request& head) = 0;

  /// On a worker, with the whole body in `request.body` or written to `request.sink`.
  virtual Response handle(Request& request) = 0;
};

}  // namespace holdpoint::http
