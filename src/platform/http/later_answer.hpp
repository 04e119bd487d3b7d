// An answer that comes from another thread after the handler has returned, so that no worker waits
// for it: with many clients, waking a thread for each answer costs more than the answer itself.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "platform/http/message.hpp"

namespace holdpoint::http {

/// Between one giver and one taker, who may come in either order and from any thread.
class LaterAnswer {
 public:
  using Take = std::move_only_function<void(Response)>;

  /// MUST be called once, with neither source nor events nor a later answer. MUST NOT be forgotten:
  /// the server does not stop before.
  void give(Response response);
  /// For the server. `take` is called once, on the thread of whoever comes second.
  void on_given(Take take);

 private:
  std::mutex mutex_;
  std::optional<Response> given_;
  Take take_;
};

/// Counts what is still to come, so that the server can wait for it before it goes.
class Outstanding {
 public:
  void add();
  void done();
  void wait_for_none();

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

}  // namespace holdpoint::http
