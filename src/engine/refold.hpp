// Folds entries again into a store of its own, on a thread of its own, while the audit reads and
// checks the entries that follow.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.hpp"
#include "engine/event_types.hpp"
#include "engine/module.hpp"

namespace holdpoint::engine {

struct Refolded {
  std::vector<std::string> findings;  // at most kFindingsMax
  std::uint64_t findings_cut = 0;
  std::map<Digest, std::string> objects;  // that events refer to, and where first
};

class Refold {
 public:
  /// Both MUST outlive it. Nobody else may use `scratch` until finish() has returned.
  Refold(const std::vector<Module>& modules, Connection& scratch);
  ~Refold();

  /// In the order of the log. Waits while too much is to be folded. Throws what stopped it.
  void add(Recorded entry);
  /// No entry follows: waits until all are folded and committed. Throws what stopped the folding.
  Refolded finish();

 private:
  using Batch = std::vector<Recorded>;

  void hand_over();
  void close();
  void work();
  void fold_all();
  void fold(const Recorded& entry);
  void finding(std::string sentence);

  EventTypes types_;
  Connection& scratch_;
  Batch next_;
  Refolded out_;  // of the thread, until it has ended
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  bool is_closed_ = false;
  std::exception_ptr failure_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace holdpoint::engine
