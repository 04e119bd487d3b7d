// Any bytes as a criteria document: compiled and judged, or refused with issues.
#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "policy/cel/testing.hpp"
#include "policy/verdict.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint::policy;
  const auto criteria =
      compile_criteria({reinterpret_cast<const char*>(bytes), size}, cel::test_schema());
  if (!criteria) {
    HP_ASSERT(!criteria.error().empty(), "PO-1: a refusal has an issue");
    return 0;
  }
  (void)judge(*criteria, cel::test_facts());
  return 0;
}
