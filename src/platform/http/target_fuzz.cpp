// Any bytes as a request target: never a crash, and what is accepted holds its promises.
#include <cstdint>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "platform/http/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint;
  http::Target target;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (!http::parse_target(text, target)) return 0;
  HP_ASSERT(target.path.starts_with('/') && is_utf8(target.path), "FZ: a path is absolute UTF-8");
  for (const std::string& segment : target.segments) {
    HP_ASSERT(segment != ".." && segment != ".", "FZ: no dot segment is accepted");
    HP_ASSERT(segment.find('/') == std::string::npos, "FZ: no segment holds a slash");
    HP_ASSERT(segment.find('\0') == std::string::npos, "FZ: no segment holds a NUL");
  }
  HP_ASSERT(target.segments.size() <= http::path_segments_max, "FZ: segments are bounded");
  HP_ASSERT(target.parameters.size() <= http::query_parameters_max, "FZ: parameters are bounded");
  return 0;
}
