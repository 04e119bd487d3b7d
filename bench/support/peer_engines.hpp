// Engines from npm as a child process that measures on request, so that its rounds can take turns
// with ours. See bench/peers/peers.mjs.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

#include "support/release_rules.hpp"

namespace holdpoint::bench {

class PeerEngines {
 public:
  /// None when HP_BENCH_PEERS names no folder where npm installed them.
  explicit PeerEngines(const std::vector<ReleaseRule>& rules);
  PeerEngines(const PeerEngines&) = delete;
  PeerEngines& operator=(const PeerEngines&) = delete;
  ~PeerEngines();

  /// Name and version of each.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// Measures for about that long; gives the nanoseconds of one evaluation.
  double nanoseconds(std::size_t engine, std::size_t rule, double seconds);

 private:
  json::value ask(const json::value& request);

  pid_t process_ = -1;
  std::FILE* requests_ = nullptr;
  std::FILE* answers_ = nullptr;
  std::vector<std::string> names_;
};

}  // namespace holdpoint::bench
