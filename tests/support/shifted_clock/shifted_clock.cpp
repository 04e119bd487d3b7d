// Preloaded into a server under test: moves the wall clock ahead by HOLDPOINT_TEST_CLOCK_AHEAD_S
// seconds, so that expiry is tested without waiting. The monotonic clocks stay as they are. Asks
// the kernel itself: a sanitizer's allocator reads the clock, so nothing here may allocate, nor
// look up the function that it stands in for.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

extern "C" int clock_gettime(clockid_t clock, timespec* out) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, out));
  if (clock != CLOCK_REALTIME) return result;
  const char* const ahead = std::getenv("HOLDPOINT_TEST_CLOCK_AHEAD_S");
  if (ahead != nullptr) out->tv_sec += std::atol(ahead);
  return result;
}
