// Any bytes as a policy document of any kind: compiled and judged, or refused with issues.
#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "policy/cel/testing.hpp"
#include "policy/verdict.hpp"

namespace {

const holdpoint::policy::FactsSchemas& schemas() {
  using namespace holdpoint::policy;
  static const FactsSchemas all = [] {
    FactsSchemas read;
    for (const auto& [kind, schema] : own_facts_schemas()) {
      read.emplace(kind, *cel::Schema::from_json(schema));
    }
    read.emplace(Kind::certification_criteria, cel::test_schema());
    return read;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint::policy;
  const auto criteria = compile_policy({reinterpret_cast<const char*>(bytes), size}, schemas());
  if (!criteria) {
    HP_ASSERT(!criteria.error().empty(), "PO-1: a refusal has an issue");
    return 0;
  }
  (void)judge(*criteria, cel::test_facts());
  return 0;
}
