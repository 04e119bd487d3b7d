// Any bytes as a policy document of any kind: compiled and judged with all that is said of a
// refusal, over facts that vary with the bytes, or refused with issues.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "policy/advice_testing.hpp"
#include "policy/cel/testing.hpp"
#include "policy/fuzzed_facts.hpp"

namespace {

using namespace holdpoint::policy;

constexpr int facts_per_document = 3;

/// Other capabilities publish the facts of two kinds; here these have what the tests judge.
const FactsSchemas& schemas() {
  static const FactsSchemas all = [] {
    FactsSchemas read;
    for (const auto& [kind, schema] : own_facts_schemas()) {
      read.emplace(kind, *cel::Schema::from_json(schema));
    }
    read.emplace(Kind::certification_criteria, advice_schema());
    read.emplace(Kind::gate_policy, cel::test_schema());
    return read;
  }();
  return all;
}

/// FNV-1a, so that any change of the bytes changes the facts.
std::uint64_t seed_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001B3ULL;
  return hash;
}

void judge_all(const CompiledCriteria& criteria, const holdpoint::json::object& facts) {
  const CriteriaVerdict results = judge(criteria, facts, Depth::results);
  const CriteriaVerdict advised = judge(criteria, facts, Depth::advice);
  HP_ASSERT(results.passed == advised.passed && results.rules.size() == advised.rules.size(),
            "PO-6: what is said of a verdict does not change it");
  if (!advised.unblocks_at || criteria.document().mode == Mode::off) return;
  HP_ASSERT(evaluate_at(criteria, facts, *advised.unblocks_at).passed,
            "PO-7: what opens by itself is open then");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto criteria = compile_policy({reinterpret_cast<const char*>(bytes), size}, schemas());
  if (!criteria) {
    HP_ASSERT(!criteria.error().empty(), "PO-1: a refusal has an issue");
    return 0;
  }
  const Kind kind = criteria->document().kind;
  FuzzedFacts facts(seed_of({bytes, size}));
  for (int i = 0; i < facts_per_document; ++i) judge_all(*criteria, facts.of(schemas().at(kind)));
  if (kind == Kind::certification_criteria) judge_all(*criteria, advice_facts());
  if (kind == Kind::gate_policy) judge_all(*criteria, cel::test_facts());
  return 0;
}
