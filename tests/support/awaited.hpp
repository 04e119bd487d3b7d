// The whole answer of a handler that was called without a server: waits for one that comes later.
#pragma once

#include <future>
#include <utility>

#include "platform/http/later_answer.hpp"

namespace holdpoint::test {

inline http::Response awaited(http::Response response) {
  if (!response.later) return response;
  std::promise<http::Response> promise;
  response.later->on_given(
      [&promise](http::Response given) { promise.set_value(std::move(given)); });
  return promise.get_future().get();
}

}  // namespace holdpoint::test
