// Any bytes as YAML: documents within the bounds, or an issue with a place.
#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "base/yaml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto documents = holdpoint::parse_yaml({reinterpret_cast<const char*>(bytes), size});
  HP_ASSERT(documents || !documents.error().message.empty(), "BA-7: a refusal says why");
  return 0;
}
