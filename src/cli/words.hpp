// One vocabulary for every face of the system: how a result of the server is said to people, with a
// symbol and a tone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/table.hpp"

namespace holdpoint::cli {

struct StatusWord {
  std::string_view word;
  std::string_view symbol;
  Tone tone = Tone::plain;

  /// "✗ failed"
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Cell cell() const { return {text(), tone}; }
};

/// The word for a rule's result (pass, fail, error, unknown, not_applicable, waived, waiting,
/// stale). What is not recognised is "not evaluated": it never reads as passed.
StatusWord rule_word(std::string_view result);
/// ready, needs attention, blocked, shipped, not started.
StatusWord readiness_word(std::string_view readiness);
/// complete, failed to run, unparsed.
StatusWord evidence_word(std::string_view status);
/// open, closed, unknown.
StatusWord decision_word(std::string_view decision);
/// certified, refused, superseded, revoked.
StatusWord certification_word(std::string_view state);
/// planned, in force, over, revoked.
StatusWord delegation_word(std::string_view state);
/// open, confirmed, false positive, accepted risk, fixed, duplicate.
StatusWord disposition_word(std::string_view disposition);
/// requested, in force, expired, withdrawn, rejected, revoked, moot.
StatusWord waiver_word(std::string_view state);

/// satisfied, at risk, failing, no evidence, not applicable: how a control stands.
StatusWord control_word(std::string_view status);
/// The same of one proof in the words of results: passed, waiting, failed, not evaluated.
StatusWord proof_word(std::string_view status);

/// "1 commit", "2 commits"
std::string counted(std::int64_t count, std::string_view thing);

}  // namespace holdpoint::cli
