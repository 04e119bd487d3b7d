// The severity map row by row, and SARIF's order of precedence: what decides whether a release is
// blocked.
#include "evidence/severity.hpp"

#include <doctest/doctest.h>

namespace holdpoint::evidence {

namespace {

std::string resolved(const SarifStatements& said) {
  const SarifSeverity result = resolve_sarif(said);
  return std::string(describe::enum_text(result.severity)) + " " + std::string(result.raw) +
         (result.failing ? "" : " not failing") + (result.contradictory ? " contradictory" : "");
}

}  // namespace

TEST_CASE("CVSS bands begin exactly where the standards say") {
  struct Row {
    std::int64_t score_x10;
    Severity v2;
    Severity v3;
  };
  using enum Severity;
  const Row rows[] = {{0, info, info},      {1, low, low},        {39, low, low},
                      {40, medium, medium}, {69, medium, medium}, {70, high, high},
                      {89, high, high},     {90, high, critical}, {100, high, critical}};
  for (const Row& row : rows) {
    CAPTURE(row.score_x10);
    CHECK(severity_of_score(row.score_x10, ScoreKind::cvss_v2) == row.v2);
    CHECK(severity_of_score(row.score_x10, ScoreKind::cvss_v3) == row.v3);
    CHECK(severity_of_score(row.score_x10, ScoreKind::cvss_v4) == row.v3);
  }
}

TEST_CASE("words are read without case, and an unknown word has no severity") {
  CHECK(severity_of_word(Vocabulary::sarif, "error") == Severity::high);
  CHECK(severity_of_word(Vocabulary::sarif, "warning") == Severity::medium);
  CHECK(severity_of_word(Vocabulary::sarif, "note") == Severity::low);
  CHECK(severity_of_word(Vocabulary::sarif, "none") == Severity::info);
  CHECK(severity_of_word(Vocabulary::cyclonedx, "CRITICAL") == Severity::critical);
  CHECK(severity_of_word(Vocabulary::generic, "Moderate") == Severity::medium);
  CHECK_FALSE(severity_of_word(Vocabulary::sarif, "critical").has_value());
  CHECK_FALSE(severity_of_word(Vocabulary::cyclonedx, "").has_value());
}

TEST_CASE("a SARIF result's severity comes from the first statement in the standard's order") {
  CHECK(resolved({}) == "medium warning");
  CHECK(resolved({.rule_level = "error"}) == "high error");
  CHECK(resolved({.override_level = "note", .rule_level = "error"}) == "low note");
  CHECK(resolved({.result_level = "error", .override_level = "note", .rule_level = "note"}) ==
        "high error");
  CHECK(resolved({.result_level = "none", .rule_level = "error"}) == "info none");
  CHECK(resolved({.result_level = "fatal"}) == "unknown fatal");
}

TEST_CASE("results that are not failures do not fall back to the rule's level") {
  CHECK(resolved({.result_kind = "pass", .rule_level = "error"}) == "info pass not failing");
  CHECK(resolved({.result_kind = "notApplicable", .rule_score_x10 = 98}) ==
        "info notApplicable not failing");
  CHECK(resolved({.result_kind = "informational", .rule_level = "error"}) == "info informational");
  CHECK(resolved({.result_kind = "review", .rule_level = "error"}) == "info review");
  CHECK(resolved({.result_kind = "fail", .rule_level = "error"}) == "high error");
  CHECK(resolved({.result_level = "error", .result_kind = "pass"}) == "high error contradictory");
}

TEST_CASE("a security-severity score goes before any level, the result's before the rule's") {
  CHECK(resolved({.rule_level = "note", .rule_score_x10 = 98}) == "critical note");
  CHECK(resolved({.result_level = "error", .rule_score_x10 = 31}) == "low error");
  CHECK(resolved({.result_score_x10 = 75, .rule_score_x10 = 98}) == "high warning");
}

}  // namespace holdpoint::evidence
