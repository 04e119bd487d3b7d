// Any bytes as an expression: compiled and evaluated within its bounds, or refused with a place.
#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "policy/cel/testing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint::policy::cel;
  const std::string_view source(reinterpret_cast<const char*>(bytes), size);
  HP_ASSERT(outcome(source) == outcome(source), "CEL-3: an evaluation always ends the same");
  return 0;
}
