// See assert.hpp.
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace holdpoint {

void assertion_failed(const char* expression, const char* invariant, const char* file,
                      int line) noexcept {
  std::fprintf(stderr, "%s:%d: broken invariant \"%s\" (%s)\n", file, line, invariant, expression);
  std::abort();
}

}  // namespace holdpoint
