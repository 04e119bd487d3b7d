// Preloaded into a server under test: moves the wall clock ahead by HOLDPOINT_TEST_CLOCK_AHEAD_S
// seconds, so that expiry is tested without waiting. The monotonic clocks stay as they are.
#include <dlfcn.h>
#include <time.h>

#include <cstdlib>

extern "C" int clock_gettime(clockid_t clock, timespec* out) noexcept {
  using Function = int (*)(clockid_t, timespec*);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "clock_gettime"));
  static const char* const ahead = std::getenv("HOLDPOINT_TEST_CLOCK_AHEAD_S");
  const int result = real(clock, out);
  if (clock == CLOCK_REALTIME && ahead != nullptr) out->tv_sec += std::atol(ahead);
  return result;
}
