// The time of the machine, which the server under test sees too.
#pragma once

#include <chrono>

#include "base/instant.hpp"

namespace holdpoint::test {

inline Instant now() {
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count()};
}

}  // namespace holdpoint::test
