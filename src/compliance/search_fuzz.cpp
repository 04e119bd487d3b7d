// Any text: a period is a stretch of time or none, and documents of frameworks and searches are
// read or refused with what is wrong.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/json.hpp"
#include "compliance/search.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace compliance = holdpoint::compliance;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto period = compliance::parse_period(text)) {
    HP_ASSERT(period->from < period->until, "CO-7: a period ends after its begin");
  }
  const auto document = holdpoint::parse_json(text);
  if (!document) return 0;
  const auto framework = compliance::read_framework(*document);
  HP_ASSERT(framework || !framework.error().issues.empty(), "CO-8: a refusal says what is wrong");
  const auto search = compliance::read_saved_search(*document);
  HP_ASSERT(search || !search.error().issues.empty(), "CO-9: a refusal says what is wrong");
  return 0;
}
