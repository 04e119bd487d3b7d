// The severity map, version 1, and SARIF's order of precedence. Changing a row changes what counts
// as a blocker: raise severity_map_version with it.
#include "evidence/severity.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace holdpoint::evidence {

namespace {

struct Row {
  Vocabulary vocabulary;
  std::string_view word;
  Severity severity;
};

constexpr Row severity_map[] = {
    {Vocabulary::sarif, "error", Severity::high},
    {Vocabulary::sarif, "warning", Severity::medium},
    {Vocabulary::sarif, "note", Severity::low},
    {Vocabulary::sarif, "none", Severity::info},
    {Vocabulary::cyclonedx, "critical", Severity::critical},
    {Vocabulary::cyclonedx, "high", Severity::high},
    {Vocabulary::cyclonedx, "medium", Severity::medium},
    {Vocabulary::cyclonedx, "low", Severity::low},
    {Vocabulary::cyclonedx, "info", Severity::info},
    {Vocabulary::cyclonedx, "none", Severity::info},
    {Vocabulary::cyclonedx, "unknown", Severity::unknown},
    {Vocabulary::generic, "critical", Severity::critical},
    {Vocabulary::generic, "high", Severity::high},
    {Vocabulary::generic, "medium", Severity::medium},
    {Vocabulary::generic, "moderate", Severity::medium},
    {Vocabulary::generic, "low", Severity::low},
    {Vocabulary::generic, "info", Severity::info},
    {Vocabulary::generic, "informational", Severity::info},
    {Vocabulary::generic, "none", Severity::info},
    {Vocabulary::generic, "unknown", Severity::unknown},
};

bool same_word(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

}  // namespace

std::optional<Severity> severity_of_word(Vocabulary vocabulary, std::string_view word) {
  for (const Row& row : severity_map) {
    if (row.vocabulary == vocabulary && same_word(word, row.word)) return row.severity;
  }
  return std::nullopt;
}

Severity severity_of_score(std::int64_t score_x10, ScoreKind kind) {
  HP_ASSERT(score_x10 >= 0 && score_x10 <= 100, "EV-1: a CVSS score is from 0.0 to 10.0");
  if (score_x10 == 0) return Severity::info;
  if (score_x10 < 40) return Severity::low;
  if (score_x10 < 70) return Severity::medium;
  if (score_x10 < 90 || kind == ScoreKind::cvss_v2) return Severity::high;
  return Severity::critical;
}

int severity_rank(Severity severity) {
  switch (severity) {
    case Severity::critical: return 0;
    case Severity::high: return 1;
    case Severity::unknown: return 2;
    case Severity::medium: return 3;
    case Severity::low: return 4;
    case Severity::info: return 5;
  }
  return 5;
}

SarifSeverity resolve_sarif(const SarifStatements& statements) {
  SarifSeverity resolved;
  const std::string_view kind = statements.result_kind.value_or("fail");
  const bool says_level = statements.result_level && *statements.result_level != "none";
  if (kind != "fail" && !says_level) {
    resolved.failing = kind != "pass" && kind != "notApplicable";
    resolved.severity = Severity::info;
    resolved.raw = kind;
    return resolved;
  }
  resolved.contradictory = kind != "fail";
  resolved.raw = statements.result_level     ? *statements.result_level
                 : statements.override_level ? *statements.override_level
                 : statements.rule_level     ? *statements.rule_level
                                             : "warning";
  resolved.score_x10 =
      statements.result_score_x10 ? statements.result_score_x10 : statements.rule_score_x10;
  resolved.severity =
      resolved.score_x10
          ? severity_of_score(*resolved.score_x10, ScoreKind::cvss_v3)
          : severity_of_word(Vocabulary::sarif, resolved.raw).value_or(Severity::unknown);
  return resolved;
}

}  // namespace holdpoint::evidence
