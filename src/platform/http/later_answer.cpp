// See later_answer.hpp.
#include "platform/http/later_answer.hpp"

#include <utility>

#include "base/assert.hpp"

namespace holdpoint::http {

void LaterAnswer::give(Response response) {
  HP_ASSERT(!response.source && !response.events && !response.later,
            "HT-1: a later answer is whole when it is given");
  std::unique_lock lock(mutex_);
  HP_ASSERT(!given_, "HT-2: a later answer is given once");
  if (!take_) {
    given_ = std::move(response);
    return;
  }
  Take take = std::exchange(take_, nullptr);
  lock.unlock();
  take(std::move(response));
}

void LaterAnswer::on_given(Take take) {
  std::unique_lock lock(mutex_);
  if (!given_) {
    take_ = std::move(take);
    return;
  }
  Response response = std::move(*given_);
  lock.unlock();
  take(std::move(response));
}

void Outstanding::add() {
  const std::scoped_lock lock(mutex_);
  ++count_;
}

void Outstanding::done() {
  const std::scoped_lock lock(mutex_);
  // Under the lock: whoever waits may destroy this as soon as it has it.
  if (--count_ == 0) none_.notify_all();
}

void Outstanding::wait_for_none() {
  std::unique_lock lock(mutex_);
  none_.wait(lock, [this] { return count_ == 0; });
}

}  // namespace holdpoint::http
