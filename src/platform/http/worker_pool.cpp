// A plain pool over one queue: the work behind it takes far longer than the lock.
#include "platform/http/worker_pool.hpp"

#include <iterator>
#include <utility>

namespace holdpoint::http {

WorkerPool::WorkerPool(unsigned threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_post(Job& job) {
  {
    const std::scoped_lock lock(mutex_);
    if (jobs_.size() >= waiting_max_) return false;
    jobs_.push_back(std::move(job));
  }
  ready_.notify_one();
  return true;
}

void WorkerPool::post(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  ready_.notify_one();
}

std::size_t WorkerPool::waiting() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

std::vector<WorkerPool::Job> WorkerPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const std::scoped_lock lock(mutex_);
  std::vector<Job> left(std::make_move_iterator(jobs_.begin()),
                        std::make_move_iterator(jobs_.end()));
  jobs_.clear();
  return left;
}

void WorkerPool::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace holdpoint::http
