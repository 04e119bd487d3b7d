// A backtest and a certification must mean the same by "passed": every combination of documents,
// modes and facts is judged both ways, and the stored facts give what the facts themselves gave.
#include <doctest/doctest.h>

#include "certification/certification.hpp"
#include "policy/backtest.hpp"

namespace holdpoint::certification {
namespace {

policy::CompiledCriteria document(const std::string& name, const std::string& mode,
                                  const std::string& spec) {
  static const auto schema = policy::cel::Schema::from_json(facts_schema());
  REQUIRE(schema);
  auto compiled = policy::compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata: {name: " + name +
          ", owner: team:quality}\nspec:\n  mode: \"" + mode + "\"\n" + spec,
      *schema);
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

std::vector<std::string> specs() {
  const std::string rule = "  rules: [{id: one, message: M., require: ";
  return {rule + "evidence.tests.failed == 0}]\n",
          rule + "evidence.tests.failed > 100}]\n",
          rule + "evidence.coverage.line_bp > 0}]\n",
          rule + "1 / evidence.tests.failed > 0}]\n",
          "  match: application.name == \"other\"\n" + rule + "\"true\"}]\n",
          "  match: evidence.coverage.line_bp > 0\n" + rule + "\"true\"}]\n"};
}

std::vector<Facts> all_facts() {
  Facts whole;
  whole.application.name = "payments";
  whole.release.artifacts = {{"image", sha256("image")}};
  whole.evidence.tests = TestFacts{.total = 3, .passed = 3};
  Facts without_artifact = whole;
  without_artifact.release.artifacts.clear();
  Facts without_evidence = whole;
  without_evidence.evidence.tests.reset();
  return {whole, without_artifact, without_evidence};
}

}  // namespace

TEST_CASE("a decision replayed by its own documents ends as it was certified") {
  std::vector<policy::CompiledCriteria> documents;
  for (const std::string mode : {"enforce", "warn", "off"}) {
    for (const std::string& spec : specs()) {
      documents.push_back(document("d" + std::to_string(documents.size()), mode, spec));
    }
  }
  int passed = 0;
  for (const Facts& facts : all_facts()) {
    const json::value stored = json::parse(to_json_text(facts));
    for (const auto& one : documents) {
      for (const auto& other : documents) {
        const std::vector set{one, other};
        const Verdict verdict = judge(facts, set);
        policy::DocumentSet tried;
        for (const auto& each : set) tried.push_back({each, each.document().mode});
        const auto replayed =
            policy::replay({.passed = verdict.passed, .hindered = facts.release.artifacts.empty()},
                           stored.as_object(), {tried, tried});
        REQUIRE_MESSAGE(replayed, (replayed ? "" : replayed.error()));
        CHECK(replayed->effect == policy::BacktestEffect::unchanged);
        passed += verdict.passed ? 1 : 0;
      }
    }
  }
  CHECK(passed > 0);
}

}  // namespace holdpoint::certification
