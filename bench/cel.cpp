// Evaluation of conditions in CEL: a rule of three conditions and a gate over forty elements,
// beside the same condition written by hand in C++ over the same facts, which is the limit of any
// engine that reads them.
#include <fmt/format.h>

#include "policy/cel/program.hpp"
#include "support/measure.hpp"

namespace holdpoint::bench {
namespace {

using policy::cel::Program;
using policy::cel::Schema;

const char* const kSchema = R"({"type":"object","properties":{
  "tests":{"type":"object","properties":{"total":{"type":"integer"},"failed":{"type":"integer"}}},
  "coverage":{"type":"object","properties":{"line_bp":{"type":"integer"}}},
  "findings":{"type":"array","items":{"type":"object","properties":{
    "severity":{"type":"string"},"waived":{"type":"boolean"}}}}}})";

const char* const kRule = "tests.total > 0 && tests.failed == 0 && coverage.line_bp >= 7000";
const char* const kGate = "findings.all(f, f.severity != 'critical' || f.waived)";

json::object facts() {
  json::array findings;
  for (int i = 0; i < 40; ++i) {
    findings.push_back({{"severity", i % 5 == 0 ? "critical" : "medium"}, {"waived", i % 5 == 0}});
  }
  return {{"tests", {{"total", 812}, {"failed", 0}}},
          {"coverage", {{"line_bp", 8312}}},
          {"findings", std::move(findings)}};
}

bool rule_by_hand(const json::object& facts) {
  const auto* const tests = facts.if_contains("tests");
  const auto* const coverage = facts.if_contains("coverage");
  if (tests == nullptr || coverage == nullptr) return false;
  const auto* const total = tests->as_object().if_contains("total");
  const auto* const failed = tests->as_object().if_contains("failed");
  const auto* const lines = coverage->as_object().if_contains("line_bp");
  return total != nullptr && total->as_int64() > 0 && failed != nullptr &&
         failed->as_int64() == 0 && lines != nullptr && lines->as_int64() >= 7000;
}

bool gate_by_hand(const json::object& facts) {
  const auto* const findings = facts.if_contains("findings");
  if (findings == nullptr) return false;
  for (const auto& finding : findings->as_array()) {
    const auto* const severity = finding.as_object().if_contains("severity");
    if (severity == nullptr) return false;
    if (severity->as_string() != "critical") continue;
    const auto* const waived = finding.as_object().if_contains("waived");
    if (waived == nullptr || !waived->as_bool()) return false;
  }
  return true;
}

struct Case {
  const char* name;
  const char* source;
  bool (*by_hand)(const json::object&);
};

void measure(const Case& one, Table& table) {
  const auto schema = Schema::from_json(json::parse(kSchema));
  if (!schema) broken("the schema is refused");
  const auto program = Program::compile(one.source, *schema);
  if (!program) broken(program.error().front().text());
  const auto document = facts();
  if (!program->evaluate(document).is_true() || !one.by_hand(document)) broken("not true");
  std::vector<double> engine, by_hand;
  for (int round = 0; round < 5; ++round) {
    engine.push_back(nanoseconds_of([&] { keep(program->evaluate(document).is_true()); }, 0.2));
    by_hand.push_back(nanoseconds_of(
        [&] {
          keep(&document);
          keep(one.by_hand(document));
        },
        0.2));
  }
  table.add({one.name, number(median(engine)), number(median(by_hand)),
             fmt::format("{:.1f} x", median(engine) / median(by_hand))});
}

}  // namespace
}  // namespace holdpoint::bench

int main() {
  using namespace holdpoint::bench;
  Table table("CEL: one evaluation", {"", "ns", "by hand ns", "ratio"});
  measure({"rule of three conditions", kRule, rule_by_hand}, table);
  measure({"gate over 40 elements", kGate, gate_by_hand}, table);
  table.print();
  return 0;
}
