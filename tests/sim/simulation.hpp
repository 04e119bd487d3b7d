// One simulated life of a server: a seed decides what is asked, when the power fails and what the
// disk keeps of it. After every crash the server must say exactly what the model says.
#pragma once

#include <cstdint>
#include <string>

namespace holdpoint::sim {

struct Life {
  std::string problem;          // "" when the server and the model agreed to the end
  std::string last_checkpoint;  // of the workspace's log
  std::uint64_t crashes = 0;
  std::uint64_t requests = 0;
  std::uint64_t gate_questions = 0;
  std::uint64_t unknown_batches = 0;    // cut off by a power loss
  std::uint64_t surviving_batches = 0;  // of those, found whole afterwards
};

Life live(std::uint64_t seed);

}  // namespace holdpoint::sim
