// Any bytes: the reader of canonical JSON and the writer agree on what is canonical.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/canonical.hpp"
#include "base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto value = holdpoint::parse_json(text);
  const auto written =
      value ? holdpoint::canonical_json(*value) : std::unexpected(holdpoint::JsonIssue());
  const bool is_canonical = written && *written == text;
  HP_ASSERT(holdpoint::is_canonical_json(text, holdpoint::JsonLimits().depth_max) == is_canonical,
            "BA-11: reader and writer agree on what is canonical");
  return 0;
}
