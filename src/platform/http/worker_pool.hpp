// The threads on which handlers run. Requests enter through a bounded door; the later steps of a
// request already let in always enter, since each connection has at most one of them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace holdpoint::http {

class WorkerPool {
 public:
  using Job = std::move_only_function<void()>;

  WorkerPool(unsigned threads, std::size_t waiting_max);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  /// False, and the job is left untouched, when as many jobs wait as may. Jobs MUST NOT throw.
  [[nodiscard]] bool try_post(Job& job);
  void post(Job job);
  [[nodiscard]] std::size_t waiting() const;

  /// Waits for running jobs and joins. Jobs that never ran are handed back, because what they hold
  /// may have to be destroyed elsewhere. Jobs posted later are never run.
  std::vector<Job> stop();

 private:
  void run();

  const std::size_t waiting_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace holdpoint::http
