// See refold.hpp.
#include "engine/refold.hpp"

#include <utility>

#include "engine/audit.hpp"

namespace holdpoint::engine {
namespace {

constexpr std::size_t kBatchEntries = 500;
constexpr std::size_t kBatchesWaitingMax = 8;
/// Batches in one transaction of the scratch store.
constexpr std::size_t kCommitEvery = 40;

}  // namespace

Refold::Refold(const std::vector<Module>& modules, Connection& scratch)
    : types_(modules), scratch_(scratch), thread_([this] { work(); }) {}

Refold::~Refold() { close(); }

void Refold::add(Recorded entry) {
  next_.push_back(std::move(entry));
  if (next_.size() >= kBatchEntries) hand_over();
}

Refolded Refold::finish() {
  hand_over();
  close();
  if (failure_) std::rethrow_exception(failure_);
  return std::move(out_);
}

void Refold::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < kBatchesWaitingMax || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  waiting_.push_back(std::exchange(next_, {}));
  changed_.notify_all();
}

void Refold::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Refold::work() {
  try {
    fold_all();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_all();
  }
}

void Refold::fold_all() {
  scratch_.exec("BEGIN IMMEDIATE");
  for (std::size_t batches = 1;; ++batches) {
    Batch batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !waiting_.empty() || is_closed_; });
      if (waiting_.empty()) break;
      batch = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.notify_all();
    }
    for (const Recorded& entry : batch) fold(entry);
    if (batches % kCommitEvery == 0) {
      scratch_.exec("COMMIT");
      scratch_.exec("BEGIN IMMEDIATE");
    }
  }
  scratch_.exec("COMMIT");
}

void Refold::fold(const Recorded& entry) {
  const auto where = [&] {
    return "log " + entry.workspace + " entry " + std::to_string(entry.seq);
  };
  const EventType* type = types_.find(entry.type, entry.version);
  if (type == nullptr) {
    return finding(where() + ": this program does not know the event " + entry.type + " v" +
                   std::to_string(entry.version));
  }
  try {
    types_.fold(scratch_, *type, entry);
    for (const Digest& digest : type->object_refs(entry.body)) {
      if (!out_.objects.contains(digest)) out_.objects.emplace(digest, where());
    }
  } catch (const StoreFailed& failure) {
    finding(where() + ": folding it again failed: " + failure.what());
  }
}

void Refold::finding(std::string sentence) {
  if (out_.findings.size() < kFindingsMax) {
    out_.findings.push_back(std::move(sentence));
  } else {
    ++out_.findings_cut;
  }
}

}  // namespace holdpoint::engine
