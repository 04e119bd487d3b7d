// How the words and scores of tools become our severities. The map is data with a version: a
// summary keeps the tool's own word and score beside our severity, so that a later map can be
// applied.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

inline constexpr std::int64_t severity_map_version = 1;

/// Whose words: the same word means different things to different formats.
enum class Vocabulary { sarif, cyclonedx, generic };

/// nullopt for a word that the vocabulary does not have. Words are compared without case.
std::optional<Severity> severity_of_word(Vocabulary vocabulary, std::string_view word);

enum class ScoreKind { cvss_v2, cvss_v3, cvss_v4 };

/// The bands of CVSS, from tenths: v3 and v4 have critical from 9.0, v2 ends with high from 7.0.
/// A score of 0 is info. MUST be given 0..100.
Severity severity_of_score(std::int64_t score_x10, ScoreKind kind);

/// Smaller is worse. An unknown severity may be anything, and ranks after high.
int severity_rank(Severity severity);

/// All that SARIF 2.1.0 lets speak about the severity of one result; absent where the report is
/// silent.
struct SarifStatements {
  std::optional<std::string_view> result_level;
  std::optional<std::string_view> result_kind;
  std::optional<std::string_view> override_level;
  std::optional<std::string_view> rule_level;
  std::optional<std::int64_t> result_score_x10;
  std::optional<std::int64_t> rule_score_x10;
};

struct SarifSeverity {
  /// False for results that say that nothing is wrong: kinds pass and notApplicable.
  bool failing = true;
  Severity severity = Severity::unknown;
  /// The level, or the kind, that decided.
  std::string_view raw;
  std::optional<std::int64_t> score_x10;
  /// The result claims a kind that forbids the level it has.
  bool contradictory = false;
};

/// Level: the result's own, else none when its kind is not "fail", else the invocation's override,
/// else the rule's default, else "warning". A security-severity score of the result, else of the
/// rule, goes before the level of a failing result.
SarifSeverity resolve_sarif(const SarifStatements& statements);

}  // namespace holdpoint::evidence
