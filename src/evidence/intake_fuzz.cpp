// Any bytes as a report of any format: a summary that can be written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "evidence/intake.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint;
  const auto summary =
      evidence::summarise(std::string_view(reinterpret_cast<const char*>(bytes), size));
  const std::string text = to_json_text(summary);
  const auto again = from_json_text<evidence::Summary>(
      text, {.depth_max = 32, .bytes_max = evidence::report_bytes_max});
  if (!again || to_json_text(*again) != text) std::abort();
  return 0;
}
