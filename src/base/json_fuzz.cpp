// Any bytes: the strict reader ends, within its bounds, and what it took and the writer accepts is
// read again as the same value.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto value = holdpoint::parse_json({reinterpret_cast<const char*>(bytes), size});
  if (!value) return 0;
  const auto canonical = holdpoint::canonical_json(*value);
  if (!canonical) return 0;
  const auto again = holdpoint::parse_json(*canonical);
  HP_ASSERT(again && *again == *value, "BA-6: canonical JSON is read as the value it was made of");
  return 0;
}
