// See system_random.hpp.
#include "platform/random/system_random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/assert.hpp"

namespace holdpoint::random {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto count = ::getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    HP_ASSERT(count > 0, "RA-1: the kernel gives random bytes");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace holdpoint::random
